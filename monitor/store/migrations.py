"""Bring the schema up to date, and refuse to work on one that is not (alembic, revisions/ beside this file)."""

from __future__ import annotations

from monitor.store.database import Database


def upgrade(db: Database) -> str:
    """Apply all outstanding revisions in order; safe when several processes start at once. Gives the revision."""
    raise NotImplementedError


def require_current(db: Database) -> None:
    """Raises DatabaseVersionError where the schema is older (remedy: `claimwatch db upgrade`) or newer than
    this program (remedy: a newer claimwatch), or there is none."""
    raise NotImplementedError
