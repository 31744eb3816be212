"""Documents into entries: the formats, the cleaning, and what is said of documents that are no feeds."""

from __future__ import annotations

import asyncio
import os
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from monitor.core.types import Entry, FeedSnapshot
from monitor.errors import FetchError, FetchReason
from monitor.feeds import drafts, plain
from monitor.feeds.language import detect
from monitor.feeds.parse import FeedParser
from monitor.feeds.parse_child import Asked, read_document

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://harbour.test/feeds/news.xml"
T = TypeVar("T")


def parsed(body: bytes | str, *, content_type: str = "", url: str = URL) -> FeedSnapshot:
    """As the poller gets it, through a child process."""

    async def run() -> FeedSnapshot:
        async with FeedParser(children=1) as parser:
            encoded = body.encode() if isinstance(body, str) else body
            return await parser.parse(encoded, content_type=content_type, url=url, now=NOW)

    return asyncio.run(run())


def read(body: bytes | str, *, content_type: str = "", url: str = URL) -> dict[str, object]:
    """The child's answer, without the process."""
    encoded = body.encode() if isinstance(body, str) else body
    return read_document(encoded, Asked(content_type=content_type, url=url, now=NOW))


def one_entry(inside: str, *, before: str = "") -> dict[str, object]:
    answer = read(
        f'{before}<rss version="2.0"><channel><title>H</title><item>{inside}</item></channel></rss>'
    )
    assert "snapshot" in answer, answer
    (entry,) = answer["snapshot"]["entries"]  # type: ignore[index]  # JSON
    return dict(entry)


RSS_091 = """<?xml version="1.0"?><rss version="0.91"><channel><title>Harbour</title>
<link>http://harbour.test/</link><description>d</description><language>en</language>
<item><title>Ferry late</title><link>http://harbour.test/ferry</link>
<description>It left an hour late.</description></item></channel></rss>"""
RSS_10 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://harbour.test/"><title>Harbour</title><link>http://harbour.test/</link></channel>
<item rdf:about="http://harbour.test/ferry"><title>Ferry late</title><link>http://harbour.test/ferry</link>
<description>It left an hour late.</description><dc:date>2026-03-01T10:00:00Z</dc:date></item></rdf:RDF>"""
RSS_20 = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour</title><link>http://harbour.test/</link><language>en-gb</language>
<item><title>Ferry late</title><link>/ferry</link><guid isPermaLink="false">f-1</guid>
<pubDate>Sun, 01 Mar 2026 11:00:00 +0100</pubDate><author>a@harbour.test (Ada Quay)</author>
<description>It left an hour late.</description>
<content:encoded><![CDATA[<p>It left an <b>hour</b> late.</p><p>Nobody was hurt.</p>]]></content:encoded>
</item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour</title>
<id>urn:h</id><updated>2026-03-01T11:00:00Z</updated><link href="http://harbour.test/"/>
<entry><id>urn:f-1</id><title type="text">5 &lt; 6 ferries</title><link href="../ferry"/>
<published>2026-03-01T10:00:00Z</published><updated>2026-03-01T10:30:00Z</updated>
<author><name>Ada Quay</name></author><summary>It left an hour late.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It left an hour late.</p>
<p>Nobody was hurt.</p></div></content></entry></feed>"""
JSON_10 = """{"version": "https://jsonfeed.org/version/1", "title": "Harbour",
"home_page_url": "http://harbour.test/",
"items": [{"id": 17, "url": "http://harbour.test/ferry", "title": "Ferry late",
"author": {"name": "Ada Quay"},
"content_text": "It left an hour late.", "date_published": "2026-03-01T11:00:00+01:00"}]}"""
JSON_11 = """{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "language": "en-GB",
"authors": [{"name": "The desk"}], "items": [{"id": "f-1", "url": "/ferry", "title": "Ferry late",
"summary": "Late.", "content_html": "<p>It left an hour late.</p><p>Nobody was hurt.</p>",
"date_published": "2026-03-01T10:00:00Z", "date_modified": "2026-03-01T10:30:00Z"}, 7, {"id": {}}]}"""


