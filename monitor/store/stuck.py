"""Articles that were put aside after three attempts: which, with what error, and trying them once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.store.bulk import chunks, state_is
from monitor.store.database import Database, database_now
from monitor.store.tables import article, article_version, task
from monitor.store.tasks import AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckArticle:
    """A version that nobody works on any more."""

    article: int
    version: int
    title: str
    publisher: str
    # Of the last attempt.
    error: str
    # False: it was to be judged again, and what was found before still stands.
    first_time: bool
    stuck_at: datetime | None


def stuck_articles(db: Database, article_ids: Iterable[int] = ()) -> tuple[StuckArticle, ...]:
    """Those that are stuck, of these articles or of all, what came last in front."""
    with db.read() as connection:
        return tuple(one for _, one in _stuck(connection, article_ids))


def retry_stuck(db: Database, article_ids: Iterable[int] = ()) -> tuple[StuckArticle, ...]:
    """Give the same three new attempts; which."""
    with db.write() as connection:
        now = database_now(connection)
        found = _stuck(connection, article_ids)
        for some in chunks(id for id, _ in found):
            connection.execute(
                update(task)
                .where(task.c.id.in_(some), state_is(task, "stuck"))
                .values(state="waiting", attempts=0, due_at=now, closed_at=None, token=None)
            )
        return tuple(one for _, one in found)


def _stuck(connection: Connection, article_ids: Iterable[int]) -> list[tuple[int, StuckArticle]]:
    """By the numbers of their tasks."""
    v, asked = article_version, set(article_ids)
    rows = connection.execute(
        select(task, v.c.article_id, v.c.version, v.c.title, article.c.publisher)
        .join(v, v.c.id == task.c.version_id)
        .join(article, article.c.id == v.c.article_id)
        .where(state_is(task, "stuck"))
        .order_by(task.c.id.desc())
    )
    return [
        (
            row.id,
            StuckArticle(
                article=row.article_id,
                version=row.version,
                title=row.title,
                publisher=row.publisher,
                error=row.error,
                first_time=row.kind != AGAIN,
                stuck_at=row.closed_at,
            ),
        )
        for row in rows
        if not asked or row.article_id in asked
    ]
