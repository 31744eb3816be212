"""Opening the ledger, its transactions, its errors, its schema."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from forks import FORKS
from sqlalchemy import insert, select, text

from monitor.errors import ConfigError, DatabaseVersionError, UnavailableError
from monitor.store import database as database_module
from monitor.store import tables as t
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now, open_database
from monitor.store.health import beat, heartbeats
from monitor.store.migrations import require_current, upgrade


def test_migrated_schema_is_the_schema_of_the_tables(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_partial_indexes_of_the_migration_carry_their_condition(database: Database) -> None:
    catalogue = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes",
    }
    with database.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(catalogue[database.dialect]))}
    for name in (
        "ix_task_due",
        "ix_task_stuck",
        "ix_notification_due",
        "ix_notification_dead",
        "ix_feed_due",
        "ix_alert_health",
    ):
        assert "WHERE" in found[name]


def test_an_empty_database_is_refused_with_the_remedy(database_url: str) -> None:
    db = open_database(database_url)
    with pytest.raises(DatabaseVersionError, match="no tables yet") as caught:
        require_current(db)
    assert "claimwatch db upgrade" in caught.value.remedy
    with pytest.raises(DatabaseVersionError) as caught:
        heartbeats(db)
    assert "claimwatch db upgrade" in caught.value.remedy
    db.close()


def test_a_database_newer_than_the_program_is_named_and_left_alone(database: Database) -> None:
    require_current(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for verb in (require_current, upgrade):
        with pytest.raises(DatabaseVersionError, match=r"newer than this program.*9999") as caught:
            verb(database)
        assert "newer" in caught.value.remedy


def _upgrade(url: str, barrier: object) -> None:
    db = open_database(url)
    barrier.wait()  # type: ignore[attr-defined]  # a multiprocessing barrier has no importable type
    upgrade(db)
    require_current(db)


def test_four_processes_upgrade_at_once_and_all_succeed(database_url: str) -> None:
    barrier = FORKS.Barrier(4)
    starters = [FORKS.Process(target=_upgrade, args=(database_url, barrier)) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    assert [starter.exitcode for starter in starters] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "url",
    [
        "no url at all",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://user:s3cret@host/name",
        "postgresql+nodriver://user:s3cret@host/name",
        "postgresql://user:s3cret@host:notaport/name",
    ],
)
def test_a_malformed_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_database(url)
    assert "CLAIMWATCH_DATABASE_URL" in caught.value.remedy
    assert "s3cret" not in str(caught.value) + caught.value.remedy


def test_an_unreachable_postgres_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setattr(database_module, "OPEN_FOR", 0.3)
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1/news") as caught:
        open_database("postgresql://watch:s3cret@127.0.0.1:1/news?password=s3cret")
    assert caught.value.retryable
    assert "CLAIMWATCH_DATABASE_URL" in caught.value.remedy
    assert "s3cret" not in str(caught.value) + caught.value.remedy


def test_a_postgres_database_that_does_not_exist_is_a_setting_to_mend(postgres_url: str) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        open_database(postgres_url + "_not")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "claimwatch.db"
    file.write_bytes(b"<html>not found</html>" * 100)
    with pytest.raises(ConfigError, match="no SQLite database"):
        open_database(f"sqlite:///{file}")


def test_the_folder_of_a_new_sqlite_database_is_made_for_its_owner_only(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'new' / 'claimwatch.db'}")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    db.close()


def test_every_sqlite_connection_is_durable_and_watches_references(sqlite_url: str) -> None:
    db = open_database(sqlite_url)
    upgrade(db)
    for _ in range(2):
        with db.read() as connection:
            for pragma, expected in (
                ("journal_mode", "wal"),
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("busy_timeout", 30_000),
            ):
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == expected
        db.engine.dispose()
    db.close()


def test_a_locked_sqlite_database_surfaces_as_unavailable(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "SQLITE_BUSY_MS", 50)
    db = open_database(sqlite_url)
    upgrade(db)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="locked") as caught:
        beat(db, role="worker", process="here 1")
    assert caught.value.retryable
    holder.execute("ROLLBACK")
    beat(db, role="worker", process="here 1")
    holder.close()
    db.close()


def test_a_postgres_backend_that_dies_mid_call_surfaces_as_unavailable(postgres_url: str) -> None:
    db = open_database(postgres_url)
    upgrade(db)
    with pytest.raises(UnavailableError) as caught, db.write() as connection:  # noqa: PT012  # it dies midway
        victim = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.write() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
        connection.execute(text("SELECT 1"))
    assert caught.value.retryable
    beat(db, role="worker", process="here 1")  # the next call finds a living connection
    assert len(heartbeats(db)) == 1
    db.close()


def test_a_bug_in_a_statement_is_not_dressed_up_as_an_outage(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)syntax") as caught, database.write() as connection:
        connection.execute(text("SELEKT 1"))
    assert not isinstance(caught.value, UnavailableError)


def test_an_error_inside_a_write_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"), database.write() as connection:  # noqa: PT012  # midway
        connection.execute(
            insert(t.heartbeat), {"role": "r", "process": "p", "at": database_now(connection), "note": ""}
        )
        raise RuntimeError("half-way")
    assert heartbeats(database) == ()


def test_times_come_back_aware_and_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    given = datetime(2024, 3, 23, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=3)))
    row = {"role": "r", "process": "p", "at": given, "note": ""}
    with database.write() as connection:
        connection.execute(insert(t.heartbeat), row)
    with database.read() as connection:
        stored = connection.execute(select(t.heartbeat.c.at)).scalar_one()
    assert stored == given
    assert stored.tzinfo is UTC
    with pytest.raises(Exception, match="no time zone"), database.write() as connection:
        connection.execute(insert(t.heartbeat), row | {"process": "q", "at": datetime(2024, 3, 23)})  # noqa: DTZ001  # the point of the test


def test_the_databases_clock_is_the_time_now(database: Database) -> None:
    with database.read() as connection:
        now = database_now(connection)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
    assert now.tzinfo is UTC


def test_text_that_no_database_stores_keeps_its_length(database: Database) -> None:
    beat(database, role="worker", process="a\x00b", note="x\ud800y Бортников 😀")
    (stored,) = heartbeats(database)
    assert (stored.process, stored.note) == ("a\ufffdb", "x\ufffdy Бортников 😀")


def test_long_keys_fit_an_index_and_stay_different() -> None:
    long = "ж" * 10_000
    assert index_key("short") == "short"
    assert len(index_key(long + "a")) < 200
    assert index_key(long + "a") != index_key(long + "b")


def _add_one(url: str, times: int) -> None:
    db = open_database(url)
    for _ in range(times):
        with db.write() as connection:
            count = int(connection.execute(select(t.heartbeat.c.note)).scalar_one())
            connection.execute(t.heartbeat.update().values(note=str(count + 1)))
    db.close()


def test_four_processes_that_read_and_then_write_on_sqlite_lose_nothing(sqlite_url: str) -> None:
    db = open_database(sqlite_url)
    upgrade(db)
    beat(db, role="counter", process="all", note="0")
    writers = [FORKS.Process(target=_add_one, args=(sqlite_url, 100)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert heartbeats(db)[0].note == "400"
    db.close()


def test_a_silent_process_is_forgotten_after_a_day(database: Database) -> None:
    beat(database, role="worker", process="old")
    with database.write() as connection:
        connection.execute(t.heartbeat.update().values(at=database_now(connection) - timedelta(hours=25)))
    assert heartbeats(database) == ()
    beat(database, role="poller", process="new", note="first")
    beat(database, role="poller", process="new", note="second")
    assert [(beat.process, beat.note) for beat in heartbeats(database)] == [("new", "second")]
    with database.read() as connection:
        assert len(connection.execute(select(t.heartbeat)).all()) == 1
