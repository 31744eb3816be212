"""new → acknowledged → resolved: what an acknowledgement holds back, and what reopens it.

An acknowledgement is about a conflict, whose alerts all belong together, or about one alert that belongs to
none. While it stands, the conflict is not told of again and is not escalated; a speaker who is new to it, a
reversal or a higher severity ends it, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.core.alerting.asking import SEVERITIES, fingerprint
from monitor.core.types import Alert, AlertKind, Severity, Suppression

#: The label of an alert that reopens a conflict; its value is why.
REOPENS = "reopens"


class AlertStatus(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody has seen it, or is done with it."""

    id: int
    # ACKNOWLEDGED or RESOLVED.
    status: AlertStatus
    # Who takes care of it; empty: not said.
    owner: str
    # Of the alert that was acknowledged.
    severity: Severity
    # Everybody who spoke in the conflict by then.
    speakers: frozenset[str]
    # None: until somebody takes it back, or something reopens it.
    expires_at: datetime | None = None

    @property
    def said(self) -> str:
        """In words, without a time."""
        return f"{self.status.value} by {self.owner}" if self.owner else self.status.value


def subject_of(group: str, alert_id: int) -> str:
    """What an acknowledgement of this alert is about."""
    return f"group:{group}" if group else f"alert:{alert_id}"


def reopening(known: Acknowledgement, kind: AlertKind, severity: Severity, speakers: Iterable[str]) -> str:
    """Why this ends an acknowledgement, in words; empty: it does not."""
    if kind is AlertKind.REVERSAL:
        return "a reversal"
    if SEVERITIES[severity] > SEVERITIES[known.severity]:
        return f"severity {severity.value}, was {known.severity.value}"
    new = sorted(set(speakers) - known.speakers)
    if kind is AlertKind.CONTRADICTION and new:
        return f"new speaker {new[0]}"
    return ""


def hold_acknowledged(
    alerts: Iterable[Alert], known: Mapping[str, Acknowledgement], exist: Collection[str] = ()
) -> tuple[Alert, ...]:
    """The same, where those of acknowledged conflicts (by group) are recorded and not sent.

    Those that reopen it (by their label) are sent. `exist`: fingerprints that the ledger has; an alert that
    was told before stays what it was.
    """
    return tuple(_held(alert, known.get(alert.group), exist) for alert in alerts)


def _held(alert: Alert, known: Acknowledgement | None, exist: Collection[str]) -> Alert:
    if known is None or alert.suppressed is not None or REOPENS in alert.labels:
        return alert
    if alert.fingerprint in exist:
        return alert
    return replace(
        alert,
        fingerprint=fingerprint(alert.fingerprint, Suppression.ACKNOWLEDGED),
        suppressed=Suppression.ACKNOWLEDGED,
        detail=known.said,
        not_before=None,
    )
