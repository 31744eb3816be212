"""A page without a feed: its entries, found by the CSS selectors of feeds.yml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree
from lxml.cssselect import CSSSelector

from monitor.core.types import PageSelectors
from monitor.feeds.drafts import Draft, DraftFeed, Words
from monitor.feeds.json_feed import date_of
from monitor.feeds.page_tree import tree_of


def read(body: bytes, *, content_type: str, selectors: PageSelectors) -> DraftFeed | None:
    """The entries that the selectors find; None where this is no page.

    An entry without a link is none. What selects nothing gives nothing, but `entry`: see `explain_empty`.
    """
    root = tree_of(body, content_type)
    if root is None:
        return None
    title = root.find(".//title")
    found = _Selected(selectors)
    return DraftFeed(
        format="page",
        title=Words(title.text_content() if title is not None else "", False),
        link="",
        lang=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        entries=found.drafts(root),
    )


class _Selected:
    """What the selectors of a feed find."""

    def __init__(self, selectors: PageSelectors) -> None:
        self._entry, self._link, self._title, self._date, self._summary = (
            CSSSelector(one, translator="html") if one else None
            for one in (
                selectors.entry,
                selectors.link,
                selectors.title,
                selectors.date or "time",
                selectors.summary,
            )
        )

    def drafts(self, root: Any) -> Iterator[Draft]:
        assert self._entry is not None
        taken: set[Any] = set()
        for element in self._entry(root):
            if any(ancestor in taken for ancestor in element.iterancestors()):
                continue
            taken.add(element)
            link = self._link_of(element)
            if link is None:
                continue
            title = _first(self._title, element) if self._title else link
            summary = _first(self._summary, element)
            at = _date(_first(self._date, element))
            yield Draft(
                url=link.get("href", ""),
                title=_words(title),
                summary=_words(summary),
                published_at=at,
                updated_at=at,
            )

    def _link_of(self, element: Any) -> Any | None:
        if self._link:
            found = _first(self._link, element)
            candidates = [] if found is None else [found, *found.iter("a")]
        else:
            candidates = [element, *element.iter("a")]
        return next((one for one in candidates if one.tag == "a" and one.get("href", "").strip()), None)


def _first(selector: CSSSelector | None, element: Any) -> Any | None:
    """The first one inside; `:scope` is the element itself, which a selector can only name so."""
    found = selector(element) if selector else []
    return found[0] if found else None


def _words(element: Any | None) -> Words:
    if element is None:
        return Words("", False)
    return Words(etree.tostring(element, encoding="unicode", method="html", with_tail=False), True)


def _date(element: Any | None) -> datetime | None:
    if element is None:
        return None
    for said in (
        element.get("datetime"),
        element.get("content"),
        element.get("title"),
        element.text_content(),
    ):
        text = " ".join((said or "").split())
        at = date_of(text) or _mail_date(text)
        if at:
            return at
    return None


def _mail_date(text: str) -> datetime | None:
    if not 10 <= len(text) <= 60:
        return None
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
