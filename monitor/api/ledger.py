"""The web's handle on the database: opened when first needed, so that the pages can say that it is away."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from fastapi import Request

from monitor.errors import ClaimwatchError, UnavailableError
from monitor.store.database import Database, open_database

# After a failed attempt, this long no other is made: each can take seconds.
_PAUSE_S = 3.0


class Ledger:
    """Gives the database; thread-safe. `db`: one that is open already, and is left open by `close`."""

    def __init__(self, url: str, db: Database | None = None) -> None:
        self._url = url
        self._db = db
        self._owned = db is None
        self._lock = threading.Lock()
        self._failure: ClaimwatchError | None = None
        self._failed_at = 0.0

    def database(self) -> Database:
        """The open database. Raises UnavailableError or ConfigError where it cannot be opened."""
        with self._lock:
            if self._db is not None:
                return self._db
            if self._failure is not None and time.monotonic() - self._failed_at < _PAUSE_S:
                raise self._failure
            try:
                self._require_file()
                self._db = open_database(self._url)
            except ClaimwatchError as error:
                self._failure, self._failed_at = error, time.monotonic()
                raise
            return self._db

    def close(self) -> None:
        """Close what this handle opened."""
        with self._lock:
            if self._db is not None and self._owned:
                self._db.close()
                self._db = None

    def _require_file(self) -> None:
        """Opening a missing SQLite file would make an empty one, which looks like a broken ledger."""
        scheme, _, rest = self._url.partition("://")
        file = Path(rest.partition("?")[0].removeprefix("/"))
        if scheme.startswith("sqlite") and not file.exists():
            raise UnavailableError(
                f"nothing is stored yet: there is no database at {file}",
                remedy="`claimwatch up` makes it; is it elsewhere, set CLAIMWATCH_DATA_DIR or "
                "CLAIMWATCH_DATABASE_URL",
            )


def database(request: Request) -> Database:
    """FastAPI dependency: the database of the app that serves the request (`app.state.ledger`)."""
    ledger: Ledger = request.app.state.ledger
    return ledger.database()
