"""Where the feeds of a page are found, and what a hostile page gains."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from publishers import RSS, Handler, Publisher, local_egress, moves_to, publisher, says

from monitor.errors import FetchError, FetchReason
from monitor.feeds.discovery import MOST_TRIED, Discovery, discover
from monitor.feeds.parse import FeedParser

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNOUNCED = (
    b'<html><link rel=alternate type="application/rss+xml" title="All" href="/rss"><a href="/feed2.rss">x</a>'
)
BARE = b"<html><title>Harbour</title><p>Nothing here"
NEWS = b"<urlset><url><loc>https://h.test/a</loc><news><title>Ferry</title></news></url></urlset>"


def many_links(paper: Publisher) -> dict[str, Handler]:
    page = "".join(f'<a href="/{n}.rss">x</a>' for n in range(500))
    return {"/": says(b"<html>" + page.encode())}


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda paper: {"/": says(RSS)}, [("/", "itself")]),
        (lambda paper: {"/": moves_to("/new", "301 Moved"), "/new": says(RSS)}, [("/new", "itself")]),
        (
            lambda paper: {"/": says(ANNOUNCED), "/rss": says(RSS), "/feed2.rss": says(RSS)},
            [("/rss", "announced"), ("/feed2.rss", "linked")],
        ),
        (
            lambda paper: {
                "/": says(BARE),
                "/robots.txt": says(
                    f"User-agent: *\nSitemap: {paper.url('/a.xml')}\nSITEMAP: /news.xml".encode()
                ),
                "/news.xml": says(NEWS),
                "/a.xml": says(BARE),
            },
            [("/news.xml", "robots.txt")],
        ),
        (
            lambda paper: {"/": says(BARE), "/feed.xml": says(RSS), "/atom.xml": says(RSS)},
            [("/feed.xml", "usual place")],
        ),
        (
            lambda paper: {"/": says(BARE), "/sitemap-news.xml": says(NEWS)},
            [("/sitemap-news.xml", "usual place")],
        ),
        (
            lambda paper: {"/": says(ANNOUNCED.replace(b"/rss", b"http://10.0.0.7/rss"))},
            [],
        ),
        (many_links, []),
    ],
    ids=["feed", "moved", "announced", "robots", "usual place", "sitemap", "private", "many links"],
)
def test_feeds_are_found_in_order(
    make: Callable[[Publisher], dict[str, Handler]], found: list[tuple[str, str]]
) -> None:
    async def run() -> tuple[Discovery, Publisher]:
        handlers: dict[str, Handler] = {}
        async with publisher(handlers) as paper, local_egress() as egress:
            handlers.update(make(paper))
            return await discover(egress, PARSER, paper.url(), now=NOW), paper

    async def with_parser() -> tuple[Discovery, Publisher]:
        global PARSER
        async with FeedParser(children=1) as PARSER:
            return await run()

    discovery, paper = asyncio.run(with_parser())
    assert [(one.url.removeprefix(paper.url()[:-1]), one.how) for one in discovery.candidates] == found
    assert len(paper.asked) <= MOST_TRIED + 3


PARSER: FeedParser


def test_an_address_that_cannot_be_fetched_is_said_as_such() -> None:
    async def run() -> None:
        async with publisher({}) as paper, local_egress() as egress, FeedParser(children=1) as parser:
            with pytest.raises(FetchError) as failed:
                await discover(egress, parser, paper.url("/none"), now=NOW)
            assert failed.value.reason is FetchReason.HTTP_STATUS

    asyncio.run(run())
