"""What a notification waits for, and what alerts have in common that go out together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alerting_values import Rules, asks, dispute, planned_for, raised, rule, rules

from monitor.core.alerting import Candidate, Hold, Past, hold
from monitor.core.alerting.pairs import next_telling
from monitor.core.types import AlertKind, GroupBy, Restraint, Suppression

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def candidate(*, raised_ago: timedelta = timedelta(0), **asked: Any) -> Candidate:
    return Candidate(receiver="desk", raised_at=NOW - raised_ago, restraint=Restraint(rule="dam", **asked))


def sent(*ago: timedelta, rule: str = "dam", receiver: str = "desk", digest: timedelta | None = None) -> Past:
    return Past(
        messages={(rule, receiver): [NOW - each for each in ago]},
        digests={} if digest is None else {"desk": NOW - digest},
    )


@pytest.mark.parametrize(
    ("one", "past", "reason", "wait"),
    [
        (candidate(), Past(), None, None),
        (candidate(group_wait=MINUTE), Past(), Suppression.GROUPED, MINUTE),
        (candidate(group_wait=MINUTE, raised_ago=MINUTE), Past(), None, None),
        (candidate(not_before=NOW + HOUR), Past(), Suppression.REPEATED, HOUR),
        (candidate(not_before=NOW), Past(), None, None),
        # the repeat decides before the group
        (candidate(not_before=NOW + HOUR, group_wait=MINUTE), Past(), Suppression.REPEATED, HOUR),
        (candidate(max_per_hour=2), sent(MINUTE), None, None),
        (candidate(max_per_hour=2), sent(MINUTE, 20 * MINUTE), Suppression.THROTTLED, 40 * MINUTE),
        (candidate(max_per_hour=1), sent(MINUTE, 20 * MINUTE), Suppression.THROTTLED, 59 * MINUTE),
        # an hour ago no longer counts
        (candidate(max_per_hour=1), sent(HOUR), None, None),
        (candidate(max_per_hour=1), sent(MINUTE, rule="other"), None, None),
        (candidate(max_per_hour=1), sent(MINUTE, receiver="night"), None, None),
        # one digest an hour
        (candidate(max_per_hour=1), sent(50 * MINUTE, digest=5 * MINUTE), Suppression.THROTTLED, 55 * MINUTE),
        (candidate(), sent(MINUTE, MINUTE, MINUTE), None, None),
    ],
)
def test_a_notification_goes_out_or_waits_for_the_first_stage_that_holds_it(
    one: Candidate, past: Past, reason: Suppression | None, wait: timedelta | None
) -> None:
    held = hold(one, past, NOW)
    assert (held and held.reason, held and held.until - NOW) == (reason, wait)


def of_rules(messages: int, ago: timedelta, *, digest: timedelta | None = None) -> Past:
    """A message of as many rules each."""
    each = {(f"rule {number}", "desk"): [NOW - ago] for number in range(messages)}
    return Past(messages=each | {("dam", "night"): [NOW] * 50}, digests={"desk": NOW} if digest else {})


@pytest.mark.parametrize(
    ("one", "past", "wait"),
    [
        (candidate(max_per_hour=20), of_rules(19, MINUTE), None),
        (candidate(max_per_hour=20), of_rules(20, MINUTE), 9 * MINUTE),
        (candidate(max_per_hour=20), of_rules(20, 10 * MINUTE), None),
        # a rule that allows itself less an hour does not allow the others less
        (candidate(max_per_hour=2), of_rules(19, MINUTE), None),
        # one that allows itself more may send as many
        (candidate(max_per_hour=1000), of_rules(999, MINUTE), None),
        (candidate(max_per_hour=1000), of_rules(1000, MINUTE), 9 * MINUTE),
        # what no rule asked for, such as the service's own trouble, is not held up
        (candidate(), of_rules(500, MINUTE), None),
        # a digest a moment ago does not make it an hour
        (candidate(max_per_hour=20), of_rules(20, MINUTE, digest=MINUTE), 9 * MINUTE),
    ],
)
def test_rules_that_each_keep_their_limit_are_no_storm_together(
    one: Candidate, past: Past, wait: timedelta | None
) -> None:
    held = hold(one, past, NOW)
    assert (held and held.until - NOW) == wait
    assert held is None or held.reason is Suppression.STORM


def test_who_waits_is_told_which_setting_of_which_rule_and_until_when() -> None:
    held = hold(candidate(max_per_hour=1), sent(MINUTE), NOW)
    assert held == Hold(
        reason=Suppression.THROTTLED,
        until=NOW + 59 * MINUTE,
        detail="rule dam: max_per_hour 1 reached, in a digest at 2026-03-01 12:59:00 UTC",
    )


@pytest.mark.parametrize(
    ("told_ago", "number", "wait"),
    [
        ([0], 1, 4),
        ([1], 1, 3),
        # long ago: at once
        ([90], 1, 0),
        ([10, 6], 2, 2),
        ([34, 30, 22], 3, 0),
        # one is still to come: what is new joins it
        ([4, -3], 1, 3),
    ],
)
def test_a_conflict_is_told_again_after_four_hours_then_eight_then_sixteen(
    told_ago: list[int], number: int, wait: int
) -> None:
    told = [NOW - hours * HOUR for hours in told_ago]
    assert next_telling(told, 4 * HOUR, NOW) == (number, NOW + wait * HOUR)


def test_a_conflict_told_a_hundred_times_still_has_a_next_time() -> None:
    told = [NOW - (101 - n) * HOUR for n in range(101)]
    number, at = next_telling(told, timedelta(days=30), NOW)
    assert (number, at > NOW) == (101, True)


# ---------------------------------------------------------------- which rule, which group


def group_key(**settings: Any) -> str:
    on = rules(rule(alert=asks(AlertKind.CONTRADICTION, **settings)))
    (plan,) = planned_for(raised(on, pairs=(dispute("c1", "c2"),)), on)
    return plan.restraint.group_key


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({}, ""),
        ({"group_wait": MINUTE}, "rule=dam"),
        ({"group_by": (GroupBy.GROUP,)}, "group=dam-safe"),
        ({"group_by": (GroupBy.SEVERITY, GroupBy.PUBLISHER)}, "severity=medium|publisher=River Post"),
        ({"group_by": (GroupBy.ENTITY,)}, "entity="),
    ],
)
def test_alerts_are_grouped_by_what_the_rule_says(settings: dict[str, Any], key: str) -> None:
    assert group_key(**settings) == key


def test_what_belongs_to_no_conflict_is_a_group_of_its_own() -> None:
    on = rules(rule(alert=asks(AlertKind.NEW_CLAIM, group_by=(GroupBy.GROUP,))))
    (plan,) = planned_for(raised(on, is_new=True), on)
    assert plan.restraint.group_key == "group=new_claim:thread-c2"


LIMITED = rule("limited", alert=asks(AlertKind.NEW_CLAIM, max_per_hour=1))
LOOSER = rule("looser", alert=asks(AlertKind.NEW_CLAIM, max_per_hour=9, group_wait=MINUTE))
FREE = rule("free", alert=asks(AlertKind.NEW_CLAIM, group_wait=MINUTE))


@pytest.mark.parametrize(
    ("listed", "decides"),
    [((LIMITED, FREE), "free"), ((LIMITED, LOOSER), "looser"), ((LIMITED,), "limited")],
)
def test_of_several_rules_the_one_that_holds_back_least_decides(
    listed: tuple[Any, ...], decides: str
) -> None:
    on: Rules = rules(*listed)
    (plan,) = planned_for(raised(on, by=tuple(one.id for one in listed), is_new=True), on)
    assert plan.restraint.rule == decides
