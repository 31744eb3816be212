"""Hubs are asked here for their pushes: subscriptions, renewals and farewells that the ledger says are due.

What they answer comes to the web page (`monitor.web.websub`); a push there only makes the feed due, and the
poller reads it as ever.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from monitor.core.websub import Identity
from monitor.errors import FetchError, UnavailableError
from monitor.feeds.egress import Egress
from monitor.feeds.hubs import ask_hub
from monitor.store.database import Database
from monitor.store.hubs import HubRequest, keep_refusal, take_hub_requests

log = structlog.get_logger(__name__)

#: Seconds between two looks at what is due, and hubs that are asked after one.
LOOK_EVERY = 5.0
AT_ONCE = 8

InLedger = Callable[[Callable[[], Any]], Awaitable[Any]]


class HubDesk:
    """Works within the poller's event loop; without a public address it does nothing."""

    def __init__(self, db: Database, egress: Egress, in_ledger: InLedger, us: Identity) -> None:
        self._db = db
        self._egress = egress
        self._in_ledger = in_ledger
        self._us = us
        self._under_way: set[asyncio.Task[None]] = set()
        self._look_at = 0.0

    async def tick(self) -> None:
        """Begin what is due, as far as there are places."""
        places = AT_ONCE - len(self._under_way)
        if not self._us.public_url or places <= 0 or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_EVERY
        due = await self._in_ledger(lambda: take_hub_requests(self._db, self._us, limit=places))
        for request in due:
            task = asyncio.create_task(self._ask(request))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def drain(self) -> None:
        """Ask all that is due, and wait for the answers."""
        self._look_at = 0.0
        await self.tick()
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def stop(self) -> None:
        """Leave what is under way; the ledger asks again."""
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _ask(self, request: HubRequest) -> None:
        address = self._us.callback(request.token)
        try:
            await ask_hub(
                self._egress, request.hub, mode=request.mode, callback=address, secret=request.secret
            )
        except FetchError as error:
            detail = error.detail
        except Exception as error:  # a bug that one hub brings out must not stop the others
            log.exception("hub.failed", hub=request.hub.url)
            detail = type(error).__name__
        else:
            log.info("hub.asked", hub=request.hub.url, mode=request.mode, topic=request.hub.topic)
            return
        log.info("hub.refused", hub=request.hub.url, mode=request.mode, detail=detail)
        try:
            await self._in_ledger(lambda: keep_refusal(self._db, request, detail))
        except UnavailableError as error:
            log.info("hub.refusal_not_kept", hub=request.hub.url, detail=str(error))
