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
#: So long a file that could not be had is not asked for again, unless its server wants longer. A page is not
#: tried again sooner either.
FAILURE_SECONDS = 60.0
#: With these there is a file, and we may not see it; with any other 4xx there is none, and all is allowed.
_NOT_NOW = (408, 425, 429)


Fetch = Callable[[str], Awaitable[Fetched]]


class Robots:
    """What sites allow, each file fetched once a day."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, RobotsRules | FetchError]] = {}

    async def require(self, url: str, fetch: Fetch) -> None:
        """Raises FetchError: DISALLOWED, or why the file could not be read, as then nothing may be either.

        `fetch` is the egress's, with the time that is left.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules(site, fetch)
        if not rules.allow(parts.path + (f"?{parts.query}" if parts.query else "")):
            raise refused(
                url,
                FetchReason.DISALLOWED,
                f"{site}/robots.txt asks {PRODUCT} not to read this page",
                "ask the publisher, or read a feed of theirs",
            )

    async def _rules(self, site: str, fetch: Fetch) -> RobotsRules:
        until, rules = self._known.pop(site, (0.0, RobotsRules()))
        if time.monotonic() >= until:
            rules = await _read(f"{site}/robots.txt", fetch)
            until = time.monotonic() + _kept(rules)
        self._known[site] = until, rules
        if len(self._known) > MOST_SITES:
            del self._known[next(iter(self._known))]  # the one that was not asked about for longest
        if isinstance(rules, FetchError):
            raise _unreadable(rules)
        return rules


async def _read(url: str, fetch: Fetch) -> RobotsRules | FetchError:
    """The rules of a site, or why they cannot be had (RFC 9309 §2.3.1.4: nothing is allowed then)."""
    try:
        return read_robots((await fetch(url)).body)
    except FetchError as error:
        status = error.status or 0
        return RobotsRules() if 400 <= status < 500 and status not in _NOT_NOW else error


def _kept(rules: RobotsRules | FetchError) -> float:
    """For how many seconds."""
    if isinstance(rules, RobotsRules):
        return KEPT_SECONDS
    return min(max(FAILURE_SECONDS, rules.retry_after_s or 0.0), KEPT_SECONDS)


def _unreadable(error: FetchError) -> FetchError:
    return FetchError(
        error.url,
        error.reason,
        f"its robots.txt cannot be read: {error.detail}",
        status=error.status,
        retry_after_s=error.retry_after_s,
        remedy=error.remedy,
    )