@pytest.mark.parametrize(
    ("body", "feed_format", "changes"),
    [
        (RSS_091, "rss091u", {"guid": "", "published_at": None, "author": "", "updated_at": None}),
        (
            RSS_10,
            "rss10",
            {"guid": "http://harbour.test/ferry", "author": "", "updated_at": NOW - timedelta(hours=2)},
        ),
        (RSS_20, "rss20", {"text": "It left an hour late.\n\nNobody was hurt.", "author": "?"}),
        (
            ATOM,
            "atom10",
            {
                "guid": "urn:f-1",
                "title": "5 < 6 ferries",
                "text": "It left an hour late.\n\nNobody was hurt.",
                "updated_at": NOW - timedelta(minutes=90),
            },
        ),
        (JSON_10, "json10", {"guid": "17", "summary": ""}),
        (
            JSON_11,
            "json11",
            {
                "summary": "Late.",
                "text": "It left an hour late.\n\nNobody was hurt.",
                "author": "The desk",
                "updated_at": NOW - timedelta(minutes=90),
            },
        ),
    ],
)
def test_each_format_gives_the_same_kind_of_entry(
    body: str, feed_format: str, changes: dict[str, object]
) -> None:
    snapshot = parsed(body)
    assert (snapshot.format, snapshot.title, snapshot.complaint) == (feed_format, "Harbour", "")
    (entry,) = snapshot.entries
    expected = {
        "guid": "f-1",
        "url": "http://harbour.test/ferry",
        "title": "Ferry late",
        "summary": "It left an hour late.",
        "text": "It left an hour late.",
        "author": "Ada Quay",
        "lang": "en",
        "published_at": NOW - timedelta(hours=2),
        "updated_at": None,
    } | changes
    found = {name: getattr(entry, name) for name in Entry.__slots__}
    assert found == {name: found[name] if value == "?" else value for name, value in expected.items()}


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("a<script>alert(1)</script>b<style>p{}</style>c<!-- d -->e", "abce"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("AT&amp;T &lt;b&gt; &quot;x&quot; &nbsp; y", 'AT&T <b> "x" y'),
        ("in\n  the   <em>middle</em>\nof it", "in the middle of it"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("“Quoted” — <a href='javascript:x'>link</a>", "“Quoted” — link"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("cafe\u0301", "café"),
        ("a\x00b\x1b[31mc\u009bd\ufeffe\uffff", "ab[31mcde"),
    ],
)
def test_markup_becomes_the_text_that_a_reader_sees(markup: str, text: str) -> None:
    found = plain.from_html(markup)
    assert " ".join(found.split()) == " ".join(text.split())
    if "\n" in text and "<li>" not in markup and "<table" not in markup:
        assert found == text


def test_clean_text_has_no_control_characters_surrogates_or_loose_composition() -> None:
    nasty = "".join(map(chr, range(0x300))) + "\ud800\udfff\ufffe\U0001ffff" + "e\u0301"
    found = plain.clean(nasty)
    assert all(unicodedata.category(letter) not in ("Cc", "Cs") or letter == "\n" for letter in found)
    assert unicodedata.is_normalized("NFC", found)
    found.encode("utf-8")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("5 &lt; 6 &amp; 7 &gt; 3", "5 < 6 & 7 > 3"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_titles_lose_their_markup_and_keep_their_signs(title: str, shown: str) -> None:
    assert one_entry(f"<title>{title}</title>")["title"] == shown


def test_nothing_is_longer_than_its_limit_and_the_cuts_are_counted() -> None:
    long = "word " * 300_000
    answer = read(
        f'<rss version="2.0"><channel><title>H</title><item><title>{long}</title>'
        f"<description>{long}</description><guid>{'g' * 5000}</guid></item></channel></rss>"
    )
    snapshot = answer["snapshot"]
    (entry,) = snapshot["entries"]  # type: ignore[index]  # JSON
    assert len(entry["title"]) <= drafts.LONGEST_TITLE
    assert len(entry["text"]) <= drafts.LONGEST_TEXT
    assert len(entry["guid"]) < 200
    assert any("titles cut" in reason for reason in snapshot["dropped"])  # type: ignore[index]  # JSON
    assert any("texts cut" in reason for reason in snapshot["dropped"])  # type: ignore[index]  # JSON


def test_entries_beyond_the_limit_are_left_out_and_counted() -> None:
    many = "".join(f"<item><title>{n}</title></item>" for n in range(drafts.MOST_ENTRIES + 5))
    snapshot = read(f'<rss version="2.0"><channel>{many}</channel></rss>')["snapshot"]
    assert len(snapshot["entries"]) == drafts.MOST_ENTRIES  # type: ignore[index]  # JSON
    assert 5 in snapshot["dropped"].values()  # type: ignore[index]  # JSON


def test_a_reference_to_half_a_character_costs_that_character_alone() -> None:
    assert one_entry("<title>a&#xD800;b&#56320;c</title>")["title"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("/a", "http://harbour.test/a"),
        ("b", "http://harbour.test/feeds/b"),
        ("//other.test/c", "http://other.test/c"),
        ("https://x.test/d?e=1#f", "https://x.test/d?e=1#f"),
        ("javascript:alert(1)", ""),
        ("ftp://x.test/", ""),
        ("http://[bad", ""),
        ("http://user:pw@x.test/", ""),
        ("http://x.test/" + "y" * 3000, ""),
    ],
)
def test_links_are_absolute_web_addresses_or_nothing(link: str, absolute: str) -> None:
    assert one_entry(f"<title>t</title><link>{link}</link>")["url"] == absolute


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Sun, 01 Mar 2026 10:00:00 GMT", NOW - timedelta(hours=2)),
        ("2026-03-01T10:00:00+03:00", NOW - timedelta(hours=5)),
        ("Sun, 01 Mar 2026 12:04:00 GMT", NOW + timedelta(minutes=4)),
        ("Sun, 01 Mar 2026 15:00:00 GMT", NOW + timedelta(minutes=5)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T00:00:00Z", None),
        ("9999999999-12-31", None),
        ("yesterday", None),
    ],
)
def test_dates_are_utc_never_far_ahead_and_never_absurd(date: str, at: datetime | None) -> None:
    found = one_entry(f"<title>t</title><pubDate>{date}</pubDate>")["published_at"]
    assert found == (at.isoformat() if at else None)


