"""The wish that stored article versions be judged again, written into the ledger for workers to find.

One row of `task` of the kind "again" for each version; what is found is backfill, and never sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.bulk import chunks, state_is
from monitor.store.database import Database, database_now
from monitor.store.tables import article_version, match, task
from monitor.store.tasks import AGAIN, JUDGE

#: Until it is taken: every worker has looked at its rule files by then.
REST = timedelta(seconds=3)


def ask_again(db: Database, version_ids: Iterable[int]) -> int:
    """Have these versions judged again; how many of them will be.

    Left out is what was not judged yet: it waits and meets the present rules anyway, or is stuck.
    What waits already stays as it is; what is being judged right now, for the first time or again, is begun
    anew, because whoever has it may have begun with the rules of before.
    """
    asked = 0
    for some in chunks(sorted(set(version_ids))):
        with db.write() as connection:
            now = database_now(connection)
            first = and_(task.c.version_id == article_version.c.id, task.c.kind == JUDGE)
            judged = connection.scalars(
                select(article_version.c.id)
                .outerjoin(task, first)
                .where(article_version.c.id.in_(some), or_(task.c.id.is_(None), state_is(task, "judged")))
                .order_by(article_version.c.id)
            ).all()
            kind = postgresql if db.dialect == "postgresql" else sqlite
            statement = kind.insert(task)
            fresh = ("state", "attempts", "due_at", "token", "error", "created_at", "closed_at")
            statement = statement.on_conflict_do_update(
                index_elements=["kind", "version_id"],
                set_={name: statement.excluded[name] for name in fresh},
                where=not_(and_(state_is(task, "waiting"), task.c.token.is_(None), task.c.attempts == 0)),
            )
            if judged:
                connection.execute(statement, [_wish(version_id, now) for version_id in judged])
            asked += len(judged)
            _begin_anew(connection, some, now)
    return asked


def _begin_anew(connection: Connection, version_ids: Sequence[int], now: datetime) -> None:
    """First judgements under way lose their lease, and stay news; the attempt does not count."""
    held = (task.c.kind == JUDGE, state_is(task, "waiting"), task.c.token.is_not(None))
    connection.execute(
        update(task)
        .where(task.c.version_id.in_(version_ids), *held)
        .values(token=None, attempts=task.c.attempts - 1, due_at=now + REST)
    )


def _wish(version_id: int, now: datetime) -> dict[str, object]:
    return {
        "kind": AGAIN,
        "version_id": version_id,
        "state": "waiting",
        "attempts": 0,
        "due_at": now + REST,
        "token": None,
        "error": "",
        "created_at": now,
        "closed_at": None,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainCounts:
    """How far the work is that was asked for."""

    waiting: int
    stuck: int


def again_counts(db: Database) -> AgainCounts:
    """Versions still to be judged again, and those given up after three attempts."""
    with db.read() as connection:
        waiting, stuck = (
            connection.execute(
                select(func.count()).select_from(task).where(state_is(task, state), task.c.kind == AGAIN)
            ).scalar_one()
            for state in ("waiting", "stuck")
        )
    return AgainCounts(waiting=waiting, stuck=stuck)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchChanges:
    found: int
    ended: int


def ledger_now(db: Database) -> datetime:
    """The database's clock."""
    with db.read() as connection:
        return database_now(connection)


def match_changes(db: Database, *, after: datetime) -> MatchChanges:
    """Matches that judging again found, and ended, since then (by the database's clock)."""
    with db.read() as connection:
        found, ended = (
            connection.execute(select(func.count()).select_from(match).where(*which)).scalar_one()
            for which in (
                (match.c.created_at >= after, match.c.backfill, match.c.ended_at.is_(None)),
                (match.c.ended_at >= after,),
            )
        )
    return MatchChanges(found=found, ended=ended)
