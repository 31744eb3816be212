"""How long after its publication the ledger saw each of a feed's last articles."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, select

from monitor.store.database import Database
from monitor.store.tables import article, article_version, feed

#: Articles that are looked at, the last ones.
MOST_ARTICLES = 100


def delays(db: Database, feed_id: int) -> tuple[timedelta, ...]:
    """From publication to our first sight of it, of the last articles whose publication is known.

    What was published before the feed was added says nothing and is left out. A date that is ahead counts as
    no delay. Empty: no such article.
    """
    first = and_(article_version.c.article_id == article.c.id, article_version.c.version == 1)
    with db.read() as connection:
        rows = connection.execute(
            select(article.c.first_seen_at, article_version.c.published_at)
            .join(article_version, first)
            .join(feed, feed.c.id == article.c.feed_id)
            .where(article.c.feed_id == feed_id, article_version.c.published_at > feed.c.created_at)
            .order_by(article.c.at.desc(), article.c.id.desc())
            .limit(MOST_ARTICLES)
        )
        return tuple(max(row.first_seen_at - row.published_at, timedelta(0)) for row in rows)
