"""Versions of rules in the ledger."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.types import Condition, Rule
from monitor.store.database import Database
from monitor.store.rules import record_rules, rule_text


def test_every_version_of_a_rule_is_kept_once_as_it_was_written(database: Database) -> None:
    rule = Rule(
        id="dams",
        version="v1",
        title="Dams",
        condition=Condition(operator="all"),
        source_text="id: dams # дамба",
    )
    edited = replace(rule, version="v2", source_text="id: dams # edited")
    assert record_rules(database, [rule, rule]) == 1
    assert record_rules(database, [rule, edited]) == 1
    assert rule_text(database, "dams", "v1") == "id: dams # дамба"
    assert rule_text(database, "dams", "v2") == "id: dams # edited"
    assert rule_text(database, "dams", "v3") is None
