"""Stored articles of a stretch of time, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ledger import AT, MINUTE, a_match, store, take, version
from sqlalchemy import text

from monitor.core.types import FeedSpec
from monitor.store.again import ask_again
from monitor.store.database import Database, open_database
from monitor.store.feeds import add_feeds
from monitor.store.migrations import _config, upgrade
from monitor.store.tasks import finish_without_claims
from monitor.store.windows import (
    Window,
    count_articles,
    pages,
    read_page,
    rules_with_matches,
    stored_matches,
    version_ids,
)


def fill(db: Database, count: int) -> None:
    """a0, a1, … a minute apart, but for every third, which shares its moment with the one before."""
    store(
        db,
        *(
            version(f"a{number}", published_at=AT + (number - (number % 3 == 2)) * MINUTE)
            for number in range(count)
        ),
    )


def titles(db: Database, window: Window, size: int) -> list[list[str]]:
    return [
        [
            one.article().title.removeprefix("Title of ")
            for one in read_page(db, page, all_versions=window.all_versions)
        ]
        for page in pages(db, window, size)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_hold_every_article_once_newest_first(database: Database, size: int) -> None:
    fill(database, 25)
    found = titles(database, Window(), size)
    assert [name for page in found for name in page] == [f"a{number}" for number in reversed(range(25))]
    assert {len(page) for page in found[:-1]} <= {size}


def test_a_window_holds_its_first_moment_and_not_its_last(database: Database) -> None:
    fill(database, 7)
    window = Window(since=AT + MINUTE, until=AT + 4 * MINUTE)
    assert titles(database, window, 10) == [["a3", "a2", "a1"]]
    assert count_articles(database, window) == 3


def test_an_empty_window_has_no_pages(database: Database) -> None:
    fill(database, 2)
    window = Window(since=AT + timedelta(days=1))
    assert (list(pages(database, window)), count_articles(database, window)) == ([], 0)


def test_the_newest_version_is_read_unless_all_are_asked_for(database: Database) -> None:
    store(database, version("one", text="First words."))
    store(database, version("one", number=2, text="Second words."))
    (page,) = pages(database, Window())
    assert [one.texts[2] for one in read_page(database, page)] == ["Second words."]
    every = read_page(database, page, all_versions=True)
    assert [one.texts[2] for one in every] == ["Second words.", "First words."]
    assert version_ids(database, page) == [every[0].version_id]


def test_an_article_comes_out_as_a_worker_gets_it(database: Database) -> None:
    add_feeds(database, [FeedSpec(url="https://wire.example/rss", tags=("wire",))])
    fill(database, 1)
    with database.write() as connection:
        connection.execute(text("UPDATE article SET feed_id = (SELECT id FROM feed)"))
    (page,) = pages(database, Window())
    (read,) = read_page(database, page)
    (taken,) = take(database).articles
    assert read.article() == taken
    assert taken.tags == ("wire",)


def test_ended_matches_are_not_those_of_now(database: Database) -> None:
    fill(database, 2)
    taken = take(database)
    finish_without_claims(
        database, taken, taken.tasks, [a_match(one, rule) for one in taken.articles for rule in ("x", "y")]
    )
    one, other = sorted(taken.tasks)
    ask_again(database, [one])
    with database.write() as connection:
        connection.execute(text("UPDATE task SET due_at = created_at"))
    retaken = take(database)
    finish_without_claims(database, retaken, retaken.tasks, [a_match(retaken.articles[0], "x")])
    assert stored_matches(database, [one, other, 99]) == {one: {"x"}, other: {"x", "y"}}
    assert rules_with_matches(database, Window()) == ("x", "y")
    assert rules_with_matches(database, Window(since=datetime.now(UTC))) == ()


def test_matches_from_before_the_revision_know_whether_they_are_backfill(database_url: str) -> None:
    from alembic import command

    db = open_database(database_url)
    try:
        config = _config()
        with db.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        moment = "'2024-03-23 10:00:00+00'" if db.dialect == "postgresql" else "'2024-03-23 10:00:00.000000'"
        no, yes = ("false", "true") if db.dialect == "postgresql" else ("0", "1")
        with db.write() as connection:
            for id, backfill in ((1, no), (2, yes)):
                for table, values in (
                    (
                        "article",
                        {"identity": f"'i{id}'", "version": "1", "publisher": "'P'"}
                        | {"at": moment}
                        | {"first_seen_at": moment},
                    ),
                    (
                        "article_version",
                        {"article_id": id, "version": "1", "publisher": "'P'", "backfill": backfill}
                        | dict.fromkeys(("content_hash", "url", "title", "summary", "text", "author"), "''")
                        | {"lang": "''", "fetched_at": moment}
                        | {"at": moment},
                    ),
                    (
                        "match",
                        {"article_id": id, "version_id": id, "rule_id": "'r'", "rule_version": "'v'"}
                        | {"spans": "'[]'", "created_at": moment}
                        | {"at": moment},
                    ),
                ):
                    given = {"id": id} | values
                    connection.execute(
                        text(
                            f'INSERT INTO "{table}" ({", ".join(given)})'
                            f" VALUES ({', '.join(str(value) for value in given.values())})"
                        )
                    )
        upgrade(db)
        with db.read() as connection:
            rows = connection.execute(text('SELECT id, backfill, ended_at FROM "match" ORDER BY id')).all()
        assert [(row[0], bool(row[1]), row[2]) for row in rows] == [(1, False, None), (2, True, None)]
    finally:
        db.close()
