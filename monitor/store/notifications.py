"""Delivery, from the ledger: notifications taken by lease, and every attempt kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import update

from monitor.errors import DeliveryReason
from monitor.store import loading
from monitor.store.bulk import insert_new, state_is
from monitor.store.database import Database, database_now
from monitor.store.records import AlertRecord
from monitor.store.tables import attempt, notification
from monitor.store.tasks import take_due


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenNotification:
    id: int
    # Stable over all attempts: the receiver's key for "I had this one".
    idempotency_key: str
    token: str
    # The receiver's name; its URL is looked up in routes.yml at delivery.
    receiver: str
    # This one included.
    attempt: int
    created_at: datetime
    alert: AlertRecord


def take_notifications(db: Database, *, limit: int, lease_for: timedelta) -> tuple[TakenNotification, ...]:
    """Take up to `limit` notifications that are due, longest due first.

    The attempt is counted before it is made. One over which a deliverer died is taken alone.
    """
    token = uuid4().hex
    n = notification
    with db.write() as connection:
        now = database_now(connection)
        rows = take_due(connection, n, n.c.unrecorded, now=now, limit=limit)
        if not rows:
            return ()
        connection.execute(
            update(n)
            .where(n.c.id.in_([row.id for row in rows]))
            .values(
                attempts=n.c.attempts + 1, unrecorded=n.c.unrecorded + 1, due_at=now + lease_for, token=token
            )
        )
        alerts = loading.alerts(connection, {row.alert_id for row in rows})
    return tuple(
        TakenNotification(
            id=row.id,
            idempotency_key=row.idempotency_key,
            token=token,
            receiver=row.receiver,
            attempt=row.attempts + 1,
            created_at=row.created_at,
            alert=alerts[row.alert_id],
        )
        for row in rows
    )


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
        elif retry_at is None:
            connection.execute(update(n).where(*ours).values(state="dead", **outcome))
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
