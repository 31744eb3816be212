"""What a parse child says, as values; nothing of it is trusted further than its shape.

Each of these raises KeyError, TypeError or ValueError where the shape is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.core.types import Dropped, Entry, FeedSnapshot, Hub, Sitemap

#: Reasons for leaving something out of one document, and the letters of one.
MOST_REASONS = 20
LONGEST_REASON = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The article in a page."""

    # As the page calls it, in one line; may be empty.
    title: str
    # Never empty; an empty line between paragraphs.
    text: str
    # BCP 47 primary subtag; empty: unclear.
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """An address on a page that is, or may be, a feed's."""

    url: str
    # In one line; may be empty.
    title: str
    # "announced" in the head of the page, or "linked" in its body with the look of a feed.
    how: str


def snapshot(frame: Mapping[str, Any]) -> FeedSnapshot:
    """A document read as a feed; its entries as `monitor.feeds.child_frames` gives them."""
    return FeedSnapshot(
        format=_text(frame["format"]),
        title=_text(frame["title"]),
        link=_text(frame["link"]),
        lang=_text(frame["lang"]),
        entries=tuple(_entry(entry) for entry in frame["entries"]),
        dropped=_dropped(frame["dropped"]),
        complaint=_text(frame["complaint"]),
        sitemaps=tuple(
            Sitemap(url=_text(one["url"]), changed_at=_at(one["changed_at"])) for one in frame["sitemaps"]
        ),
        hub=Hub(_text(frame["hub"]), _text(frame["topic"])),
    )


def page_text(frame: Mapping[str, Any]) -> PageText:
    """A page read as an article."""
    return PageText(title=_text(frame["title"]), text=_text(frame["text"]), lang=_text(frame["lang"]))


def links(frame: list[Mapping[str, Any]]) -> tuple[FeedLink, ...]:
    """The feeds on a page."""
    return tuple(
        FeedLink(url=_text(one["url"]), title=_text(one["title"]), how=_text(one["how"])) for one in frame
    )


def _entry(texts: Sequence[str]) -> Entry:
    guid, url, title, summary, text, author, lang, published_at, updated_at = texts
    return Entry(
        guid=guid,
        url=url,
        title=title,
        summary=summary,
        text=text or summary,
        author=author,
        lang=lang,
        published_at=_at(published_at or None),
        updated_at=_at(updated_at or None),
    )


def _dropped(frame: Mapping[str, Any]) -> tuple[Dropped, ...]:
    # They become rows of the ledger and labels of metrics, so a child that went over may not invent many.
    if len(frame) > MOST_REASONS or any(len(what) > LONGEST_REASON for what in frame):
        raise ValueError("more reasons than there are")
    return tuple(Dropped(_text(what), int(count)) for what, count in frame.items())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _at(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(_text(value))
