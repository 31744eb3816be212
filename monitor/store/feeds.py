"""Feeds in the ledger: what is due, who has it, and what a poll changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.types import Feed, FeedSpec, KnownEntry, PollPlan
from monitor.errors import FetchReason
from monitor.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedFeed:
    feed: Feed
    # Fencing token: only the holder's results are written.
    token: str


def add_feeds(db: Database, specs: Iterable[FeedSpec]) -> tuple[int, int]:
    """Add feeds that are new by URL and bring the others' settings up to date: (added, changed). Due at once."""
    raise NotImplementedError


def remove_feed(db: Database, url: str) -> bool:
    """Stop polling a feed; its articles stay. False: there is none with this URL."""
    raise NotImplementedError


def list_feeds(db: Database) -> tuple[Feed, ...]:
    """All feeds, by URL."""
    raise NotImplementedError


def poll_now(db: Database, url: str | None = None) -> int:
    """Make one feed, or all, due at once; how many."""
    raise NotImplementedError


def lease_due_feeds(db: Database, *, limit: int, lease_for: timedelta) -> tuple[LeasedFeed, ...]:
    """Take up to `limit` feeds that are due and nobody holds, longest overdue first."""
    raise NotImplementedError


def known_entries(db: Database, identities: Iterable[str]) -> Mapping[str, KnownEntry]:
    """What the ledger remembers of these identities; absent: never seen."""
    raise NotImplementedError


def save_poll(db: Database, leased: LeasedFeed, plan: PollPlan, *, status: int) -> tuple[int, ...]:
    """Store what a poll found: articles, versions, their tasks, validators and next poll in ONE transaction.

    Gives the ids of the new article versions. A version that somebody else stored meanwhile is skipped.
    Raises LeaseLostError, with nothing written, where the lease is no longer ours.
    """
    raise NotImplementedError


def save_unchanged(db: Database, leased: LeasedFeed, *, status: int, next_poll_at: datetime) -> None:
    """304, or a body that was read before. Raises LeaseLostError."""
    raise NotImplementedError


def save_poll_failure(
    db: Database,
    leased: LeasedFeed,
    *,
    reason: FetchReason,
    detail: str,
    status: int | None,
    next_poll_at: datetime | None,
) -> None:
    """Keep the failure on the feed. `next_poll_at` None: the feed is gone. Raises LeaseLostError."""
    raise NotImplementedError


def release_feeds(db: Database, leased: Iterable[LeasedFeed]) -> None:
    """Give feeds back unpolled, at a shutdown; due as before."""
    raise NotImplementedError


def next_due_at(db: Database) -> datetime | None:
    """When the next feed is due; None: there are no feeds."""
    raise NotImplementedError
