"""Alerts on a simulated clock: what routes would have sent, and what not and why.

The very functions of the live path decide: `plan_notifications` who is told, `kept_back` and `decide` whether
and with what. Only the ledger is replaced, by a list, and every message is accepted at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.alerting.asking import Rules
from monitor.core.alerting.inhibition import AlertOut
from monitor.core.alerting.keeping import kept_back
from monitor.core.alerting.lifecycle import Acknowledgement, AlertStatus, subject_of
from monitor.core.alerting.messages import Alike, Memory, Waits, decide, is_alike
from monitor.core.alerting.restraint import Candidate, Hold, Past, hold
from monitor.core.alerting.routing import plan_notifications
from monitor.core.alerting.silences import Silence
from monitor.core.types import Alert, Routing, Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert and its time."""

    id: int
    alert: Alert
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What people said of a conflict or an alert, and when it held."""

    # `subject_of` what it is about.
    subject: str
    acknowledgement: Acknowledgement
    begins: datetime
    # None: it still holds.
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that would have gone out."""

    at: datetime
    receiver: str
    # "alert" | "group" | "digest"
    kind: str
    # Of a digest, why there is one.
    why: str
    # Ids of the alerts that it carries, oldest first.
    alerts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTold:
    """A notification that would not have gone out, or not by the end."""

    at: datetime
    alert: int
    # Empty: no route takes it.
    receiver: str
    reason: Suppression
    detail: str
    # It waited when the simulation ended.
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    # In the order of time.
    told: tuple[Told, ...]
    not_told: tuple[NotTold, ...]


@dataclass(slots=True)
class _Waiting:
    candidate: Candidate
    raised: Raised
    detail: str = ""


def simulate(
    raised: Iterable[Raised],
    routing: Routing,
    rules: Rules,
    *,
    until: datetime,
    silences: Sequence[Silence] = (),
    care: Sequence[Care] = (),
) -> Simulated:
    """What becomes of these alerts by `until`, had `routing` and `rules` been in force."""
    desk = _Desk(routing, rules, silences, care)
    coming = sorted((one for one in raised if one.at <= until), key=lambda one: (one.at, one.id))
    place = 0
    while True:
        nexts = [coming[place].at] if place < len(coming) else []
        nexts += [due for due in (desk.next_due(),) if due is not None]
        if not nexts or min(nexts) > until:
            break
        now = min(nexts)
        while place < len(coming) and coming[place].at <= now:
            desk.take_in(coming[place])
            place += 1
        desk.send_due(now)
    desk.close(until)
    return Simulated(told=tuple(desk.told), not_told=tuple(desk.not_told))


