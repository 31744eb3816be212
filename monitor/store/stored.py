"""Stored article versions as matching sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from monitor.core.types import Article
from monitor.store import tables as t
from monitor.store.database import Database

_VERSION_COLUMNS = (
    "version",
    "url",
    "publisher",
    "title",
    "summary",
    "text",
    "lang",
    "published_at",
    "fetched_at",
    "backfill",
)


def with_article(of: Select[Any]) -> Select[Any]:
    """The statement, which reads `article` and `article_version`, with all that `article_of` wants."""
    a, v, feed = t.article, t.article_version, t.feed
    return of.outerjoin(feed, feed.c.id == a.c.feed_id).add_columns(
        v.c.id.label("version_id"),
        v.c.article_id,
        a.c.feed_id,
        feed.c.tags,
        feed.c.asked_url,
        *(v.c[name] for name in _VERSION_COLUMNS),
    )


def article_of(row: Row[Any], *, backfill: bool = False) -> Article:
    """The article version of a row of `with_article`; `backfill` marks one that was none when it came."""
    return Article(
        id=row.article_id,
        version=row.version,
        version_id=row.version_id,
        feed_id=row.feed_id,
        url=row.url,
        publisher=row.publisher,
        tags=tuple(row.tags or ()),
        title=row.title,
        summary=row.summary,
        text=row.text,
        lang=row.lang,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        backfill=row.backfill or backfill,
        feed_url=row.asked_url or "",
    )


def stored_article(db: Database, id: int, *, version: int | None = None) -> Article | None:
    """The current version of an article, or the given one; None: there is none."""
    a, v = t.article, t.article_version
    wanted = with_article(select().select_from(v).join(a, a.c.id == v.c.article_id)).where(
        a.c.id == id, v.c.version == (a.c.version if version is None else version)
    )
    with db.read() as connection:
        row = connection.execute(wanted).one_or_none()
    return None if row is None else article_of(row)
