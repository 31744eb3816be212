"""Delivery, from the ledger: notifications taken by lease, and every attempt kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import DeliveryReason
from monitor.store.database import Database
from monitor.store.queries import AlertRecord


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
    """Take up to `limit` notifications that are due, oldest first; the attempt is counted before it is made."""
    raise NotImplementedError


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
    raise NotImplementedError
