"""The feeds behind an address: a feed's own, or those of a web page and its site.

Looked at in this order, until something is found: the address itself, what the page announces, what it links
to, the sitemaps that robots.txt names, and the usual places. Everything is fetched through the egress, one
after another, and read before it is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from monitor.core.types import FeedSnapshot
from monitor.errors import FetchError, FetchReason
from monitor.feeds.answers import Fetched
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import unpacked_answer

#: Where feeds live when nobody says where.
USUAL_PLACES = ("/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
#: Addresses that are tried for one page, the first one not counted.
MOST_TRIED = 16
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed that was found and read."""

    url: str
    # "itself", "announced", "linked", "robots.txt" or "usual place"
    how: str
    # As the page that announces it calls it, else its own title.
    title: str
    snapshot: FeedSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found behind an address."""

    # Best first; empty: none.
    candidates: tuple[Candidate, ...]
    # Addresses that were tried and are no feeds, with the reason in words.
    tried: tuple[tuple[str, str], ...]


async def discover(egress: Egress, parser: FeedParser, url: str, *, now: datetime) -> Discovery:
    """The feeds behind an address. Raises FetchError where the address itself cannot be fetched."""
    fetched = unpacked_answer(await egress.fetch(url))
    try:
        snapshot = await _parsed(parser, fetched, now)
    except FetchError as error:
        if error.reason not in (FetchReason.NOT_A_FEED, FetchReason.BAD_ENCODING):
            raise
        return await _Search(egress, parser, now).behind(fetched)
    itself = Candidate(url=fetched.permanent_url, how="itself", title=snapshot.title, snapshot=snapshot)
    return Discovery(candidates=(itself,), tried=())


async def _parsed(parser: FeedParser, fetched: Fetched, now: datetime) -> FeedSnapshot:
    return await parser.parse(fetched.body, content_type=fetched.content_type, url=fetched.url, now=now)


class _Search:
    """One search for the feeds of a page."""

    def __init__(self, egress: Egress, parser: FeedParser, now: datetime) -> None:
        self._egress = egress
        self._parser = parser
        self._now = now
        self._asked: set[str] = set()
        self._found: list[Candidate] = []
        self._tried: list[tuple[str, str]] = []

    async def behind(self, page: Fetched) -> Discovery:
        self._asked.add(page.url)
        try:
            links = await self._parser.links(
                page.body, content_type=page.content_type, url=page.url, now=self._now
            )
        except FetchError:
            links = ()
        for how in ("announced", "linked"):
            await self._try(((link.url, link.title) for link in links if link.how == how), how)
        if not self._found:
            await self._try(await self._of_robots(page.url), "robots.txt")
        if not self._found:
            await self._usual(page.url, USUAL_PLACES)
        if not self._found:
            await self._usual(page.url, USUAL_SITEMAPS)
        return Discovery(candidates=tuple(self._found), tried=tuple(self._tried))

    async def _usual(self, page: str, places: Iterable[str]) -> None:
        for place in places:
            await self._try([(urljoin(page, place), "")], "usual place")
            if self._found:
                return

    async def _of_robots(self, page: str) -> list[tuple[str, str]]:
        try:
            fetched = await self._egress.fetch(urljoin(page, "/robots.txt"))
        except FetchError:
            return []
        named = _SITEMAP.findall(fetched.body[: 500 << 10].decode("utf-8", "replace"))
        # Those of news before those of everything.
        return [
            (urljoin(page, one), "") for one in sorted(named[:50], key=lambda one: "news" not in one.lower())
        ]

    async def _try(self, links: Iterable[tuple[str, str]], how: str) -> None:
        for url, title in links:
            if url in self._asked or len(self._asked) > MOST_TRIED:
                continue
            self._asked.add(url)
            try:
                fetched = unpacked_answer(await self._egress.fetch(url))
                snapshot = await _parsed(self._parser, fetched, self._now)
            except FetchError as error:
                self._tried.append((url, error.detail))
                continue
            known = {one.url for one in self._found}
            if fetched.permanent_url not in known:
                self._found.append(
                    Candidate(
                        url=fetched.permanent_url, how=how, title=title or snapshot.title, snapshot=snapshot
                    )
                )
