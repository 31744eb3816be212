"""Which notifications go out in one message: fixed once, in the transaction that takes it for the first time.

A message is known by one of its notifications, whose idempotency key, attempts and leases are its own;
the others have joined it and share its fate. Whoever takes it again finds the same members, same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from monitor.core.alerting import Candidate, Hold, MessageKind, Past, hold
from monitor.core.alerting.restraint import WINDOW
from monitor.core.types import Severity, Suppression
from monitor.store.bulk import chunks, state_is
from monitor.store.keeping import Keeping, Kept
from monitor.store.restraints import restraint_of
from monitor.store.tables import alert
from monitor.store.tables import notification as n

AnyRow = Row[*tuple[Any, ...]]


@dataclass(slots=True)
class _Sent:
    """What receivers were sent in the last hour, looked up once for each and kept up to date."""

    connection: Connection
    now: datetime
    messages: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    digests: dict[str, datetime] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def past(self, receiver: str) -> Past:
        if receiver not in self._known:
            self._known.add(receiver)
            rows = self.connection.execute(
                select(n.c.rule, n.c.message_kind, n.c.message_at).where(
                    n.c.receiver == receiver,
                    n.c.message_kind.in_([kind.value for kind in MessageKind]),
                    n.c.message_at > self.now - WINDOW,
                )
            )
            for row in rows:
                self._add(row.message_kind, receiver, row.rule or "", row.message_at)
        return Past(messages=self.messages, digests=self.digests)

    def note(self, kind: str, receiver: str, rule: str) -> None:
        """Another message goes out now."""
        if receiver in self._known:
            self._add(kind, receiver, rule, self.now)

    def _add(self, kind: str, receiver: str, rule: str, at: datetime) -> None:
        if kind == MessageKind.DIGEST:
            self.digests[receiver] = max(at, self.digests.get(receiver, at))
        else:
            self.messages.setdefault((rule, receiver), []).append(at)


class Fixing:
    """Decides, notification by notification, what goes out together and what is held."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._sent = _Sent(connection, now)
        self._keeping = Keeping(connection, now)
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
            self._update([id], **why.values())
        self._done.update(kept)
        return set(kept)

    def _goes_out(self, row: AnyRow) -> bool:
        if row.message_id is not None:
            return True
        if row.attempts:
            # Taken by a program that knew no messages: it was one by itself.
            self._fix(row, MessageKind.ALERT, [])
            return True
        if row.reason == Suppression.THROTTLED:
            others = self._open(row, n.c.reason == Suppression.THROTTLED.value)
            self._fix(row, MessageKind.DIGEST if others else MessageKind.ALERT, others)
            return True
        asked = restraint_of(row)
        candidate = Candidate(receiver=row.receiver, raised_at=row.created_at, restraint=asked)
        past = self._sent.past(row.receiver) if asked.max_per_hour is not None else Past()
        held = hold(candidate, past, self._now)
        others = self._open(row, n.c.group_key == row.group_key, _not_throttled()) if row.group_key else []
        if held is None:
            self._fix(row, MessageKind.GROUP if others else MessageKind.ALERT, others)
            return True
        alike = self._open(row, n.c.rule == row.rule, n.c.group_key.is_(None), _not_throttled())
        self._hold([row.id, *others, *(alike if row.group_key is None else ())], held)
        return False

    def _open(self, row: AnyRow, *conditions: ColumnElement[bool]) -> list[int]:
        """Other notifications of the receiver that no message has yet, oldest first; locked.

        What somebody else has locked is about to change: it finds a later message.
        """
        rows = [
            other
            for other in self._connection.execute(
                select(n)
                .where(
                    state_is(n, "waiting"),
                    n.c.receiver == row.receiver,
                    n.c.message_id.is_(None),
                    n.c.attempts == 0,
                    *conditions,
                )
                .order_by(n.c.id)
                .with_for_update(skip_locked=True)
            )
            if other.id != row.id and other.id not in self._done
        ]
        kept = self._keep(self._keeping.kept_back(rows))
        return [other.id for other in rows if other.id not in kept]

    def _fix(self, row: AnyRow, kind: MessageKind, others: Sequence[int]) -> None:
        self._sent.note(kind, row.receiver, row.rule or "")
        self._update([row.id], message_id=row.id, message_kind=kind.value, message_at=self._now)
        self._update(others, message_id=row.id, state="joined", reason=None, detail="")
        self._done.update(others)

    def _hold(self, ids: Sequence[int], held: Hold) -> None:
        self._update(ids, due_at=held.until, reason=held.reason.value, detail=held.detail)
        self._done.update(ids)

    def _update(self, ids: Iterable[int], **values: object) -> None:
        for some in chunks(ids):
            self._connection.execute(update(n).where(n.c.id.in_(some)).values(**values))


def _not_throttled() -> ColumnElement[bool]:
    return func.coalesce(n.c.reason, "") != Suppression.THROTTLED.value


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
