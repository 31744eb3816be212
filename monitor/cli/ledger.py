"""The one way in which commands come to settings and the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.errors import UnavailableError

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.store.database import Database


def read_settings() -> Settings:
    """This process's settings. Raises ConfigError."""
    from monitor.config import load_settings
    from monitor.logs import log_to_stderr

    settings = load_settings()
    # Reading commands only log what is wrong: "info" means warnings here.
    log_to_stderr("warning" if settings.log_level == "info" else settings.log_level)
    return settings


@contextmanager
def open_ledger(settings: Settings | None = None, *, create: bool = False) -> Iterator[Database]:
    """The database, with the schema of this program; closed at the end.

    `create`: a missing SQLite file is made and brought up to date; only commands that write ask for it.
    Raises UnavailableError (nothing there, or no answer) or DatabaseVersionError.
    """
    from monitor.config import sqlite_file

    settings = settings or read_settings()
    file = sqlite_file(settings.database)
    missing = file is not None and not file.exists()
    if missing and not create:
        raise UnavailableError(
            f"nothing is stored yet: there is no database at {file}",
            remedy="`claimwatch up`, `once` and `import` make it; is it elsewhere, set CLAIMWATCH_DATA_DIR "
            "or CLAIMWATCH_DATABASE_URL",
        )
    from monitor.store.database import open_database
    from monitor.store.migrations import require_current, upgrade

    if missing and file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = open_database(settings.database)
    try:
        if missing:
            upgrade(db)
        else:
            require_current(db)
        yield db
    finally:
        db.close()
