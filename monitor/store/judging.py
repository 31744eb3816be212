"""The lock and the book of one judgement.

Two workers that judge opposing claims at once must still find the contradiction, so judges of the same
subject take turns: PostgreSQL advisory locks per key, BEGIN IMMEDIATE on SQLite. Everything slow happens before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from monitor.core.types import Findings, PriorClaim
from monitor.store.database import Database
from monitor.store.tasks import TakenArticles


class Book:
    """What may be asked and written inside one judgement; valid until the `with` block ends."""

    def now(self) -> datetime:
        """The database's clock."""
        raise NotImplementedError

    def origin(self, keys: Iterable[str]) -> tuple[str, int]:
        """The origin that shares most of these text hashes in the last 14 days, and how many: ("", 0) if none."""
        raise NotImplementedError

    def prior_claims(self, keys: Iterable[str], *, since: datetime) -> tuple[PriorClaim, ...]:
        """Stored claims that share a key, said since then; oldest first."""
        raise NotImplementedError

    def sent(self, fingerprints: Iterable[str]) -> frozenset[str]:
        """Which of these alerts exist already."""
        raise NotImplementedError

    def save(self, findings: Findings) -> None:
        """Store everything and close the task; at most once a judgement. What exists already is left alone.

        Raises LeaseLostError, with nothing written, where the task is no longer ours.
        """
        raise NotImplementedError


@contextmanager
def judging(db: Database, taken: TakenArticles, version_id: int, keys: Iterable[str]) -> Iterator[Book]:
    """Serialise judges that share a key, for the length of one write transaction."""
    raise NotImplementedError
    yield
