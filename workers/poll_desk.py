"""What polls found goes into the ledger here: all that waits, in one transaction.

A batch is what has come while the last one was stored, so nothing waits for a timer. One thread does it,
in order: SQLite has one writer anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitor.core.pacing import learn, moved, next_poll_after_success
from monitor.core.polling import entry_identities, feed_key, plan_poll
from monitor.core.types import KnownEntry
from monitor.errors import LeaseLostError, UnavailableError
from monitor.feeds.poll import FeedRead, NewBody, NotModified, SameBody
from monitor.store.database import Database
from monitor.store.feeds import LeasedFeed, known_entries
from monitor.store.polls import Polled, Unchanged, save_polls
from workers.queue import Kind, ring

log = structlog.get_logger(__name__)

#: Most polls in one transaction.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFound:
    """What one look at a feed found, and when."""

    leased: LeasedFeed
    found: FeedRead
    now: datetime


class PollDesk:
    """Takes what was found; each taker waits until it is stored."""

    def __init__(self, db: Database, thread: Executor, redis_url: str) -> None:
        self._db = db
        self._thread = thread
        self._redis_url = redis_url
        self._waiting: list[tuple[FeedFound, asyncio.Future[int]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, found: FeedFound) -> int:
        """Store it; how many article versions are new. Raises LeaseLostError, UnavailableError."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((found, done))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_waiting())
        return await done

    async def _store_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                outcomes = await loop.run_in_executor(self._thread, self._save, [one for one, _ in batch])
                for (_, done), outcome in zip(batch, outcomes, strict=True):
                    if done.done():
                        continue  # whoever waited for it has been stopped
                    if isinstance(outcome, Exception):
                        done.set_exception(outcome)
                    else:
                        done.set_result(outcome)
        finally:
            self._storing = None

    def _save(self, batch: Sequence[FeedFound]) -> list[int | Exception]:
        """In the ledger's thread: the outcome of each, in order."""
        try:
            return self._save_together(batch)
        except UnavailableError as error:
            return [error] * len(batch)
        except Exception as error:
            if len(batch) == 1:
                return [error]
            # One of them cannot be stored; the others shall not wait for it.
            log.warning("polls.stored_singly", polls=len(batch), error=str(error)[:300])
            return [outcome for one in batch for outcome in self._save([one])]

    def _save_together(self, batch: Sequence[FeedFound]) -> list[int | Exception]:
        identities = {
            identity
            for one in batch
            # Of a feed that was never read nothing can be known.
            if isinstance(one.found, NewBody) and one.leased.feed.last_success_at
            for entry in one.found.snapshot.entries
            for identity in entry_identities(feed_key(one.leased.feed), entry)
        }
        known = known_entries(self._db, identities) if identities else {}
        unchanged: list[Unchanged] = []
        polled: list[Polled] = []
        for one in batch:
            if isinstance(one.found, NewBody):
                polled.append(_polled(one, one.found, known))
            else:
                unchanged.append(_unchanged(one, one.found))
        saved = save_polls(self._db, unchanged=unchanged, polled=polled)
        stored = [version_id for ids in saved.values() for version_id in ids]
        if stored:
            ring(self._redis_url, Kind.ARTICLES, stored)
        return [
            len(saved[one.leased.feed.id])
            if one.leased.feed.id in saved
            else LeaseLostError(f"feed {one.leased.feed.url}: another poller took it over, or it was removed")
            for one in batch
        ]


def _polled(one: FeedFound, found: NewBody, known: Mapping[str, KnownEntry]) -> Polled:
    plan = plan_poll(
        one.leased.feed,
        found.snapshot,
        known,
        validators=found.validators,
        body_hash=found.body_hash,
        digests=found.digests,
        recognised=found.recognised,
        url=found.url,
        cache_for=found.cache_for,
        wishes=found.wishes,
        hub=found.hub,
        now=one.now,
    )
    return Polled(leased=one.leased, plan=plan, status=found.status)


def _unchanged(one: FeedFound, found: NotModified | SameBody) -> Unchanged:
    feed = one.leased.feed
    rhythm = learn(feed, new=0, listed=0, now=one.now)
    url, move = moved(feed, found.url, now=one.now)
    return Unchanged(
        leased=one.leased,
        status=found.status,
        next_poll_at=next_poll_after_success(feed, cache_for=found.cache_for, rhythm=rhythm, now=one.now),
        validators=found.validators if isinstance(found, SameBody) else feed.validators,
        rhythm=rhythm,
        url=url,
        move=move,
    )
