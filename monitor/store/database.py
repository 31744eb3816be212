"""Open the ledger: SQLite (WAL, BEGIN IMMEDIATE, synchronous FULL) or PostgreSQL, one engine a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine


class Database:
    """One ledger. Make it after a fork, never before; `close` it at the end."""

    engine: Engine
    #: "sqlite" | "postgresql"
    dialect: str

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that will write: BEGIN IMMEDIATE on SQLite. Committed at the end, rolled back on error."""
        raise NotImplementedError
        yield

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        raise NotImplementedError
        yield

    def close(self) -> None:
        raise NotImplementedError


def open_database(url: str) -> Database:
    """Connect; retries for a few seconds.

    Raises ConfigError (malformed URL, driver missing) or UnavailableError (no answer; names the remedy,
    never the password).
    """
    raise NotImplementedError


def database_now(connection: Connection) -> datetime:
    """The database's clock, UTC: leases and due times never use a worker's own."""
    raise NotImplementedError
