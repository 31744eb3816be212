"""Pages of articles are read here, for feeds that ask for it: leased from the ledger, fetched, read, stored.

The poller gives it a turn at each tick. Pages of one host are fetched one after another with a pause
between, through the same egress as feeds; a page that cannot be read leaves the article as its feed gave it.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog

from monitor.core.pages import as_given, next_try, with_page
from monitor.errors import ClaimwatchError, FetchError, FetchReason, LeaseLostError, UnavailableError
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import unpacked_answer
from monitor.store.database import Database, database_now
from monitor.store.pages import (
    TakenPage,
    give_back_page,
    next_page_due_at,
    save_page,
    save_page_failure,
    take_pages,
)
from workers.queue import Kind, ring

log = structlog.get_logger(__name__)

#: Seconds from the end of one page of a host to the beginning of the next.
PAUSE = 1.0
#: Pages under way at once, over all hosts.
PLACES = 8
#: What reading and storing may take after the fetch, in seconds.
READ_LIMIT = 30.0
#: How long the ledger is not asked again after it had nothing, in seconds.
REST = 1.0
#: Longest time that `drain` takes for the pages that are due soon, in seconds; the rest waits in the ledger.
DRAIN_LIMIT = 120.0

InLedger = Callable[[Callable[[], Any]], Awaitable[Any]]


class PageDesk:
    """Reads pages within one event loop; `in_ledger` runs calls of the ledger in the poller's thread."""

    def __init__(
        self,
        db: Database,
        egress: Egress,
        in_ledger: InLedger,
        *,
        redis_url: str,
        fetch_timeout: float,
        pause: float = PAUSE,
    ) -> None:
        self._db = db
        self._egress = egress
        self._in_ledger = in_ledger
        self._redis_url = redis_url
        self._limit = fetch_timeout + READ_LIMIT
        self._pause = pause
        # no process of it is started before a page is read
        self._parser = FeedParser(children=1, of_articles=True)
        self._under_way: dict[asyncio.Task[None], TakenPage] = {}
        # hosts that are being asked, and when the others may be asked again (monotonic)
        self._asked: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._look_at = 0.0
        # pages that made a version, and pages that were not read, since the start
        self.read = 0
        self.failed = 0

    async def tick(self) -> None:
        """Begin what is due, as far as there are places and hosts are free."""
        places = PLACES - len(self._under_way)
        if places <= 0 or time.monotonic() < self._look_at:
            return
        # a look costs the ledger less than a take, and most services read no pages
        wait = await self._in_ledger(self._seconds_to_next)
        if wait is None or wait > 0:
            self._look_at = time.monotonic() + min(REST, REST if wait is None else wait)
            return
        lease = timedelta(seconds=self._limit + 10)
        taken = await self._in_ledger(lambda: take_pages(self._db, limit=places, lease_for=lease))
        if not taken:
            self._look_at = time.monotonic() + REST
            return
        self._forget_free_hosts()
        behind: Counter[str] = Counter()
        for page in taken:
            host = urlsplit(page.url).hostname or ""
            if host in self._asked or host in self._free_at:
                behind[host] += 1
                await self._give_back(page, timedelta(seconds=behind[host] * max(self._pause, 0.1)))
                continue
            self._asked.add(host)
            task = asyncio.create_task(self._take_care(page))
            self._under_way[task] = page
            task.add_done_callback(partial(self._ended, host))

    async def drain(self) -> None:
        """Read all pages that are due, or will be when their host is free, for two minutes at most."""
        until = time.monotonic() + DRAIN_LIMIT
        while time.monotonic() < until:
            self._look_at = 0.0
            await self.tick()
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                continue
            wait = await self._in_ledger(self._seconds_to_next)
            if wait is None or wait > 10 * max(self._pause, 0.1):
                return
            await asyncio.sleep(min(wait, max(until - time.monotonic(), 0)))
        log.info("pages.left", why=f"{DRAIN_LIMIT:g} s are over; the next poll goes on")

    async def stop(self) -> None:
        """Give back what is under way, and end the reader."""
        pages = list(self._under_way.values())
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=5)
        await self._parser.close()
        for page in pages:
            try:
                await self._give_back(page, timedelta(0))
            except ClaimwatchError as error:
                log.warning("pages.not_released", error=str(error))  # their leases run out
                return

    # ------------------------------------------------------------ one page

    async def _take_care(self, page: TakenPage) -> None:
        """One page, from the lease to the ring; what is wrong is kept with it."""
        try:
            async with asyncio.timeout(self._limit):
                await self._read(page)
        except LeaseLostError as error:
            log.info("lease.lost", page=page.url, detail=str(error))
        except FetchError as error:
            await self._keep_failure(page, error)
        except TimeoutError:
            await self._keep_failure(
                page, FetchError(page.url, FetchReason.TIMEOUT, f"not read within {self._limit:g} s")
            )
        except UnavailableError as error:
            log.warning("ledger.away", page=page.url, error=str(error))
        except Exception as error:  # a bug that one page brings out must not stop the others
            log.exception("page.failed", page=page.url)
            detail = f"{type(error).__name__}: {error}"[:300]
            await self._keep_failure(page, FetchError(page.url, FetchReason.PARSER_FAILED, detail))

    async def _read(self, page: TakenPage) -> None:
        fetched = unpacked_answer(await self._egress.fetch_page(page.url))
        entry = page.current.entry
        found = await self._parser.article(
            fetched.body,
            content_type=fetched.content_type,
            url=fetched.url,
            now=await self._in_ledger(self._now),
            lang=entry.lang,
        )
        upgraded = with_page(as_given(page.current), title=found.title, text=found.text, lang=found.lang)
        version_id = await self._in_ledger(lambda: save_page(self._db, page, upgraded))
        if version_id is None:
            log.info("page.no_more", page=page.url, feed=page.feed_url)
            return
        self.read += 1
        log.info("page.read", page=page.url, feed=page.feed_url, letters=len(found.text))
        await self._in_ledger(lambda: ring(self._redis_url, Kind.ARTICLES, [version_id]))

    async def _keep_failure(self, page: TakenPage, error: FetchError) -> None:
        self.failed += 1

        def store() -> datetime | None:
            at = next_try(page.tries, error, now=self._now())
            save_page_failure(self._db, page, reason=error.reason, detail=error.detail, next_try_at=at)
            return at

        try:
            at = await self._in_ledger(store)
        except (LeaseLostError, UnavailableError) as lost:
            log.info("page.failure_not_kept", page=page.url, detail=str(lost))
            return
        log.info(
            "page.failed",
            page=page.url,
            feed=page.feed_url,
            reason=error.reason.value,
            detail=error.detail,
            again=at is not None,
        )

    def _ended(self, host: str, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._asked.discard(host)
        self._free_at[host] = time.monotonic() + self._pause
        if not task.cancelled() and task.exception() is not None:
            log.error("page.broke_off", error=str(task.exception()))

    def _forget_free_hosts(self) -> None:
        now = time.monotonic()
        self._free_at = {host: at for host, at in self._free_at.items() if at > now}

    # ------------------------------------------------------------ the ledger

    async def _give_back(self, page: TakenPage, wait: timedelta) -> None:
        await self._in_ledger(lambda: give_back_page(self._db, page, wait=wait))

    def _seconds_to_next(self) -> float | None:
        due = next_page_due_at(self._db)
        return None if due is None else max((due - self._now()).total_seconds(), 0.0)

    def _now(self) -> datetime:
        with self._db.read() as connection:
            return database_now(connection)
