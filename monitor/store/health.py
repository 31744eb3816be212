"""Is the service alive? Heartbeats of its processes, written by them, read by `health` and `/healthz`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.database import Database, database_now
from monitor.store.tables import heartbeat

#: A process that was silent for longer is forgotten.
FORGET_AFTER = timedelta(days=1)


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
    """Say that this process is alive, by the database's clock."""
    insert = postgresql.insert if db.dialect == "postgresql" else sqlite.insert
    with db.write() as connection:
        now = database_now(connection)
        statement = insert(heartbeat).values(role=role, process=process, at=now, note=note)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["role", "process"],
                set_={"at": statement.excluded.at, "note": statement.excluded.note},
            )
        )
        connection.execute(delete(heartbeat).where(heartbeat.c.at < now - FORGET_AFTER))


def heartbeats(db: Database) -> tuple[Heartbeat, ...]:
    """Newest of each process, those silent for over a day left out (and deleted by `beat`)."""
    with db.read() as connection:
        since = database_now(connection) - FORGET_AFTER
        rows = connection.execute(
            select(heartbeat).where(heartbeat.c.at >= since).order_by(heartbeat.c.role, heartbeat.c.process)
        )
        return tuple(Heartbeat(role=row.role, process=row.process, at=row.at, note=row.note) for row in rows)
