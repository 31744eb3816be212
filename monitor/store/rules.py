"""Rules as they were when they were used: what an old match or alert came through stays readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from monitor.core.types import Rule
from monitor.store.bulk import chunks, insert_new
from monitor.store.database import Database, database_now
from monitor.store.tables import match, rule_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """One version of a rule."""

    rule: str
    version: str
    # The rule with its lists, entities and filters, as it was then.
    text: str
    # When a process first used it.
    first_seen_at: datetime
    # Article versions that it matched.
    matches: int


def record_rules(db: Database, rules: Iterable[Rule], text_of: Callable[[str], str]) -> int:
    """Keep the text of each rule's version; how many were new. Call it when a process loads a rule set.

    `text_of` gives the text of a rule by its id, and is asked only for versions that are not kept yet.
    """
    with db.read() as connection:
        known = {
            tuple(row) for row in connection.execute(select(rule_version.c.rule_id, rule_version.c.version))
        }
    wanted = {(rule.id, rule.version) for rule in rules} - known
    new = 0
    # A transaction for each few hundred: the first set of ten thousand rules must not keep others waiting.
    for some in chunks(sorted(wanted)):
        rows = [{"rule_id": rule, "version": version, "text": text_of(rule)} for rule, version in some]
        with db.write() as connection:
            now = database_now(connection)
            new += insert_new(connection, rule_version, [row | {"created_at": now} for row in rows])
    return new


def rule_text(db: Database, rule_id: str, version: str) -> str | None:
    """The rule as it was then; None: this version was never recorded."""
    with db.read() as connection:
        return connection.scalar(
            select(rule_version.c.text).where(
                rule_version.c.rule_id == rule_id, rule_version.c.version == version
            )
        )


def rule_history(db: Database, rule_id: str) -> tuple[RuleVersion, ...]:
    """Every version of a rule, the newest first; empty: no process ever used such a rule."""
    with db.read() as connection:
        counts = {
            row.rule_version: int(row.matches)
            for row in connection.execute(
                select(match.c.rule_version, func.count().label("matches"))
                .where(match.c.rule_id == rule_id)
                .group_by(match.c.rule_version)
            )
        }
        rows = connection.execute(
            select(rule_version)
            .where(rule_version.c.rule_id == rule_id)
            .order_by(rule_version.c.created_at.desc(), rule_version.c.version)
        )
        return tuple(
            RuleVersion(
                rule=row.rule_id,
                version=row.version,
                text=row.text,
                first_seen_at=row.created_at,
                matches=counts.get(row.version, 0),
            )
            for row in rows
        )


def recorded_rule_ids(db: Database) -> tuple[str, ...]:
    """Ids of all rules that any process ever used, in order."""
    with db.read() as connection:
        return tuple(
            connection.scalars(select(rule_version.c.rule_id).distinct().order_by(rule_version.c.rule_id))
        )
