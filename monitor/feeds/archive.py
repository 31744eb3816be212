"""Articles from JSON Lines (`claimwatch import`, `claimwatch try`): one object a line, checked one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.core.polling import content_hash, entry_identity, is_same_wording
from monitor.core.types import Entry, KnownEntry, PlannedVersion
from monitor.feeds import plain
from monitor.feeds.language import detect

#: Longest line, in bytes: the text of one article and room for escapes.
LONGEST_LINE = 8 << 20
FIELDS = {"url", "title", "text", "publisher", "lang", "published_at", "guid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """One line that could be read."""

    number: int
    publisher: str
    entry: Entry

    @property
    def identity(self) -> str:
        return entry_identity(f"import|{self.publisher}", self.entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """One that could not, and why."""

    number: int
    complaint: str


def read_lines(lines: Iterable[bytes]) -> Iterator[ArchivedArticle | BadLine]:
    """What each line holds; empty lines are passed over. Numbers start at 1."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _read(number, line)
        except (ValueError, RecursionError) as error:
            yield BadLine(number=number, complaint=_words(error))


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} at column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 at byte {error.start + 1}"
    return str(error) if isinstance(error, ValueError) else "nested too deeply"


def _read(number: int, line: bytes) -> ArchivedArticle:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE >> 20} MB")
    given = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    if not isinstance(given, dict):
        raise ValueError("not an object")
    unknown = sorted(set(given) - FIELDS)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}; known: {', '.join(sorted(FIELDS))}")
    title, text = plain.one_line(_text(given, "title")), plain.clean(_text(given, "text"))
    url, guid = plain.one_line(_text(given, "url")), plain.one_line(_text(given, "guid"))
    publisher = plain.one_line(_text(given, "publisher"))
    for name, value in (
        ("publisher", publisher),
        ("title or text", title or text),
        ("url or guid", url or guid),
    ):
        if not value:
            raise ValueError(f"no {name}")
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("url: not an http or https address")
    entry = Entry(
        guid=guid,
        url=url,
        title=title,
        summary="",
        text=text,
        author="",
        lang=plain.one_line(_text(given, "lang")).lower().partition("-")[0] or detect(f"{title}\n{text}"),
        published_at=_time(_text(given, "published_at")),
        updated_at=None,
    )
    return ArchivedArticle(number=number, publisher=publisher, entry=entry)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name}: not a text")
    return value


def _time(value: str) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("published_at: not a time like 2024-03-26T10:00:00Z") from None


def plan_versions(
    articles: Iterable[ArchivedArticle], known: Mapping[str, KnownEntry]
) -> tuple[PlannedVersion, ...]:
    """The versions to store: new articles, and known ones with another text. No identity may come twice."""
    planned = []
    for article in articles:
        before = known.get(article.identity)
        if before is not None and is_same_wording(before, article.entry):
            continue
        planned.append(
            PlannedVersion(
                article_id=before.article_id if before else None,
                identity=article.identity,
                version=before.version + 1 if before else 1,
                content_hash=content_hash(article.entry),
                publisher=article.publisher,
                entry=article.entry,
            )
        )
    return tuple(planned)


def batches(articles: Iterable[ArchivedArticle], size: int) -> Iterator[list[ArchivedArticle]]:
    """The articles in order, at most `size` together; a second version waits until its first is stored."""
    batch: dict[str, ArchivedArticle] = {}
    for article in articles:
        if article.identity in batch or len(batch) == size:
            yield list(batch.values())
            batch = {}
        batch[article.identity] = article
    if batch:
        yield list(batch.values())
