"""Acknowledging alerts, from the ledger: one acknowledgement of a conflict or alert stands at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from monitor.core.alerting import Acknowledgement, AlertStatus, subject_of
from monitor.core.lines import shorten
from monitor.core.types import Severity, Suppression
from monitor.errors import UsageError
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.care_tables import acknowledgement as ack
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now
from monitor.store.records import AcknowledgementRecord

#: Code points of an owner's name and of a note.
LONGEST_OWNER = 120
LONGEST_NOTE = 1000
#: What was held back goes out when an acknowledgement is taken back this soon.
RELEASE_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cared:
    """What became of it."""

    alert_id: int
    # AlertStatus.NEW where an acknowledgement was taken back.
    status: AlertStatus
    # "new" | "acknowledged" | "resolved"
    before: AlertStatus
    # Other alerts of the same conflict.
    others: int
    # Notifications that had been held back and are due now.
    released: int = 0
    acknowledgement: AcknowledgementRecord | None = None


def acknowledge(
    db: Database,
    alert_id: int,
    status: AlertStatus,
    *,
    owner: str = "",
    note: str = "",
    lasts: timedelta | None = None,
) -> Cared | None:
    """Say that somebody takes care of the alert and its conflict, or has done so; None: no such alert.

    Takes the place of what was said before. `lasts`: it ends by itself after so long.
    """
    with db.write() as connection:
        row = connection.execute(select(t.alert).where(t.alert.c.id == alert_id)).first()
        if row is None:
            return None
        now = database_now(connection)
        subject = _subject(row)
        before = standing(connection, [subject], now).get(subject)
        _end(connection, subject, now, f"replaced: {status.value}")
        connection.execute(
            ack.insert().values(
                subject=subject,
                alert_id=alert_id,
                status=status.value,
                owner=shorten(owner, LONGEST_OWNER),
                note=shorten(note, LONGEST_NOTE),
                severity=row.severity,
                speakers=_speakers(connection, row),
                created_at=now,
                expires_at=now + lasts if lasts is not None else None,
                ended="",
            )
        )
        made = records(connection, [subject], now)[subject]
        return Cared(
            alert_id=alert_id,
            status=status,
            before=before.status if before else AlertStatus.NEW,
            others=_others(connection, row),
            acknowledgement=made,
        )


def unacknowledge(db: Database, alert_id: int, *, by: str = "") -> Cared | None:
    """Take it back: what it held back within the last day is due now; None: no such alert.

    Raises UsageError where nobody has acknowledged it.
    """
    with db.write() as connection:
        row = connection.execute(select(t.alert).where(t.alert.c.id == alert_id)).first()
        if row is None:
            return None
        now = database_now(connection)
        subject = _subject(row)
        before = standing(connection, [subject], now).get(subject)
        if before is None:
            raise UsageError(
                f"alert {alert_id} is not acknowledged", remedy=f"claimwatch alerts ack {alert_id}"
            )
        _end(connection, subject, now, f"taken back by {by}" if by else "taken back")
        return Cared(
            alert_id=alert_id,
            status=AlertStatus.NEW,
            before=before.status,
            others=_others(connection, row),
            released=_release(connection, row, now),
        )


def end_reopened(connection: Connection, group: str, why: str, now: datetime) -> None:
    """A new alert has reopened its conflict."""
    _end(connection, subject_of(index_key(group), 0), now, f"reopened: {why}")


def standing(connection: Connection, subjects: Iterable[str], now: datetime) -> dict[str, Acknowledgement]:
    """The acknowledgements that stand, by subject; others are left out."""
    return {row.subject: _value(row) for row in _rows(connection, subjects, now)}


def of_groups(connection: Connection, groups: Iterable[str], now: datetime) -> dict[str, Acknowledgement]:
    """The same by the conflict's group."""
    subjects = {subject_of(index_key(group), 0): group for group in groups}
    return {subjects[name]: found for name, found in standing(connection, subjects, now).items()}


