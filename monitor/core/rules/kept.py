"""The last rules folder that was good, as files: what a process starts with while the folder is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRules:
    """Every file of a folder, as a process used it."""

    # Path within the folder → text.
    files: Mapping[str, str]
    # Of the whole set, as it was then; a newer program may make another one of the same files.
    version: str
    # When a process first used exactly these files, by the ledger's clock.
    kept_at: datetime
