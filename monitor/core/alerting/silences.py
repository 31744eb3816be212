"""Silences: what they hold, and when they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.matchers import first_disagreement
from monitor.core.types import Matcher


class SilenceState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Alerts whose labels all matchers agree with are recorded and not sent, for a time."""

    id: int
    # At least one.
    matchers: tuple[Matcher, ...]
    author: str
    comment: str
    starts_at: datetime
    ends_at: datetime

    def state(self, now: datetime) -> SilenceState:
        if now < self.starts_at:
            return SilenceState.PENDING
        return SilenceState.ACTIVE if now < self.ends_at else SilenceState.EXPIRED

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Would it hold an alert with these labels, whatever the time?"""
        return first_disagreement(self.matchers, labels) is None

    def is_to_be_told(self, now: datetime, soon: timedelta) -> bool:
        """Does it end within `soon`, so that its author should hear of it?

        Not one that lasts no longer than that: its author has only just made it.
        """
        ends_soon = self.state(now) is SilenceState.ACTIVE and self.ends_at - now <= soon
        return ends_soon and self.ends_at - self.starts_at > soon


def holding(silences: Iterable[Silence], labels: Mapping[str, str], now: datetime) -> Silence | None:
    """The silence that holds such an alert now, of several the one that ends last; None: none does."""
    found = [one for one in silences if one.state(now) is SilenceState.ACTIVE and one.fits(labels)]
    return max(found, key=lambda one: one.ends_at, default=None)
