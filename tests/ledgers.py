"""Ledgers at the newest revision, copied from one that was upgraded: the revisions themselves run once.

That they give this schema from every older one is shown in tests/store.
"""

from __future__ import annotations

import tempfile
import uuid
from functools import cache
from pathlib import Path

from monitor.store.database import Database, open_database
from monitor.store.migrations import upgrade

_SQLITE = "sqlite:///"


def new_ledger(url: str) -> Database:
    """An open, empty ledger where nothing is yet, or an empty database."""
    if url.startswith(_SQLITE):
        path = Path(url.removeprefix(_SQLITE))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_sqlite_file())
    else:
        _copy_postgres(url)
    return open_database(url)


@cache
def _sqlite_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        db = open_database(f"{_SQLITE}{path}")
        upgrade(db)
        db.close()
        return path.read_bytes()


def _copy_postgres(url: str) -> None:
    import psycopg

    maintenance, name = _parted(url)
    template = _postgres_template(maintenance)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


@cache
def _postgres_template(maintenance: str) -> str:
    """Its name, on the server of this maintenance database; it goes with the server."""
    import psycopg

    name = f"template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    db = open_database(_named(maintenance, name))
    upgrade(db)
    db.close()
    return name


def _parted(url: str) -> tuple[str, str]:
    return _named(url, "postgres"), url.partition("?")[0].rpartition("/")[2]


def _named(url: str, name: str) -> str:
    base, slash, query = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{slash}{query}"