def records(
    connection: Connection, subjects: Iterable[str], now: datetime
) -> dict[str, AcknowledgementRecord]:
    """The same as records, for people."""
    return {
        row.subject: AcknowledgementRecord(
            status=row.status,
            owner=row.owner,
            note=row.note,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in _rows(connection, subjects, now)
    }


_STANDING = select(ack).where(
    ack.c.subject.in_(bindparam("subjects", expanding=True)),
    ack.c.ended_at.is_(None),
    or_(ack.c.expires_at.is_(None), ack.c.expires_at > bindparam("now")),
)


def _rows(connection: Connection, subjects: Iterable[str], now: datetime) -> list[Any]:
    found: list[Any] = []
    for some in chunks(sorted(set(subjects))):
        found += connection.execute(_STANDING, {"subjects": some, "now": now}).all()
    return found


def _value(row: Any) -> Acknowledgement:
    return Acknowledgement(
        id=row.id,
        status=AlertStatus(row.status),
        owner=row.owner,
        severity=Severity(row.severity),
        speakers=frozenset(row.speakers),
        expires_at=row.expires_at,
    )


def _subject(row: Any) -> str:
    """Of a row of `alert`."""
    return subject_of(index_key(row.conflict) if row.conflict else "", row.id)


def _end(connection: Connection, subject: str, now: datetime, why: str) -> None:
    """Close what stands, or stood until it expired."""
    for row in connection.execute(select(ack).where(ack.c.subject == subject, ack.c.ended_at.is_(None))):
        expired = row.expires_at is not None and row.expires_at <= now
        connection.execute(
            update(ack)
            .where(ack.c.id == row.id)
            .values(ended_at=row.expires_at if expired else now, ended="expired" if expired else why)
        )


def _speakers(connection: Connection, row: Any) -> list[str]:
    """Everybody who speaks in the alert, or in any contradiction of its conflict."""
    x = t.contradiction
    names = set(
        connection.scalars(
            select(t.claim.c.speaker)
            .join(t.alert_claim, t.alert_claim.c.claim_id == t.claim.c.id)
            .where(t.alert_claim.c.alert_id == row.id)
        )
    )
    for side in (x.c.left_id, x.c.right_id) if row.conflict else ():
        names |= set(
            connection.scalars(
                select(t.claim.c.speaker)
                .distinct()
                .join(x, side == t.claim.c.id)
                .where(x.c.conflict == row.conflict)
            )
        )
    return sorted(names)


def _others(connection: Connection, row: Any) -> int:
    if not row.conflict:
        return 0
    ids = connection.scalars(
        select(t.alert.c.id).where(t.alert.c.conflict == row.conflict, t.alert.c.id != row.id)
    )
    return len(ids.all())


def _release(connection: Connection, row: Any, now: datetime) -> int:
    n, al = t.notification, t.alert
    same = al.c.conflict == row.conflict if row.conflict else al.c.id == row.id
    released = connection.execute(
        update(n)
        .where(
            n.c.alert_id.in_(select(al.c.id).where(same, al.c.suppressed.is_(None))),
            n.c.state == "suppressed",
            n.c.reason == Suppression.ACKNOWLEDGED.value,
            n.c.created_at >= now - RELEASE_WITHIN,
        )
        .values(state="waiting", reason=None, detail="", due_at=now)
    )
    return released.rowcount


def acknowledged_of(
    connection: Connection, alert_ids: Iterable[int], now: datetime
) -> dict[int, Acknowledgement]:
    """What stands for each of these alerts; others are left out."""
    subjects: dict[int, str] = {}
    for some in chunks(sorted(set(alert_ids))):
        rows = connection.execute(select(t.alert.c.id, t.alert.c.conflict).where(t.alert.c.id.in_(some)))
        subjects |= {row.id: _subject(row) for row in rows}
    known = standing(connection, subjects.values(), now)
    return {id: known[subject] for id, subject in subjects.items() if subject in known}