def test_guids_that_name_several_links_name_nothing() -> None:
    items = "".join(
        f"<item><title>{n}</title><guid isPermaLink='false'>x</guid><link>/{n}</link></item>" for n in "ab"
    )
    snapshot = read(f'<rss version="2.0"><channel>{items}</channel></rss>')["snapshot"]
    assert [entry["guid"] for entry in snapshot["entries"]] == ["", ""]  # type: ignore[index]  # JSON
    assert "share a guid" in snapshot["complaint"]  # type: ignore[index]  # JSON


# ---------------------------------------------------------------- language


def test_the_language_is_declared_or_detected_and_a_sure_reading_wins() -> None:
    russian = "Паром вышел из гавани на час позже, сообщил в воскресенье начальник порта. " * 3
    assert one_entry(f"<title>t</title><description>{russian}</description>")["lang"] == "ru"
    feed = '<rss version="2.0"><channel><language>{}</language><item><title>{}</title></item></channel></rss>'
    for declared, title, lang in (("en-US", russian, "ru"), ("de_AT", "Hm", "de"), ("x", "Hm", "")):
        snapshot = read(feed.format(declared, title))["snapshot"]
        assert snapshot["entries"][0]["lang"] == lang  # type: ignore[index]  # JSON


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The ferry left the harbour an hour late.", "en"),
        ("Паром вышел из гавани на час позже.", "ru"),
        ("Die Fähre verließ den Hafen eine Stunde später.", "de"),
        ("12:30", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_detected_or_left_open(text: str, lang: str) -> None:
    assert detect(text) == lang


# ---------------------------------------------------------------- no feeds


@pytest.mark.parametrize(
    ("body", "detail", "remedy"),
    [
        ("", "empty", ""),
        (
            "<!doctype html><html><head><title>Harbour &amp; Sea</title></head></html>",
            "Harbour & Sea",
            "no feed",
        ),
        (
            "<html><head><title>H</title><link rel='alternate' type='application/rss+xml' href='/rss.xml'>",
            "web page titled “H”",
            "http://harbour.test/rss.xml",
        ),
        ("<kml><Point/></kml>", "<kml>", ""),
        ("<?xml version='1.0'?><opml version='2.0'><body/></opml>", "list of feeds", "add the feeds"),
        ('{"version": "2", "items": []}', "not a JSON Feed", ""),
        ('{"version": ', "starts like JSON", ""),
        ("just words", "no feed", ""),
        (b"\x1f\x8b\x08\x00", "gzip", ""),
        (b"<rss version='2.0'><channel>\xff<rss:title<", "starts like a feed", ""),
    ],
)
def test_what_is_no_feed_is_named_with_a_remedy(body: bytes | str, detail: str, remedy: str) -> None:
    answer = read(body)
    assert answer["reason"] == FetchReason.NOT_A_FEED.value
    assert detail in str(answer["detail"])
    assert remedy in str(answer["remedy"])
    assert answer["remedy"]


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "punycode", "idna", "rot13", "zlib"])
def test_encodings_that_no_feed_uses_are_refused(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"/>'
    assert read(body)["reason"] == FetchReason.BAD_ENCODING.value
    header = read('<rss version="2.0"/>', content_type=f"text/xml; charset={encoding}")
    assert header["reason"] == FetchReason.BAD_ENCODING.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r"])
def test_ordinary_encodings_are_read(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>' + RSS_20.partition("?>")[2].replace(
        "Ferry", "Паром"
    )
    snapshot = read(body.encode(encoding))["snapshot"]
    assert snapshot["entries"][0]["title"] == "Паром late"  # type: ignore[index]  # JSON


# ---------------------------------------------------------------- nothing outside is touched


_opened: list[str] = []
_listening = False


def _note_opens(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in ("open", "socket.connect", "socket.getaddrinfo"):
        _opened.append(f"{event} {arguments[0]}")


def watched(run: Callable[[], T]) -> tuple[T, list[str]]:
    """What `run` gives, and every file or connection that was opened meanwhile in this process."""
    global _listening
    if not getattr(watched, "hooked", False):
        sys.addaudithook(_note_opens)
        watched.hooked = True  # type: ignore[attr-defined]  # a hook cannot be removed: once is enough
    _opened.clear()
    _listening = True
    try:
        return run(), [seen for seen in _opened if "site-packages" not in seen and "python3" not in seen]
    finally:
        _listening = False


@pytest.mark.parametrize(
    "body",
    [
        b"/etc/passwd",
        os.fsencode(__file__),
        b"http://127.0.0.1:9/feed",
        b"file:///etc/passwd",
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>'
        b"<title>a&x;</title></item></channel></rss>",
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/dtd"><rss version="2.0"><channel><item><title>a</title>'
        b"</item></channel></rss>",
        b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><rss version="2.0"><channel><item>'
        b"<title>a</title></item></channel></rss>",
    ],
)
def test_a_body_opens_no_file_and_no_connection(body: bytes) -> None:
    read(RSS_20)  # whatever is loaded at the first use is loaded now
    answer, opened = watched(lambda: read(body))
    assert opened == []
    assert "root:" not in str(answer)


def test_the_watch_of_the_test_above_sees_an_open() -> None:
    _, opened = watched(lambda: open("/etc/hostname", "rb").close())
    assert opened == ["open /etc/hostname"]


# ---------------------------------------------------------------- the pool


def bomb(levels: int = 9) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    return (
        f'<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">{entities}]>'
        f'<rss version="2.0"><channel><item><title>x &a{levels};</title></item></channel></rss>'
    ).encode()


def test_an_entity_bomb_stays_small() -> None:
    answer = read(bomb())
    assert len(str(answer)) < 10_000


def run_pool(use: Callable[[FeedParser], object], **limits: float) -> object:
    async def run() -> object:
        async with FeedParser(**limits) as parser:  # type: ignore[arg-type]  # limits by name
            return await use(parser)  # type: ignore[misc]  # an awaitable

    return asyncio.run(run())


SLOW = b'<rss version="2.0"><channel><item>' + b"<a>" * 100_000


async def _reason(parser: FeedParser, body: bytes) -> tuple[FetchReason | None, str]:
    try:
        await parser.parse(body, content_type="", url=URL, now=NOW)
    except FetchError as error:
        return error.reason, error.detail
    return None, ""


def test_a_document_that_takes_too_long_is_killed_and_the_next_is_read() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (RSS_20.encode(), SLOW, RSS_20.encode())]

    first, slow, last = run_pool(use, children=1, wall_seconds=1.0)  # type: ignore[misc]  # a list
    assert first == last == (None, "")
    assert slow[0] is FetchReason.PARSER_FAILED
    assert "more than 1 s" in slow[1]


def test_a_document_that_takes_too_much_processor_time_is_ended_by_the_kernel() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (SLOW, RSS_20.encode())]

    slow, last = run_pool(use, children=1, cpu_seconds=1.0, wall_seconds=60.0)  # type: ignore[misc]  # a list
    assert slow[0] is FetchReason.PARSER_FAILED
    assert "processor time" in slow[1]
    assert last == (None, "")


