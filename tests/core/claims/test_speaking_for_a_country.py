"""Who speaks for a country, and who only comes from there; who is in office, and who was."""

from __future__ import annotations

import pytest
from reading_room import claims_of, entity, rules

from monitor.core.types import Claim, Speaker

OSKAVIA = entity("oskavia", "Oskavia", "Oskavian", type="place", side="oskavian_government")
OSKAR = entity(
    "oskar", "Ivan Oskar", "Oskar", type="person", roles=("Oskavian president",), side="oskavian_government"
)
NORVIK = entity("norvik", "Norvik", side="norvik")
KNOWN = rules(OSKAVIA, OSKAR, NORVIK)


def told(text: str) -> list[Claim]:
    return [claim for claim in claims_of(text, KNOWN) if claim.cue]


def speakers(text: str) -> list[Speaker]:
    return [claim.speaker for claim in told(text)]


@pytest.mark.parametrize(
    "who",
    [
        "An Oskavian official",
        "Oskavian police",
        "The Oskavian foreign minister",
        "Oskavia's ambassador",
        "An Oskavian army spokesman",
        "The Oskavian regime",
    ],
)
def test_those_who_act_for_a_country_are_on_its_side(who: str) -> None:
    (speaker,) = speakers(f"{who} said the bridge was safe.")
    assert speaker.side == "oskavian_government"


@pytest.mark.parametrize(
    "who",
    [
        "An Oskavian tennis player",
        "Oskavian scientists",
        "An Oskavian factory worker",
        "An Oskavian opposition leader",
        "A former Oskavian minister",
        "Oskavia's opposition leader",
    ],
)
def test_those_who_only_come_from_a_country_are_not(who: str) -> None:
    (speaker,) = speakers(f"{who} said the bridge was safe.")
    assert speaker.side == ""


def test_whoever_speaks_beside_an_organisation_is_on_its_side() -> None:
    (speaker,) = speakers("A Norvik engineer said the bridge was safe.")
    assert speaker.side == "norvik"


def test_an_office_is_held_by_whom_the_rules_name_where_the_article_names_nobody() -> None:
    (speaker,) = speakers("The Oskavian president said the bridge was safe.")
    assert (speaker.name, speaker.entity) == ("Ivan Oskar", "oskar")


@pytest.mark.parametrize(
    "introduced",
    [
        "Oskavian President Marta Lind said the bridge was safe.",
        "Oskavian president Marta Lind said the bridge was safe.",
        "Marta Lind, the Oskavian president, said the bridge was safe.",
    ],
)
def test_an_office_is_held_by_whom_the_article_names_before_those_of_the_rules(introduced: str) -> None:
    first, second = speakers(f"{introduced} The Oskavian president denied that it had cracks.")
    assert (first.name, first.entity) == ("Marta Lind", "")
    assert (second.name, second.entity, second.side) == ("Marta Lind", "", "oskavian_government")


def test_somebody_in_another_office_does_not_take_the_place_of_the_one_named_in_the_rules() -> None:
    spoken = speakers(
        "Oskavian Finance Minister Marta Lind said the bridge was dear. "
        "The Oskavian president said it was safe."
    )
    assert [speaker.name for speaker in spoken] == ["Marta Lind", "Ivan Oskar"]


def test_a_country_before_a_title_is_no_part_of_a_name() -> None:
    (speaker,) = speakers("Oskavian President Marta Lind said the bridge was safe.")
    assert speaker.name == "Marta Lind"


def test_a_ministry_of_a_government_has_one_name_in_every_language() -> None:
    aliases = ("Oskavian foreign ministry", "Oskavia's foreign ministry", "МИД Оскавии")
    government = entity("oskavian_government", "the Oskavian government", *aliases)
    for text in (
        "Oskavia's foreign ministry said the border was open.",
        "Граница открыта, сообщил МИД Оскавии.",
    ):
        (claim,) = claims_of(text, rules(government))
        assert claim.speaker.name == "Oskavian foreign ministry"
        assert claim.speaker.entity == "oskavian_government"


def test_one_person_from_a_country_is_whoever_spoke() -> None:
    claims = told("Mr Lund said it was late. “Ask the owners,” the Oskavian told the paper.")
    assert {c.speaker.name for c in claims} == {"Lund"}


def test_a_country_is_no_person_from_it() -> None:
    claims = told("Mr Lund said it was late. The Oskavian army said the bridge was safe.")
    assert claims[1].speaker.name != "Lund"
