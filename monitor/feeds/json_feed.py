"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently: a wrong type is as good as nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.feeds.drafts import Draft, DraftFeed, Words

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(1(?:\.[01])?)/?", re.ASCII)


def looks_like_json(body: bytes) -> bool:
    """Whether the document opens as a JSON object does."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(body: bytes) -> DraftFeed | None:
    """The feed in a JSON document; None where it is no JSON Feed. Raises ValueError where it is no JSON."""
    document = json.loads(body)
    if not isinstance(document, dict):
        return None
    version = _VERSION.fullmatch(_text(document, "version"))
    entries = document.get("items")
    if version is None or not isinstance(entries, list):
        return None
    return DraftFeed(
        format="json11" if version[1] == "1.1" else "json10",
        title=Words(_text(document, "title"), False),
        link=_text(document, "home_page_url"),
        lang=_text(document, "language"),
        entries=_entries(entries, _author(document)),
        hub=_hub(document),
        topic=_text(document, "feed_url"),
    )


def _hub(document: Mapping[str, Any]) -> str:
    """The first of its hubs that speaks WebSub (JSON Feed 1.1, "hubs")."""
    hubs = document.get("hubs")
    given = [one for one in hubs if isinstance(one, dict)] if isinstance(hubs, list) else []
    return next((_text(one, "url") for one in given if _text(one, "type").lower() == "websub"), "")


def _entries(entries: list[Any], feed_author: str) -> Iterator[Draft]:
    for entry in entries:
        if not isinstance(entry, dict):
            entry = {}  # counted as an entry without words
        texts = (Words(_text(entry, "content_html"), True), Words(_text(entry, "content_text"), False))
        yield Draft(
            guid=_text(entry, "id"),
            url=_text(entry, "url") or _text(entry, "external_url"),
            title=Words(_text(entry, "title"), False),
            summary=Words(_text(entry, "summary"), False),
            texts=texts,
            author=_author(entry) or feed_author,
            lang=_text(entry, "language"),
            published_at=date_of(_text(entry, "date_published")),
            updated_at=date_of(_text(entry, "date_modified")),
        )


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    # Ids may be numbers (JSON Feed 1.1, "Items").
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _author(mapping: Mapping[str, Any]) -> str:
    authors = mapping.get("authors")
    # 1.0 had one author, 1.1 has a list.
    several = authors if isinstance(authors, list) else [mapping.get("author")]
    return ", ".join(name for name in (_text(a, "name") for a in several[:20] if isinstance(a, dict)) if name)


def date_of(text: str) -> datetime | None:
    """A time as RFC 3339 and ISO 8601 write it, in UTC; None where it is none."""
    text = text.strip()
    if not 10 <= len(text) <= 40:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
