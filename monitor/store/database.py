"""Open the ledger: SQLite (WAL, BEGIN IMMEDIATE, synchronous FULL) or PostgreSQL, one engine a process."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy import exc as sa

from monitor.errors import ClaimwatchError, ConfigError, DatabaseVersionError, UnavailableError
from monitor.store.columns import dump_json, load_json

#: How long `open_database` goes on trying, in seconds.
OPEN_FOR = 5.0
#: How long a writer waits for another on SQLite, in milliseconds.
SQLITE_BUSY_MS = 30_000
#: PostgreSQL gives up on a statement, and on waiting for a lock, after this long.
POSTGRES_SESSION = (
    "-c statement_timeout=60s -c lock_timeout=25s -c idle_in_transaction_session_timeout=120s -c timezone=UTC"
)

_SQLITE_TRANSIENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
}
# Classes and codes of SQLSTATE that the same call may survive later: connection, resources, shutdown,
# input/output, deadlock and serialisation, lock and statement time-outs, a standby that is being promoted.
_POSTGRES_TRANSIENT = ("08", "53", "57", "58", "40", "55P03", "25006", "25P03")
_POSTGRES_NO_TABLE = ("42P01", "42703", "3F000")


class Database:
    """One ledger. Make it after a fork, never before; `close` it at the end.

    What goes wrong with the database itself surfaces from `write` and `read`, and so from every verb,
    as UnavailableError (try again later) or DatabaseVersionError (the tables are not there).
    """

    engine: Engine
    #: "sqlite" | "postgresql"
    dialect: str

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        #: The URL without its password, for messages.
        self.name = name

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that will write: BEGIN IMMEDIATE on SQLite. Committed at the end, or rolled back."""
        with (
            self._mapped(),
            self.engine.connect().execution_options(claimwatch_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it from one snapshot."""
        options: dict[str, Any] = {}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with (
            self._mapped(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def without_foreign_keys(self) -> Iterator[Connection]:
        """A write transaction on SQLite that does not watch references: for migrations only."""
        with (
            self._mapped(),
            self.engine.connect().execution_options(claimwatch_writes=True) as connection,
        ):
            driver: Any = connection.connection.driver_connection
            # Outside of a transaction: inside, SQLite ignores it.
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sa.DBAPIError, sa.TimeoutError) as error:
            ours = explained(error, self.name)
            if ours is None:
                raise
            raise ours from error


def open_database(url: str) -> Database:
    """Connect; retries for a few seconds.

    Raises ConfigError (malformed URL, driver missing) or UnavailableError (no answer; names the remedy,
    never the password).
    """
    target = _parsed(url)
    name = _shown(target)
    engine = _sqlite(target) if target.get_backend_name() == "sqlite" else _postgres(target)
    give_up_at = time.monotonic() + OPEN_FOR
    while True:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            return Database(engine, name)
        except (sa.DBAPIError, sa.TimeoutError) as error:
            ours = explained(error, name)
            if ours is not None and ours.retryable and time.monotonic() < give_up_at:
                time.sleep(0.25)
                continue
            engine.dispose()
            if ours is None:
                raise
            raise ours from error


_POSTGRES_NOW = text("SELECT clock_timestamp()")
_SQLITE_NOW = text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")


def database_now(connection: Connection) -> datetime:
    """The database's clock, UTC: leases and due times never use a worker's own."""
    if connection.dialect.name == "postgresql":
        now = connection.execute(_POSTGRES_NOW).scalar_one()
        assert isinstance(now, datetime)
        return now.astimezone(UTC)
    stamp = connection.execute(_SQLITE_NOW).scalar_one()
    return datetime.fromisoformat(str(stamp)).replace(tzinfo=UTC)


# ---------------------------------------------------------------- opening


def _parsed(url: str) -> URL:
    remedy = "set CLAIMWATCH_DATABASE_URL to sqlite:////path/to/file.db or postgresql://user@host/name"
    try:
        target = make_url(url)
        backend = target.get_backend_name()
    except (sa.ArgumentError, ValueError):
        # The text of the URL may hold a password, so it is not repeated.
        raise ConfigError("the database URL is not a URL", remedy=remedy) from None
    if backend == "postgres":
        backend = "postgresql"
    driver = target.drivername.partition("+")[2]
    if backend == "sqlite" and driver in ("", "pysqlite"):
        if target.database in (None, "", ":memory:"):
            raise ConfigError("the database URL names no file", remedy=remedy)
        return target
    if backend == "postgresql" and driver in ("", "psycopg"):
        return target.set(drivername="postgresql+psycopg")
    raise ConfigError(f"the database URL asks for {target.drivername}, which is not supported", remedy=remedy)


def _shown(target: URL) -> str:
    # A password can also stand among the query's parameters.
    return target.set(password=None, query={}).render_as_string().replace("+psycopg", "")


def _sqlite(target: URL) -> Engine:
    folder = Path(str(target.database)).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the database's folder {folder} cannot be made: {error.strerror}",
            remedy="set CLAIMWATCH_DATABASE_URL or CLAIMWATCH_DATA_DIR to a place that can be written",
        ) from error
    engine = create_engine(
        target,
        connect_args={"timeout": SQLITE_BUSY_MS / 1000, "check_same_thread": False},
        json_serializer=dump_json,
        json_deserializer=load_json,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        # The driver must not begin transactions on its own: it would begin them deferred, and two that
        # read and then write would fail at once, or lose an update.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("claimwatch_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(target: URL) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": 5, "application_name": "claimwatch"}
    if "options" not in target.query:
        arguments["options"] = POSTGRES_SESSION
    for given in target.query:
        arguments.pop(given, None)
    try:
        return create_engine(target, connect_args=arguments, pool_pre_ping=True, json_serializer=dump_json)
    except ImportError as error:
        raise ConfigError(
            "PostgreSQL needs the driver psycopg, which is not installed",
            remedy="pip install 'claimwatch[postgres]'",
        ) from error


# ---------------------------------------------------------------- what an error means


def explained(error: sa.DBAPIError | sa.TimeoutError, name: str) -> ClaimwatchError | None:
    """Our exception for a database's, or None where it is a bug of ours."""
    if isinstance(error, sa.TimeoutError):  # the pool: too many threads share this process's connections
        return UnavailableError(f"no free connection to the database {name}", remedy="try again later")
    cause = error.orig
    why = str(cause).strip().partition("\n")[0]
    if isinstance(cause, sqlite3.Error):
        return _explained_sqlite(cause, name, why)
    state = getattr(cause, "sqlstate", None)
    if state is None and isinstance(error, (sa.OperationalError, sa.InterfaceError)):
        return _explained_connect(name, why)
    if state is not None and state.startswith(_POSTGRES_NO_TABLE):
        return _no_tables(name, why)
    if state is not None and state.startswith(("28", "3D000")):
        return _explained_connect(name, why)
    if error.connection_invalidated or (state is not None and state.startswith(_POSTGRES_TRANSIENT)):
        return _unavailable(name, why)
    return None


def _explained_sqlite(cause: sqlite3.Error, name: str, why: str) -> ClaimwatchError | None:
    # Extended codes carry the plain one in their low byte.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_TRANSIENT:
        return _unavailable(name, why)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return ConfigError(
            f"the database {name} is damaged or is no SQLite database: {why}",
            remedy="restore it from a backup, or set CLAIMWATCH_DATABASE_URL to another file",
        )
    if why.startswith(("no such table", "no such column", "table ")):
        return _no_tables(name, why)
    return None


def _explained_connect(name: str, why: str) -> ClaimwatchError:
    if "authentication failed" in why or "does not exist" in why or "no password" in why:
        return ConfigError(
            f"the database {name} refuses us: {why}",
            remedy="check user, password and database name in CLAIMWATCH_DATABASE_URL",
        )
    return _unavailable(name, why)


def _unavailable(name: str, why: str) -> UnavailableError:
    return UnavailableError(
        f"the database {name} does not answer: {why}",
        remedy="is it running, reachable and has it space? CLAIMWATCH_DATABASE_URL says where it is",
    )


def _no_tables(name: str, why: str) -> DatabaseVersionError:
    return DatabaseVersionError(
        f"the database {name} does not have this program's tables: {why}",
        remedy="run `claimwatch db upgrade`",
    )