@dataclass(slots=True)
class _Desk:
    routing: Routing
    rules: Rules
    silences: Sequence[Silence]
    care: Sequence[Care]
    told: list[Told] = field(default_factory=list)
    not_told: list[NotTold] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    _open: dict[int, _Waiting] = field(default_factory=dict)
    _out: list[AlertOut] = field(default_factory=list)
    _numbers: int = 0

    def take_in(self, raised: Raised) -> None:
        """As the ledger does when an alert is raised: planned, and held where it has to wait anyway."""
        if raised.alert.suppressed is None:
            self._out.append(AlertOut(id=raised.id, labels=raised.alert.labels, raised_at=raised.at))
        for planned in plan_notifications([raised.alert], self.routing, self.rules):
            reason = planned.suppressed or (None if planned.receiver else Suppression.NO_ROUTE)
            if reason is not None:
                self._not_told(raised, planned.receiver, raised.at, reason, planned.detail)
                continue
            self._numbers += 1
            candidate = Candidate(
                id=self._numbers,
                receiver=planned.receiver,
                raised_at=raised.at,
                restraint=planned.restraint,
                due_at=raised.at,
            )
            waiting = _Waiting(candidate=candidate, raised=raised)
            held = hold(candidate, Past(), raised.at)
            if held is not None:
                _hold(waiting, held)
            self._open[candidate.id] = waiting

    def next_due(self) -> datetime | None:
        """None: nothing is open."""
        return min((_due(one) for one in self._open.values()), default=None)

    def send_due(self, now: datetime) -> None:
        due = sorted((one for one in self._open.values() if _due(one) <= now), key=_due)
        for waiting in due:
            one = waiting.candidate
            if one.id not in self._open or _due(waiting) > now or self._kept(waiting, now):
                continue
            past = self.memory.past()
            decided = decide(one, _Open(self, now), past, now)
            if isinstance(decided, Waits):
                for id in (one.id, *decided.others):
                    _hold(self._open[id], decided.hold)
                continue
            carried = [self._open.pop(id).raised.id for id in (one.id, *decided.others)]
            key = one.restraint.group_key
            self.memory.add(decided.kind, one.receiver, one.restraint.rule, key, now)
            self.told.append(
                Told(
                    at=now,
                    receiver=one.receiver,
                    kind=decided.kind.value,
                    why=decided.why,
                    alerts=tuple(sorted(carried)),
                )
            )

    def close(self, until: datetime) -> None:
        """What is still open waits."""
        for waiting in self._open.values():
            one = waiting.candidate
            reason = one.waited or Suppression.GROUPED
            self._not_told(waiting.raised, one.receiver, until, reason, waiting.detail, waits=True)
        self.not_told.sort(key=lambda one: (one.at, one.alert))

    def alike(self, one: Candidate, how: Alike, now: datetime) -> list[int]:
        found = [id for id, other in self._open.items() if is_alike(one, other.candidate, how, now)]
        return [id for id in found if not self._kept(self._open[id], now)]

    def _kept(self, waiting: _Waiting, now: datetime) -> bool:
        one, raised = waiting.candidate, waiting.raised
        kept = kept_back(
            alert_id=raised.id,
            labels=raised.alert.labels,
            receiver=one.receiver,
            asked=one.restraint,
            acknowledged=self._acknowledged(raised, now),
            silences=self.silences,
            inhibitions=self.routing.inhibitions,
            out=self._out if self.routing.inhibitions else (),
            now=now,
        )
        if kept is None:
            return False
        if kept.until is not None:
            _hold(waiting, Hold(reason=kept.reason, until=kept.until, detail=kept.detail))
        else:
            del self._open[one.id]
            self._not_told(raised, one.receiver, now, kept.reason, kept.detail)
        return True

    def _acknowledged(self, raised: Raised, now: datetime) -> Acknowledgement | None:
        subject = subject_of(raised.alert.group, raised.id)
        return next(
            (
                one.acknowledgement
                for one in self.care
                if one.subject == subject
                and one.acknowledgement.status is not AlertStatus.NEW
                and one.begins <= now
                and (one.ends is None or now < one.ends)
            ),
            None,
        )

    def _not_told(
        self,
        raised: Raised,
        receiver: str,
        at: datetime,
        reason: Suppression,
        detail: str,
        *,
        waits: bool = False,
    ) -> None:
        self.not_told.append(
            NotTold(at=at, alert=raised.id, receiver=receiver, reason=reason, detail=detail, waits=waits)
        )


@dataclass(frozen=True, slots=True)
class _Open:
    desk: _Desk
    now: datetime

    def alike(self, one: Candidate, how: Alike) -> list[int]:
        return self.desk.alike(one, how, self.now)


def _hold(waiting: _Waiting, held: Hold) -> None:
    waiting.candidate = replace(waiting.candidate, due_at=held.until, waited=held.reason)
    waiting.detail = held.detail


def _due(waiting: _Waiting) -> datetime:
    return waiting.candidate.due_at or waiting.raised.at


def reasons(simulated: Simulated) -> Mapping[str, int]:
    """How many notifications did not go out, by reason; those that wait at the end under `waits`."""
    counts: dict[str, int] = {}
    for one in simulated.not_told:
        name = "waits" if one.waits else one.reason.value
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
