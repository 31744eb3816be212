"""Delivery, from the ledger: messages taken by lease, and every attempt kept.

Most messages carry one notification; `messages` says when one carries several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, case, select, text, update

from monitor.core.types import Inhibition, Suppression
from monitor.errors import DeliveryReason
from monitor.store import loading
from monitor.store.bulk import insert_new, state_is
from monitor.store.database import Database, database_now
from monitor.store.messages import AnyRow, Fixing, members, share_fate
from monitor.store.records import AlertRecord
from monitor.store.tables import attempt, notification
from monitor.store.tasks import take_due

#: A message shows so many alerts, the most severe; of the rest it gives the number.
ALERTS_SHOWN = 20
# One at a time puts messages together, so that no limit is overrun and no group is split (PostgreSQL;
# SQLite has one writer anyway).
_TAKE_LOCK = 4_707_118_234


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenNotification:
    """A message, under the notification that it is known by."""

    id: int
    # Stable over all attempts: the receiver's key for "I had this one".
    idempotency_key: str
    token: str
    # The receiver's name; its URL is looked up in routes.yml at delivery.
    receiver: str
    # This one included.
    attempt: int
    created_at: datetime
    # When this attempt was taken, by the database's clock.
    attempted_at: datetime
    # The only one, or the most severe.
    alert: AlertRecord
    # "alert": this one alone; "group": alerts that belong together; "digest": what was held back for a while.
    kind: str = "alert"
    # Of a digest: why there is one, in words that stand after the number of its alerts.
    why: str = ""
    # Name of the template that it is to be written with; empty: the built-in text.
    template: str = ""
    # The whole text as that template has it; empty: the built-in text.
    written: str = ""
    # What people should know about the message itself; empty: nothing.
    note: str = ""
    # The next most severe, at most 19; their number is not the number of alerts.
    others: tuple[AlertRecord, ...] = ()
    # How many alerts it carries, those that are not shown included.
    count: int = 1
    # (rule, number of alerts), most alerts first.
    rules: tuple[tuple[str, int], ...] = ()
    # (kind, number of alerts), most alerts first.
    kinds: tuple[tuple[str, int], ...] = ()


def take_notifications(
    db: Database, *, limit: int, lease_for: timedelta, inhibitions: Sequence[Inhibition] = ()
) -> tuple[TakenNotification, ...]:
    """Take up to `limit` messages that are due, longest due first; what has to wait is held on the way.

    The attempt is counted before it is made. One over which a deliverer died is taken alone.
    """
    token = uuid4().hex
    n = notification
    with db.write() as connection:
        if db.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TAKE_LOCK})
        now = database_now(connection)
        fixing = Fixing(connection, now, inhibitions)
        rows: list[AnyRow] = []
        # Each round that sends nothing holds what it found, so there is an end to it.
        while not rows and (due := take_due(connection, n, n.c.unrecorded, now=now, limit=limit)):
            rows = fixing.messages(due)
        if not rows:
            return ()
        connection.execute(
            update(n)
            .where(n.c.id.in_([row.id for row in rows]))
            .values(
                attempts=n.c.attempts + 1,
                unrecorded=n.c.unrecorded + 1,
                due_at=now + lease_for,
                token=token,
                reason=case((n.c.attempts == 0, None), else_=n.c.reason),
                detail=case((n.c.attempts == 0, ""), else_=n.c.detail),
            )
        )
        return _messages(connection, rows, token, now)


def _messages(
    connection: Connection, rows: Sequence[AnyRow], token: str, now: datetime
) -> tuple[TakenNotification, ...]:
    """What goes out under each of these rows (as they were before they were taken)."""
    carried = members(connection, (row.id for row in rows))
    shown = {id: [member.alert_id for member in carried[id][:ALERTS_SHOWN]] for id in carried}
    alerts = loading.alerts(connection, {alert_id for ids in shown.values() for alert_id in ids})
    fixed = _fixed(connection, [row.id for row in rows])
    return tuple(
        TakenNotification(
            id=row.id,
            idempotency_key=row.idempotency_key,
            token=token,
            receiver=row.receiver,
            attempt=row.attempts + 1,
            created_at=row.created_at,
            attempted_at=now,
            alert=alerts[shown[row.id][0]],
            kind=fixed[row.id].message_kind,
            why=fixed[row.id].message_why or "",
            template=row.template or "",
            others=tuple(alerts[id] for id in shown[row.id][1:]),
            count=len(carried[row.id]),
            rules=_counted(member.rule or "" for member in carried[row.id]),
            kinds=_counted(member.kind for member in carried[row.id]),
        )
        for row in rows
    )


def _fixed(connection: Connection, ids: Sequence[int]) -> dict[int, AnyRow]:
    """As what each message was put together, and why; not as what remains of it."""
    n = notification
    rows = connection.execute(select(n.c.id, n.c.message_kind, n.c.message_why).where(n.c.id.in_(ids)))
    return {row.id: row for row in rows}


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(words)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def record_attempt(
    db: Database,
    taken: TakenNotification,
    *,
    reason: DeliveryReason,
    detail: str,
    status: int | None,
    latency: timedelta,
    retry_at: datetime | None,
) -> None:
    """Keep the attempt. ACCEPTED: sent. Else due again at `retry_at`, or dead where that is None.

    A lost lease is no error here: the attempt is kept, the notification's state is left to the new holder
    (unless it was accepted, which always counts).
    """
    n = notification
    ours = (n.c.id == taken.id, n.c.token == taken.token, state_is(n, "waiting"))
    outcome = {"token": None, "unrecorded": 0, "reason": reason.value, "detail": detail}
    with db.write() as connection:
        now = database_now(connection)
        kept = {
            "notification_id": taken.id,
            "number": taken.attempt,
            "reason": reason.value,
            "detail": detail,
            "status": status,
            "latency_s": latency.total_seconds(),
            "created_at": now,
        }
        insert_new(connection, attempt, [kept])
        if reason is DeliveryReason.ACCEPTED:
            # Whoever holds it now will find it closed; a receiver that saw it twice knows the key.
            sent = update(n).where(n.c.id == taken.id, n.c.state != "sent")
            connection.execute(sent.values(state="sent", sent_at=now, **outcome))
            share_fate(connection, taken.id, state="sent", sent_at=now, reason=reason.value, detail=detail)
        elif retry_at is None:
            dead = connection.execute(update(n).where(*ours).values(state="dead", **outcome))
            if dead.rowcount:
                share_fate(connection, taken.id, state="dead", reason=reason.value, detail=detail)
        else:
            connection.execute(update(n).where(*ours).values(due_at=retry_at, **outcome))


def release_notifications(db: Database, taken: tuple[TakenNotification, ...]) -> None:
    """Give notifications back unsent, at a shutdown: the attempt does not count. Lost ones are left alone."""
    n = notification
    with db.write() as connection:
        now = database_now(connection)
        for one in sorted(taken, key=lambda one: one.id):
            connection.execute(
                update(n)
                .where(n.c.id == one.id, n.c.token == one.token, state_is(n, "waiting"))
                .values(attempts=n.c.attempts - 1, unrecorded=n.c.unrecorded - 1, due_at=now, token=None)
            )


def close_groups(db: Database, *, intervals: bool = False) -> int:
    """Let go of what waits for more of its group, for somebody who does not wait; how many notifications.

    `intervals`: also of what waits because its group had a message a while ago.
    """
    n = notification
    with db.write() as connection:
        now = database_now(connection)
        waiting = state_is(n, "waiting"), n.c.reason == Suppression.GROUPED.value, n.c.attempts == 0
        rows = connection.execute(select(n.c.id, n.c.restraint).where(*waiting)).all()
        closed = {"group_wait_s", *(["group_interval_s"] if intervals else [])}
        let_go = 0
        for row in rows:
            asked = row.restraint or {}
            if not closed.intersection(asked):
                continue
            kept = {name: value for name, value in asked.items() if name not in closed}
            connection.execute(
                update(n).where(n.c.id == row.id, n.c.message_id.is_(None)).values(restraint=kept, due_at=now)
            )
            let_go += 1
        return let_go
