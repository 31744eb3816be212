"""Counts held against each other: what both can hold, what grows, and what is counted at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from claim_desk import NOON, TOLL, Rules, judge, only, says

from monitor.core.contradictions import find_contradictions
from monitor.core.types import ArticleField, Claim, ClaimKind, ClaimTime, Quantity, Relation, ThreadedClaim

NUMBERS = [
    ((12, "exactly"), (14, "exactly"), 2.0, Relation.UPDATE),
    ((12, "exactly"), (3, "exactly"), 2.0, Relation.CONTRADICTION),
    ((12, "exactly"), (3, "exactly"), 60.0, Relation.UPDATE),
    ((12, "at_least"), (14, "exactly"), 2.0, None),
    ((12, "exactly"), (10, "at_least"), 2.0, None),
    ((1000, "about"), (1040, "exactly"), 2.0, None),
    ((12, "exactly"), (12, "exactly"), 2.0, None),
]


@pytest.mark.parametrize(("first", "second", "hours", "expected"), NUMBERS)
def test_counts_conflict_unless_both_can_hold_or_the_toll_grew(
    first: tuple[float, str], second: tuple[float, str], hours: float, expected: Relation | None
) -> None:
    found = judge(
        says("ministry", "a count", killed=first), says("bank", "a count", killed=second, hours=hours)
    )
    assert [c.relation for c in found] == ([expected] if expected else [])


def test_a_number_of_what_does_not_change_conflicts_whenever_it_is_said() -> None:
    aboard = replace(TOLL, grows=False)
    first, later = says("ministry", "a count", killed=(214, "exactly")), says(
        "bank", "a count", killed=(300, "more_than"), hours=70
    )  # fmt: skip
    threads = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in (first, later)]
    (found,) = find_contradictions(threads, (), Rules(frames=(aboard,)))  # type: ignore[arg-type]  # a stand-in
    assert found.relation is Relation.CONTRADICTION


def test_a_count_of_months_ago_is_of_another_event() -> None:
    now = says("ministry", "three were killed", killed=(3, "exactly"))
    june = ClaimTime(
        begins_at=NOON - timedelta(days=120), ends_at=NOON - timedelta(days=90), bound="at", surface="in June"
    )
    before = replace(says("bank", "a raid killed five in June", killed=(5, "exactly")), times=(june,))
    assert judge(now, before) == ()
    assert judge(now, replace(before, times=(replace(june, ends_at=NOON - timedelta(days=1)),))) != ()


@pytest.mark.parametrize("words", ["it is not taking in 40,000", "between 10 and 14 were hurt"])
def test_a_range_and_what_is_not_so_count_nothing(words: str) -> None:
    first, second = says("ministry", words, killed=(12, "exactly")), says("bank", "3", killed=(3, "exactly"))
    assert judge(first, second) == ()


def test_a_figure_that_both_give_is_no_conflict_whatever_else_one_counts() -> None:
    many = says("crew", "9 died, 3 of them on board", killed=(9, "exactly"))
    part = Quantity(value=3, bound="exactly", unit="killed", surface="3")
    assert (
        judge(replace(many, quantities=(*many.quantities, part)), says("bank", "3", killed=(3, "exactly")))
        == ()
    )
    assert judge(many, says("bank", "3 died", killed=(3, "exactly"))) != ()


def test_a_lower_toll_that_somebody_else_insists_on_is_a_conflict() -> None:
    nine = says("crew", "at least nine died", killed=(9, "at_least"))
    three = says("bank", "three died, and no more", killed=(3, "exactly"), hours=20)
    assert only(nine, three).relation is Relation.CONTRADICTION
    later = says("bank", "three died", killed=(3, "exactly"), hours=20)
    assert only(nine, later).relation is Relation.UPDATE


def test_an_outlet_that_still_has_the_old_toll_contradicts_nobody() -> None:
    nine = says("crew", "nine people died", killed=(9, "exactly"))
    six = says("bank", "six people died", killed=(6, "exactly"), hours=2)
    assert only(nine, six).relation is Relation.CONTRADICTION
    assert judge(nine, replace(six, kind=ClaimKind.OWN_VOICE)) == ()
    assert judge(nine, replace(six, field=ArticleField.TITLE)) == ()


def test_shares_of_one_thing_conflict_but_not_those_of_two_polls() -> None:
    def share(who: str, value: float) -> Claim:
        told = Quantity(value=value, bound="exactly", unit="percent", surface=str(value))
        words = f"the ferry carries {value} percent of all island freight"
        return replace(says(who, words, article=3), quantities=(told,), keys=("q|percent|harrow_breach",))

    assert only(share("bank", 47), share("ministry", 31)).comparator == "numeric"
    assert judge(share("bank", 47), share("harbour poll", 31)) == ()


def test_counts_of_two_kinds_of_people_are_no_two_counts_of_one() -> None:
    cooks = says("crew", "the number of injured cooks at six", killed=(6, "exactly"))
    guards = says("bank", "five guards were hurt", killed=(5, "exactly"))
    counted = [
        replace(q, surface=word) for c, word in ((cooks, "six"), (guards, "five")) for q in c.quantities
    ]
    cooks, guards = replace(cooks, quantities=counted[:1]), replace(guards, quantities=counted[1:])
    assert judge(cooks, guards) == ()
    assert judge(cooks, replace(guards, quote="five wounded Norvik guards")) == ()
    assert only(cooks, replace(guards, quote="five cooks were hurt")).comparator == "numeric"
    assert only(cooks, replace(guards, quote="five people were hurt")).comparator == "numeric"
    # The guards may be some of them, or others.
    assert judge(replace(cooks, quote="six people were hurt"), replace(guards, quote="five guards")) == ()
