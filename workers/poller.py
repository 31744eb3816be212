"""Keep reading the feeds: take what is due from the ledger, fetch, read, plan, store, ring; and sweep.

Any number of pollers may run: a feed is leased before it is fetched, and only its holder stores anything.
There is no barrier between rounds: a feed that hangs holds one slot, never the others.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from monitor.config import Settings
from monitor.core.polling import (
    entry_identity,
    feed_key,
    next_poll_after_failure,
    next_poll_after_success,
    plan_poll,
)
from monitor.errors import ClaimwatchError, FetchError, FetchReason, LeaseLostError, UnavailableError
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import NewBody, SameBody, read_feed
from monitor.rulefiles import RuleFolder, RulesWatcher
from monitor.store.database import Database, database_now
from monitor.store.feeds import (
    LeasedFeed,
    add_feeds,
    known_entries,
    lease_due_feeds,
    next_due_at,
    release_feeds,
    save_poll,
    save_poll_failure,
    save_unchanged,
)
from monitor.store.health import beat
from monitor.store.tasks import outstanding, quarantine_exhausted
from workers.queue import Kind, ring

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)

#: Longest sleep between two looks at what is due, in seconds: `feeds poll` is answered within this.
TICK = 1.0
#: How often work that waits is rung for again, in seconds.
SWEEP_EVERY = 2.0
#: How often the poller says that it lives, in seconds.
BEAT_EVERY = 10.0
#: What reading and storing may take after the fetch, in seconds; then the feed's turn is over.
READ_LIMIT = 15.0
#: Longest wait for feeds under way when a stop comes, in seconds.
STOP_LIMIT = 5.0


class Poller:
    """Polls within one event loop; every call of the ledger runs in one thread beside it, in order."""

    def __init__(
        self, db: Database, watcher: RulesWatcher, settings: Settings, egress: Egress, parser: FeedParser
    ) -> None:
        self._db = db
        self._watcher = watcher
        self._settings = settings
        self._egress = egress
        self._parser = parser
        # one at a time: SQLite has one writer anyway, and the order of what we store stays ours
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._under_way: dict[asyncio.Task[None], LeasedFeed] = {}
        self._synced: RuleFolder | None = None
        self._limit = settings.fetch_timeout + READ_LIMIT
        # longer than any turn: what is stored at its very end is still ours
        self._lease = timedelta(seconds=max(settings.lease_seconds, self._limit + 5))
        self._next_sweep = 0.0
        self._next_beat = 0.0
        # feeds of `once`, new article versions and failed polls, since the start
        self.polled = 0
        self.stored = 0
        self.failed = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`. While the ledger is away, nothing is fetched."""
        away = False
        while not stop.is_set():
            try:
                await self._tick()
                away = False
            except UnavailableError as error:
                if not away:
                    log.warning("ledger.away", error=str(error))
                away = True
            await self._pause(stop, TICK)
        await self._stop()

    async def once(self) -> None:
        """Poll every feed that is due now, once."""
        await self._sync_feeds()
        polled: set[int] = set()
        while True:
            leased = await self._in_ledger(self._lease_due)
            again = [feed for feed in leased if feed.feed.id in polled]
            if again:
                await self._in_ledger(partial(release_feeds, self._db, again))
            self._begin([feed for feed in leased if feed.feed.id not in polled])
            polled |= {feed.feed.id for feed in leased}
            if not self._under_way:
                self._thread.shutdown(wait=True)
                self.polled = len(polled)
                return
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _tick(self) -> None:
        now = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + BEAT_EVERY
            note = rules_note(self._watcher)
            await self._in_ledger(lambda: beat(self._db, role="poller", process=process_name(), note=note))
        await self._sync_feeds()
        self._begin(await self._in_ledger(self._lease_due))
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_EVERY
            await self._in_ledger(self._sweep)

    async def _pause(self, stop: asyncio.Event, longest: float) -> None:
        """Until a feed is due, a slot gets free, a stop comes, or `longest` seconds have passed."""
        full = len(self._under_way) >= self._settings.fetch_concurrency
        if not full:
            longest = min(longest, await self._seconds_to_next_feed())
        stopping = asyncio.create_task(stop.wait())
        waiting: list[asyncio.Task[Any]] = [stopping, *(self._under_way if full else ())]
        await asyncio.wait(waiting, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def _seconds_to_next_feed(self) -> float:
        try:
            due, now = await self._in_ledger(lambda: (next_due_at(self._db), self._now()))
        except UnavailableError:
            return TICK
        # not less than a moment: a due feed may be leased by another poller
        return TICK if due is None else max((due - now).total_seconds(), 0.05)

    async def _stop(self) -> None:
        """Give up what is under way and give the feeds back."""
        leased = list(self._under_way.values())
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_LIMIT)
        if leased:
            try:
                # a feed that was stored in the meantime is no longer ours, and left alone
                await self._in_ledger(lambda: release_feeds(self._db, leased))
            except ClaimwatchError as error:
                log.warning("feeds.not_released", error=str(error))  # their leases run out
        self._thread.shutdown(wait=True)

    # ------------------------------------------------------------ feeds

    async def _sync_feeds(self) -> None:
        folder = self._watcher.current()
        if folder is self._synced:
            return
        added, changed = await self._in_ledger(lambda: add_feeds(self._db, folder.feeds))
        self._synced = folder
        if added or changed:
            log.info("feeds.synced", added=added, changed=changed)

    def _lease_due(self) -> tuple[LeasedFeed, ...]:
        free = self._settings.fetch_concurrency - len(self._under_way)
        return lease_due_feeds(self._db, limit=free, lease_for=self._lease) if free > 0 else ()

    def _begin(self, leased: Iterable[LeasedFeed]) -> None:
        for feed in leased:
            task = asyncio.create_task(self._poll(feed))
            self._under_way[task] = feed
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        if not task.cancelled() and task.exception() is not None:
            log.error("poll.broke_off", error=str(task.exception()))

    async def _poll(self, leased: LeasedFeed) -> None:
        """One feed, from the lease to the ring; whatever is wrong with it is kept on it."""
        feed = leased.feed
        try:
            async with asyncio.timeout(self._limit):
                await self._read(leased)
        except LeaseLostError as error:
            log.info("lease.lost", feed=feed.url, detail=str(error))
        except FetchError as error:
            await self._keep_failure(leased, error)
        except TimeoutError:
            # it waited for its host's turn all the time; nobody failed
            await self._in_ledger(lambda: release_feeds(self._db, [leased]))
        except UnavailableError as error:
            log.warning("ledger.away", feed=feed.url, error=str(error))
        except Exception as error:  # a bug that one feed brings out must not stop the others
            log.exception("poll.failed", feed=feed.url)
            await self._keep_failure(
                leased,
                FetchError(feed.url, FetchReason.PARSER_FAILED, f"{type(error).__name__}: {error}"[:300]),
            )

    async def _read(self, leased: LeasedFeed) -> None:
        feed = leased.feed
        now = await self._in_ledger(self._now)
        found = await read_feed(self._egress, self._parser, feed, now, digests=leased.digests)
        if not isinstance(found, NewBody):
            again = next_poll_after_success(feed, cache_for=found.cache_for, now=now)
            fresh = found.validators if isinstance(found, SameBody) else None
            await self._in_ledger(
                lambda: save_unchanged(
                    self._db, leased, status=found.status, next_poll_at=again, validators=fresh
                )
            )
            return
        stored = await self._in_ledger(lambda: self._store(leased, found, now))
        self.stored += len(stored)
        if stored:
            entries = len(found.snapshot.entries) + found.recognised
            log.info("feed.read", feed=feed.url, new=len(stored), entries=entries)
        if found.snapshot.dropped or found.snapshot.complaint:
            log.warning(
                "feed.untidy",
                feed=feed.url,
                dropped=found.snapshot.dropped,
                complaint=found.snapshot.complaint,
            )

    def _store(self, leased: LeasedFeed, found: NewBody, now: datetime) -> tuple[int, ...]:
        """Articles and validators in one transaction, and only then the bell."""
        key = feed_key(leased.feed)
        known = known_entries(self._db, {entry_identity(key, entry) for entry in found.snapshot.entries})
        plan = plan_poll(
            leased.feed,
            found.snapshot,
            known,
            validators=found.validators,
            body_hash=found.body_hash,
            digests=found.digests,
            recognised=found.recognised,
            url=found.url,
            cache_for=found.cache_for,
            now=now,
        )
        stored = save_poll(self._db, leased, plan, status=found.status)
        if stored:
            ring(self._settings.redis_url, Kind.ARTICLES, stored)
        return stored

    async def _keep_failure(self, leased: LeasedFeed, error: FetchError) -> None:
        self.failed += 1
        log.info("feed.failed", feed=leased.feed.url, reason=error.reason.value, detail=error.detail)

        def store() -> None:
            save_poll_failure(
                self._db,
                leased,
                reason=error.reason,
                detail=error.detail,
                status=error.status,
                next_poll_at=next_poll_after_failure(leased.feed, error, now=self._now()),
            )

        try:
            await self._in_ledger(store)
        except (LeaseLostError, UnavailableError) as lost:
            log.info("feed.failure_not_kept", feed=leased.feed.url, detail=str(lost))

    # ------------------------------------------------------------ the ledger

    def _sweep(self) -> None:
        """Ring for what the ledger says is due: the only retry there is."""
        stuck = quarantine_exhausted(self._db)
        if stuck:
            log.warning("articles.stuck", count=stuck)
        waiting = outstanding(self._db)
        if waiting.articles:
            ring(self._settings.redis_url, Kind.ARTICLES)
        if waiting.notifications:
            ring(self._settings.redis_url, Kind.DELIVERIES)

    def _now(self) -> datetime:
        with self._db.read() as connection:
            return database_now(connection)

    async def _in_ledger(self, call: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


def process_name() -> str:
    """How a process signs its heartbeat: host and pid."""
    return f"{socket.gethostname()}:{os.getpid()}"


def rules_note(watcher: RulesWatcher) -> str:
    """For the heartbeat: the version of the rules at work, and that the files on disk are broken."""
    state = watcher.state
    note = f"rules {state.folder.version}"
    broken = state.problem.strip().partition("\n")[0]
    return f"{note}; the files on disk are not used: {broken}" if broken else note