def test_a_document_that_takes_too_much_memory_is_given_up() -> None:
    big = b'<rss version="2.0"><channel><item><description>' + b"x" * (15 << 20) + b"</description></item>"

    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (big, RSS_20.encode())]

    large, last = run_pool(use, children=1, memory_bytes=110 << 20)  # type: ignore[misc]  # a list
    assert large[0] is FetchReason.PARSER_FAILED
    assert last == (None, "")


def test_a_slow_document_does_not_hold_up_the_others() -> None:
    async def use(parser: FeedParser) -> list[str]:
        order: list[str] = []

        async def one(name: str, body: bytes) -> None:
            await _reason(parser, body)
            order.append(name)

        await asyncio.gather(one("slow", SLOW), *(one("good", RSS_20.encode()) for _ in range(20)))
        return order

    assert run_pool(use, children=2, wall_seconds=3.0) == ["good"] * 20 + ["slow"]


def test_a_child_that_was_killed_while_idle_costs_no_document() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        first = await _reason(parser, RSS_20.encode())
        process = parser._idle[0]._process
        process.kill()
        await process.wait()
        return [first, await _reason(parser, RSS_20.encode())]

    assert run_pool(use, children=1) == [(None, "")] * 2


def test_children_are_replaced_after_their_share_and_none_is_left_behind() -> None:
    seen: set[int] = set()

    async def use(parser: FeedParser) -> None:
        for _ in range(5):
            await _reason(parser, RSS_20.encode())
            seen.update(child._process.pid for child in parser._idle)

    run_pool(use, children=1, documents_per_child=2)
    assert len(seen) == 3
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_child_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMWATCH_SECRET_HOOK", "canary")

    async def use(parser: FeedParser) -> bytes:
        await _reason(parser, RSS_20.encode())
        with open(f"/proc/{parser._idle[0]._process.pid}/environ", "rb") as environment:
            return environment.read()

    assert b"canary" not in run_pool(use, children=1)  # type: ignore[operator]  # bytes


def test_a_cancelled_reading_leaves_no_child() -> None:
    async def use(parser: FeedParser) -> list[object]:
        task = asyncio.create_task(_reason(parser, SLOW))
        await asyncio.sleep(1.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await _reason(parser, RSS_20.encode()) == (None, "")
        return [parser._turns._value, len(parser._idle)]

    assert run_pool(use, children=1) == [1, 1]
