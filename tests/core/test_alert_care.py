"""What an acknowledgement holds back and what reopens it; whom a route escalates to; what a silence fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerting_values import ENGINEER, MINISTER, NOW, asks, dispute, known, new, reading, rule, rules

from monitor.core.alerting import (
    Acknowledgement,
    AlertStatus,
    Candidate,
    Past,
    Silence,
    SilenceState,
    Standing,
    ToldAlert,
    as_test,
    hold,
    holding,
    plan_notifications,
    raise_alerts,
)
from monitor.core.matchers import read_matcher
from monitor.core.types import (
    Alert,
    AlertKind,
    AlertSettings,
    Contradiction,
    ContradictionKind,
    Escalation,
    Notification,
    Relation,
    Restraint,
    Route,
    Routing,
    Scope,
    Severity,
    Suppression,
)

PLAIN = "contradiction:dam-safe"
EVERYTHING = asks(AlertKind.CONTRADICTION, AlertKind.REVERSAL, AlertKind.UPDATE)
TURN = dispute("c1", "c2", scope=Scope.SELF, kind=ContradictionKind.REVERSAL)
RISE = dispute("c1", "c2", relation=Relation.UPDATE)


def seen(**changes: Any) -> Acknowledgement:
    given = {
        "id": 9,
        "status": AlertStatus.ACKNOWLEDGED,
        "owner": "Ada",
        "severity": Severity.MEDIUM,
        "speakers": frozenset({"Ada Brook", "Carl Weir"}),
    }
    return Acknowledgement(**(given | changes))


def told(
    *pairs: Contradiction,
    acknowledged: Acknowledgement | None,
    settings: AlertSettings = EVERYTHING,
    is_new: bool = True,
    before: tuple[str, ...] = (PLAIN,),
    severity: Severity = Severity.MEDIUM,
    **changes: Any,
) -> list[Alert]:
    """The minister's claim comes in the article; the conflict was told of before."""
    on = rules(rule(alert=settings, severity=severity))
    standing = Standing(
        told={"dam-safe": [ToldAlert(fingerprint=name, at=NOW - timedelta(hours=1)) for name in before]},
        acknowledged={"dam-safe": acknowledged} if acknowledged else {},
    )
    raised = raise_alerts(
        reading("dam", **changes),
        [new(MINISTER, is_new=is_new)],
        pairs,
        [known(ENGINEER)],
        on,
        now=NOW,
        standing=standing,
    )
    return [alert for alert in raised if alert.fingerprint not in before]


@pytest.mark.parametrize(
    ("pair", "acknowledged", "more", "why"),
    [
        (dispute("c1", "c2"), seen(speakers=frozenset({"Ada Brook"})), {}, "new speaker Carl Weir"),
        (TURN, seen(), {}, "a reversal"),
        (dispute("c1", "c2"), seen(), {"severity": Severity.HIGH}, "severity high, was medium"),
        (
            dispute("c1", "c2"),
            seen(status=AlertStatus.RESOLVED, speakers=frozenset()),
            {},
            "new speaker Ada Brook",
        ),
    ],
)
def test_a_new_speaker_a_reversal_or_more_severity_reopens_a_conflict(
    pair: Contradiction, acknowledged: Acknowledgement, more: dict[str, Any], why: str
) -> None:
    (alert,) = told(pair, acknowledged=acknowledged, **more)
    assert alert.suppressed is None
    assert alert.labels["reopens"] == why
    assert alert.fingerprint.endswith(":reopens=9")


@pytest.mark.parametrize(
    ("pair", "more"),
    [
        (dispute("c1", "c2"), {}),  # known speakers, and it was told
        (dispute("c1", "c2"), {"is_new": False, "acknowledged": seen(speakers=frozenset())}),
        (dispute("c1", "c2"), {"severity": Severity.LOW}),
    ],
)
def test_nothing_new_in_an_acknowledged_conflict_is_not_told(
    pair: Contradiction, more: dict[str, Any]
) -> None:
    assert told(pair, **({"acknowledged": seen()} | more)) == []


def test_what_does_not_reopen_it_is_recorded_with_the_reason_and_frees_its_fingerprint() -> None:
    (alert,) = told(RISE, acknowledged=seen())
    assert (alert.suppressed, alert.detail) == (Suppression.ACKNOWLEDGED, "acknowledged by Ada")
    (free,) = told(RISE, acknowledged=None)
    assert alert.fingerprint == f"{free.fingerprint}:acknowledged"
    assert free.suppressed is None


