"""What a number counts: what happened to them before what they are, and nothing where it is only a part."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, claims_of, rules

from monitor.core.types import Grade


@pytest.mark.parametrize(
    ("text", "value", "bound", "unit"),
    [
        ("The number aboard was 31.", 31, "exactly", "aboard"),
        ("Forty-one came up the stairs.", 41, "exactly", "people"),
        ("Seven people are now known to have died.", 7, "exactly", "killed"),
        ("At least twelve miners were feared dead.", 12, "at_least", "killed"),
        ("More than forty had been hurt.", 40, "more_than", "injured"),
        ("Fewer than nine were killed.", 9, "less_than", "killed"),
        ("No more than nine were killed.", 9, "at_most", "killed"),
        ("Thirty-eight citizens lost their lives.", 38, "exactly", "killed"),
        ("Three lives had been lost.", 3, "exactly", "killed"),
        ("The number of people affected stands at 3.4 million.", 3_400_000, "exactly", "people"),
        ("Fifty-two persons are in custody.", 52, "exactly", "arrested"),
        ("As of noon on Friday 52 people had asked for help.", 52, "exactly", "people"),
        ("More than five gunmen had come in by the yard.", 5, "more_than", "attackers"),
        ("120 were treated in hospital.", 120, "exactly", "hospitalised"),
        ("Twenty-six miners were missing.", 26, "exactly", "missing"),
        ("Eleven hikers have gone missing.", 11, "exactly", "missing"),
        ("Nine soldiers fell in the ambush.", 9, "exactly", "killed"),
        ("Nine soldiers fell from a lorry.", 9, "exactly", "people"),
        # A part of them is not their number.
        ("Nine of the dead perished in the flood.", 9, "exactly", "some killed"),
        ("The last five bodies were identified.", 5, "exactly", "some killed"),
        ("The cabin was empty in a film by three passengers.", 3, "exactly", "some aboard"),
        ("Four guests besides the cook were injured.", 4, "exactly", "some injured"),
        ("The 12 bodies that she was shown had been burnt.", 12, "exactly", "some killed"),
        ("Six guests were slightly injured.", 6, "exactly", "some injured"),
        ("Six guests were injured.", 6, "exactly", "injured"),
        ("Fifteen more people were killed.", 15, "exactly", "more killed"),
        # Not all who were aboard.
        ("Twelve passengers were taken.", 12, "exactly", "passenger take"),
        ("Twelve passengers are listed.", 12, "exactly", "aboard"),
        # What "and" joins is counted along.
        ("Five men, two women and a child were killed.", 8, "exactly", "killed"),
        ("Nine guests and four waiters died.", 13, "exactly", "killed"),
        ("Nine guests and four waiters died.", 9, "at_least", "killed"),
        ("Ten miners and their foreman were killed.", 10, "exactly", "some killed"),
        ("Four guests and 12 geese were killed.", 4, "exactly", "killed"),
        # Many did something, and not that many came.
        ("Twelve demonstrators complained of headaches.", 12, "exactly", "some protesting"),
        ("Forty demonstrators gathered at the gate.", 40, "exactly", "protesting"),
        ("Several hundred demonstrators gathered at the gate.", 200, "at_least", "protesting"),
        # What looks like people and is none.
        ("The team lost three games.", 3, "exactly", "game lose"),
        ("Forty meetings were held.", 40, "exactly", "meeting hold"),
    ],
)
def test_a_number_is_a_count_of_something(text: str, value: float, bound: str, unit: str) -> None:
    claims = claims_of(f"{text[:-1]}, Ana Ruiz said.")
    found = {(q.value, q.bound, q.unit) for claim in claims for q in claim.quantities}
    assert (value, bound, unit) in found


def test_one_of_the_worst_counts_nothing() -> None:
    text = "A mail steamer sank off the cape with 61 people aboard, one of the worst wrecks of the coast."
    (claim,) = claims_of(text)
    assert [(q.value, q.unit) for q in claim.quantities] == [(61, "aboard")]


@pytest.mark.parametrize(
    ("answer", "value", "bound"),
    [
        ("The clinic put the figure at 40.", 40, "exactly"),
        ("The clinic put it at more than 40.", 40, "more_than"),
        ("The clinic gave a total of 40.", 40, "exactly"),
        ("According to the clinic, it was at least forty.", 40, "at_least"),
        ("The clinic said there were only two.", 2, "exactly"),
        ("The clinic speaks of forty.", 40, "exactly"),
        ("The clinic says 40.", 40, "exactly"),
        ("The clinic admits to no more than two.", 2, "at_most"),
        ("The clinic speaks of some forty people.", 40, "about"),
    ],
)
def test_a_bare_number_counts_what_was_counted_right_before(answer: str, value: float, bound: str) -> None:
    first, second = claims_of(f"Twelve miners died, the firm said. {answer}")
    assert [(q.value, q.bound, q.unit) for q in second.quantities] == [(value, bound, "killed")]
    assert [q.unit for q in first.quantities] == ["killed"]


@pytest.mark.parametrize(
    "text",
    [
        # Too far away, or of the speaker's own.
        "Twelve miners died, the firm said. It rained. The road was shut. The clinic put the figure at 40.",
        "Twelve miners died, the firm said. The firm put the figure at 40.",
        "The miners had been warned, the firm said. The clinic put the figure at 40.",
    ],
)
def test_a_bare_number_behind_no_count_counts_nothing(text: str) -> None:
    *_, last = claims_of(text)
    assert last.quantities == ()


@pytest.mark.parametrize(
    "text",
    [
        # Neither of the two words for whom tells what is counted, and one is of years ago.
        "More than 3,000 singers followed the band, the guild said. The mayor spoke of some 400 people.",
        "Seven divers have died on the wreck since 2022, the guild said. The harbour admits to two.",
        "Twelve miners died, the guild said, while the harbour says 40.",
        "The guild put the number of dead at twelve, and the harbour at 40.",
    ],
)
def test_a_count_again_is_held_against_the_first_one(text: str) -> None:
    (pair,) = Newsroom(rules()).read(text)
    assert (pair.comparator, pair.grade) == ("numeric", Grade.MEDIUM)
