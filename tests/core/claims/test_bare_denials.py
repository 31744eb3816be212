"""A denial that only points back, and what its speaker says next in their own words."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, claims_of, entity, rules

from monitor.core.contradictions import with_own_words
from monitor.core.types import Contradiction, Grade, Relation

CITY = entity("city", "City of Marn", "Marn")


def told(text: str) -> list[tuple[str, frozenset[str]]]:
    """Comparator and both quotes of each contradiction of one article that is told."""
    room = Newsroom(rules(CITY))
    return [(c.comparator, room.words(c)) for c in room.read(text) if _is_told(c)]


def _is_told(pair: Contradiction) -> bool:
    return pair.relation is Relation.CONTRADICTION and pair.grade is not Grade.SOFT


def test_the_next_words_of_who_denies_stand_for_the_denial() -> None:
    text = (
        "“They took him off the quay in a van,” his lawyer, Ana Ruiz, told reporters.\n"
        "Ivo Lund, who speaks for the port police, rejected that account. "
        "“He left on foot, and alone,” he said."
    )
    quotes = frozenset({"They took him off the quay in a van", "He left on foot, and alone"})
    assert ("rebuttal", quotes) in told(text)
    (pair,) = (c for c in Newsroom(rules(CITY)).read(text) if c.comparator == "rebuttal")
    assert pair.reason.endswith("rejected that account”, and goes on with “He left on foot, and alone”.")


def test_a_body_denies_and_whoever_speaks_for_it_says_the_rest() -> None:
    text = (
        "Ana Ruiz, a lawyer, said the man in the film was her client's brother. "
        "The port authority dismissed this. "
        "“It is the man himself, and he is smiling,” said Ivo Lund."
    )
    ((_, quotes),) = told(text)
    assert "It is the man himself, and he is smiling" in quotes


MANY = (
    "“The pumps were off all night,” said Ana Ruiz, a farmer. “The hens drowned in their shed. Ask any of my "
    "neighbours.”\n\n"
)


def test_what_was_mainly_said_is_denied_and_not_the_last_of_it() -> None:
    ((_, quotes),) = told(MANY + "The port authority dismissed the allegation.")
    assert "The pumps were off all night" in quotes


def test_a_suggestion_is_what_was_said_last() -> None:
    ((_, quotes),) = told(
        "“The pumps were off all night,” said Ana Ruiz, a farmer. The clerk had sold the fuel, she added.\n\n"
        "The port authority dismissed the suggestion."
    )
    assert "The clerk had sold the fuel" in quotes


def test_a_claim_brushed_aside_is_answered_by_what_comes_next() -> None:
    text = (
        "“We opened the lock,” the group's message read. The port authority swept the claim aside. "
        "“A posting opens no lock,” said Ivo Lund."
    )
    ((_, quotes),) = told(text)
    assert "A posting opens no lock" in quotes


@pytest.mark.parametrize(
    "denial",
    ["rejected the charge within minutes", "hotly denied that", "has called it “a nursery tale”"],
)
def test_when_how_and_by_what_name_it_is_denied_tells_nothing_more(denial: str) -> None:
    ((_, quotes),) = told(
        "“The ferry sailed with its bow open,” said Ana Ruiz, a stoker.\n\n"
        f"Ivo Lund, the owner, {denial}. “I shut it with my own hands,” he said."
    )
    assert quotes == {"The ferry sailed with its bow open", "I shut it with my own hands"}


def test_it_is_not_what_stands_a_paragraph_away() -> None:
    text = (
        "The group was paid on Friday, Ana Ruiz said.\n\nWho sent it? The capital has one answer. The army "
        "denies it."
    )
    assert told(text) == []


def test_their_words_may_open_the_next_paragraph() -> None:
    text = (
        "All forty valves had been cleaned in spring, Ivo Lund said. Ana Ruiz, a fitter let go in May, "
        "disputed this.\n\n{}"
    )
    ((_, quotes),) = told(text.format("“Not one lid was lifted,” Ruiz told reporters."))
    assert "Not one lid was lifted" in quotes
    somebody_else = text.format("“Not one lid was lifted,” said the foreman, Per Moe.")
    assert all("Not one lid was lifted" not in quotes for _, quotes in told(somebody_else))


def test_somebody_brought_in_after_a_denial_speaks_for_themselves() -> None:
    text = (
        "The keepers had been warned in May, Ana Ruiz said. The port called that an invention. The consul, "
        "Ida Holm, sees it otherwise. “My clerk rang them twice,” she said."
    )
    assert all("My clerk rang them twice" not in quotes for _, quotes in told(text))


def test_his_account_is_that_of_the_man_who_gave_one() -> None:
    text = (
        "Ana Ruiz, a clerk, said the vault had been empty since May. Ivo Lund, a porter, said he had carried "
        "the boxes out. || The bank's lawyers described his account as fiction."
    ).replace(" || ", "\n\n")
    ((_, quotes),) = told(text)
    assert "he had carried the boxes out" in quotes


def test_who_is_named_in_the_charge_rejects_that_one() -> None:
    ((_, quotes),) = told(
        "“Ivo Lund gave the order,” said Ana Ruiz. Two boats had taken part, Ruiz said.\n\nLund rejected the "
        "charge. “I was in bed,” he said."
    )
    assert quotes == {"Ivo Lund gave the order", "I was in bed"}


def test_of_what_was_said_in_between_nothing_is_known() -> None:
    text = (
        "“We put out the lights,” said Ana Ruiz, a stoker. A film of it was shown. It ran for a minute. The "
        "post office was full. The harbour rejected that as untrue."
    )
    assert told(text) == []


def test_who_has_stopped_denying_denies_nothing() -> None:
    text = (
        "The mill had leaked for a year, Ana Ruiz said. By now even the owner, Ivo Lund, has stopped {} it."
    )
    assert told(text.format("denying")) == []


def test_what_the_denier_goes_on_to_speak_of_is_denied() -> None:
    ((_, quotes),) = told(
        MANY + "The port authority dismissed the allegation. “No hens drowned in any shed,” it said."
    )
    assert "The hens drowned in their shed." in quotes


def test_its_spokesman_speaks_for_whoever_was_named_last() -> None:
    text = (
        "Men of the harbour guard opened the lock, said Ana Ruiz, spokeswoman for the town council.\n\n"
        "The harbour guard denied it. “Nobody of ours was near the lock on Monday,” its spokesman, Ivo Lund, "
        "said."
    )
    ((_, quotes),) = told(text)
    assert "Nobody of ours was near the lock on Monday" in quotes


def test_a_challenge_does_not_stand_for_the_denial() -> None:
    text = (
        "Ana Ruiz said the port police had taken him off the quay. Ivo Lund, who speaks for the port police, "
        "rejected that account. “Let her show us one picture,” he said."
    )
    assert not any("Let her show us one picture" in quotes for _, quotes in told(text))


def test_a_denial_with_nothing_behind_it_stands_for_itself() -> None:
    text = "Ana Ruiz said the tower had stood empty since April. Ivo Lund called that a lie for tourists."
    ((_, quotes),) = told(text)
    assert any("called that a lie" in quote for quote in quotes)


def test_what_the_other_side_says_next_does_not_stand_for_the_denial() -> None:
    text = (
        "Ana Ruiz, a lawyer, said the crew had been beaten on the quay. The port police rejected that. "
        "“I stood beside them all evening,” Ruiz said."
    )
    assert not any("I stood beside them all evening" in quotes for _, quotes in told(text))


@pytest.mark.parametrize(
    "text",
    [
        # What is dismissed is named: it is nobody's claim before.
        "All four men have confessed, Ana Ruiz said. As for the film, Ivo Lund dismissed it as a forgery.",
        "Not one letter has reached us, Ana Ruiz said. Ivo Lund rejected rumours online about cut cables.",
        "He was heard on Monday, Ana Ruiz said. Ivo Lund dismissed reports in the northern press.",
        # About something else, and of somebody else.
        "The lock was open, Ana Ruiz said.\n\nIvo Lund rejected Ruiz's reproaches about the pilot.",
        "The shed that Pilot Varga speaks of was sold in May, Ana Ruiz insisted. The port dismissed the "
        "pilot's charge as baseless.",
    ],
)
def test_a_denial_of_something_else_is_not_held_against_the_claim_before(text: str) -> None:
    assert told(text) == []


def test_a_bare_denial_is_of_what_was_said_right_before_even_that_something_was_not_so() -> None:
    ((_, quotes),) = told(
        "Nobody had called the skippers about the closed lock, Ana Ruiz said.\n\n"
        "The port authority denied that. “Every skipper was called at five,” it said."
    )
    assert quotes == {
        "Nobody had called the skippers about the closed lock",
        "Every skipper was called at five",
    }


def test_two_who_both_say_it_was_not_so_are_not_at_odds() -> None:
    text = (
        "Marn had no part in the raid, Ana Ruiz said.\n\nThe city denies it. “Nobody of Marn took part in "
        "the raid,” it said."
    )
    assert told(text) == []


def test_this_points_back_and_never_on() -> None:
    text = (
        "There was no water in the hold, Ivo Lund said, and the crew had been paid. His mate, Ana Ruiz, "
        "denied this. “My pocket is empty,” she said.\n\nA clerk said Ruiz was to be let go in May."
    )
    assert [quotes for _, quotes in told(text)] == [{"the crew had been paid", "My pocket is empty"}]


def test_a_husband_of_the_same_name_is_not_the_one_who_denies() -> None:
    ((_, quotes),) = told(
        "Ivo Lund had been ill for years, the warden, Per Moe, said. The family had been rung at noon, he "
        "added.\n\nHis wife, Ana Lund, denied that. “Nobody rang me,” she said."
    )
    assert quotes == {"The family had been rung at noon", "Nobody rang me"}


def test_a_quotation_that_goes_on_over_paragraphs_is_denied_as_one() -> None:
    text = (
        "“The logbook was written anew at noon,” Ana Ruiz, a mate, said. “The captain dictated it.\n\n"
        "“All of the crew heard him.”\n\nIvo Lund, the captain, denied it. The logbook is as old as the "
        "ship, he said, and nobody rewrote it."
    )
    assert any("The logbook was written anew at noon" in quotes for _, quotes in told(text))


def test_the_charge_against_a_party_is_its_candidates_to_reject() -> None:
    ((_, first), (_, second)) = told(
        "Ana Ruiz accused the Mill Party of hiding the lists. No clerk had seen them, she said.\n\n"
        "The registrar, Ida Holm, denied that. “Every clerk has seen them,” she said.\n\n"
        "Mill Party candidate Ivo Lund dismissed the accusation. “We never had them,” he said."
    )
    assert {"No clerk had seen them", "Every clerk has seen them"} in (first, second)
    assert any(
        "We never had them" in one and "Every clerk has seen them" not in one for one in (first, second)
    )


@pytest.mark.parametrize(
    "text",
    [
        # "Whose": the charge stands in the same sentence, unread, and not before it.
        "Ivo Lund holds the dockers responsible; the town points at the port, whose director has called the "
        "charge “a joke”.",
        # Of what he has just said himself.
        "Ana Ruiz said twenty men were held. Nobody had drowned, Ivo Lund said, calling reports to that "
        "effect an invention.",
    ],
)
def test_what_points_at_nothing_that_was_read_denies_nothing(text: str) -> None:
    assert told(text) == []


def test_calling_it_a_lie_is_no_more_than_a_no() -> None:
    ((_, quotes),) = told(
        "Ana Ruiz said the pumps had stood still for five hours. Ivo Lund called both claims false. “Forty "
        "minutes, and I was with them,” he said."
    )
    assert "Forty minutes, and I was with them" in quotes


TESSARA, OSKAVIA = entity("tessara", "Tessara", side="tessara"), entity("oskavia", "Oskavia", side="oskavia")


def test_what_follows_a_bare_charge_and_a_bare_denial_meets_in_two_articles() -> None:
    room = Newsroom(rules(TESSARA, OSKAVIA))
    room.read(
        "Tessara accused Oskavia of the raid on the depot. “They brought petrol,” its spokesman, Ivo Lund, "
        "told reporters."
    )
    (pair,) = room.read(
        "Tessara said Oskavia did the raid on the depot.\n\nOskavia rejected the charge. “Not one truck of "
        "ours left its garage,” its spokeswoman, Ida Holm, said.",
        hours=2,
    )[:1]
    assert pair.comparator == "denial"
    across = [room.words(p) for p in room.contradictions if "They brought petrol" in room.words(p)]
    assert frozenset({"They brought petrol", "Not one truck of ours left its garage"}) in across


def test_a_charge_with_nothing_behind_it_stands_for_itself() -> None:
    (charge,) = with_own_words(claims_of("Tessara accused Oskavia of the raid.", rules(TESSARA, OSKAVIA)))
    assert charge.frames


def test_an_hour_in_passing_is_not_what_is_denied() -> None:
    ((_, quotes),) = told(
        "Guards had dragged him off a tram, said Otto Reis, a baker. “It was six o'clock and cold.”\n\n"
        "Ada Lund, who speaks for the company, denied it. “No guard touched him today,” she said."
    )
    assert "Guards had dragged him off a tram" in quotes
