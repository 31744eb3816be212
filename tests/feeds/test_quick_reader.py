"""The quick reader says what feedparser says, or nothing: over feedparser's own documents, recorded feeds,
and documents put together by chance from all that stands in real ones."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import plain, quick_reader, quick_values
from monitor.feeds.drafts import finish
from monitor.feeds.links import is_plain
from monitor.feeds.parse_child import read_with_feedparser

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://harbour.test/feeds/news.xml"


def quickly(body: bytes, content_type: str = "application/xml") -> dict[str, Any] | None:
    feed = quick_reader.read(body.lstrip(), content_type=content_type, url=URL)
    return finish(feed, url=URL, now=NOW) if feed else None


def carefully(body: bytes, content_type: str = "application/xml") -> dict[str, Any] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        feed = read_with_feedparser(body, content_type, URL)
    return finish(feed, url=URL, now=NOW) if feed else None


def files_of(*folders: str) -> list[Path]:
    files = [
        f for name in folders for f in sorted((SHARED / name).rglob("*")) if f.suffix in (".xml", ".rss")
    ]
    if not files:
        pytest.skip(f"no documents in {SHARED}")
    return files


@pytest.mark.parametrize("content_type", ["application/rss+xml", "", "text/xml; charset=utf-8"])
def test_feedparsers_own_documents_come_out_alike(content_type: str) -> None:
    read = 0
    for file in files_of("feedparser"):
        body = file.read_bytes()
        quick = quickly(body, content_type)
        if quick is not None:
            read += 1
            assert quick == carefully(body, content_type), file
    assert read > 600  # most of the others test what is not well-formed, or other encodings


def test_recorded_feeds_come_out_alike_and_most_are_read_quickly() -> None:
    files = files_of("recorded", "recorded_mediacloud")
    read = 0
    for file in files:
        body = file.read_bytes()
        quick = quickly(body)
        if quick is not None:
            read += 1
            assert quick == carefully(body), file
    assert read >= 2 * len(files) // 3


NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:own="http://harbour.test/own"'
)
TEXTS = st.sampled_from(
    [
        "",
        "Ferry late",
        " Ferry\n late ",
        "5 &lt; 6",
        "&lt;b&gt;bold&lt;/b&gt;",
        "AT&amp;amp;T",
        "<![CDATA[<p>A &amp; B</p>]]>",
        "Café",
        "cafÃ©",
        "\x93quoted\x94",
        "Теракт в «Крокусе»",
        "&lt;madeup&gt;x&lt;/madeup&gt;",
        "a&amp;b;c",
    ]
)
LINKS = st.sampled_from(
    [
        "http://harbour.test/ferry?a=1&amp;b=2",
        "/ferry",
        "",
        "ferry",
        "https://other.test/#x",
        "HTTP://Upper.test/",
        "mailto:a@harbour.test",
        "http:////harbour.test/x",
        "http://harbour.test/a;b?c#",
        "//cdn.test/x",
        "urn:x:1",
        "12",
    ]
)
DATES = st.sampled_from(
    [
        "Sun, 01 Mar 2026 10:00:00 GMT",
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.5+02:00",
        "1 Mar 2026 9:00 EST",
        "Sun, 31 Jun 2026 10:00:00 +0100",
        "yesterday",
        "",
        "2026-03-01",
        "20260301T100000Z",
        "1 Mar 26 10:00:00 -0330",
    ]
)
ELEMENTS = st.one_of(
    *(
        st.builds(lambda text, name=name: f"<{name}>{text}</{name}>", TEXTS)
        for name in (
            "title",
            "description",
            "content:encoded",
            "dc:title",
            "media:title",
            "media:description",
        )
        for _ in range(2)
    ),
    *(
        st.builds(lambda text, name=name: f"<{name}>{text}</{name}>", TEXTS)
        for name in (
            "author",
            "dc:creator",
            "category",
            "source",
            "comments",
            "own:title",
            "summary",
            "itunes:summary",
        )
    ),
    *(
        st.builds(lambda text, name=name: f"<{name}>{text}</{name}>", DATES)
        for name in (
            "pubDate",
            "dc:date",
            "updated",
            "published",
            "dcterms:created",
            "atom:updated",
            "dc:modified",
        )
    ),
    st.builds(lambda link: f"<link>{link}</link>", LINKS),
    st.builds(lambda link: f"<guid>{link}</guid>", LINKS),
    st.builds(lambda link: f'<guid isPermaLink="false">{link}</guid>', LINKS),
    st.builds(
        lambda link, how: f'<atom:link href="{link}" {how}/>',
        LINKS,
        st.sampled_from(["", 'rel="self"', 'type="x/y"']),
    ),
    st.builds(
        lambda name, email: f"<author><name>{name}</name><email>{email}</email></author>",
        TEXTS,
        st.sampled_from(["", "a@b.test"]),
    ),
    st.builds(
        lambda text: f'<media:content url="x"><media:title>{text}</media:title></media:content>', TEXTS
    ),
    st.builds(
        lambda text, kind: f'<content type="{kind}">{text}</content>',
        TEXTS,
        st.sampled_from(["html", "text", "xhtml"]),
    ),
    st.builds(lambda text: f'<title xml:lang="de-AT">{text}</title>', TEXTS),
    st.builds(lambda text: f"<image><title>{text}</title></image>", TEXTS),
    st.sampled_from(
        [
            "<enclosure url='x'/>",
            "<own:deep><title>x</title></own:deep>",
            "<post-id xmlns='own:1'>7</post-id>",
        ]
    ),
)
ENTRIES = st.lists(ELEMENTS, max_size=7)
FEED_PARTS = st.lists(
    st.one_of(
        st.builds(lambda text: f"<title>{text}</title>", TEXTS),
        st.builds(lambda link: f"<link>{link}</link>", LINKS),
        st.builds(lambda link: f'<atom:link rel="alternate" href="{link}"/>', LINKS),
        st.sampled_from(
            [
                "<language>en-gb</language>",
                "<dc:language>fr</dc:language>",
                "<ttl>60</ttl>",
                "<itunes:summary>x</itunes:summary>",
                "<image><url>x</url><title>I</title><link>/i</link></image>",
                "<description>D</description>",
                "<id>/feed</id>",
            ]
        ),
    ),
    max_size=5,
)


def rss(parts: list[str], entries: list[list[str]], root: str) -> bytes:
    items = "".join(f"<item>{''.join(entry)}</item>" for entry in entries)
    return f"<rss {root} {NAMESPACES}><channel>{''.join(parts)}{items}</channel></rss>".encode()


def atom(parts: list[str], entries: list[list[str]], root: str) -> bytes:
    items = "".join(f"<entry>{''.join(entry)}</entry>" for entry in entries)
    opening = f'<feed xmlns="http://www.w3.org/2005/Atom" {root} {NAMESPACES}>'
    return f"{opening}{''.join(parts)}{items}</feed>".encode()


@settings(max_examples=400, deadline=None)
@given(
    shape=st.sampled_from([rss, atom]),
    parts=FEED_PARTS,
    entries=st.lists(ENTRIES, max_size=3),
    root=st.sampled_from(
        ['version="2.0"', 'xml:lang="en-US"', 'xml:base="http://base.test/a/"', 'version="0.92"', ""]
    ),
)
def test_documents_put_together_by_chance_come_out_alike(
    shape: Any, parts: list[str], entries: list[list[str]], root: str
) -> None:
    body = shape(parts, entries, root)
    quick = quickly(body)
    if quick is not None:
        assert quick == carefully(body)


RSS = rss(["<title>Harbour</title>"], [["<title>Ferry</title>", "<link>/ferry</link>"]], 'version="2.0"')


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("not well-formed", RSS.replace(b"</title>", b"", 1)),
        ("an entity that is declared", b'<!DOCTYPE rss [<!ENTITY a "b">]>' + RSS),
        ("another encoding", b'<?xml version="1.0" encoding="koi8-r"?>' + RSS),
        ("UTF-16", RSS.decode().encode("utf-16")),
        ("markup that is not escaped", RSS.replace(b"Ferry", b"<b>Ferry</b>")),
        ("a prefix with another meaning", RSS.replace(b"xmlns:dc=", b"xmlns:media=", 1)),
        ("two titles", RSS.replace(b"<title>H", b"<title>G</title><title>H")),
        ("no feed", b"<html><body>x</body></html>"),
        ("nothing", b""),
    ],
)
def test_what_may_come_out_differently_is_declined(what: str, body: bytes) -> None:
    assert quickly(body) is None, what


def test_an_ordinary_feed_is_not_declined() -> None:
    quick = quickly(RSS)
    assert quick is not None
    assert quick["entries"][0]["title"] == "Ferry"
    assert quick == carefully(RSS)


@given(
    st.text(
        alphabet=st.sampled_from("ab \n\t\r\x0b\x85\u2028\xa0\u200b\ufeff\x00\x1f é\u0301\ud800"), max_size=30
    )
)
def test_tidy_text_takes_a_short_way_to_the_same_end(text: str) -> None:
    cleaned = plain.clean(text)
    assert cleaned == plain.clean(cleaned)
    assert not {"\t", "\r", "\x0b", "\x85", "\u2028", "\x00", "\ufeff", "\xa0", "\ud800"} & set(cleaned)
    assert "  " not in cleaned
    assert "\n\n\n" not in cleaned
    assert cleaned.count("b") == text.count("b")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://harbour.test/a/b?c=d&e=f#g", True),
        ("http://harbour.test", True),
        ("http://harbour.test/?", False),
        ("http://harbour.test/#", False),
        ("http://a@harbour.test/", False),
        ("http:///x", False),
        ("/x", False),
        ("http://harbour.test/a b", False),
        ("http://harbour.test/%d0%b0", True),
        ("http://гавань.test/", False),
    ],
)
def test_an_ordinary_address_needs_no_joining(link: str, expected: bool) -> None:
    from urllib.parse import urljoin, urlsplit

    assert is_plain(link) is expected
    if expected:
        assert urljoin(URL, link) == link
        assert urlsplit(link).hostname


@pytest.mark.parametrize(
    "value",
    [
        *("Sun, 01 Mar 2026 10:00:00 GMT", "1 Mar 2026 10:00:00 +0530", "Sun, 01 Mar 2026 10:00:60 GMT", "x"),
        *(
            "2026-03-01T10:00:00-03:30",
            "2026-03-01T25:00:00Z",
            "31 Feb 2026 10:00:00 utc",
            "1999-13-01T00:00:00Z",
        ),
    ],
)
def test_dates_come_out_as_feedparsers(value: str) -> None:
    import calendar

    from feedparser.datetimes import _parse_date

    parsed = _parse_date(value)
    expected = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    assert quick_values.date_of(value) == expected
