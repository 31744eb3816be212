"""Versions of rules in the ledger, and which rules each process uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ledger import a_match, judge, store_and_take
from sqlalchemy import update

from monitor.core.rules.agreement import LIVE_WITHIN
from monitor.core.types import Condition, Findings, Rule
from monitor.store.database import Database
from monitor.store.kept_rules import keep_rules, kept_rules
from monitor.store.rules import record_rules, recorded_rule_ids, rule_history, rule_text
from monitor.store.rules_in_use import LONGEST_PROBLEM, forget_rules, rules_in_use, tell_rules
from monitor.store.tables import rules_in_use as in_use

DAMS = Rule(id="dams", version="v1", title="Dams", condition=Condition(operator="all"))


def record(db: Database, *rules: Rule, text: str = "id: {}") -> int:
    return record_rules(db, rules, text.format)


def test_every_version_of_a_rule_is_kept_once_as_it_was(database: Database) -> None:
    edited = replace(DAMS, version="v2")
    assert record(database, DAMS, DAMS, text="id: {} # дамба") == 1
    assert record(database, DAMS, edited, text="id: {} # edited") == 1
    assert rule_text(database, "dams", "v1") == "id: dams # дамба"
    assert rule_text(database, "dams", "v2") == "id: dams # edited"
    assert rule_text(database, "dams", "v3") is None


def test_a_text_is_asked_for_only_where_it_is_new(database: Database) -> None:
    asked = []

    def text_of(rule: str) -> str:
        asked.append(rule)
        return rule

    others = [replace(DAMS, id=f"rule-{number:04}") for number in range(1200)]
    assert record_rules(database, [DAMS, *others], text_of) == 1201
    assert record_rules(database, [replace(DAMS, version="v2"), *others], text_of) == 1
    assert sorted(asked) == sorted([DAMS.id, DAMS.id, *(rule.id for rule in others)])
    assert len(recorded_rule_ids(database)) == 1201


def test_the_history_has_the_newest_version_first_and_counts_the_matches_of_each(database: Database) -> None:
    for number in (1, 2):
        record(database, replace(DAMS, version=f"v{number}"), text=f"{{}} {number}")
    taken = store_and_take(database, "one", "two")
    for article in taken.articles:
        found = replace(a_match(article), rule_version="v1")
        judge(database, taken, Findings(article=article, matches=(found,), claims=(), origin="o"))
    history = rule_history(database, "dams")
    assert [(one.version, one.text, one.matches) for one in history] == [
        ("v2", "dams 2", 0),
        ("v1", "dams 1", 2),
    ]
    assert history[0].first_seen_at > history[1].first_seen_at
    assert rule_history(database, "bridges") == ()
    assert recorded_rule_ids(database) == ("dams",)


# ---------------------------------------------------------------- rules in use


def tell(db: Database, version: str = "one", problem: str = "", process: str = "north:7") -> None:
    tell_rules(db, role="worker", process=process, folder="/rules", version=version, rules=3, problem=problem)


def test_a_process_has_its_version_since_it_first_told_it(database: Database) -> None:
    tell(database)
    (first,) = rules_in_use(database)
    assert (first.host, first.folder, first.version, first.rules, first.problem) == (
        "north",
        "/rules",
        "one",
        3,
        "",
    )
    assert first.live
    tell(database)
    (again,) = rules_in_use(database)
    assert again.since == first.since
    assert again.seen_at > first.seen_at
    tell(database, "two")
    (swapped,) = rules_in_use(database)
    assert swapped.since > first.since


def test_broken_files_are_broken_since_they_first_were(database: Database) -> None:
    tell(database)
    tell(database, problem="a.yml:1: error")
    (broken,) = rules_in_use(database)
    assert broken.broken_since is not None
    tell(database, problem="a.yml:2: error " + "x" * 5000)
    (still,) = rules_in_use(database)
    assert still.broken_since == broken.broken_since
    assert still.since == broken.since
    assert len(still.problem) == LONGEST_PROBLEM
    tell(database)
    (mended,) = rules_in_use(database)
    assert (mended.broken_since, mended.problem) == (None, "")


def test_a_process_that_ends_is_forgotten_at_once_and_one_that_falls_silent_later(database: Database) -> None:
    for process in ("north:7", "south:8", "west:9"):
        tell(database, process=process)
    forget_rules(database, role="worker", process="north:7")
    for process, ago in (("south:8", LIVE_WITHIN * 2), ("west:9", timedelta(days=2))):
        (found,) = (use for use in rules_in_use(database) if use.process == process)
        with database.write() as connection:
            connection.execute(
                update(in_use).where(in_use.c.process == process).values(seen_at=found.seen_at - ago)
            )
    assert [(use.process, use.live) for use in rules_in_use(database)] == [("south:8", False)]


def test_the_last_good_files_of_each_folder_are_kept_and_only_those(database: Database) -> None:
    here, there = Path("/srv/rules"), Path("/srv/others")
    first, second = {"a.yml": "version: 1 # дамба"}, {"a.yml": "version: 1", "frames/b.yml": "id: b"}
    assert kept_rules(database, here) is None
    assert keep_rules(database, folder=here, version="v1", files=first)
    assert not keep_rules(database, folder=here, version="v1", files=dict(first)), (
        "the same: nothing to write"
    )
    assert keep_rules(database, folder=there, version="v9", files=second)
    before = kept_rules(database, here)
    assert before is not None
    assert (before.version, before.files) == ("v1", first)
    assert keep_rules(database, folder=here, version="v2", files=second)
    after, others = kept_rules(database, here), kept_rules(database, there)
    assert after is not None
    assert others is not None
    assert (after.version, after.files, others.version) == ("v2", second, "v9")
    assert after.kept_at >= before.kept_at
