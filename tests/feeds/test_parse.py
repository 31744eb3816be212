"""Documents into entries: the formats, the cleaning, and what is said of documents that are no feeds."""

from __future__ import annotations

import asyncio
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from monitor.core.types import Entry, FeedSnapshot
from monitor.errors import FetchReason
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
        ("<p>a &nbsp; <b>b</b>\n\n  c</p>\n<p> </p><br><br><br>d", "a b c\n\nd"),
        ("a<br>  b <br>\n<br><br>c", "a\nb\n\nc"),
        ("\t<p>tab\there\u2028and  there</p>", "tab here and there"),
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
