"""Attributions in the middle of a sentence, and denials in passing: whose words are whose."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from reading_room import claims_of, parsers
from test_attribution_shapes import rows

from monitor.core.claims.parentheticals import taken_apart
from monitor.core.claims.rejoined import put_together
from monitor.core.types import Claim, Stance


def said(text: str) -> set[tuple[str, str]]:
    return {(c.speaker.name, c.quote) for c in claims_of(text)}


@pytest.mark.parametrize(
    ("text", "speaker", "quote"),
    [
        (
            "The convoy, aid workers and residents said, came under fire near the bridge.",
            "aid workers",
            "came under fire near the bridge",
        ),
        (
            "The warning, said Anna Brandt of the port authority, was ignored for three weeks.",
            "Anna Brandt",
            "was ignored for three weeks",
        ),
        (
            "The engine, a source at the ministry said on Tuesday, had caught fire before take-off.",
            "source at the ministry",
            "had caught fire before take-off",
        ),
        (
            "The money, prosecutors allege, was moved to Cyprus the same week.",
            "prosecutors",
            "was moved to Cyprus the same week",
        ),
        (
            "The ferry, its owner wrote on Telegram, had been checked in May.",
            "owner",
            "had been checked in May",
        ),
    ],
)
def test_who_speaks_between_commas_is_not_what_the_sentence_is_about(
    text: str, speaker: str, quote: str
) -> None:
    assert (speaker, quote) in said(text)
    assert {name for name, _ in said(text)} == {speaker}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The road is open, according to officials, but drivers say they were turned back.",
            {("officials", "The road is open"), ("drivers", "they were turned back")},
        ),
        (
            "The road was open, according to officials, and two lanes had been cleared by noon.",
            {("officials", "The road was open"), ("officials", "two lanes had been cleared by noon")},
        ),
        (
            "Some 3,000 people came according to police, 20,000 according to the organisers.",
            {("police", "Some 3,000 people came"), ("organisers", "20,000")},
        ),
        (
            "The drones came from the sea, the governor wrote on Telegram, and all were destroyed.",
            {("governor", "The drones came from the sea"), ("governor", "all were destroyed")},
        ),
    ],
)
def test_each_clause_goes_to_whoever_it_is_attributed_to(text: str, expected: set[tuple[str, str]]) -> None:
    assert said(text) == expected


def test_what_somebody_else_calls_something_is_no_part_of_what_was_said_before() -> None:
    text = "Five were hurt, the police said, and the mayor called the shooting a disgrace."
    assert said(text) == {("police", "Five were hurt"), ("mayor", "the shooting a disgrace")}


def denials(text: str) -> list[Claim]:
    return [c for c in claims_of(text) if c.stance is Stance.DENY]


@pytest.mark.parametrize(
    ("text", "speaker", "quote", "denied"),
    [
        (
            "Mr. Haas says pages were removed, which the ministry denies.",
            "ministry",
            "which the ministry denies",
            "pages were removed",
        ),
        (
            "The company hid the results, prosecutors say, a claim its lawyers call absurd.",
            "its lawyers",
            "a claim its lawyers call absurd",
            "The company hid the results",
        ),
        (
            "The union says 40 men were sacked – something the company has always disputed.",
            "company",
            "something the company has always disputed",
            "40 men were sacked",
        ),
        (
            "The vote had been rigged, a charge that party leaders strongly denied.",
            "party leaders",
            "The vote had been rigged, a charge that party leaders strongly denied",
            "The vote had been rigged",
        ),
    ],
)
def test_a_relative_clause_that_denies_is_a_denial_of_what_stands_before(
    text: str, speaker: str, quote: str, denied: str
) -> None:
    (claim,) = denials(text)
    assert (claim.speaker.name, claim.quote, claim.proposition) == (speaker, quote, denied)


def test_a_denied_report_that_goes_on_speaking_denies_nothing_here() -> None:
    assert not denials("The report, which the ministry rejected, said that the dam had been weak.")


def test_a_figure_is_quoted_with_all_of_its_number() -> None:
    assert ("prosecutors", "the loss at 40 million euros") in said(
        "Prosecutors put the loss at 40 million euros."
    )


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Several witnesses reported hearing shots after the lights went out.",
            "hearing shots after the lights went out",
        ),
        (
            "Witnesses described a white van leaving the yard at speed.",
            "Witnesses described a white van leaving the yard at speed",
        ),
    ],
)
def test_what_somebody_saw_or_heard_is_a_claim(text: str, quote: str) -> None:
    assert quote in {words for _, words in said(text)}


@pytest.mark.parametrize(
    ("text", "speaker", "quote"),
    [
        (
            "A letter in French, announcing that a device would go off above the pool, arrived at the club's "
            "desk at noon, the league's deputy head, Karl Odum, told journalists.",
            "Karl Odum",
            "A letter in French, announcing that a device would go off above the pool, arrived at the club's "
            "desk at noon",
        ),
        (
            "“Somebody moved it back for the pictures,” an appraiser who has seen the marks said, asking not "
            "to be named.",
            "appraiser",
            "Somebody moved it back for the pictures",
        ),
        (
            "“Two of them I trained myself,” a former colonel, who now delivers parcels in a quiet town, "
            "told the Review.",
            "former colonel",
            "Two of them I trained myself",
        ),
        (
            "Told of her words, Oleg Strand, who negotiates for the city, said that the paper was a forgery.",
            "Oleg Strand",
            "the paper was a forgery",
        ),
        (
            "The General Prosecutor's Office said the only autopsy had been done in the capital.",
            "General Prosecutor's Office",
            "the only autopsy had been done in the capital",
        ),
        (
            "An officer of the State Committee for National Security had rung her. The committee said "
            "none of its staff had been in contact with him.",
            "State Committee for National Security",
            "none of its staff had been in contact with him",
        ),
        (
            "I was received by the ombudswoman, Farida Ismail, who had praised it. “I was shown five men "
            "through a window,” she says now.",
            "Farida Ismail",
            "I was shown five men through a window",
        ),
        (
            "“A captain does what he is told,” Gulnaz Torek said. A policeman told her that he could answer "
            "for her until Tuesday. She believes that the order came from above.",
            "Gulnaz Torek",
            "the order came from above",
        ),
    ],
)
def test_whoever_speaks_is_found_behind_clauses_offices_and_pronouns(
    text: str, speaker: str, quote: str
) -> None:
    assert {name for name, words in said(text) if words == quote} == {speaker}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The firm had heard of the leak in March, Brandt said, and had told the regulator within a day.",
            {
                ("Brandt", "The firm had heard of the leak in March"),
                ("Brandt", "had told the regulator within a day"),
            },
        ),
        (
            "What the thieves took, the 61-year-old said, amounted to three paintings.",
            {("61-year-old", "amounted to three paintings")},
        ),
        (
            "There had been no meeting on that day, Brandt said: he had been at sea until the evening.",
            {
                ("Brandt", "There had been no meeting on that day"),
                ("Brandt", "he had been at sea until the evening"),
            },
        ),
        (
            "Three of the cranes stood still, said a person who knows the yard.",
            {("person who knows the yard", "Three of the cranes stood still")},
        ),
        (
            "The gate was open, said the yard's foreman, Anna Brandt; it rained.",
            {("Anna Brandt", "The gate was open")},
        ),
        (
            "The crew were asleep, came the reply from Captain Anna Brandt in Aden.",
            {("Anna Brandt", "The crew were asleep")},
        ),
        (
            "The pump failed at noon, the mayor said on Monday, adding that two men had been sent home.",
            {("mayor", "The pump failed at noon"), ("mayor", "two men had been sent home")},
        ),
        (
            "The trawler is lost: its owner, Anna Brandt, was told on Monday, the coast guard said.",
            {("coast guard", "its owner, Anna Brandt, was told on Monday")},
        ),
        # What looks like one and is none.
        (
            "Anna Brandt, the harbour master, said the noise came from a yard in Aden.",
            {("Anna Brandt", "the noise came from a yard in Aden")},
        ),
        (
            "She has known since May, Anna Brandt said, that the pump was broken.",
            {("Anna Brandt", "the pump was broken")},
        ),
    ],
)
def test_the_sentence_is_whole_without_its_attributions(text: str, expected: set[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The best-known case, the theft of police notes from a cellar, led to a sentence of six years.",
        "He weighed the flour, added the salt, and left.",
        "The party of the left, the greens and the farmers, says no.",
        "“The gate was open,” the foreman said, “and nobody watched it.”",
    ],
)
def test_other_commas_are_left_alone(text: str) -> None:
    quoted = [(hit.start(), hit.end()) for hit in re.finditer("“[^”]*”", text)]
    pieces = taken_apart(text, quoted)
    trees = parsers()["en"].parse(pieces.texts) if pieces is not None else ()
    assert pieces is None or put_together(pieces, trees) is None


def test_a_page_without_a_full_stop_is_left_alone() -> None:
    assert taken_apart("The gate was open, Ana Ruiz said, and so on" + " and on" * 400, []) is None


def test_trees_put_together_are_trees_of_the_whole_sentence() -> None:
    apart = 0
    for passage, _ in rows("english"):
        for text in passage.removeprefix("title: ").split(". "):
            pieces = taken_apart(
                text, [(hit.start(), hit.end()) for hit in re.finditer('[“‘"].*?[”’"]', text)]
            )
            tree = put_together(pieces, parsers()["en"].parse(pieces.texts)) if pieces is not None else None
            if tree is None:
                continue
            apart += 1
            assert [text[t.start : t.end] for t in tree] == [t.text for t in tree]
            assert all(a.end <= b.start for a, b in pairwise(tree))
            assert not re.search(r"\w", "".join(text[a.end : b.start] for a, b in pairwise(tree)))
            for n in range(len(tree)):
                seen: set[int] = set()
                while tree[n].head != n and n not in seen:
                    seen.add(n)
                    n = tree[n].head
                assert tree[n].head == n
    assert apart > 50
