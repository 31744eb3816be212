"""Work to do on article versions, taken by lease: the database is the queue.

A take commits `attempts + 1`, the lease and a fencing token before the work begins, so that a crash counts.
An article that was tried before is taken alone, so that one that kills its worker never takes others with it.
After three attempts it is quarantined as stuck, with its last error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Table, case, func, or_, select, update

from monitor.core.types import Article, Match
from monitor.errors import LeaseLostError
from monitor.store.bulk import insert_new, insert_or_renew, state_is
from monitor.store.columns import storable
from monitor.store.database import Database, database_now
from monitor.store.earlier import end_earlier
from monitor.store.stored import article_of, with_article
from monitor.store.tables import article, article_version, match, match_entity, notification, task

MAX_ATTEMPTS = 3
#: After the first failure, and how much longer after each further one.
FIRST_BACKOFF = timedelta(seconds=2)
BACKOFF_FACTOR = 4

#: Kinds of task: a version that is new, and one that was judged before.
JUDGE, AGAIN = "judge", "again"

#: The error of work whose workers died over it, or ran out of time.
DIED = "the worker died or ran out of time"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenArticles:
    """A batch under one lease; empty: nothing is due."""

    token: str
    articles: tuple[Article, ...]
    # version_id → task id
    tasks: Mapping[int, int]
    # Versions that were judged before: what is found now takes the place of what was found then.
    again: frozenset[int] = frozenset()


def take_articles(db: Database, *, limit: int, lease_for: timedelta) -> TakenArticles:
    """Take up to `limit` article versions that are outstanding and due, longest due first.

    Those to be judged again only where nothing new is due: news never waits for the past.
    """
    token = uuid4().hex
    with db.write() as connection:
        now = database_now(connection)
        for kind in (JUDGE, AGAIN):
            of_kind = task.c.kind == kind
            rows = take_due(connection, task, task.c.attempts, now=now, limit=limit, only=of_kind)
            if rows:
                break
        if not rows:
            return TakenArticles(token=token, articles=(), tasks={})
        connection.execute(
            update(task)
            .where(task.c.id.in_([row.id for row in rows]))
            .values(attempts=task.c.attempts + 1, due_at=now + lease_for, token=token)
        )
        tasks = {row.version_id: row.id for row in rows}
        again = frozenset(tasks) if kind == AGAIN else frozenset()
        found = {one.version_id: one for one in _articles(connection, tasks, backfill=bool(again))}
    articles = tuple(found[version_id] for version_id in tasks)
    return TakenArticles(token=token, articles=articles, tasks=tasks, again=again)


def take_due(
    connection: Connection,
    table: Table,
    tries: ColumnElement[int],
    *,
    now: datetime,
    limit: int,
    only: ColumnElement[bool] | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of a work table to be taken together, locked: new ones, or one alone that was tried before.

    Exhausted ones are passed over; `quarantine_exhausted` closes them.
    """
    rows = connection.execute(
        select(table)
        .where(state_is(table, "waiting"), table.c.due_at <= now, tries < MAX_ATTEMPTS)
        .where(*([] if only is None else [only]))
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    before = [getattr(row, str(tries.key)) for row in rows]
    if rows and before[0] > 0:
        return rows[:1]
    return [row for row, tried in zip(rows, before, strict=True) if not tried]


def extend_lease(db: Database, taken: TakenArticles, *, lease_for: timedelta) -> None:
    """Still at it. Raises LeaseLostError when any task of the batch was taken over by somebody else.

    Tasks of the batch that we closed, failed or gave back meanwhile are nobody's loss.
    """
    ids = sorted(taken.tasks.values())
    with db.write() as connection:
        now = database_now(connection)
        connection.execute(
            update(task)
            .where(task.c.id.in_(ids), task.c.token == taken.token, state_is(task, "waiting"))
            .values(due_at=now + lease_for)
        )
        ours = or_(
            func.coalesce(task.c.token, "") == taken.token, func.coalesce(task.c.left_by, "") == taken.token
        )
        lost = connection.execute(
            select(func.count()).select_from(task).where(task.c.id.in_(ids), ~ours)
        ).scalar_one()
        if lost:
            raise LeaseLostError(
                f"{lost} of {len(ids)} articles of this batch were taken over by another worker"
            )


def finish_without_claims(
    db: Database, taken: TakenArticles, version_ids: Iterable[int], matches: Iterable[Match]
) -> None:
    """Close tasks of articles that need no judging, and store their matches, in one transaction (fenced).

    Raises LeaseLostError, with nothing written, where any of them is no longer ours.
    """
    wanted = sorted(set(version_ids))
    if not wanted:
        return
    with db.write() as connection:
        now = database_now(connection)
        close_tasks(connection, taken, wanted, now)
        found = tuple(matches)
        end_earlier(connection, taken.again.intersection(wanted), found, now)
        save_matches(connection, found, {one.version_id: one for one in taken.articles}, now)


def close_tasks(
    connection: Connection, taken: TakenArticles, version_ids: Sequence[int], now: datetime
) -> None:
    """The fence: judged from now on, or LeaseLostError."""
    closed = connection.execute(
        update(task)
        .where(*_held(taken, version_ids))
        .values(state="judged", token=None, left_by=taken.token, error="", closed_at=now)
    )
    if closed.rowcount != len(version_ids):
        lost = len(version_ids) - closed.rowcount
        raise LeaseLostError(f"{lost} of {len(version_ids)} articles are no longer ours; nothing was written")


def save_matches(
    connection: Connection, matches: Iterable[Match], articles: Mapping[int, Article], now: datetime
) -> None:
    """Store matches of these articles (by version id) and the entities that they mean.

    A match that is there already gets the rule version and the places of now.
    """
    rows: list[dict[str, Any]] = []
    entities: set[tuple[int, str]] = set()
    for one in matches:
        rows.append(
            {
                "article_id": one.article_id,
                "version_id": one.version_id,
                "rule_id": one.rule_id,
                "rule_version": one.rule_version,
                "spans": [
                    {
                        "field": span.field.value,
                        "start": span.start,
                        "end": span.end,
                        "term": span.term,
                        "entity": span.entity,
                    }
                    for span in one.spans
                ],
                "at": articles[one.version_id].at,
                "created_at": now,
                "backfill": articles[one.version_id].backfill,
            }
        )
        entities |= {(one.version_id, span.entity) for span in one.spans if span.entity}
    insert_or_renew(
        connection,
        match,
        sorted(rows, key=lambda row: (row["rule_id"], row["version_id"])),
        key=("rule_id", "version_id"),
        renewed={"rule_version", "spans", "ended_at"},
    )
    insert_new(
        connection,
        match_entity,
        [{"version_id": version_id, "entity": entity} for version_id, entity in sorted(entities)],
    )


def fail_article(db: Database, taken: TakenArticles, version_id: int, error: str) -> None:
    """Keep the error; due again after a back-off (2 s, 8 s), or stuck after the last attempt.

    Where the lease is lost, nothing happens: the article is somebody else's by now.
    """
    with db.write() as connection:
        now = database_now(connection)
        row = connection.execute(select(task.c.attempts).where(*_held(taken, [version_id]))).first()
        if row is None:
            return
        if row.attempts >= MAX_ATTEMPTS:
            outcome: dict[str, Any] = {"state": "stuck", "closed_at": now}
        else:
            outcome = {"due_at": now + FIRST_BACKOFF * BACKOFF_FACTOR ** (row.attempts - 1)}
        connection.execute(
            update(task)
            .where(*_held(taken, [version_id]))
            .values(token=None, left_by=taken.token, error=storable(error), **outcome)
        )


def release_articles(db: Database, taken: TakenArticles, version_ids: Iterable[int]) -> None:
    """Give articles back untouched at a shutdown: the attempt does not count. Lost ones are left alone."""
    with db.write() as connection:
        connection.execute(
            update(task)
            .where(*_held(taken, sorted(set(version_ids))))
            .values(
                attempts=task.c.attempts - 1,
                due_at=database_now(connection),
                token=None,
                left_by=taken.token,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """What the ledger says is waiting and due now, and what is quarantined."""

    articles: int
    notifications: int
    stuck_articles: int
    dead_notifications: int
    # Waiting, due or not: what `once` and the demo wait for.
    open_articles: int
    open_notifications: int


def outstanding(db: Database) -> Outstanding:
    """Counts for the sweep, for health and for progress bars."""
    with db.read() as connection:
        now = database_now(connection)
        articles, open_articles = _due_and_open(connection, task, now)
        notifications, open_notifications = _due_and_open(connection, notification, now)
        return Outstanding(
            articles=articles,
            notifications=notifications,
            stuck_articles=_count(connection, task, "stuck"),
            dead_notifications=_count(connection, notification, "dead"),
            open_articles=open_articles,
            open_notifications=open_notifications,
        )


def quarantine_exhausted(db: Database) -> int:
    """Mark work whose attempts are used up and lease ran out as stuck (dead, if notifications); how many."""
    with db.write() as connection:
        now = database_now(connection)
        stuck = connection.execute(
            update(task)
            .where(state_is(task, "waiting"), task.c.due_at <= now, task.c.attempts >= MAX_ATTEMPTS)
            .values(
                state="stuck",
                token=None,
                closed_at=now,
                error=case((task.c.token.is_not(None), DIED), else_=task.c.error),
            )
        )
        dead = connection.execute(
            update(notification)
            .where(
                state_is(notification, "waiting"),
                notification.c.due_at <= now,
                notification.c.unrecorded >= MAX_ATTEMPTS,
            )
            .values(state="dead", token=None, detail=DIED)
        )
        if dead.rowcount:
            buried = select(notification.c.id).where(state_is(notification, "dead"))
            connection.execute(
                update(notification)
                .where(state_is(notification, "joined"), notification.c.message_id.in_(buried))
                .values(state="dead", detail=DIED)
            )
        return stuck.rowcount + dead.rowcount


# ---------------------------------------------------------------- rows


def _held(taken: TakenArticles, version_ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    """The tasks of these versions, where they are still ours."""
    unknown = set(version_ids) - set(taken.tasks)
    if unknown:
        raise ValueError(f"versions {sorted(unknown)} are not in this batch")
    return (
        task.c.id.in_([taken.tasks[version_id] for version_id in version_ids]),
        state_is(task, "waiting"),
        task.c.token == taken.token,
    )


def _articles(connection: Connection, version_ids: Iterable[int], *, backfill: bool) -> Iterable[Article]:
    v = article_version
    rows = connection.execute(
        with_article(select().select_from(v).join(article, article.c.id == v.c.article_id)).where(
            v.c.id.in_(list(version_ids))
        )
    )
    for row in rows:
        yield article_of(row, backfill=backfill)


def _due_and_open(connection: Connection, table: Table, now: datetime) -> tuple[int, int]:
    due = func.count(case((table.c.due_at <= now, 1)))
    row = connection.execute(
        select(due, func.count()).select_from(table).where(state_is(table, "waiting"))
    ).one()
    return row[0], row[1]


def _count(connection: Connection, table: Table, state: str) -> int:
    count = select(func.count()).select_from(table).where(state_is(table, state))
    return int(connection.execute(count).scalar_one())
