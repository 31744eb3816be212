"""Keep reading the feeds: take what is due from the ledger, fetch, read, plan, store, ring; and sweep.

Any number of pollers may run: a feed is leased before it is fetched, and only its holder stores anything.
There is no barrier between rounds, and there are two lanes: a feed that is not read within a moment moves
to the slow lane, and one that failed last time begins there, so that hosts that hang never hold up others.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from monitor.config import Settings
from monitor.core.pacing import next_poll_after_failure
from monitor.core.websub import Identity
from monitor.errors import ClaimwatchError, FetchError, FetchReason, LeaseLostError, UnavailableError
from monitor.feeds.egress import SLOW_PLACES, Egress
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import NewBody, read_feed
from monitor.feeds.turns import host_of
from monitor.rulefiles import RuleFolder, RulesWatcher
from monitor.store.database import Database, database_now
from monitor.store.feeds import (
    LeasedFeed,
    lease_due_feeds,
    next_due_at,
    postpone_feeds,
    release_feeds,
    save_poll_failure,
    sync_feeds,
)
from monitor.store.health import beat, heartbeats
from monitor.store.tasks import outstanding, quarantine_exhausted
from workers.hub_desk import HubDesk
from workers.page_desk import PAUSE, PageDesk
from workers.poll_desk import FeedFound, PollDesk
from workers.queue import Kind, ring
from workers.waiting import LONGEST_WAIT, WaitingFeeds

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
#: How much longer a feed is leased than its wait and its turn can take, in seconds.
LEASE_MARGIN = 5.0
#: A feed that takes longer than this, in seconds, gives its place in the fast lane to another.
PATIENCE = 0.5
#: Another poller that has been silent for longer, in seconds, no longer shares the hosts with us.
SILENT_AFTER = 3 * BEAT_EVERY
#: Longest wait for feeds under way when a stop comes, in seconds.
STOP_LIMIT = 5.0


class Poller:
    """Polls within one event loop; every call of the ledger runs in one thread beside it, in order."""

    def __init__(
        self,
        db: Database,
        watcher: RulesWatcher,
        settings: Settings,
        egress: Egress,
        parser: FeedParser,
        *,
        page_pause: float = PAUSE,
    ) -> None:
        self._db = db
        self._watcher = watcher
        self._settings = settings
        self._egress = egress
        self._parser = parser
        # one at a time: SQLite has one writer anyway, and the order of what we store stays ours
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._desk = PollDesk(db, self._thread, settings.redis_url)
        self._pages = PageDesk(
            db,
            egress,
            self._in_ledger,
            redis_url=settings.redis_url,
            fetch_timeout=settings.fetch_timeout,
            pause=page_pause,
        )
        self._hubs = HubDesk(db, egress, self._in_ledger, Identity(settings.public_url, settings.hub_key))
        self._waiting = WaitingFeeds(egress.turns)
        # until when feeds that were put off come back, for `once`
        self._put_off_until = 0.0
        self._under_way: dict[asyncio.Task[None], LeasedFeed] = {}
        self._slow: set[asyncio.Task[None]] = set()
        # when the ledger has more that is due, or may have
        self._look_at = 0.0
        # a place was given up, or a stop came
        self._changed = asyncio.Event()
        self._synced: RuleFolder | None = None
        self._limit = settings.fetch_timeout + READ_LIMIT
        # Longer than any wait and turn: what is stored at its very end is still ours. And with the default
        # time for a fetch under a minute, after which others take over what a killed poller held.
        self._lease = timedelta(seconds=self._limit + LONGEST_WAIT + LEASE_MARGIN)
        self._next_sweep = 0.0
        self._next_beat = 0.0
        # feeds of `once`, new article versions and failed polls, since the start
        self.polled = 0
        self.stored = 0
        self.failed = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`. While the ledger is away, nothing is fetched."""
        away = False
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._changed.set())
        while not stop.is_set():
            self._changed.clear()
            try:
                await self._tick()
                away = False
            except UnavailableError as error:
                if not away:
                    log.warning("ledger.away", error=str(error))
                away = True
            await self._pause()
        await self._stop()

    async def once(self) -> None:
        """Poll every feed that is due now, once."""
        await self._sync_feeds()
        polled: set[int] = set()
        while True:
            self._changed.clear()
            self._look_at = 0.0 if not self._waiting else self._look_at
            for feed in await self._lease_due():
                if feed.feed.id in polled:
                    await self._in_ledger(partial(release_feeds, self._db, [feed]))
                else:
                    polled.add(feed.feed.id)
                    self._waiting.add([feed])
            polled -= await self._put_off_late()
            self._begin()
            if not (self._under_way or self._waiting or time.monotonic() < self._put_off_until):
                await self._pages.drain()
                await self._hubs.drain()
                self.stored += self._pages.read
                await self._pages.stop()
                self._thread.shutdown(wait=True)
                self.polled = len(polled)
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), TICK)

    async def _tick(self) -> None:
        now = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + BEAT_EVERY
            await self._in_ledger(self._beat)
        await self._sync_feeds()
        self._waiting.add(await self._lease_due())
        await self._put_off_late()
        self._begin()
        await self._pages.tick()
        await self._hubs.tick()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_EVERY
            await self._in_ledger(self._sweep)

    async def _pause(self) -> None:
        """Until a feed is due, a place gets free, or a stop comes; a tick at most."""
        longest = TICK if self._waiting else min(TICK, max(self._look_at - time.monotonic(), 0.0))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), longest)

    async def _stop(self) -> None:
        """Give up what is under way and give the feeds back."""
        await self._pages.stop()
        await self._hubs.stop()
        leased = [*self._under_way.values(), *self._waiting.drain()]
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
        added, changed, paused = await self._in_ledger(lambda: sync_feeds(self._db, folder.feeds))
        self._synced = folder
        if paused:
            log.warning("feeds.paused", why="feeds.yml no longer lists them", feeds=paused)
        if added or changed:
            log.info("feeds.synced", added=added, changed=changed)

    async def _lease_due(self) -> tuple[LeasedFeed, ...]:
        """Feeds that are due, so many together that asking for them costs little for each."""
        wanted = self._settings.fetch_concurrency - len(self._waiting)
        if 2 * wanted < self._settings.fetch_concurrency or time.monotonic() < self._look_at:
            return ()

        def lease() -> tuple[tuple[LeasedFeed, ...], float]:
            leased = lease_due_feeds(self._db, limit=wanted, lease_for=self._lease)
            return leased, 0.0 if len(leased) == wanted else self._seconds_to_next_feed()

        leased, seconds = await self._in_ledger(lease)
        self._look_at = time.monotonic() + seconds
        return leased

    def _seconds_to_next_feed(self) -> float:
        due = next_due_at(self._db)
        # not less than a moment: a due feed may be leased by another poller
        return TICK if due is None else min(TICK, max((due - self._now()).total_seconds(), 0.05))

    async def _put_off_late(self) -> set[int]:
        """Give back what would wait too long, each to come back when its host has a turn; their ids."""
        late = self._waiting.give_up_late()
        if late:
            now = await self._in_ledger(self._now)
            # what only missed a place is due as before, and anybody's
            later = [
                (feed, now + timedelta(seconds=wait) if wait else feed.feed.next_poll_at)
                for feed, wait in late
            ]
            await self._in_ledger(lambda: postpone_feeds(self._db, later))
            longest = time.monotonic() + max(wait for _, wait in late) + TICK
            self._put_off_until = max(self._put_off_until, longest)
        return {feed.feed.id for feed, _ in late}

    def _begin(self) -> None:
        """Start feeds that wait, as far as there are places."""
        places = self._settings.fetch_concurrency
        while len(self._under_way) - len(self._slow) < places:
            taken_feed = self._waiting.take()
            if taken_feed is None:
                return
            leased, taken = taken_feed
            task = asyncio.create_task(self._poll(leased, taken))
            self._under_way[task] = leased
            patience = 0.0 if leased.feed.failures else PATIENCE
            timer = asyncio.get_running_loop().call_later(patience, self._move_over, task)
            task.add_done_callback(partial(self._ended, timer))

    def _move_over(self, task: asyncio.Task[None]) -> None:
        if task in self._under_way and len(self._slow) < SLOW_PLACES * self._settings.fetch_concurrency:
            self._slow.add(task)
            self._changed.set()

    def _ended(self, timer: asyncio.TimerHandle, task: asyncio.Task[None]) -> None:
        timer.cancel()
        if leased := self._under_way.pop(task, None):
            self._waiting.done(leased)
        self._slow.discard(task)
        self._changed.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("poll.broke_off", error=str(task.exception()))

    async def _poll(self, leased: LeasedFeed, taken: float) -> None:
        """One feed, from the lease (`taken` at that moment) to the ring; what is wrong is kept on it."""
        feed = leased.feed
        try:
            async with asyncio.timeout(self._limit):
                await self._read(leased, taken)
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

    async def _read(self, leased: LeasedFeed, taken: float) -> None:
        feed = leased.feed
        now = leased.leased_at + timedelta(seconds=time.monotonic() - taken)
        found = await read_feed(self._egress, self._parser, feed, now, digests=leased.digests)
        new = await self._desk.store(FeedFound(leased=leased, found=found, now=now))
        self.stored += new
        if not isinstance(found, NewBody):
            return
        if new:
            entries = len(found.snapshot.entries) + found.recognised
            log.info("feed.read", feed=feed.url, new=new, entries=entries)
        if found.snapshot.dropped or found.snapshot.complaint:
            log.warning(
                "feed.untidy",
                feed=feed.url,
                dropped=[str(one) for one in found.snapshot.dropped],
                complaint=found.snapshot.complaint,
            )

    async def _keep_failure(self, leased: LeasedFeed, error: FetchError) -> None:
        self.failed += 1
        log.info("feed.failed", feed=leased.feed.url, reason=error.reason.value, detail=error.detail)
        if error.reason is FetchReason.RATE_LIMITED and error.retry_after_s:
            self._egress.turns.hold(host_of(leased.feed.url), error.retry_after_s)

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

    def _beat(self) -> None:
        """Say that we live, and see who else polls: a host's turns are shared among all pollers."""
        beat(self._db, role="poller", process=process_name(), note=rules_note(self._watcher))
        since = self._now() - timedelta(seconds=SILENT_AFTER)
        alive = sum(1 for one in heartbeats(self._db) if one.role == "poller" and one.at >= since)
        self._egress.turns.shared = max(alive, 1)

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
