"""What a simulation of routes reads from the ledger: alerts, silences and acknowledgements of the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from monitor.core.alerting import Acknowledgement, AlertStatus, Silence
from monitor.core.alerting.simulating import Care, Raised
from monitor.core.types import Alert, AlertKind, Severity, Suppression
from monitor.store import tables as t
from monitor.store.care_tables import acknowledgement, silence
from monitor.store.columns import index_key
from monitor.store.database import Database
from monitor.store.silences import silence_of


def raised_alerts(
    db: Database, *, since: datetime, until: datetime, backfill: bool = False
) -> tuple[Raised, ...]:
    """Alerts that were raised between these times, oldest first; tests are left out.

    `backfill`: what was suppressed because it came from an archive counts as news, raised when its article
    was published.
    """
    al, v = t.alert, t.article_version
    at = func.coalesce(v.c.published_at, al.c.created_at) if backfill else al.c.created_at
    rows_wanted = (
        select(al, at.label("at"))
        .outerjoin(v, v.c.id == al.c.version_id)
        .where(at >= since, at <= until)
        .order_by(at, al.c.id)
    )
    with db.read() as connection:
        return tuple(_raised(connection.execute(rows_wanted), backfill))


def _raised(rows: Iterable[Any], backfill: bool) -> Iterable[Raised]:
    for row in rows:
        labels = dict(row.labels)
        if "test" in labels or "resolved" in labels:
            continue
        alert = Alert(
            fingerprint=row.fingerprint,
            kind=AlertKind(row.kind),
            severity=Severity(row.severity),
            headline=row.headline,
            rules=tuple(row.rules),
            labels=labels,
            reason=row.reason,
            group=row.conflict,
            suppressed=Suppression(row.suppressed) if row.suppressed else None,
            not_before=row.not_before,
        )
        if backfill and alert.suppressed is Suppression.BACKFILL:
            alert = replace(alert, suppressed=None)
        yield Raised(id=row.id, alert=alert, at=row.at)


def remembered_silences(db: Database) -> tuple[Silence, ...]:
    """All that there ever were."""
    with db.read() as connection:
        return tuple(map(silence_of, connection.execute(select(silence).order_by(silence.c.id))))


def remembered_care(db: Database) -> tuple[Care, ...]:
    """All acknowledgements, and how long each held."""
    with db.read() as connection:
        groups = {
            f"group:{index_key(name)}": name
            for name in connection.scalars(
                select(t.alert.c.conflict).where(t.alert.c.conflict != "").distinct()
            )
        }
        return tuple(
            Care(
                subject=f"group:{groups[row.subject]}" if row.subject in groups else row.subject,
                acknowledgement=Acknowledgement(
                    id=row.id,
                    status=AlertStatus(row.status),
                    owner=row.owner,
                    severity=Severity(row.severity),
                    speakers=frozenset(row.speakers),
                    expires_at=row.expires_at,
                ),
                begins=row.created_at,
                ends=row.ended_at or row.expires_at,
            )
            for row in connection.execute(select(acknowledgement).order_by(acknowledgement.c.id))
        )
