"""What keeps notifications back when they are due, looked up; `monitor.core.alerting.keeping` decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.core.alerting import (
    AlertOut,
    AlertStatus,
    Kept,
    Silence,
    kept_back,
    stops_when_acknowledged,
    subject_of,
)
from monitor.core.types import Inhibition
from monitor.store.bulk import chunks
from monitor.store.care_tables import acknowledgement as ack
from monitor.store.columns import index_key
from monitor.store.lifecycle import acknowledged_of
from monitor.store.restraints import restraint_of
from monitor.store.silences import active_silences, labels_of
from monitor.store.tables import alert

AnyRow = Row[*tuple[Any, ...]]

#: Alerts that may hold others back: the newest so many.
MOST_OUT = 5_000


def kept_columns(kept: Kept) -> dict[str, Any]:
    """Columns of `notification`."""
    told = {"reason": kept.reason.value, "detail": kept.detail, "silence_id": kept.silence_id}
    return told | ({"due_at": kept.until} if kept.until else {"state": "suppressed", "token": None})


@dataclass(slots=True)
class Keeping:
    """Looks up what it needs once for a transaction."""

    connection: Connection
    now: datetime
    inhibitions: Sequence[Inhibition] = ()
    _silences: tuple[Silence, ...] | None = field(default=None)
    _out: tuple[AlertOut, ...] | None = field(default=None)

    def kept_back(self, rows: Sequence[AnyRow]) -> dict[int, Kept]:
        """Of these rows of `notification` those that are kept back, by id."""
        if not rows:
            return {}
        if self._silences is None:
            self._silences = active_silences(self.connection, self.now)
            self._out = alerts_out(self.connection, self.inhibitions, self.now)
        asked = {row.id: restraint_of(row) for row in rows}
        stopping = [row.alert_id for row in rows if stops_when_acknowledged(asked[row.id])]
        if not (self._silences or self._out or stopping):
            return {}
        labels = labels_of(self.connection, [row.alert_id for row in rows])
        known = acknowledged_of(self.connection, stopping, self.now) if stopping else {}
        found = {
            row.id: kept_back(
                alert_id=row.alert_id,
                labels=labels.get(row.alert_id, {}),
                receiver=row.receiver,
                asked=asked[row.id],
                acknowledged=known.get(row.alert_id),
                silences=self._silences,
                inhibitions=self.inhibitions,
                out=self._out or (),
                now=self.now,
            )
            for row in rows
        }
        return {id: kept for id, kept in found.items() if kept is not None}


def alerts_out(
    connection: Connection, inhibitions: Sequence[Inhibition], now: datetime
) -> tuple[AlertOut, ...]:
    """Alerts that may hold others back: not suppressed, raised within the longest time of an inhibition."""
    if not inhibitions:
        return ()
    since = now - max(one.lasts for one in inhibitions)
    rows = connection.execute(
        select(alert.c.id, alert.c.labels, alert.c.conflict, alert.c.created_at)
        .where(alert.c.created_at >= since, alert.c.suppressed.is_(None))
        .order_by(alert.c.created_at.desc(), alert.c.id.desc())
        .limit(MOST_OUT)
    ).all()
    subjects = {row.id: subject_of(index_key(row.conflict) if row.conflict else "", row.id) for row in rows}
    resolved: dict[str, datetime] = {}
    # Of these alerts only: what people ever resolved grows for ever, and this is asked before each delivery.
    for some in chunks(sorted(set(subjects.values()))):
        said = connection.execute(
            select(ack.c.subject, ack.c.created_at).where(
                ack.c.subject.in_(some),
                ack.c.status == AlertStatus.RESOLVED.value,
                ack.c.ended_at.is_(None),
            )
        )
        resolved |= {row.subject: row.created_at for row in said}
    return tuple(
        AlertOut(
            id=row.id,
            labels=dict(row.labels),
            raised_at=row.created_at,
            resolved_at=resolved.get(subjects[row.id]),
        )
        for row in rows
    )
