"""Lists of feeds of other readers: in, out, broken and hostile."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from feed_values import a_feed

from monitor.feeds.opml import LARGEST_LIST, MOST_FEEDS, read_opml, write_opml


def outline(url: str, more: str = "") -> str:
    return f'<outline text="A feed" xmlUrl="{url}" {more}/>'


def opml(*outlines: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


IN_X = 'category="/x"'


def test_folders_and_categories_become_tags_and_a_feed_in_two_folders_has_both() -> None:
    listed = opml(
        f'<outline text="World News"><outline title="Asia &amp; Pacific">{outline("https://a.test/rss")}</outline>',
        "</outline>",
        f'<outline text="Daily">{outline("https://a.test/rss", IN_X)}</outline>',
        outline("https://b.test/rss", 'language="ru-RU" CATEGORY="/Boston/Weather,Новости"'),
    )
    first, second = read_opml(listed).feeds
    assert (first.publisher, first.tags) == ("A feed", ("world-news", "asia-pacific", "daily", "x"))
    assert (second.lang, second.tags) == ("ru", ("boston", "weather", "новости"))


@pytest.mark.parametrize(
    ("document", "feeds", "words"),
    [
        (b"<rss/>", 0, "no OPML"),
        (b"", 0, "no OPML"),
        (opml(), 0, "no outline"),
        (opml(outline("javascript:alert(1)"), outline("https://me:pw@a.test/")), 0, "no web address"),
        (opml(outline("https://a.test/?a=1&b=2")), 1, ""),
        (opml(outline("https://a.test/<x>"), outline("https://b.test/")), 2, "as well as can be"),
        (opml(outline("https://a.test/"), "<outline")[:-20], 1, "not well-formed"),
        (b"<opml>" + b"<outline text='x'>" * 100_000, 0, "deeper"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + opml()[21:], 0, "entities"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + opml()[21:], 0, "entities"),
        (
            opml(*(outline(f"https://a.test/{n}") for n in range(MOST_FEEDS + 5))),
            MOST_FEEDS,
            "more than 10,000",
        ),
        (b" " * (LARGEST_LIST + 1), 0, "larger"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_list_is_said_and_the_rest_is_read(
    document: bytes, feeds: int, words: str
) -> None:
    read = read_opml(document)
    assert len(read.feeds) == feeds
    assert words in "; ".join(read.complaints)
    assert bool(words) is bool(read.complaints)


def test_a_list_goes_out_as_it_would_come_in() -> None:
    feeds = [
        replace(
            a_feed(url="https://a.test/?a=1&b=2"),
            publisher='The "A" & Co\x07',
            tags=("wire", "uk news"),
            lang="en",
        ),
        replace(a_feed(url="https://b.test/rss"), title="B <b>"),
    ]
    back = read_opml(write_opml(feeds).encode()).feeds
    assert [(one.url, one.publisher, one.tags, one.lang) for one in back] == [
        ("https://b.test/rss", "B <b>", (), ""),
        ("https://a.test/?a=1&b=2", 'The "A" & Co', ("wire", "uk-news"), "en"),
    ]


def test_every_recorded_list_is_read_whole(sharedata: Path) -> None:
    files = sorted((sharedata / "opml").rglob("*.opml"))
    assert len(files) > 100
    for file in files:
        document = file.read_bytes()
        named = set(re.findall(rb'xmlUrl="(https?://[^"]+)"', document))
        # in one of them markup stands inside a description, and that outline is lost
        assert len(named) - 1 <= len(read_opml(document).feeds) <= len(named), file.name
