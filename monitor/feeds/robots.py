"""Asks a site's robots.txt before its pages are read; feeds are made for programs and are not asked about."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from monitor.core.robots import PRODUCT, RobotsRules, read_robots
from monitor.errors import FetchError, FetchReason
from monitor.feeds.answers import Fetched
from monitor.feeds.failures import refused

#: Seconds that a file is kept (RFC 9309 §2.4), and sites whose files are.
KEPT_SECONDS = 86_400.0
MOST_SITES = 5_000
#: With these there is a file, and we may not see it; with any other 4xx there is none, and all is allowed.
_NOT_NOW = (408, 425, 429)


class Robots:
    """What sites allow, each file fetched once a day; `fetch` is the egress's."""

    def __init__(self, fetch: Callable[[str], Awaitable[Fetched]]) -> None:
        self._fetch = fetch
        self._known: dict[str, tuple[float, RobotsRules]] = {}

    async def require(self, url: str) -> None:
        """Raises FetchError: DISALLOWED, or why the file could not be read, as then nothing may be either."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules(site)
        if not rules.allow(parts.path + (f"?{parts.query}" if parts.query else "")):
            raise refused(
                url,
                FetchReason.DISALLOWED,
                f"{site}/robots.txt asks {PRODUCT} not to read this page",
                "ask the publisher, or read a feed of theirs",
            )

    async def _rules(self, site: str) -> RobotsRules:
        until, rules = self._known.pop(site, (0.0, RobotsRules()))
        if time.monotonic() >= until:
            until, rules = time.monotonic() + KEPT_SECONDS, await self._read(f"{site}/robots.txt")
        self._known[site] = until, rules
        if len(self._known) > MOST_SITES:
            del self._known[next(iter(self._known))]  # the one that was not asked about for longest
        return rules

    async def _read(self, url: str) -> RobotsRules:
        try:
            return read_robots((await self._fetch(url)).body)
        except FetchError as error:
            status = error.status or 0
            if 400 <= status < 500 and status not in _NOT_NOW:
                return RobotsRules()
            raise FetchError(
                error.url,
                error.reason,
                f"its robots.txt cannot be read: {error.detail}",
                status=error.status,
                retry_after_s=error.retry_after_s,
                remedy=error.remedy,
            ) from error
