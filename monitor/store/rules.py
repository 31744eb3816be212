"""Rules as they were when they were used: what an old match or alert came through stays readable."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from monitor.core.types import Rule
from monitor.store.bulk import insert_new
from monitor.store.database import Database, database_now
from monitor.store.tables import rule_version


def record_rules(db: Database, rules: Iterable[Rule]) -> int:
    """Keep the text of each rule's version; how many were new. Call it when a rule set is loaded."""
    with db.write() as connection:
        now = database_now(connection)
        rows = {
            (rule.id, rule.version): {
                "rule_id": rule.id,
                "version": rule.version,
                "text": rule.source_text,
                "created_at": now,
            }
            for rule in rules
        }
        return len(insert_new(connection, rule_version, [rows[key] for key in sorted(rows)], "rule_id"))


def rule_text(db: Database, rule_id: str, version: str) -> str | None:
    """The rule as written then; None: this version was never recorded."""
    with db.read() as connection:
        return connection.scalar(
            select(rule_version.c.text).where(
                rule_version.c.rule_id == rule_id, rule_version.c.version == version
            )
        )
