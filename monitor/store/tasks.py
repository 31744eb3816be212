"""Work to do on article versions, taken by lease: the database is the queue.

A take commits `attempts + 1`, the lease and a fencing token before the work begins, so that a crash counts.
An article that was tried before is taken alone, so that one that kills its worker never takes others with it.
After three attempts it is quarantined as stuck, with its last error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.types import Article, Match
from monitor.store.database import Database

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenArticles:
    """A batch under one lease; empty: nothing is due."""

    token: str
    articles: tuple[Article, ...]
    # version_id → task id
    tasks: Mapping[int, int]


def take_articles(db: Database, *, limit: int, lease_for: timedelta) -> TakenArticles:
    """Take up to `limit` article versions that are outstanding and due, oldest first."""
    raise NotImplementedError


def extend_lease(db: Database, taken: TakenArticles, *, lease_for: timedelta) -> None:
    """Still at it. Raises LeaseLostError when any task of the batch is no longer ours."""
    raise NotImplementedError


def finish_without_claims(
    db: Database, taken: TakenArticles, version_ids: Iterable[int], matches: Iterable[Match]
) -> None:
    """Close tasks of articles that need no judging, and store their matches, in one transaction (fenced)."""
    raise NotImplementedError


def fail_article(db: Database, taken: TakenArticles, version_id: int, error: str) -> None:
    """Keep the error; due again after a back-off, or stuck after the last attempt."""
    raise NotImplementedError


def release_articles(db: Database, taken: TakenArticles, version_ids: Iterable[int]) -> None:
    """Give articles back untouched at a shutdown: the attempt does not count."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """What the ledger says is waiting and due now, and what is quarantined."""

    articles: int
    notifications: int
    stuck_articles: int
    dead_notifications: int
    # Waiting, due or not: what `once` and the demo wait for.
    open_articles: int
    open_notifications: int


def outstanding(db: Database) -> Outstanding:
    """Counts for the sweep, for health and for progress bars."""
    raise NotImplementedError


def quarantine_exhausted(db: Database) -> int:
    """Mark work whose attempts are used up and whose lease ran out as stuck; how many."""
    raise NotImplementedError


def retry_stuck(db: Database) -> int:
    """Give quarantined articles three new attempts; how many."""
    raise NotImplementedError
