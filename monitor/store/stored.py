"""One stored article as matching sees it."""

from __future__ import annotations

from sqlalchemy import select

from monitor.core.types import Article
from monitor.store import tables as t
from monitor.store.database import Database


def stored_article(db: Database, id: int, *, version: int | None = None) -> Article | None:
    """The current version of an article, or the given one; None: there is none."""
    v, a, feed = t.article_version, t.article, t.feed
    wanted = v.c.version == (a.c.version if version is None else version)
    with db.read() as connection:
        row = connection.execute(
            select(v, a.c.feed_id, feed.c.tags, feed.c.asked_url)
            .join(a, a.c.id == v.c.article_id)
            .outerjoin(feed, feed.c.id == a.c.feed_id)
            .where(a.c.id == id, wanted)
        ).one_or_none()
    if row is None:
        return None
    return Article(
        id=row.article_id,
        version=row.version,
        version_id=row.id,
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
        backfill=row.backfill,
        feed_url=row.asked_url or "",
    )
