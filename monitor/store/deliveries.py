"""Every attempt to deliver, and sending again what was given up or held back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from monitor.core.types import Suppression
from monitor.errors import UsageError
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.database import Database, database_now
from monitor.store.records import AttemptRecord

#: What somebody decided not to send, and what never had a receiver, is not sent again by accident.
REPLAYED = frozenset({Suppression.SILENCE.value, Suppression.ACKNOWLEDGED.value})


def list_attempts(
    db: Database,
    *,
    alert: int | None = None,
    receiver: str = "",
    reason: str = "",
    since: datetime | None = None,
    limit: int = 50,
) -> tuple[AttemptRecord, ...]:
    """Attempts, the newest first; of a message of several under the notification that it is known by."""
    a, n = t.attempt, t.notification
    rows = select(a, n.c.alert_id, n.c.receiver, n.c.state, n.c.message_kind).join(
        n, n.c.id == a.c.notification_id
    )
    if alert is not None:
        carried = select(n.c.message_id).where(n.c.alert_id == alert, n.c.message_id.is_not(None))
        rows = rows.where((n.c.alert_id == alert) | n.c.id.in_(carried))
    if receiver:
        rows = rows.where(n.c.receiver == receiver)
    if reason:
        rows = rows.where(a.c.reason == reason)
    if since is not None:
        rows = rows.where(a.c.created_at >= since)
    rows = rows.order_by(a.c.created_at.desc(), a.c.notification_id.desc(), a.c.number.desc())
    with db.read() as connection:
        return tuple(
            AttemptRecord(
                notification=row.notification_id,
                alert=row.alert_id,
                receiver=row.receiver,
                number=row.number,
                reason=row.reason,
                status=row.status,
                latency_s=row.latency_s,
                detail=row.detail,
                state=row.state,
                message_kind=row.message_kind,
                created_at=row.created_at,
            )
            for row in connection.execute(rows.limit(limit))
        )


def replay(db: Database, alert_id: int, *, receiver: str = "") -> int | None:
    """Send again what of this alert was given up, or held by a silence or an acknowledgement.

    How many notifications are due now; None: no such alert. Given-up ones keep their key, so that a receiver
    that had one after all sees it once. A message of several goes out as the message it was.
    Raises UsageError where there is nothing to send again.
    """
    n = t.notification
    with db.write() as connection:
        if connection.scalar(select(t.alert.c.id).where(t.alert.c.id == alert_id)) is None:
            return None
        now = database_now(connection)
        wanted = [n.c.alert_id == alert_id, *([n.c.receiver == receiver] if receiver else [])]
        rows = connection.execute(select(n).where(*wanted)).all()
        dead = {row.message_id or row.id for row in rows if row.state == "dead"}
        held = [row.id for row in rows if row.state == "suppressed" and row.reason in REPLAYED]
        if not dead and not held:
            raise UsageError(
                f"nothing of alert {alert_id} was given up or held back",
                remedy=f"`claimwatch alerts show {alert_id}` says what became of it",
            )
        for some in chunks(sorted(dead)):
            lead = n.c.id.in_(some)
            # The days of trying count anew.
            connection.execute(
                update(n)
                .where(lead)
                .values(state="waiting", due_at=now, unrecorded=0, token=None, created_at=now)
            )
            connection.execute(
                update(n).where(n.c.message_id.in_(some), ~lead, n.c.state == "dead").values(state="joined")
            )
        for some in chunks(held):
            connection.execute(
                update(n)
                .where(n.c.id.in_(some))
                .values(
                    state="waiting",
                    due_at=now,
                    reason=None,
                    detail="",
                    silence_id=None,
                    restraint=None,
                    message_id=n.c.id,
                    message_kind="alert",
                    message_at=now,
                )
            )
        return len(dead) + len(held)
