"""The feeds that a page names, or seems to name; runs in the parse child only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from monitor.feeds.page_tree import tree_of
from monitor.feeds.plain import one_line

#: Media types of feeds, as a page announces them.
FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x.atom+xml",
)
MOST_LINKS = 30
_LONGEST_URL = 2_000
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/._?=&-])(?:rss|atom|feeds?|rdf)(?:[/._?=&-]|\d{0,2}$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)


def read(body: bytes, *, content_type: str, url: str) -> list[dict[str, str]] | None:
    """[{"url", "title", "how"}] with the announced ones first ("announced", then "linked"); None: no page.

    Each address once, at most 30.
    """
    root = tree_of(body, content_type)
    if root is None:
        return None
    base = next(iter(root.xpath("//base/@href")), "")
    found: dict[str, dict[str, str]] = {}
    for link in (*_announced(root), *_linked(root)):
        try:
            absolute = one_line(urljoin(urljoin(url, base.strip()), link["url"].strip()))
            sound = urlsplit(absolute).scheme in ("http", "https") and bool(urlsplit(absolute).hostname)
        except ValueError:
            continue
        absolute = absolute.partition("#")[0]
        if sound and len(absolute) <= _LONGEST_URL and len(found) < MOST_LINKS:
            found.setdefault(absolute, link | {"url": absolute})
    return list(found.values())


def _announced(root: Any) -> Iterator[dict[str, str]]:
    for link in root.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in link.get("rel", "").lower().split() and kind in FEED_TYPES:
            yield _link(link, link.get("title", ""), "announced")


def _linked(root: Any) -> Iterator[dict[str, str]]:
    for link in root.iter("a"):
        if _LOOKS_LIKE_FEED.search(link.get("href", "").partition("#")[0].rstrip("/")):
            yield _link(link, link.text_content(), "linked")


def _link(element: Any, title: str, how: str) -> dict[str, str]:
    return {"url": element.get("href", ""), "title": one_line(title)[:200], "how": how}
