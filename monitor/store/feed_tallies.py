"""What became of the entries of feeds, counted with the polls that found them.

An entry that a document still lists is counted as known at each reading. One that was left out is counted
once where the next reading recognises it (`monitor.feeds.cutting`), else at each reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, cast, func, literal, select

from monitor.core.types import Dropped, Feed, PollPlan
from monitor.store.bulk import insert_or_add
from monitor.store.database import Database
from monitor.store.feed_delays import MOST_ARTICLES
from monitor.store.feed_tables import feed_drop, feed_tally
from monitor.store.tables import article, article_version

_COUNTS = ("documents", "new", "edited", "known", "repeated")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTally:
    """Of one feed, or of several together."""

    # When the counting began.
    since: datetime
    # That were read; one that did not change is not.
    documents: int
    # Entries: of new articles, of new versions, seen before, listed again in the same document.
    new: int
    edited: int
    known: int
    repeated: int
    # What was wrong with the last document; empty: nothing.
    complaint: str
    # What was left out or cut, most first.
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """How many of a feed's last articles are copies of a text that another address had before."""

    copies: int
    # How many were looked at.
    articles: int


def count_readings(connection: Connection, plans: Sequence[tuple[Feed, PollPlan]], now: datetime) -> None:
    """Add what these documents held, in the transaction that stores them."""
    rows = []
    for feed, plan in plans:
        new = sum(version.article_id is None for version in plan.versions)
        rows.append(
            {
                "feed_id": feed.id,
                "since": now,
                "documents": 1,
                "new": new,
                "edited": len(plan.versions) - new,
                "known": plan.unchanged,
                "repeated": plan.repeated,
                "complaint": plan.complaint,
            }
        )
    insert_or_add(connection, feed_tally, rows, key=["feed_id"], added=_COUNTS, renewed=["complaint"])
    drops = [
        {"feed_id": feed.id, "reason": one.what, "count": one.count, "last_at": now}
        for feed, plan in plans
        for one in plan.dropped
    ]
    insert_or_add(
        connection, feed_drop, drops, key=["feed_id", "reason"], added=["count"], renewed=["last_at"]
    )


def feed_tally_of(db: Database, feed_id: int) -> FeedTally | None:
    """What became of a feed's entries; None: no document of it was read since there is a count."""
    with db.read() as connection:
        row = connection.execute(select(feed_tally).where(feed_tally.c.feed_id == feed_id)).first()
        if row is None:
            return None
        drops = connection.execute(
            select(feed_drop.c.reason, feed_drop.c.count.label("many"))
            .where(feed_drop.c.feed_id == feed_id)
            .order_by(feed_drop.c.count.desc(), feed_drop.c.reason)
        )
        return FeedTally(
            since=row.since,
            complaint=row.complaint,
            dropped=tuple(Dropped(one.reason, one.many) for one in drops),
            **{name: getattr(row, name) for name in _COUNTS},
        )


def entry_counts(db: Database) -> dict[str, int]:
    """Entries of all feeds by what became of them: "new", "edited", "known", "repeated"."""
    names = _COUNTS[1:]
    with db.read() as connection:
        sums = select(*(func.coalesce(func.sum(feed_tally.c[name]), 0).label(name) for name in names))
        row = connection.execute(sums).one()
        return {name: int(getattr(row, name)) for name in names}


def drop_counts(db: Database) -> tuple[Dropped, ...]:
    """What was left out of all feeds' documents, by reason."""
    with db.read() as connection:
        summed = select(feed_drop.c.reason, func.sum(feed_drop.c.count).label("many"))
        rows = connection.execute(summed.group_by(feed_drop.c.reason).order_by(feed_drop.c.reason))
        return tuple(Dropped(row.reason, int(row.many)) for row in rows)


def copies(db: Database, feed_id: int) -> Copies:
    """Among the last articles whose origin is known."""
    last = (
        select(article.c.id, article_version.c.origin)
        .join(article_version, article_version.c.id == article.c.current_id)
        .where(article.c.feed_id == feed_id, article_version.c.origin.is_not(None))
        .order_by(article.c.at.desc(), article.c.id.desc())
        .limit(MOST_ARTICLES)
        .subquery()
    )
    own = literal("article:") + cast(last.c.id, String)
    with db.read() as connection:
        row = connection.execute(
            select(
                func.count().filter(last.c.origin != own).label("copies"), func.count().label("articles")
            ).select_from(last)
        ).one()
        return Copies(copies=row.copies, articles=row.articles)
