"""Backups of the ledger: one file, whole or not at all, made while everybody works; and the way back.

SQLite: its online backup API, which copies one snapshot beside the writers. PostgreSQL: pg_dump, pg_restore
and psql, found on PATH; a password goes to them in the environment and never on a command line.
A restore is one transaction of the database's own: killed in the middle, it leaves the ledger as it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, delete, func, inspect, select, text

from monitor.config import sqlite_file
from monitor.errors import ClaimwatchError, ConfigError, InputError, UnavailableError, UsageError
from monitor.store import postgres_tools
from monitor.store.database import database_now, open_database
from monitor.store.migrations import refuse_unknown, revision_of, upgrade
from monitor.store.schema import metadata

#: How much of the copy is made (pages done, pages in all).
Tell = Callable[[int, int | None], None]

#: What processes write about themselves: a ledger with nothing else in it is empty.
_SIGNS_OF_LIFE = frozenset({"heartbeat", "rules_in_use"})
#: A process that gave a sign since is taken for alive.
_ALIVE = timedelta(seconds=90)
#: Pages that are copied between two words about it, and two chances to be interrupted.
_PAGES = 2_000
_A_BACKUP = "name a file that `claimwatch db backup` made"
_SQLITE, _POSTGRES = b"SQLite format 3\x00", b"PGDMP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup or a restored ledger holds."""

    # The schema that it was made with.
    revision: str
    # Rows by table, the largest first; empty tables are left out.
    rows: dict[str, int]


def back_up(url: str, target: Path, *, force: bool, tell: Tell = lambda done, total: None) -> Copied:
    """Write the ledger to a new file, consistent as of the moment it begins.

    Raises UsageError where the file exists (`force`: it is replaced), InputError where it cannot be written,
    UnavailableError where the database or its tools fail.
    """
    if target.exists() and not force:
        raise UsageError(f"{target} exists already", remedy="name a new file, or replace it with --force")
    file = sqlite_file(url)
    if file is not None and target.exists() and target.samefile(file):
        raise UsageError(f"{target} is the ledger itself", remedy="name another file")
    with _beside(target) as folder:
        made = folder / "backup"
        if file is not None:
            _copy_sqlite(file, made, tell)
            _verify_sqlite(made)
            with _looking(f"sqlite:///{made}") as (_, copied):
                pass
            _plain(made)
        else:
            with _looking(url) as (connection, copied):
                snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
                postgres_tools.dump(url, made, str(snapshot))
        made.chmod(0o600)
        _settle(made)
        made.replace(target)
    return copied


def restore(url: str, backup: Path, *, force: bool, tell: Tell = lambda done, total: None) -> Copied:
    """Put a backup in the ledger's place; an older one is upgraded. What was in the ledger is gone then.

    Raises InputError (no backup of this kind of database, or damaged), DatabaseVersionError (newer than this
    program), UsageError (the ledger is not empty and not `force`, or processes use it), UnavailableError.
    """
    kind = _kind_of(backup)
    file = sqlite_file(url)
    ours = "PostgreSQL" if file is None else "SQLite"
    if kind != ours:
        raise InputError(
            f"{backup} is a backup of {kind}, and the ledger is {ours}",
            remedy="set CLAIMWATCH_DATABASE_URL to a ledger of the same kind",
        )
    if file is None:
        return _restore_postgres(url, backup, force)
    return _restore_sqlite(file, backup, force, tell)


# ---------------------------------------------------------------- SQLite


def _restore_sqlite(file: Path, backup: Path, force: bool, tell: Tell) -> Copied:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _beside(file) as folder:
        # The backup itself is only read, and an upgrade that fails has touched nothing.
        made = folder / "restored"
        _copy_sqlite(backup, made, tell)
        _verify_sqlite(made)
        copied = _upgraded(f"sqlite:///{made}", backup)
        _plain(made)
        if file.exists() and _is_readable(file, force):
            _refuse_in_use(f"sqlite:///{file}", force)
            _replace_contents(file, made, tell)
        else:
            _settle(made)
            made.replace(file)
    return copied


def _is_readable(file: Path, force: bool) -> bool:
    """Raises UsageError where it is not, unless `force`: then it is put aside, with what belongs to it."""
    try:
        open_database(f"sqlite:///{file}").close()
        return True
    except ConfigError as error:
        if not force:
            raise UsageError(
                str(error), remedy=f"--force keeps it as {file.name}.damaged and puts the backup in its place"
            ) from error
    for suffix in ("", "-wal", "-shm"):
        beside = file.with_name(file.name + suffix)
        if beside.exists():
            beside.replace(file.with_name(f"{file.name}.damaged{suffix}"))
    return False


def _replace_contents(file: Path, made: Path, tell: Tell) -> None:
    """One transaction of SQLite's own, in the file that others may open meanwhile."""
    with (
        _mapped(file),
        closing(sqlite3.connect(file, timeout=2)) as ledger,
        closing(sqlite3.connect(made)) as whole,
    ):
        try:
            # Only who is alone can leave the write-ahead log.
            ledger.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise _in_use(f"another process has {file} open") from None
        whole.backup(ledger, pages=_PAGES, progress=_telling(tell))


