"""What keeps a notification back at the moment at which it would go out: a silence, or an acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row

from monitor.core.alerting import Acknowledgement, Silence, holding
from monitor.core.types import Suppression
from monitor.store.lifecycle import acknowledged_of
from monitor.store.restraints import restraint_of
from monitor.store.silences import active_silences, labels_of

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why it does not go out."""

    reason: Suppression
    detail: str
    # It is looked at again then; None: never, unless somebody lets go of it.
    until: datetime | None = None
    silence_id: int | None = None

    def values(self) -> dict[str, Any]:
        """Columns of `notification`."""
        told = {"reason": self.reason.value, "detail": self.detail, "silence_id": self.silence_id}
        return told | ({"due_at": self.until} if self.until else {"state": "suppressed", "token": None})


@dataclass(slots=True)
class Keeping:
    """Looks up what it needs once for a transaction."""

    connection: Connection
    now: datetime
    _silences: tuple[Silence, ...] | None = field(default=None)

    def kept_back(self, rows: Sequence[AnyRow]) -> dict[int, Kept]:
        """Of these rows of `notification` those that are kept back, by id."""
        found = self._acknowledged(rows)
        if self._silences is None:
            self._silences = active_silences(self.connection, self.now)
        if not self._silences or not rows:
            return found
        labels = labels_of(self.connection, [row.alert_id for row in rows])
        for row in rows:
            told = labels.get(row.alert_id, {})
            by = holding(self._silences, told | {"receiver": row.receiver}, self.now)
            if by is not None:
                found[row.id] = Kept(reason=Suppression.SILENCE, detail=_words(by), silence_id=by.id)
        return found

    def _acknowledged(self, rows: Sequence[AnyRow]) -> dict[int, Kept]:
        """Repeats and escalations of what somebody has acknowledged."""
        asked = {row.id: row for row in rows if _stops_when_acknowledged(row)}
        if not asked:
            return {}
        known = acknowledged_of(self.connection, [row.alert_id for row in asked.values()], self.now)
        return {id: _kept_by(known[row.alert_id]) for id, row in asked.items() if row.alert_id in known}


def _stops_when_acknowledged(row: AnyRow) -> bool:
    asked = restraint_of(row)
    return asked.escalate_after is not None or asked.not_before is not None


def _kept_by(known: Acknowledgement) -> Kept:
    until = known.expires_at
    shown = f"{known.said}, until {_shown(until)}" if until else known.said
    return Kept(reason=Suppression.ACKNOWLEDGED, detail=shown, until=until)


def _words(by: Silence) -> str:
    who = f" by {by.author}" if by.author else ""
    why = f": {by.comment}" if by.comment else ""
    return f"silence {by.id}{who}, until {_shown(by.ends_at)}{why}"


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
