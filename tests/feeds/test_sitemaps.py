"""Sitemaps as feeds: what is read, what is left out, and servers that mean harm."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from feed_values import a_feed
from publishers import Asked, Handler, Publisher, answer, drips, local_egress, moves_to, publisher, says
from test_reading import after, planned

from monitor.core.types import Dropped
from monitor.errors import FetchError, FetchReason
from monitor.feeds import parse_child
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import FeedRead, NewBody, SameBody, read_feed
from monitor.feeds.sitemap_index import MOST_READ
from monitor.feeds.sitemaps import looks_like_sitemap

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def entry(path: str, title: str, at: str = "2026-03-01T09:00:00+01:00", lang: str = "en") -> str:
    return (
        f"<url><loc>https://harbour.test{path}</loc><news:news><news:publication><news:name>The Harbour Paper"
        f"</news:name><news:language>{lang}</news:language></news:publication>"
        f"<news:publication_date>{at}</news:publication_date><news:title>{title}</news:title></news:news>"
        "<image:image><image:title>Not this title</image:title></image:image></url>"
    )


def sitemap(*entries: str, root: str = f'xmlns="x" xmlns:news="{NEWS}" xmlns:image="i"') -> bytes:
    return f'<?xml version="1.0"?><urlset {root}>{"".join(entries)}</urlset>'.encode()


def index(*lines: tuple[str, str]) -> bytes:
    listed = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for url, at in lines
    )
    return f"<sitemapindex>{listed}</sitemapindex>".encode()


def read(body: bytes, *, keep_wordless: bool = False) -> dict[str, object]:
    asked = parse_child.Asked(
        content_type="", url="https://harbour.test/map.xml", now=NOW, keep_wordless=keep_wordless
    )
    answered = parse_child.read_document(body, asked)
    snapshot = answered.get("snapshot", answered)
    assert isinstance(snapshot, dict)
    return snapshot


def titles(snapshot: dict[str, object]) -> list[str]:
    entries = snapshot["entries"]
    assert isinstance(entries, list)
    return [one["title"] for one in entries]


def test_a_news_sitemap_is_a_feed_with_titles_dates_and_languages() -> None:
    body = sitemap(
        entry("/a", "Ferry &amp; pier"), entry("/b", "Паром опоздал на час и никого не ждал", lang="ru")
    )
    snapshot = read(body)
    assert (snapshot["format"], snapshot["title"], snapshot["lang"]) == ("sitemap", "The Harbour Paper", "en")
    first, second = snapshot["entries"]  # type: ignore[misc]  # a list of two
    assert first["title"] == "Ferry & pier"
    assert (first["url"], first["guid"]) == ("https://harbour.test/a", "")
    assert first["published_at"] == "2026-03-01T08:00:00+00:00"
    assert (first["lang"], second["lang"]) == ("en", "ru")


def test_the_newest_of_a_sitemap_come_first_and_the_undated_last() -> None:
    body = sitemap(
        entry("/old", "Old", "2026-02-27"),
        entry("/none", "Undated", ""),
        entry("/new", "New", "2026-03-01T10:00Z"),
    )
    assert titles(read(body)) == ["New", "Old", "Undated"]


@pytest.mark.parametrize(
    "root", ["", 'xmlns:n="wrong"', 'xmlns="https://www.sitemaps.org/schemas/sitemap/0.9"'], ids=str
)
def test_namespaces_are_not_asked_for(root: str) -> None:
    assert titles(read(sitemap(entry("/a", "Ferry late"), root=root))) == ["Ferry late"]


def test_addresses_without_a_title_are_counted_or_kept_for_their_pages() -> None:
    body = sitemap("<url><loc>https://harbour.test/a</loc><lastmod>2026-03-01</lastmod></url>")
    dropped = read(body)
    assert (dropped["entries"], dropped["dropped"]) == ([], {"entries without any words": 1})
    (kept,) = read(body, keep_wordless=True)["entries"]  # type: ignore[misc]  # a list of one
    assert (kept["url"], kept["title"]) == ("https://harbour.test/a", "")


@pytest.mark.parametrize(
    ("body", "kept", "words"),
    [
        (sitemap(entry("/a", "Ferry late"), entry("/b", "Pier"))[:-20], 1, "not well-formed"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>https://h.test/</loc></url></urlset>',
            -1,
            "entities",
        ),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
            -1,
            "entities",
        ),
        (b"<urlset>" + b"<a>" * 200_000, -1, "deeper"),
        (b"<urlset/>", 0, ""),
    ],
    ids=["cut off", "bomb", "external", "deep", "empty"],
)
def test_what_stands_before_a_fault_counts_and_the_fault_is_said(body: bytes, kept: int, words: str) -> None:
    snapshot = read(body)
    if kept < 0:
        assert snapshot["reason"] == FetchReason.NOT_A_FEED
        assert words in str(snapshot["detail"])
    else:
        assert len(titles(snapshot)) == kept
        assert words in str(snapshot["complaint"])


def test_a_title_too_many_is_counted() -> None:
    many = sitemap(*(entry(f"/{n}", f"Number {n}") for n in range(2_100)))
    snapshot = read(many)
    assert len(titles(snapshot)) == 2_000
    assert snapshot["dropped"] == {"entries after the first 2,000": 100}


# ---------------------------------------------------------------- on the wire

Make = Callable[[Publisher], dict[str, Handler]]


def look(
    make: Make, path: str = "/map.xml", *, twice: bool = False
) -> tuple[FeedRead | FetchError, list[str]]:
    """What one look (or the second) at a feed on loopback finds, and the paths that were asked for."""

    async def run() -> tuple[FeedRead | FetchError, list[str]]:
        handlers: dict[str, Handler] = {}
        async with (
            publisher(handlers) as paper,
            local_egress(timeout=1.0) as egress,
            FeedParser(children=1) as parser,
        ):
            handlers.update(make(paper))
            feed = a_feed(url=paper.url(path))
            try:
                found = await read_feed(egress, parser, feed, NOW)
                if twice:
                    found = await read_feed(egress, parser, after(feed, planned(feed, found, {})), NOW)
                return found, [asked.path for asked in paper.asked]
            except FetchError as error:
                return error, [asked.path for asked in paper.asked]

    return asyncio.run(run())


def test_an_index_is_read_with_its_newest_sitemaps_packed_ones_too() -> None:
    def make(paper: Publisher) -> dict[str, Handler]:
        lines = [
            ("/old.xml", "2020-01-01"),
            ("/news.xml.gz", "2026-03-01"),
            ("/undated.xml", ""),
            ("/gone.xml", "2026-02-28"),
        ]
        return {
            "/map.xml": says(index(*((paper.url(path), at) for path, at in lines))),
            "/news.xml.gz": says(gzip.compress(sitemap(entry("/a", "Early", "2026-03-01T06:00Z")))),
            "/undated.xml": says(sitemap(entry("/b", "Late", "2026-03-01T11:00Z"))),
        }

    found, asked = look(make)
    assert isinstance(found, NewBody)
    assert [one.title for one in found.snapshot.entries] == ["Late", "Early"]
    assert asked == ["/map.xml", "/news.xml.gz", "/gone.xml", "/undated.xml"]
    assert "/gone.xml: HTTP 404" in found.snapshot.complaint
    assert found.body_hash == ""  # the one that failed is tried again


def test_an_unchanged_index_with_a_changed_sitemap_is_news() -> None:
    """The index stays the same for weeks, and its server says "not modified"."""
    count = 0

    async def changing(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        writer.write(answer(sitemap(entry(f"/{count}", f"Number {count}"))))

    async def steady(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = asked.headers["host"]
        known = asked.headers.get("if-none-match")
        body = index((f"http://{host}/news.xml", ""))
        writer.write(answer(status="304 Not Modified") if known else answer(body, headers=('ETag: "1"',)))

    found, _ = look(lambda paper: {"/map.xml": steady, "/news.xml": changing}, twice=True)
    assert isinstance(found, NewBody)
    assert [one.title for one in found.snapshot.entries] == ["Number 2"]


def test_an_index_of_which_nothing_changed_is_the_same_body() -> None:
    def make(paper: Publisher) -> dict[str, Handler]:
        return {
            "/map.xml": says(index((paper.url("/news.xml"), ""))),
            "/news.xml": says(sitemap(entry("/a", "Ferry late"))),
        }

    assert isinstance(look(make, twice=True)[0], SameBody)


def test_indexes_in_circles_are_not_followed() -> None:
    def make(paper: Publisher) -> dict[str, Handler]:
        here, other = says(index((paper.url("/b.xml"), ""))), says(index((paper.url("/map.xml"), "")))
        return {"/map.xml": here, "/b.xml": other}

    found, asked = look(make)
    assert isinstance(found, NewBody)
    assert asked == ["/map.xml", "/b.xml"]
    assert "an index inside an index" in found.snapshot.complaint


def test_of_many_sitemaps_so_many_are_read_and_the_rest_counted() -> None:
    def make(paper: Publisher) -> dict[str, Handler]:
        maps: dict[str, Handler] = {
            f"/{n}.xml": says(sitemap(entry(f"/{n}", f"N {n}"))) for n in range(1_500)
        }
        return {"/map.xml": says(index(*((paper.url(path), "") for path in maps))), **maps}

    found, asked = look(make)
    assert isinstance(found, NewBody)
    assert len(asked) == 1 + MOST_READ
    assert Dropped(f"sitemaps after the newest {MOST_READ}", 1_000 - MOST_READ) in found.snapshot.dropped


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda paper: {"/map.xml": says(gzip.compress(b" " * 60_000_000))}, FetchReason.TOO_LARGE),
        (lambda paper: {"/map.xml": says(b"\x1f\x8bnot gzip at all")}, FetchReason.BAD_ENCODING),
        (
            lambda paper: {
                "/map.xml": says(index((paper.url("/s.xml"), ""))),
                "/s.xml": moves_to("http://10.0.0.7/s.xml"),
            },
            FetchReason.FORBIDDEN_ADDRESS,
        ),
        (
            lambda paper: {"/map.xml": says(index((paper.url("/s.xml"), ""))), "/s.xml": drips},
            FetchReason.TIMEOUT,
        ),
        (lambda paper: {"/map.xml": says(index(("file:///etc/passwd", ""), ("javascript:x", "")))}, None),
    ],
    ids=["bomb", "not gzip", "private address", "drip", "no web address"],
)
def test_a_hostile_sitemap_is_an_ordinary_failure(make: Make, reason: FetchReason | None) -> None:
    found, _ = look(make)
    if reason is None:
        assert isinstance(found, NewBody)
        assert found.snapshot.entries == ()
        assert found.snapshot.dropped == (Dropped("links that are no web address", 2),)
    else:
        assert isinstance(found, FetchError)
        assert found.reason is reason


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        ("<urlset>", True),
        (
            '\ufeff \n<?xml version="1.0"?>\n<?x y>"?><!-- <rss> --><s:sitemapindex xmlns:s="x">',
            True,
        ),
        ('<!DOCTYPE urlset [<!ENTITY a ">">]> <urlset>', True),
        ("<!-- <urlset> --><rss>", False),
        ("<!--" * 5_000, False),
        ("<urlsets>", False),
        ("", False),
    ],
)
def test_a_sitemap_is_known_by_its_first_element(start: str, is_one: bool) -> None:
    assert looks_like_sitemap(start.encode()) is is_one