def test_a_repeat_of_an_acknowledged_conflict_is_held() -> None:
    again = asks(AlertKind.CONTRADICTION, repeat_every=timedelta(hours=4))
    (free,) = told(dispute("c1", "c2"), acknowledged=None, settings=again)
    assert free.not_before is not None
    (alert,) = told(dispute("c1", "c2"), acknowledged=seen(), settings=again)
    assert (alert.suppressed, alert.not_before) == (Suppression.ACKNOWLEDGED, None)


def test_an_archive_reopens_nothing() -> None:
    found = told(dispute("c1", "c2"), acknowledged=seen(speakers=frozenset()), backfill=True)
    assert {alert.suppressed for alert in found} == {Suppression.BACKFILL}


# ---------------------------------------------------------------- escalation


def planned(alert_: Alert, after: timedelta | None = timedelta(minutes=15)) -> tuple[Notification, ...]:
    escalation = Escalation(after=after, receivers=("boss", "desk")) if after else None
    return plan_notifications(
        [alert_], Routing(root=Route(receivers=("desk",), escalation=escalation)), rules(rule())
    )


def test_whom_a_route_escalates_to_gets_a_notification_that_waits_and_nobody_hears_twice() -> None:
    (alert,) = told(dispute("c1", "c2"), acknowledged=None, before=())
    first, later = planned(alert)
    assert (first.receiver, first.restraint.escalate_after) == ("desk", None)
    assert (later.receiver, later.restraint) == (
        "boss",
        # a storm that nobody acknowledges is no storm of pages either
        Restraint(rule="dam", escalate_after=timedelta(minutes=15), max_per_hour=20),
    )
    assert len(planned(alert, None)) == 1


def test_what_is_not_sent_and_what_is_a_test_is_not_escalated() -> None:
    (alert,) = told(dispute("c1", "c2"), acknowledged=None, before=())
    assert len(planned(replace(alert, suppressed=Suppression.BACKFILL))) == 1
    assert len(planned(as_test(alert, key="1"))) == 1


def test_an_escalation_waits_from_the_moment_at_which_the_alert_was_raised() -> None:
    asked = Restraint(escalate_after=timedelta(minutes=15))
    held = hold(Candidate(receiver="boss", raised_at=NOW, restraint=asked), Past(), NOW)
    assert held is not None
    assert (held.reason, held.until) == (Suppression.ESCALATION, NOW + timedelta(minutes=15))
    assert held.detail == "unless acknowledged by 2026-03-01 12:15:00 UTC"
    late = NOW + timedelta(minutes=15)
    assert hold(Candidate(receiver="boss", raised_at=NOW, restraint=asked), Past(), late) is None


# ---------------------------------------------------------------- silences


def silence(*written: str, id: int = 1, begins: int = -1, ends: int = 1) -> Silence:
    return Silence(
        id=id,
        matchers=tuple(map(read_matcher, written)),
        author="Ada",
        comment="",
        starts_at=NOW + timedelta(hours=begins),
        ends_at=NOW + timedelta(hours=ends),
    )


@pytest.mark.parametrize(
    ("given", "labels", "held"),
    [
        (silence("rule = dam"), {"rule": "dam"}, True),
        (silence("rule = dam", "lang = ru"), {"rule": "dam", "lang": "en"}, False),
        (silence("rule = dam", begins=1, ends=2), {"rule": "dam"}, False),
        (silence("rule = dam", begins=-2, ends=-1), {"rule": "dam"}, False),
        (silence("rule = dam", ends=0), {"rule": "dam"}, False),
        (silence("rule = dam", begins=0), {"rule": "dam"}, True),
    ],
)
def test_a_silence_holds_what_all_its_matchers_fit_from_its_begin_to_its_end(
    given: Silence, labels: dict[str, str], held: bool
) -> None:
    assert (holding([given], labels, NOW) is given) is held


def test_of_several_silences_the_one_that_ends_last_is_named() -> None:
    short, long = silence("rule = dam", id=1), silence("kind != x", id=2, ends=5)
    assert holding([short, long], {"rule": "dam"}, NOW) is long
    assert silence("rule = dam", begins=1, ends=2).state(NOW) is SilenceState.PENDING


@pytest.mark.parametrize(
    ("given", "minutes", "told"),
    [
        (silence("rule = dam"), 60, True),
        (silence("rule = dam"), 59, False),
        (silence("rule = dam"), 0, False),
        # it lasts no longer: its author has only just made it
        (silence("rule = dam", begins=0), 60, False),
        (silence("rule = dam"), 120, False),
        # it has not begun, and it is over
        (silence("rule = dam", begins=1, ends=3), 180, False),
        (silence("rule = dam", begins=-3, ends=0), 60, False),
    ],
)
def test_the_end_of_a_silence_is_told_so_long_before_it(given: Silence, minutes: int, told: bool) -> None:
    assert given.is_to_be_told(NOW, timedelta(minutes=minutes)) is told
