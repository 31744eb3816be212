"""Is the service alive? Heartbeats of its processes, written by them, read by `health` and `/healthz`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    # "poller" | "worker" | "deliverer" | "web"
    role: str
    # host and pid
    process: str
    at: datetime
    # What the process wants known: rule-set version, last error of a rule reload…
    note: str


def beat(db: Database, *, role: str, process: str, note: str = "") -> None:
    raise NotImplementedError


def heartbeats(db: Database) -> tuple[Heartbeat, ...]:
    """Newest of each process, those silent for over a day left out (and deleted by `beat`)."""
    raise NotImplementedError
