"""Stored articles of a stretch of time, page by page, for judging them again: flat in memory, no ORM objects.

Pages are cut by keyset along the index of `article` on (at, id), newest first, and read each in a short
transaction of its own, by whichever process gets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select, tuple_

from monitor.core.types import Article
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.stored import article_of, with_article
from monitor.store.tables import article, article_version, match

#: Articles of a page.
PAGE = 500
# Pages whose bounds one look at the index gives.
_PAGES_AT_ONCE = 20

Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which articles: by when they were published, or seen where the publisher does not say."""

    # From here on; None: from the first.
    since: datetime | None = None
    # Before here; None: to the last.
    until: datetime | None = None
    # Every version of them, not the newest alone.
    all_versions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Articles next to each other in time."""

    # The newest and the oldest, both in it.
    first: Key
    last: Key
    articles: int


class StoredVersion:
    """One article version as it was read; becomes an `Article` only where somebody wants it."""

    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        self._row = row

    @property
    def version_id(self) -> int:
        return int(self._row.version_id)

    @property
    def texts(self) -> tuple[str, str, str]:
        """Title, summary, text."""
        row = self._row
        return row.title, row.summary, row.text

    def article(self) -> Article:
        return article_of(self._row)


def count_articles(db: Database, window: Window) -> int:
    """How many articles the window has."""
    with db.read() as connection:
        count = select(func.count()).select_from(article).where(*_within(window))
        return int(connection.execute(count).scalar_one())


def pages(db: Database, window: Window, size: int = PAGE) -> Iterator[Page]:
    """The window in pages, newest first; each article that was there at the start is in exactly one."""
    last: Key | None = None
    while True:
        wanted = select(article.c.at, article.c.id).where(*_within(window))
        if last is not None:
            wanted = wanted.where(tuple_(article.c.at, article.c.id) < _key(last))
        wanted = wanted.order_by(article.c.at.desc(), article.c.id.desc()).limit(size * _PAGES_AT_ONCE)
        with db.read() as connection:
            keys: list[Key] = [(row.at, row.id) for row in connection.execute(wanted)]
        for some in chunks(keys, size):
            yield Page(first=some[0], last=some[-1], articles=len(some))
        if len(keys) < size * _PAGES_AT_ONCE:
            return
        last = keys[-1]


def version_ids(db: Database, page: Page) -> list[int]:
    """The current version of each article of a page, newest first."""
    key = tuple_(article.c.at, article.c.id)
    wanted = (
        select(article.c.current_id)
        .where(key <= _key(page.first), key >= _key(page.last), article.c.current_id.is_not(None))
        .order_by(article.c.at.desc(), article.c.id.desc())
    )
    with db.read() as connection:
        return list(connection.scalars(wanted))


def read_page(db: Database, page: Page, *, all_versions: bool = False) -> list[StoredVersion]:
    """The article versions of a page, newest article first."""
    v = article_version
    versions = v.c.article_id == article.c.id if all_versions else v.c.id == article.c.current_id
    key = tuple_(article.c.at, article.c.id)
    wanted = (
        with_article(select().select_from(article).join(v, versions))
        .where(key <= _key(page.first), key >= _key(page.last))
        .order_by(article.c.at.desc(), article.c.id.desc(), v.c.version.desc())
    )
    with db.read() as connection:
        return [StoredVersion(row) for row in connection.execute(wanted)]


def rules_with_matches(db: Database, window: Window) -> tuple[str, ...]:
    """Ids of the rules of which the ledger has matches in the window, in order."""
    conditions: list[ColumnElement[bool]] = [match.c.ended_at.is_(None)]
    if window.since is not None:
        conditions.append(match.c.at >= window.since)
    if window.until is not None:
        conditions.append(match.c.at < window.until)
    with db.read() as connection:
        found = connection.scalars(select(match.c.rule_id).distinct().where(*conditions))
        return tuple(sorted(found))


def stored_matches(db: Database, version_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The rules that the ledger says match these versions now; versions without any are left out."""
    with db.read() as connection:
        return _matches(connection, version_ids)


def _matches(connection: Connection, version_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for some in chunks(version_ids):
        rows = connection.execute(
            select(match.c.version_id, match.c.rule_id).where(
                match.c.version_id.in_(some), match.c.ended_at.is_(None)
            )
        )
        for version_id, rule_id in rows:
            found.setdefault(version_id, set()).add(rule_id)
    return {version_id: frozenset(rules) for version_id, rules in found.items()}


def _within(window: Window) -> list[ColumnElement[bool]]:
    # An article without a current version is being stored just now.
    conditions: list[ColumnElement[bool]] = [article.c.current_id.is_not(None)]
    if window.since is not None:
        conditions.append(article.c.at >= window.since)
    if window.until is not None:
        conditions.append(article.c.at < window.until)
    return conditions


def _key(key: Key) -> Any:
    return tuple_(literal(key[0], article.c.at.type), literal(key[1], article.c.id.type))
