"""Inhibition: alerts that another one makes needless, as in Alertmanager.

Alertmanager's alerts are states that end. Ours are events, so one counts as out for a time that the file
says, or until somebody resolves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.matchers import first_disagreement
from monitor.core.types import Inhibition


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOut:
    """An alert that was raised and not suppressed."""

    id: int
    labels: Mapping[str, str]
    raised_at: datetime
    # None: nobody did.
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibited:
    by: AlertOut
    inhibition: Inhibition

    @property
    def said(self) -> str:
        """In words."""
        return f"alert {self.by.id} is out ({self.inhibition.place})"


def inhibited(
    alert_id: int,
    labels: Mapping[str, str],
    inhibitions: Iterable[Inhibition],
    out: Sequence[AlertOut],
    now: datetime,
) -> Inhibited | None:
    """What holds an alert with these labels back now, the first of the file, the newest alert; None: nothing.

    No alert holds itself back, nor one that agrees with the same `when`: of two of a kind one has to be told.
    """
    for inhibition in inhibitions:
        if first_disagreement(inhibition.holds_back, labels) is not None:
            continue
        if first_disagreement(inhibition.when, labels) is None:
            continue
        found = (one for one in out if one.id != alert_id and _holds(inhibition, one, labels, now))
        newest = max(found, key=lambda one: (one.raised_at, one.id), default=None)
        if newest is not None:
            return Inhibited(by=newest, inhibition=inhibition)
    return None


def _holds(inhibition: Inhibition, one: AlertOut, labels: Mapping[str, str], now: datetime) -> bool:
    if "resolved" in one.labels:
        return False
    over = one.resolved_at is not None and one.resolved_at <= now
    if over or not one.raised_at <= now < one.raised_at + inhibition.lasts:
        return False
    if first_disagreement(inhibition.when, one.labels) is not None:
        return False
    return all(label in labels and labels[label] == one.labels.get(label) for label in inhibition.equal)
