"""feeds.yml → what is polled."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.selectors import fault_of_selector
from monitor.core.rules.shapes import FeedsFileShape, PageShape, read_shape
from monitor.core.types import FeedSpec, PageSelectors

#: How often a feed may be asked, at most and at least.
MIN_INTERVAL = timedelta(seconds=10)
MAX_INTERVAL = timedelta(days=7)


def read_feeds(document: Document) -> tuple[FeedSpec, ...]:
    """The feeds of a file, in its order; mistakes are noted in the document."""
    shape = read_shape(document, FeedsFileShape)
    if shape is None:
        return ()
    feeds: list[FeedSpec] = []
    places: dict[str, Loc] = {}
    for number, feed in enumerate(shape.feeds):
        loc: Loc = ("feeds", number, "url")
        if not _is_web_address(feed.url):
            help = "a feed's address begins with https:// or http://"
            document.problem(loc, "bad-url", f"{feed.url!r} is no address of a feed", help=help)
        if feed.url in places:
            message = f"the feed is there twice; the first is in line {document.place(places[feed.url]).line}"
            document.problem(loc, "duplicate-id", message, help="remove one")
        places.setdefault(feed.url, loc)
        if not MIN_INTERVAL <= feed.interval <= MAX_INTERVAL:
            message = "the interval must lie between 10s and 7d"
            document.problem(("feeds", number, "interval"), "bad-value", message)
        feeds.append(
            FeedSpec(
                url=feed.url,
                publisher=feed.publisher,
                tags=feed.tags,
                lang=feed.lang or "",
                interval=feed.interval,
                learned="interval" not in feed.model_fields_set,
                full_text=feed.full_text,
                page=_selectors(document, ("feeds", number, "page"), feed.page),
            )
        )
    return tuple(feeds)


def _selectors(document: Document, loc: Loc, page: PageShape | None) -> PageSelectors | None:
    if page is None:
        return None
    named = page.model_dump()
    for name, selector in named.items():
        fault = fault_of_selector(selector) if selector else ""
        if fault:
            message = f"{selector!r} is no CSS selector: {fault}"
            help = 'write it as for a style sheet: "article.teaser", "h2 > a", "ul.news li"'
            document.problem((*loc, name), "bad-value", message, help=help)
    return PageSelectors(**named)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
