"""One name for one speaker across the articles of a story."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_room import claims_of

from monitor.core.claims import same_people
from monitor.core.name_sounds import one_name, sound
from monitor.core.types import Claim, ClaimKind, Speaker

RUIZ = Speaker(name="Ana Ruiz", surface="Mining Minister Ana Ruiz", side="oskavia")
IVANOV = Speaker(name="Sergei Ivanov", surface="Sergei Ivanov")
PUTIN = Speaker(name="Boris Lenz", surface="the president", entity="lenz", side="oskavia")


def claim_by(name: str, entity: str = "", kind: ClaimKind = ClaimKind.INDIRECT) -> Claim:
    (claim,) = claims_of("The port said the crane was new.")
    return replace(claim, speaker=Speaker(name=name, surface=name, entity=entity), kind=kind)


@pytest.mark.parametrize(
    ("said", "known", "name"),
    [
        ("Ruiz", [RUIZ], "Ana Ruiz"),
        ("the mining minister", [RUIZ], "Ana Ruiz"),
        ("Ана Руис", [RUIZ], "Ana Ruiz"),
        ("Сергей Иванов", [IVANOV], "Sergei Ivanov"),
        ("Карла Сиелло", [Speaker(name="Carla Cielo", surface="Carla Cielo")], "Carla Cielo"),
        ("Иванов", [IVANOV], "Sergei Ivanov"),
        ("Sergey Ivanov", [IVANOV], "Sergei Ivanov"),
        ("Lenz", [PUTIN], "Boris Lenz"),
        ("Борис Ленц", [PUTIN], "Boris Lenz"),
        # An entity's name goes before whatever came first.
        ("Ленц", [Speaker(name="Борис Ленц", surface="Ленц"), PUTIN], "Boris Lenz"),
    ],
)
def test_a_speaker_has_the_name_that_the_story_has(said: str, known: list[Speaker], name: str) -> None:
    (claim,) = same_people([claim_by(said)], known)
    assert claim.speaker.name == name
    assert claim.speaker.surface == said


@pytest.mark.parametrize(
    ("said", "known"),
    [
        # Two of one name, one of another gender, another first name, an office of nobody's.
        ("Ruiz", [RUIZ, Speaker(name="Eva Ruiz", surface="Eva Ruiz")]),
        ("Иванова", [IVANOV]),
        ("Pavel Ivanov", [IVANOV]),
        ("Павел Иванов", [IVANOV]),
        ("Sergei Ivanova", [IVANOV]),
        ("the finance minister", [RUIZ]),
        ("the minister", [RUIZ]),
        # A body, short forms, and names too short to be known by their sound.
        ("Ruiz Holdings Group", [RUIZ]),
        ("RUIZ", [RUIZ]),
        ("Ли", [Speaker(name="Ivo Lea", surface="Ivo Lea")]),
        ("witnesses", [RUIZ]),
    ],
)
def test_nobody_is_taken_for_somebody_else(said: str, known: list[Speaker]) -> None:
    (claim,) = same_people([claim_by(said)], known)
    assert claim.speaker.name == said


def test_the_entity_and_the_side_come_with_the_name_and_the_fingerprint_stays() -> None:
    before = claim_by("Ленц")
    (claim,) = same_people([before], [PUTIN])
    assert (claim.speaker.entity, claim.speaker.side) == ("lenz", "oskavia")
    assert claim.fingerprint == before.fingerprint


def test_own_voice_and_what_the_rules_know_stay_as_they_are() -> None:
    own, known = claim_by("Ruiz", kind=ClaimKind.OWN_VOICE), claim_by("Ruiz", entity="other")
    assert same_people([own, known], [RUIZ]) == (own, known)


def test_an_article_that_names_somebody_in_full_tells_its_own_other_claims() -> None:
    later, first = same_people([claim_by("Ruiz"), claim_by("Ana Ruiz")], [])
    assert (later.speaker.name, first.speaker.name) == ("Ana Ruiz", "Ana Ruiz")


@pytest.mark.parametrize(
    ("one", "other"), [("Akhmetova", "Ахметова"), ("Rebolledo", "Реболледо"), ("Øystein", "Oystein")]
)
def test_a_name_sounds_the_same_in_every_script(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_latin_letters_go_before_whoever_was_named_first() -> None:
    cyrillic = Speaker(name="Сергей Иванов", surface="Сергей Иванов")
    (claim,) = same_people([claim_by("Sergei Ivanov")], [cyrillic])
    assert claim.speaker.name == "Sergei Ivanov"


@pytest.mark.parametrize(
    ("name", "other", "one"),
    [
        ("Ana Ruiz", "ana ruiz", True),
        ("Sergei Ivanov", "Сергей Иванов", True),
        ("Sergei Ivanova", "Сергей Иванов", False),
        ("Sergei Ivanov", "Sergey Ivanov", False),
        ("Ivanov", "Иванов", False),
        ("police", "полиция", False),
    ],
)
def test_one_name_in_two_scripts(name: str, other: str, one: bool) -> None:
    assert one_name(name, other) is one
