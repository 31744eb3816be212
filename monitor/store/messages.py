"""Which notifications go out in one message: fixed once, in the transaction that takes it for the first time.

A message is known by one of its notifications, whose idempotency key, attempts and leases are its own;
the others have joined it and share its fate. Whoever takes it again finds the same members, same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from monitor.core.alerting import Candidate, Failing, Hold, Kept, MessageKind, Past
from monitor.core.alerting.messages import Alike, Memory, Together, decide, is_alike
from monitor.core.alerting.restraint import GROUP_MEMORY, WINDOW
from monitor.core.types import Inhibition, Severity, Suppression
from monitor.errors import DeliveryReason
from monitor.store.bulk import chunks, state_is
from monitor.store.keeping import Keeping, kept_columns
from monitor.store.restraints import restraint_of
from monitor.store.tables import alert, attempt
from monitor.store.tables import notification as n

AnyRow = Row[*tuple[Any, ...]]

_SUPPRESSIONS = frozenset(reason.value for reason in Suppression)
#: Answers, or none, of a receiver that is not there.
_UNREACHABLE = frozenset(
    reason.value
    for reason in (
        DeliveryReason.CONNECT,
        DeliveryReason.TIMEOUT,
        DeliveryReason.RECEIVER_FAILED,
        DeliveryReason.RATE_LIMITED,
    )
)
# More failures running make no receiver more away than it is.
_ATTEMPTS_SEEN = 20


@dataclass(slots=True)
class _Sent:
    """What receivers were sent lately, looked up once for each and kept up to date."""

    connection: Connection
    now: datetime
    memory: Memory = field(default_factory=Memory)
    _known: set[str] = field(default_factory=set)

    def past(self, receiver: str, key: str) -> Past:
        """All that matters for a notification of this receiver and group (empty: none)."""
        if receiver not in self._known:
            self._known.add(receiver)
            for row in self.connection.execute(
                select(n.c.rule, n.c.message_kind, n.c.message_at).where(
                    n.c.receiver == receiver,
                    n.c.message_kind.in_([kind.value for kind in MessageKind]),
                    n.c.message_at > self.now - WINDOW,
                )
            ):
                self.memory.add(row.message_kind, receiver, row.rule or "", "", row.message_at)
            failing = self._failures(receiver)
            if failing is not None:
                self.memory.failing[receiver] = failing
        if key and (receiver, key) not in self.memory.groups:
            last = self.connection.scalar(
                select(func.max(n.c.message_at)).where(
                    n.c.receiver == receiver, n.c.group_key == key, n.c.message_at > self.now - GROUP_MEMORY
                )
            )
            if last is not None:
                self.memory.groups[receiver, key] = last
        return self.memory.past()

    def _failures(self, receiver: str) -> Failing | None:
        """How often a receiver failed running, of its last attempts; a refusal is an answer."""
        rows = self.connection.execute(
            select(attempt.c.reason, attempt.c.created_at)
            .join(n, n.c.id == attempt.c.notification_id)
            .where(
                n.c.receiver == receiver,
                n.c.message_kind.in_([kind.value for kind in MessageKind]),
                n.c.message_at > self.now - GROUP_MEMORY,
                attempt.c.created_at > self.now - WINDOW,
            )
            .order_by(attempt.c.created_at.desc(), attempt.c.notification_id.desc())
            .limit(_ATTEMPTS_SEEN)
        ).all()
        failed = list(takewhile(lambda row: row.reason in _UNREACHABLE, rows))
        return Failing(attempts=len(failed), last_at=failed[0].created_at) if failed else None

    def note(self, kind: str, receiver: str, rule: str, key: str) -> None:
        """Another message goes out now."""
        if receiver in self._known:
            self.memory.add(kind, receiver, rule, key, self.now)


class Fixing:
    """Carries out, notification by notification, what `monitor.core.alerting.messages` decides."""

    def __init__(self, connection: Connection, now: datetime, inhibitions: Sequence[Inhibition] = ()) -> None:
        self._connection = connection
        self._now = now
        self._sent = _Sent(connection, now)
        self._keeping = Keeping(connection, now, inhibitions)
        # Dealt with in this transaction: joined to a message, or held.
        self._done: set[int] = set()

    def messages(self, rows: Iterable[AnyRow]) -> list[AnyRow]:
        """Of rows that are due those under which a message goes out; the rest has joined one or is held."""
        return [
            row for row in rows if row.id not in self._done and not self._kept(row) and self._goes_out(row)
        ]

    def _kept(self, row: AnyRow) -> bool:
        """Is it kept back for good, or until an acknowledgement ends?"""
        kept = {} if row.message_id is not None or row.attempts else self._keeping.kept_back([row])
        return self._keep(kept).issuperset([row.id])

    def _keep(self, kept: Mapping[int, Kept]) -> set[int]:
        for id, why in kept.items():
            self._update([id], **kept_columns(why))
        self._done.update(kept)
        return set(kept)

    def _goes_out(self, row: AnyRow) -> bool:
        if row.message_id is not None:
            return True
        if row.attempts:
            # Taken by a program that knew no messages: it was one by itself.
            self._fix(row, Together(kind=MessageKind.ALERT))
            return True
        past = self._sent.past(row.receiver, row.group_key or "")
        decided = decide(_candidate(row), _Open(self), past, self._now)
        if isinstance(decided, Together):
            self._fix(row, decided)
            return True
        self._hold([row.id, *decided.others], decided.hold)
        return False

    def alike(self, one: Candidate, how: Alike) -> list[int]:
        """Other notifications of the receiver that no message has yet, oldest first; locked.

        What somebody else has locked is about to change: it finds a later message.
        """
        rows = [
            other
            for other in self._connection.execute(
                select(n)
                .where(
                    state_is(n, "waiting"),
                    n.c.receiver == one.receiver,
                    n.c.message_id.is_(None),
                    n.c.attempts == 0,
                    *_narrowed(one, how),
                )
                .order_by(n.c.id)
                .with_for_update(skip_locked=True)
            )
            if other.id not in self._done and is_alike(one, _candidate(other), how, self._now)
        ]
        kept = self._keep(self._keeping.kept_back(rows))
        return [other.id for other in rows if other.id not in kept]

    def _fix(self, row: AnyRow, decided: Together) -> None:
        self._sent.note(decided.kind, row.receiver, row.rule or "", row.group_key or "")
        self._update(
            [row.id],
            message_id=row.id,
            message_kind=decided.kind.value,
            message_at=self._now,
            message_why=decided.why,
        )
        self._update(decided.others, message_id=row.id, state="joined", reason=None, detail="")
        self._done.update(decided.others)

    def _hold(self, ids: Sequence[int], held: Hold) -> None:
        self._update(ids, due_at=held.until, reason=held.reason.value, detail=held.detail)
        self._done.update(ids)

    def _update(self, ids: Iterable[int], **values: object) -> None:
        for some in chunks(ids):
            self._connection.execute(update(n).where(n.c.id.in_(some)).values(**values))


@dataclass(frozen=True, slots=True)
class _Open:
    """The ledger's open notifications, as `decide` asks for them."""

    fixing: Fixing

    def alike(self, one: Candidate, how: Alike) -> list[int]:
        return self.fixing.alike(one, how)


