"""Articles that come from an archive instead of a feed (`claimwatch import`)."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.types import PlannedVersion
from monitor.store.database import Database


def save_imported(db: Database, versions: Iterable[PlannedVersion], *, backfill: bool) -> tuple[int, ...]:
    """Store article versions and their tasks in one transaction; ids of those that were new."""
    raise NotImplementedError
