"""One sentence with both sides: 'the port rejected the guild's claim that the crane was unsafe'."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, claims_of, rules

from monitor.core.types import Grade, Stance

BOTH = {
    "whose": (
        "The carrier dismissed the pilots' claim that the beacon had been dark for an hour.",
        ("pilots", "the beacon had been dark for an hour"),
        "The carrier dismissed the pilots' claim that the beacon had been dark for an hour",
    ),
    "by whom": (
        "Ida Holm has rejected the claim by the collectors' guild that half of the stamps were forged.",
        ("collectors' guild", "half of the stamps were forged"),
        "Ida Holm has rejected the claim by the collectors' guild that half of the stamps were forged",
    ),
    "accusations": (
        "The mayor, Ida Holm, rejected accusations by shopkeepers that the pumps had run dry.",
        ("shopkeepers", "the pumps had run dry"),
        "The mayor, Ida Holm, rejected accusations by shopkeepers that the pumps had run dry",
    ),
    "as somebody says": (
        "Ida Holm denies that she sold the lease, as the growers' union has claimed.",
        ("growers' union", "she sold the lease"),
        "she sold the lease, as the growers' union has claimed",
    ),
    "as somebody alleged": (
        "The brewery denied it had asked for the road, as lawmaker Ivo Lund alleged on Monday.",
        ("Ivo Lund", "it had asked for the road"),
        "it had asked for the road, as lawmaker Ivo Lund alleged on Monday",
    ),
}


def told(text: str) -> list[set[str]]:
    """The words of the two sides of each pair that is told."""
    room = Newsroom(rules())
    return [set(room.words(pair)) for pair in room.read(text) if pair.grade is not Grade.SOFT]


@pytest.mark.parametrize("name", BOTH)
def test_both_sides_of_one_sentence_are_told(name: str) -> None:
    text, (speaker, claimed), denial = BOTH[name]
    found = {c.quote: c for c in claims_of(text)}
    assert found[claimed].speaker.name == speaker
    assert found[denial].stance is Stance.DENY
    assert {claimed, denial} in told(text)


@pytest.mark.parametrize(
    "text",
    [
        # Nobody is said to claim it.
        "The carrier denied that the beacon had been dark for an hour.",
        "The carrier rejected suggestions that the beacon had been dark for an hour.",
        # Denied is that anybody said so.
        "The carrier denied that the pilots had said the beacon was dark.",
    ],
)
def test_a_denial_without_another_side_is_no_pair(text: str) -> None:
    assert told(text) == []
