"""Copies of one text have one origin; reports of one event do not."""

from __future__ import annotations

import pytest

from monitor.core.origins import KEY_COUNT, is_copy, origin_keys

WIRE = """The coastguard said on Wednesday that the freighter Alma had lost eleven containers in heavy seas
off Sandholm. Two of the containers held solvents, a spokeswoman said, and beaches along nine
kilometres of coast were closed as a precaution. The freighter's owner said that no member of the
crew was hurt and that the ship would reach port under its own power by evening. Fishermen in the
bay said they had been warned only hours later, a charge that the coastguard rejected. Weather
forecasters expect winds to ease overnight. An inquiry will begin on Thursday, the transport
ministry said, and will look at how the cargo was lashed. It is the third such loss on the route
this year."""

OTHER_REPORT = """Nine kilometres of beach near Sandholm were shut on Wednesday after a freighter
shed part of its
cargo. Eleven boxes went overboard from the Alma, among them two with solvents, according to the
coastguard. Nobody aboard was injured and the vessel limped on towards harbour, said the company
that owns it. Local fishing crews complained that word reached them late; the coastguard says that
is untrue. The ministry of transport announced an investigation into the way in which the load was
secured, the third of its kind since January. Calmer weather is forecast for tonight."""


def shared(a: str, b: str) -> int:
    return len(set(origin_keys(a)) & set(origin_keys(b)))


EDITS = [
    ("nothing", WIRE),
    ("a dateline and an agency", "SANDHOLM (Nordwire) - " + WIRE),
    ("a swapped word here and there", WIRE.replace("heavy seas", "rough seas").replace("hurt", "injured")),
    ("another order of white space and capitals", WIRE.upper().replace("\n", "  ")),
    ("a last sentence cut", WIRE.rsplit("It is the third", 1)[0]),
    (
        "a sentence of its own added",
        WIRE + " Read more about the Alma in our weekend edition, with maps and pictures.",
    ),
]


@pytest.mark.parametrize(("edit", "text"), EDITS)
def test_lightly_edited_copies_have_one_origin(edit: str, text: str) -> None:
    assert is_copy(shared(WIRE, text)), edit


def test_another_report_of_the_same_event_is_no_copy() -> None:
    assert not is_copy(shared(WIRE, OTHER_REPORT))


def test_short_texts_are_copies_only_when_equal() -> None:
    assert is_copy(shared("Freighter loses cargo.", "Freighter  loses CARGO"))
    assert not is_copy(shared("Freighter loses cargo.", "Freighter loses crew."))


def test_keys_are_few_stable_and_different_from_each_other() -> None:
    keys = origin_keys(WIRE)
    assert len(keys) == len(set(keys)) == KEY_COUNT
    assert keys == origin_keys(WIRE)
    assert origin_keys("¡…!") == ()
