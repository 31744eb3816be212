"""Pages without a feed, read by the selectors of feeds.yml; and the feeds that a page names."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.core.types import PageSelectors
from monitor.errors import FetchReason
from monitor.feeds.parse_child import Asked, read_document

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://harbour.test/news/"
PAGE = """<!doctype html><html lang="en-GB"><head><title>News of the harbour</title></head><body>
<nav><a href="/about">About us</a></nav>
<article class="teaser"><h2><a href="/ferry">Ferry <b>late</b> again</a></h2>
  <p class="lead">It left an hour late.<script>alert(1)</script></p>
  <time datetime="2026-03-01T09:00:00Z">9</time>
  <article class="teaser"><a href="/inner">Inner</a></article></article>
<article class="teaser"><span>02 Mar 2026</span><h2>No link here</h2></article>
<article class="teaser"><h2><a href="pier?id=1&amp;x=2">Pier closed</a></h2>
  <time>Sun, 01 Mar 2026 10:00:00 +0000</time>
</article></body></html>"""


def read(
    selectors: PageSelectors, page: str | bytes = PAGE, content_type: str = "text/html"
) -> dict[str, Any]:
    body = page if isinstance(page, bytes) else page.encode()
    asked = Asked(content_type=content_type, url=URL, now=NOW, selectors=asdict(selectors))
    answered = read_document(body, asked)
    snapshot: dict[str, Any] = answered.get("snapshot", answered)
    return snapshot


def test_selectors_find_links_titles_dates_and_summaries() -> None:
    snapshot = read(PageSelectors(entry="article.teaser", link="h2 a", title="h2", summary="p.lead"))
    assert (snapshot["format"], snapshot["title"], snapshot["lang"]) == ("page", "News of the harbour", "en")
    ferry, pier = snapshot["entries"]
    assert (ferry["url"], ferry["title"]) == ("https://harbour.test/ferry", "Ferry late again")
    assert ferry["summary"] == "It left an hour late."
    assert ferry["published_at"] == "2026-03-01T09:00:00+00:00"
    assert pier["url"] == "https://harbour.test/news/pier?id=1&x=2"
    assert pier["published_at"] == "2026-03-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("selectors", "titles"),
    [
        (PageSelectors(entry="article"), ["Ferry late again", "Pier closed"]),
        (PageSelectors(entry="h2 > a"), ["Ferry late again", "Pier closed"]),
        (PageSelectors(entry="article", link="h2"), ["Ferry late again", "Pier closed"]),
        (PageSelectors(entry="body"), ["About us"]),
    ],
    ids=str,
)
def test_a_container_alone_is_enough(selectors: PageSelectors, titles: list[str]) -> None:
    assert [one["title"] for one in read(selectors)["entries"]] == titles


def test_a_page_on_which_the_selectors_find_nothing_is_a_failure_and_says_which() -> None:
    answered = read(PageSelectors(entry="div.gone"))
    assert answered["reason"] == FetchReason.NOT_A_FEED
    assert "'div.gone'" in answered["detail"]
    assert "feeds.yml" in answered["remedy"]


@pytest.mark.parametrize(
    ("page", "content_type", "title"),
    [
        ("<a href=/x>Паром</a>".encode(), "text/html", "Паром"),
        ("<a href=/x>Паром</a>".encode("cp1251"), "text/html; charset=windows-1251", "Паром"),
        ('<meta charset="koi8-r"><a href=/x>Паром</a>'.encode("koi8-r"), "text/html", "Паром"),
        (b"\x00<a href=/x>Fer\x00ry</a>", "text/html; charset=no-such", "Ferry"),
        ("<a href=/x>Паром</a>".encode("utf-16"), "text/html", "Паром"),
    ],
)
def test_pages_are_read_in_their_encoding(page: bytes, content_type: str, title: str) -> None:
    (entry,) = read(PageSelectors(entry="a"), page, content_type)["entries"]
    assert entry["title"] == title


def test_deep_pages_and_pages_with_entities_are_harmless() -> None:
    deep = b"<div>" * 100_000 + b"<a href=/x>Bottom</a>"
    read(PageSelectors(entry="a"), deep)  # it comes back
    bomb = b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><a href=/x>&b; Ferry</a>'
    (entry,) = read(PageSelectors(entry="a"), bomb)["entries"]
    assert "aaaa" not in entry["title"]


def links(page: str) -> list[tuple[str, str]]:
    answered = read_document(page.encode(), Asked(content_type="text/html", url=URL, now=NOW, kind="links"))
    return [(one["url"], one["how"]) for one in answered["links"]]


def test_announced_feeds_come_before_links_that_look_like_feeds() -> None:
    page = """<head><base href="https://cdn.harbour.test/x/">
      <link rel="ALTERNATE stylesheet" type="application/rss+xml" href="/rss">
      <link rel=alternate type=text/css href=/no>
      <link rel=alternate type="application/feed+json" href="f.json">
      </head><a href="/feed/">Feed</a><a href="/feedback">Tell us</a><a href="/rss#top">RSS</a>
      <a href="https://harbour.test/sport.rss">Sport</a>
      <a href="javascript:rss">x</a><a href="/news?format=rss">y</a>"""
    assert links(page) == [
        ("https://cdn.harbour.test/rss", "announced"),
        ("https://cdn.harbour.test/x/f.json", "announced"),
        ("https://cdn.harbour.test/feed/", "linked"),
        ("https://harbour.test/sport.rss", "linked"),
        ("https://cdn.harbour.test/news?format=rss", "linked"),
    ]
