"""Bring the schema up to date, and refuse to work on one that is not (alembic; revisions/)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from monitor.errors import DatabaseVersionError
from monitor.store.database import Database

_REVISIONS = Path(__file__).parent / "revisions"
# Any number will do, as long as no other lock of ours has it.
_UPGRADE_LOCK = 4_707_118_232


def upgrade(db: Database) -> str:
    """Apply all outstanding revisions; safe when several processes start at once. Gives the revision.

    One transaction: it happens whole or not at all.
    Raises DatabaseVersionError where the schema is newer than this program.
    """
    config = _config()
    with _exclusive(db) as connection:
        _refuse_newer(db.name, revision_of(connection), ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return revision_of(connection)


def require_current(db: Database) -> None:
    """Raises DatabaseVersionError where the schema is older (remedy: `claimwatch db upgrade`) or newer than
    this program (remedy: a newer claimwatch), or there is none."""
    scripts = ScriptDirectory.from_config(_config())
    with db.read() as connection:
        found = revision_of(connection)
    if found == scripts.get_current_head():
        return
    _refuse_newer(db.name, found, scripts)
    state = f"is at revision {found}, older than this program" if found else "has no tables yet"
    raise DatabaseVersionError(f"the database {db.name} {state}", remedy="run `claimwatch db upgrade`")


def _config() -> Config:
    config = Config()
    # Written as alembic's own configuration wants it: % begins an interpolation there.
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    return config


def revision_of(connection: Connection) -> str:
    """The schema that a database is at; empty: it has none."""
    return ",".join(MigrationContext.configure(connection).get_current_heads())


def refuse_unknown(found: str, name: str) -> None:
    """Raises DatabaseVersionError where something (`name`) is at a revision newer than this program."""
    _refuse_newer(name, found, ScriptDirectory.from_config(_config()))


def _refuse_newer(name: str, found: str, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if found and found not in known:
        raise DatabaseVersionError(
            f"the database {name} is newer than this program: it is at revision {found}, which this"
            f" program does not know (its own: {scripts.get_current_head()})",
            remedy="use the claimwatch that upgraded it, or a newer one",
        )


@contextmanager
def _exclusive(db: Database) -> Iterator[Connection]:
    """A transaction that no other upgrade runs beside."""
    if db.dialect == "postgresql":
        with db.write() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = '10min'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            yield connection
        return
    # SQLite alters most tables by making them anew, which its foreign keys would not allow.
    with db.without_foreign_keys() as connection:
        yield connection
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise DatabaseVersionError(
                f"upgrading {db.name} would leave {len(broken)} rows that refer to nothing; it was undone",
                remedy="please report this with the output of `claimwatch db check`",
            )
