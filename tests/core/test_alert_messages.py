"""What goes out together and what waits: quiet hours, digests, groups, receivers that are away, downtimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from monitor.core.alerting import AlertOut, Candidate, Failing, Past, hold, kept_back, manner_of
from monitor.core.alerting.day_times import next_digest, quiet_until
from monitor.core.alerting.manners import MAX_PER_HOUR
from monitor.core.alerting.messages import Alike, Together, Waits, decide, is_alike
from monitor.core.types import (
    AlertKind,
    AlertSettings,
    DigestTimes,
    GroupBy,
    Inhibition,
    Matcher,
    MatchOperator,
    QuietHours,
    Restraint,
    Suppression,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = QuietHours(begins=time(22), ends=time(7), zone="Europe/Kyiv")
GAP = QuietHours(begins=time(2, 30), ends=time(3, 30), zone="Europe/Berlin")
SUNDAY = QuietHours(begins=time(0), ends=time(0), zone="Europe/Kyiv", days=(6,))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---------------------------------------------------------------- manners


@pytest.mark.parametrize(
    ("kind", "asked", "manner"),
    [
        (AlertKind.CONTRADICTION, {}, ((), 0, 0, MAX_PER_HOUR)),
        (AlertKind.MATCH, {}, ((), 0, 0, MAX_PER_HOUR)),
        (AlertKind.NEW_CLAIM, {}, ((GroupBy.STORY,), 2, 60, MAX_PER_HOUR)),
        (AlertKind.NEW_CLAIM, {"max_per_hour": 3}, ((GroupBy.STORY,), 2, 60, 3)),
        (AlertKind.NEW_CLAIM, {"group_interval": 5 * MINUTE}, ((GroupBy.STORY,), 2, 5, MAX_PER_HOUR)),
        # what a rule says holds for all kinds
        (AlertKind.NEW_CLAIM, {"group_wait": 0 * MINUTE}, ((), 0, 0, MAX_PER_HOUR)),
        (AlertKind.CONTRADICTION, {"group_wait": MINUTE}, ((GroupBy.RULE,), 1, 0, MAX_PER_HOUR)),
        (AlertKind.NEW_CLAIM, {"group_by": (GroupBy.GROUP,)}, ((GroupBy.GROUP,), 0, 0, MAX_PER_HOUR)),
    ],
)
def test_contradictions_go_at_once_and_new_claims_of_a_story_together_unless_the_rule_says_otherwise(
    kind: AlertKind, asked: dict[str, Any], manner: tuple[Any, ...]
) -> None:
    found = manner_of(kind, AlertSettings(**asked))
    waits = (found.group_wait // MINUTE, found.group_interval // MINUTE)
    assert (found.group_by, *waits, found.max_per_hour) == manner


# ---------------------------------------------------------------- times of the day


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        # Kyiv is two hours ahead in winter, three in summer
        ([NIGHT], "2026-03-01T19:59", None),
        ([NIGHT], "2026-03-01T20:00", "2026-03-02T05:00"),
        ([NIGHT], "2026-03-02T04:59", "2026-03-02T05:00"),
        ([NIGHT], "2026-03-02T05:00", None),
        ([NIGHT], "2026-07-01T19:30", "2026-07-02T04:00"),
        # the night in which the clocks go forward is an hour shorter
        ([NIGHT], "2026-03-28T21:00", "2026-03-29T04:00"),
        # from half past two, when it is three o'clock already, to half past three
        ([GAP], "2026-03-29T00:59", None),
        ([GAP], "2026-03-29T01:00", "2026-03-29T01:30"),
        ([GAP], "2026-03-29T01:30", None),
        # the night in which it is half past two twice
        ([GAP], "2026-10-25T00:30", "2026-10-25T02:30"),
        # Saturday's night, Sunday and Sunday's night are one quiet
        ([NIGHT, SUNDAY], "2026-02-28T23:00", "2026-03-02T05:00"),
        ([SUNDAY], "2026-02-28T21:59", None),
        ([SUNDAY], "2026-02-28T22:00", "2026-03-01T22:00"),
        ([], "2026-03-01T23:00", None),
    ],
)
def test_quiet_hours_begin_and_end_by_the_clock_of_the_place(
    hours: list[QuietHours], now: str, until: str | None
) -> None:
    assert quiet_until(hours, at(now)) == (at(until) if until else None)


def test_quiet_around_the_clock_has_an_end_that_is_told() -> None:
    always = [QuietHours(begins=time(0), ends=time(12)), QuietHours(begins=time(12), ends=time(0))]
    found = quiet_until(always, NOW)
    assert found is not None
    assert found > NOW


@pytest.mark.parametrize(
    ("times", "after", "expected"),
    [
        (DigestTimes(every=HOUR), "2026-03-01T12:00", "2026-03-01T13:00"),
        (DigestTimes(every=HOUR), "2026-03-01T12:59", "2026-03-01T13:00"),
        (DigestTimes(every=24 * HOUR, zone="Europe/Kyiv"), "2026-03-01T12:00", "2026-03-01T22:00"),
        (DigestTimes(at=(time(8), time(17)), zone="Europe/Kyiv"), "2026-03-01T06:00", "2026-03-01T15:00"),
        (DigestTimes(at=(time(8), time(17)), zone="Europe/Kyiv"), "2026-03-01T15:00", "2026-03-02T06:00"),
        # 03:30 does not exist in the night to the 29th; the digest goes out at the moment after
        (DigestTimes(at=(time(3, 30),), zone="Europe/Kyiv"), "2026-03-28T12:00", "2026-03-29T01:00"),
    ],
)
def test_a_digest_goes_out_at_its_next_time(times: DigestTimes, after: str, expected: str) -> None:
    assert next_digest(times, at(after)) == at(expected)


# ---------------------------------------------------------------- stages


def waiting(id: int = 1, *, ago: timedelta = 0 * MINUTE, **more: Any) -> Candidate:
    known = {key: more.pop(key) for key in ("receiver", "waited", "due_at") if key in more}
    given = {"receiver": "desk", "due_at": NOW - ago} | known
    return Candidate(id=id, raised_at=NOW - ago, restraint=Restraint(rule="dam", **more), **given)


AWAY_LONG = Past(failing={"desk": Failing(attempts=99, last_at=NOW)})
AWAY = Past(failing={"desk": Failing(attempts=7, last_at=NOW - MINUTE)})


@pytest.mark.parametrize(
    ("one", "past", "reason", "wait"),
    [
        (waiting(), AWAY, Suppression.RECEIVER_AWAY, MINUTE),
        (waiting(receiver="night"), AWAY, None, None),
        (waiting(), Past(failing={"desk": Failing(attempts=4, last_at=NOW)}), None, None),
        (waiting(), AWAY_LONG, Suppression.RECEIVER_AWAY, 15 * MINUTE),
        (waiting(waited=Suppression.THROTTLED), AWAY, Suppression.RECEIVER_AWAY, MINUTE),
        (waiting(digest=DigestTimes(every=HOUR)), Past(), Suppression.DIGEST, HOUR),
        (waiting(digest=DigestTimes(every=HOUR), waited=Suppression.DIGEST), Past(), None, None),
        (waiting(quiet=(SUNDAY,)), Past(), Suppression.QUIET_HOURS, 10 * HOUR),
        # what was collected is not sent into the quiet
        (waiting(quiet=(SUNDAY,), waited=Suppression.DIGEST), Past(), Suppression.QUIET_HOURS, 10 * HOUR),
        (
            waiting(ago=MINUTE, group_key="a", group_wait=MINUTE, group_interval=HOUR),
            Past(groups={("desk", "a"): NOW - 10 * MINUTE}),
            Suppression.GROUPED,
            50 * MINUTE,
        ),
        (
            waiting(ago=MINUTE, group_key="b", group_wait=MINUTE, group_interval=HOUR),
            Past(groups={("desk", "a"): NOW - 10 * MINUTE}),
            None,
            None,
        ),
    ],
)  # fmt: skip
def test_the_stages_of_routes_and_receivers_hold_what_they_should(
    one: Candidate, past: Past, reason: Suppression | None, wait: timedelta | None
) -> None:
    held = hold(one, past, NOW)
    assert (held and held.reason, held and held.until - NOW) == (reason, wait)


# ---------------------------------------------------------------- together


@dataclass
class Listed:
    """Open notifications in a list."""

    known: Sequence[Candidate] = field(default_factory=list)

    def alike(self, one: Candidate, how: Alike) -> list[int]:
        return [other.id for other in self.known if is_alike(one, other, how, NOW)]


GROUPED = {"group_key": "story=1"}
LATE = {"ago": 11 * MINUTE}


@pytest.mark.parametrize(
    ("one", "others", "expected"),
    [
        (waiting(1), [waiting(2), waiting(3)], ("alert", (), "")),
        (
            waiting(1, **GROUPED),
            [waiting(2, **GROUPED), waiting(3, group_key="story=2")],
            ("group", (2,), ""),
        ),
        (waiting(1, **GROUPED), [waiting(2, receiver="night", **GROUPED)], ("alert", (), "")),
        # overdue: a downtime
        (
            waiting(1, **LATE),
            [waiting(2, **LATE), waiting(3, **LATE), waiting(4)],
            ("digest", (2, 3), "from while nothing was delivered"),
        ),
        (waiting(1, **LATE), [waiting(2, **LATE)], ("alert", (), "")),
        # what was gathered for one reason goes out together, as far as it is due
        (
            waiting(1, waited=Suppression.QUIET_HOURS),
            [waiting(2, waited=Suppression.QUIET_HOURS), waiting(3, waited=Suppression.DIGEST), waiting(4)],
            ("digest", (2,), "of quiet hours"),
        ),
        (
            waiting(1, waited=Suppression.DIGEST),
            [replace(waiting(2, waited=Suppression.DIGEST), due_at=NOW + HOUR)],
            ("alert", (), ""),
        ),
        (
            waiting(1, waited=Suppression.THROTTLED),
            [replace(waiting(2, waited=Suppression.THROTTLED), due_at=NOW + HOUR)],
            ("digest", (2,), "over the limit"),
        ),
        (
            waiting(1, waited=Suppression.STORM),
            [
                replace(waiting(2, waited=Suppression.STORM), due_at=NOW + MINUTE),
                waiting(3, waited=Suppression.THROTTLED),
            ],
            ("digest", (2,), "of a storm"),
        ),
    ],
)
def test_what_is_due_takes_along_what_belongs_to_it(
    one: Candidate, others: list[Candidate], expected: tuple[str, tuple[int, ...], str]
) -> None:
    decided = decide(one, Listed(others), Past(), NOW)
    assert isinstance(decided, Together)
    assert (decided.kind, decided.others, decided.why) == expected


def test_what_one_waits_for_all_wait_for_that_are_asked_alike() -> None:
    quiet = {"quiet": (SUNDAY,)}
    others = [
        waiting(2, **quiet),
        waiting(3),
        # whatever its group
        waiting(4, **quiet, **GROUPED),
        # it is not due yet, and may be held by another
        replace(waiting(5, **quiet), due_at=NOW + MINUTE),
    ]
    decided = decide(waiting(1, **quiet), Listed(others), Past(), NOW)
    assert isinstance(decided, Waits)
    assert (decided.hold.reason, decided.others) == (Suppression.QUIET_HOURS, (2, 4))


# ---------------------------------------------------------------- inhibition


def on(**labels: str) -> tuple[Matcher, ...]:
    return tuple(
        Matcher(label=name, operator=MatchOperator.IS, values=(value,)) for name, value in labels.items()
    )


CLEAR = Inhibition(
    when=on(kind="contradiction"), holds_back=on(kind="new_claim"), equal=("story",), lasts=2 * HOUR
)


def out(id: int = 9, ago: timedelta = HOUR, resolved_ago: timedelta | None = None, **labels: str) -> AlertOut:
    resolved = None if resolved_ago is None else NOW - resolved_ago
    told = {"kind": "contradiction", "story": "1"} | labels
    return AlertOut(id=id, labels=told, raised_at=NOW - ago, resolved_at=resolved)


@pytest.mark.parametrize(
    ("labels", "others", "held"),
    [
        ({"kind": "new_claim", "story": "1"}, [out()], True),
        ({"kind": "new_claim", "story": "2"}, [out()], False),
        ({"kind": "new_claim"}, [out()], False),
        ({"kind": "update", "story": "1"}, [out()], False),
        ({"kind": "new_claim", "story": "1"}, [out(ago=2 * HOUR)], False),
        ({"kind": "new_claim", "story": "1"}, [out(resolved_ago=MINUTE)], False),
        ({"kind": "new_claim", "story": "1"}, [out(ago=-MINUTE)], False),
        ({"kind": "new_claim", "story": "1", "test": "yes"}, [out()], False),
    ],
)
def test_an_alert_is_held_back_while_another_makes_it_needless(
    labels: Mapping[str, str], others: list[AlertOut], held: bool
) -> None:
    kept = kept_back(
        alert_id=5,
        labels=labels,
        receiver="desk",
        asked=Restraint(),
        acknowledged=None,
        silences=(),
        inhibitions=[CLEAR],
        out=others,
        now=NOW,
    )
    assert (kept is not None and kept.reason is Suppression.INHIBITED) == held


def test_of_two_alerts_of_a_kind_neither_holds_back_the_other() -> None:
    both = replace(CLEAR, holds_back=on(story="1"))
    labels = {"kind": "contradiction", "story": "1"}
    assert (
        kept_back(
            alert_id=5,
            labels=labels,
            receiver="desk",
            asked=Restraint(),
            acknowledged=None,
            silences=(),
            inhibitions=[both],
            out=[out()],
            now=NOW,
        )
        is None
    )
