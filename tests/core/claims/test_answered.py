"""What is denied a little further on in the same report, read by the real parser."""

from __future__ import annotations

import pytest
from reading_room import claims_of, rules

from monitor.core.contradictions import Likeness, find_contradictions, likened
from monitor.core.types import Claim, Contradiction, Grade, ThreadedClaim

FIRED = "“They fired live rounds at us,” said the foreman, Milo Ferrand."
TOWN = "The town was quiet on Sunday, said Rosa Lindt."
NONE = "None of the officers carried live rounds, the commander, Per Moe, said."
# Far from them, something else is in dispute.
BESIDE = (
    "\n\nThe harbour is open.\n\nThe gate was locked, the port said. The gate was open, the carrier said."
)
SAID = {
    "in the next paragraph": f"{FIRED}\n\n{TOWN} {NONE}",
    "in one paragraph": f"{FIRED} {TOWN} {NONE}",
    "the no comes first, in one paragraph": f"{NONE} {TOWN} {FIRED}",
}
ANOTHER = "\n\nRosa Lindt tells another story. “Their magazines of live rounds were still sealed,” she said."
QUIET = {
    "two paragraphs on": f"{FIRED}\n\n{TOWN}\n\n{NONE}",
    "the no comes first, over a paragraph's end": f"{TOWN} {NONE}\n\n{FIRED}",
    "both say no": f"{FIRED} {TOWN} {NONE}".replace("They fired", "They never fired"),
    "hedged": f"{FIRED} {TOWN} {NONE}".replace("None of", "Perhaps none of"),
    "another year": f"{FIRED} {TOWN} {NONE}".replace("carried live rounds", "carried live rounds in 2019"),
    "one side": f"{FIRED} {TOWN} “None of them carried live rounds,” Ferrand said.",
    "a wish": f"{FIRED} {TOWN} No officer should carry live rounds, the commander, Per Moe, said.",
}


def answered(text: str, alike: float = 0.6) -> list[Contradiction]:
    claims = claims_of(text)
    # What is about live rounds is as alike as wanted, the rest like nothing.
    points = {
        c.proposition: (1.0, 0.0) if c.quote.startswith("They") else (alike, (1 - alike**2) ** 0.5)
        for c in claims
        if "live rounds" in c.quote
    }
    threaded = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in claims]
    found = find_contradictions(threaded, (), rules(), Likeness(points))  # type: ignore[arg-type]  # a stand-in
    return [pair for pair in found if pair.comparator == "answered"]


def words(pair: Contradiction, claims: tuple[Claim, ...]) -> set[str]:
    return {c.quote for c in claims if c.fingerprint in {pair.left, pair.right}}


@pytest.mark.parametrize("name", SAID)
def test_what_is_denied_a_little_further_on_is_a_pair(name: str) -> None:
    (pair,) = (p for p in answered(SAID[name] + BESIDE) if "live rounds" in p.reason)
    assert pair.grade is Grade.MEDIUM
    assert words(pair, claims_of(SAID[name] + BESIDE)) == {
        "They fired live rounds at us",
        "None of the officers carried live rounds",
    }


@pytest.mark.parametrize("name", QUIET)
def test_what_is_further_away_or_of_something_else_is_none(name: str) -> None:
    assert not [p for p in answered(QUIET[name] + BESIDE) if "live rounds" in p.reason]


def test_another_account_may_begin_the_next_paragraph() -> None:
    (pair,) = answered(FIRED + ANOTHER + BESIDE, alike=0.3)
    assert words(pair, claims_of(FIRED + ANOTHER + BESIDE)) == {
        "They fired live rounds at us",
        "Their magazines of live rounds were still sealed",
    }
    assert "gives another account" in pair.reason
    # The report says so itself, whatever else is in it.
    assert [p.grade for p in answered(FIRED + ANOTHER, alike=0.3)] == [pair.grade] == [Grade.MEDIUM]
    assert answered(FIRED + ANOTHER + BESIDE, alike=0.2) == []
    assert answered(f"{FIRED} {TOWN}{ANOTHER}{BESIDE}", alike=0.3) == []
    assert answered(FIRED + ANOTHER.replace("tells another story", "was there") + BESIDE, alike=0.3) == []


def test_contents_that_no_model_finds_alike_are_none() -> None:
    assert not [
        p for p in answered(SAID["in one paragraph"] + BESIDE, alike=0.3) if "live rounds" in p.reason
    ]


def test_where_nothing_else_is_disputed_it_is_only_listed() -> None:
    (pair,) = answered(f"{FIRED}\n\n{NONE}")
    assert pair.grade is Grade.SOFT


def test_only_claims_that_may_be_compared_are_read_by_the_model() -> None:
    claims = claims_of(SAID["in the next paragraph"])
    assert {"They fired live rounds at us", "None of the officers carried live rounds"} <= {
        c.quote for c in likened(claims)
    }
