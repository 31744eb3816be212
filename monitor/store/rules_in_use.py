"""Which rules each process uses: told by the processes, read by `rules status`, `health` and the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import case, delete, null, select
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core.rules.agreement import RulesInUse
from monitor.core.rules.ruleset import RuleSet
from monitor.store.database import Database, database_now
from monitor.store.kept_rules import keep_rules
from monitor.store.rules import record_rules
from monitor.store.tables import rules_in_use as table

#: A process that was silent for longer is forgotten.
FORGET_AFTER = timedelta(days=1)
#: What is kept of a report about broken files, in characters.
LONGEST_PROBLEM = 2000


def tell_rules(
    db: Database, *, role: str, process: str, folder: str, version: str, rules: int, problem: str = ""
) -> None:
    """Say which rules this process uses, by the database's clock. `process` is its host and pid.

    `version` is empty where it could load none. Of `problem` the first `LONGEST_PROBLEM` characters are kept.
    """
    insert = postgresql.insert if db.dialect == "postgresql" else sqlite.insert
    if len(problem) > LONGEST_PROBLEM:
        problem = problem[: LONGEST_PROBLEM - 1] + "…"
    with db.write() as connection:
        now = database_now(connection)
        statement = insert(table).values(
            role=role,
            process=process,
            host=process.rpartition(":")[0] or process,
            folder=folder,
            version=version,
            rules=rules,
            since=now,
            problem=problem,
            broken_since=now if problem else None,
            seen_at=now,
        )
        told = statement.excluded
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["role", "process"],
                set_={
                    "folder": told.folder,
                    "version": told.version,
                    "rules": told.rules,
                    # As it was, for as long as the same is told.
                    "since": case((table.c.version == told.version, table.c.since), else_=told.since),
                    "problem": told.problem,
                    "broken_since": case(
                        (told.problem == "", null()),
                        (table.c.problem == "", told.broken_since),
                        else_=table.c.broken_since,
                    ),
                    "seen_at": told.seen_at,
                },
            )
        )
        connection.execute(delete(table).where(table.c.seen_at < now - FORGET_AFTER))


class RulesTelling:
    """One process telling its rules again and again; texts of new versions are recorded with it, once."""

    def __init__(self, *, role: str, process: str, folder: Path) -> None:
        self._role = role
        self._process = process
        self._folder = str(folder.absolute())
        self._recorded: RuleSet | None = None

    def tell(
        self,
        db: Database,
        rules: RuleSet | None,
        *,
        version: str = "",
        text_of: Callable[[str], str] = str,
        files: Mapping[str, str] | None = None,
        problem: str = "",
    ) -> None:
        """`rules` None: none could be loaded. Raises UnavailableError; the next call makes up for it.

        `files`: the rules' files, to be kept as the folder's last good ones.
        """
        tell_rules(
            db,
            role=self._role,
            process=self._process,
            folder=self._folder,
            version=version,
            rules=len(rules.rules) if rules is not None else 0,
            problem=problem,
        )
        if rules is not None and rules is not self._recorded:
            record_rules(db, rules.rules.values(), text_of)
            if files is not None:
                keep_rules(db, folder=Path(self._folder), version=version, files=files)
            self._recorded = rules

    def end(self, db: Database) -> None:
        """The process ends."""
        forget_rules(db, role=self._role, process=self._process)


def forget_rules(db: Database, *, role: str, process: str) -> None:
    """This process ends."""
    with db.write() as connection:
        connection.execute(delete(table).where(table.c.role == role, table.c.process == process))


def rules_in_use(db: Database) -> tuple[RulesInUse, ...]:
    """The rules of every process, also of those that fell silent within a day; by role and process."""
    with db.read() as connection:
        now = database_now(connection)
        rows = connection.execute(
            select(table).where(table.c.seen_at >= now - FORGET_AFTER).order_by(table.c.role, table.c.process)
        )
        return tuple(RulesInUse(**row._mapping, now=now) for row in rows)