def _copy_sqlite(file: Path, made: Path, tell: Tell) -> None:
    if not file.exists():
        raise UnavailableError(
            f"nothing is stored yet: there is no database at {file}",
            remedy="is it elsewhere, set CLAIMWATCH_DATA_DIR or CLAIMWATCH_DATABASE_URL",
        )
    with (
        _mapped(file),
        closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as whole,
        closing(sqlite3.connect(made)) as copy,
    ):
        # A snapshot that is held keeps the copy from beginning anew with every write of others.
        whole.isolation_level = None
        whole.execute("BEGIN")
        whole.execute("SELECT count(*) FROM sqlite_master").fetchone()
        whole.backup(copy, pages=_PAGES, progress=_telling(tell))


def _telling(tell: Tell) -> Callable[[int, int, int], None]:
    return lambda _, left, total: tell(total - left, total)


def _plain(file: Path) -> None:
    """One file that needs no other beside it, and can be read where nothing can be written."""
    with _mapped(file), closing(sqlite3.connect(file)) as alone:
        alone.execute("PRAGMA journal_mode=DELETE")


def _verify_sqlite(file: Path) -> None:
    with _mapped(file), closing(sqlite3.connect(file)) as copy:
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise InputError(f"the copy is damaged: {found}", remedy="take another backup")


# ---------------------------------------------------------------- PostgreSQL


def _restore_postgres(url: str, backup: Path, force: bool) -> Copied:
    revision = postgres_tools.revision_of(backup)
    if not revision:
        raise InputError(f"{backup} holds no ledger", remedy=_A_BACKUP)
    refuse_unknown(revision, str(backup))
    _refuse_in_use(url, force)
    postgres_tools.load(url, backup, instead_of=[*metadata.tables, "alembic_version"])
    return _upgraded(url, backup)


# ---------------------------------------------------------------- both


def _kind_of(backup: Path) -> str:
    try:
        with backup.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError as error:
        raise InputError(f"{backup} cannot be read: {error.strerror}", remedy=_A_BACKUP) from error
    if start == _SQLITE:
        return "SQLite"
    if start.startswith(_POSTGRES):
        return "PostgreSQL"
    raise InputError(f"{backup} is no backup of a ledger", remedy=_A_BACKUP)


def _upgraded(url: str, backup: Path) -> Copied:
    """The ledger that was just restored there, with this program's schema."""
    db = open_database(url)
    try:
        with db.read() as connection:
            found = revision_of(connection)
        if not found:
            raise InputError(f"{backup} holds no ledger", remedy=_A_BACKUP)
        refuse_unknown(found, str(backup))
        upgrade(db)
        with db.write() as connection:
            # Those who ran when the backup was made do not run here.
            for table in _SIGNS_OF_LIFE:
                connection.execute(delete(metadata.tables[table]))
            return Copied(revision=found, rows=_rows(connection))
    finally:
        db.close()


@contextmanager
def _looking(url: str) -> Iterator[tuple[Connection, Copied]]:
    """One snapshot of a ledger, and what is in it."""
    db = open_database(url)
    try:
        with db.read() as connection:
            found = revision_of(connection)
            if not found:
                raise UnavailableError(
                    f"nothing is stored yet: the database {db.name} has no tables",
                    remedy="is the ledger elsewhere, set CLAIMWATCH_DATABASE_URL",
                )
            if db.dialect == "postgresql":
                # Long enough for a dump of any size.
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection, Copied(revision=found, rows=_rows(connection))
    finally:
        db.close()


def _rows(connection: Connection) -> dict[str, int]:
    """Rows by table, of the tables that are there."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    counted = {one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return {name: count for name, count in ordered if count}


def _refuse_in_use(url: str, force: bool) -> None:
    """Raises UsageError where the ledger holds something and not `force`, or where processes are alive."""
    db = open_database(url)
    try:
        with db.read() as connection:
            rows = _rows(connection)
            beats = metadata.tables["heartbeat"].c
            alive: list[str] = []
            # Whoever is at work on SQLite has its file open, which is looked at when it is replaced.
            if db.dialect == "postgresql" and "heartbeat" in rows:
                since = database_now(connection) - _ALIVE
                alive += connection.scalars(select(beats.role).where(beats.at > since).distinct())
            if db.dialect == "postgresql":
                others = connection.scalar(text(_OTHERS)) or 0
                alive += [f"{others} connections"] * bool(others)
    finally:
        db.close()
    if alive:
        raise _in_use(f"it is in use: {', '.join(sorted(alive))}")
    held = [name for name in rows if name not in _SIGNS_OF_LIFE]
    if held and not force:
        telling = [name for name in ("article", "claim", "alert", "feed") if name in held] or held
        shown = ", ".join(f"{rows[name]} in {name}" for name in telling[:4])
        raise UsageError(
            f"the ledger {db.name} is not empty: {shown}",
            remedy="back it up first (`claimwatch db backup`); --force puts the backup in its place",
        )


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'claimwatch' AND pid <> pg_backend_pid()"
)


def _in_use(why: str) -> ClaimwatchError:
    return UsageError(
        f"the ledger cannot be replaced: {why}",
        remedy="stop `claimwatch up`, or poller, workers and web process; PostgreSQL's count for 90 s more",
    )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the same disk, gone at the end. Raises InputError where nothing can be written there."""
    try:
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name[:80]}.") as folder:
            yield Path(folder)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror or error}",
            remedy="name a file in a folder that exists, can be written and has space",
        ) from error


def _settle(made: Path) -> None:
    """On the disk, before it takes its name."""
    with made.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _mapped(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError):
            raise UnavailableError(
                f"the database {file} does not answer: {error}", remedy="try again; has the disk space?"
            ) from error
        raise InputError(f"{file} is damaged, or no SQLite database: {error}", remedy=_A_BACKUP) from error
