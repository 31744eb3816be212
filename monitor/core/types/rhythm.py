"""How often a feed is asked: what its publisher wants, what it taught us, where it is moving to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a feed's document says about being asked; all empty where it says nothing."""

    # The longest of RSS's <ttl> and of RSS 1.0's syndication module; None: neither.
    every: timedelta | None = None
    # RSS's <skipHours>: hours of the day in UTC, 0 to 23, in order.
    skip_hours: tuple[int, ...] = ()
    # RSS's <skipDays>: days of the week in UTC, 0 is Monday, in order.
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What past polls taught about a feed."""

    # The wait between two polls that fits how often it brings entries; None: not learned yet.
    pace: timedelta | None = None
    # The longest usual time without a new entry; None: too few entries seen to tell.
    quiet: timedelta | None = None
    # When the last new entry was seen, by the ledger's clock; None: never.
    last_new_at: datetime | None = None


NO_WISHES = Wishes()
NO_RHYTHM = Rhythm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect that a feed answers with, and that is not yet believed."""

    url: str
    # When it was first seen, and in how many polls in a row.
    since: datetime
    times: int
