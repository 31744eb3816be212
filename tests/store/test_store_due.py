"""Which feeds are due is asked every second: it reads the feeds that it answers with, and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from monitor.core.types import FeedSpec
from monitor.store import feeds as verbs
from monitor.store.database import Database, database_now
from monitor.store.tables import feed

FEEDS = 5000
MINUTE = timedelta(minutes=1)
QUESTIONS: dict[str, Callable[[Database], object]] = {
    "which are due": lambda db: verbs.lease_due_feeds(db, limit=50, lease_for=MINUTE),
    "when is the next due": verbs.next_due_at,
}


def fill(db: Database) -> None:
    """Feeds that are due over the next hour, every hundredth of them overdue."""
    verbs.add_feeds(db, [FeedSpec(url="https://paper.example/rss")])
    with db.write() as connection:
        now = database_now(connection)
        row = dict(connection.execute(feed.select()).mappings().one())
        rows = [
            row
            | {
                "id": number,
                "url": f"https://p{number}.example/",
                "asked_url": f"https://p{number}.example/",
                "next_poll_at": now + timedelta(seconds=number if number % 100 else -number),
            }
            for number in range(10, FEEDS)
        ]
        connection.execute(feed.insert(), rows)
    with db.write() as connection:
        connection.execute(text("ANALYZE"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_due_is_found_by_its_index_alone(database: Database, question: str) -> None:
    fill(database)
    asked: list[tuple[str, Any]] = []

    def keep(_c: object, _u: object, statement: str, parameters: Any, _x: object, _m: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    QUESTIONS[question](database)
    event.remove(database.engine, "before_cursor_execute", keep)
    (select,) = [(sql, values) for sql, values in asked if "FROM feed" in sql and sql.startswith("SELECT")]
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    with database.write() as connection:
        rows = connection.exec_driver_sql(explain + select[0], select[1])
        plan = "\n".join(str(tuple(row)) for row in rows)
    assert "ix_feed_due" in plan, plan
    for scan in ("Seq Scan on feed ", "SCAN feed\n", "SCAN feed'", "USE TEMP B-TREE", "Sort"):
        assert scan not in plan, plan


def test_a_feed_that_is_held_is_due_again_when_its_lease_ends(database: Database) -> None:
    verbs.add_feeds(database, [FeedSpec(url="https://paper.example/rss")])
    (held,) = verbs.lease_due_feeds(database, limit=5, lease_for=MINUTE)
    assert verbs.next_due_at(database) == held.leased_at + MINUTE
    assert verbs.poll_now(database) == 1  # it is being polled: nobody else gets it
    assert verbs.lease_due_feeds(database, limit=5, lease_for=MINUTE) == ()
    later = held.leased_at + timedelta(hours=1)
    verbs.postpone_feeds(database, [(held, later)])
    assert verbs.next_due_at(database) == later
    verbs.postpone_feeds(database, [(held, held.leased_at)])  # no longer ours
    assert verbs.next_due_at(database) == later