def _narrowed(one: Candidate, how: Alike) -> list[ColumnElement[bool]]:
    """What spares looking at all of them; `is_alike` decides."""
    match how:
        case Alike.GROUP:
            return [n.c.group_key == one.restraint.group_key]
        case Alike.ALONE:
            return [n.c.group_key.is_(None), func.coalesce(n.c.rule, "") == one.restraint.rule]
        case Alike.GATHERED:
            return [n.c.reason == (one.waited.value if one.waited else None)]
        case Alike.RECEIVER:
            same_rule = func.coalesce(n.c.rule, "") == one.restraint.rule
            key = one.restraint.group_key
            return [same_rule | (n.c.group_key == key) if key else same_rule]
        case Alike.OVERDUE:
            return []


def _candidate(row: AnyRow) -> Candidate:
    reason = row.reason if row.reason in _SUPPRESSIONS else None
    return Candidate(
        id=row.id,
        receiver=row.receiver,
        raised_at=row.created_at,
        restraint=restraint_of(row),
        due_at=row.due_at,
        waited=Suppression(reason) if reason else None,
    )


def members(connection: Connection, message_ids: Iterable[int]) -> dict[int, list[AnyRow]]:
    """The notifications that each message carries, by its id, the most severe first, then the oldest.

    Of each: `alert_id`, `rule` (empty: none that restrains), `severity` and `kind` of the alert.
    """
    found: dict[int, list[AnyRow]] = {}
    al = alert
    for some in chunks(sorted(set(message_ids))):
        rows = connection.execute(
            select(n.c.id, n.c.alert_id, n.c.message_id, n.c.rule, al.c.severity, al.c.kind)
            .join(al, al.c.id == n.c.alert_id)
            .where(n.c.message_id.in_(some))
        )
        for row in rows:
            found.setdefault(row.message_id, []).append(row)
    severities = list(Severity)
    for carried in found.values():
        carried.sort(key=lambda row: (-severities.index(row.severity), row.id))
    return found


def share_fate(connection: Connection, message_id: int, **values: object) -> None:
    """What becomes of a message becomes of all that joined it."""
    joined = n.c.message_id == message_id, n.c.id != message_id, n.c.state.in_(["joined", "dead"])
    connection.execute(update(n).where(*joined).values(**values))
