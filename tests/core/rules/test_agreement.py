"""What the rules of many processes add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.rules.agreement import RulesInUse, differing_since, disagreements

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def use(
    process: str = "north:1", version: str = "one", *, since: int = 3600, **changes: object
) -> RulesInUse:
    """A worker that has used a version for so many seconds."""
    made = RulesInUse(
        role="worker",
        process=process,
        host=process.partition(":")[0],
        folder="/rules",
        version=version,
        rules=3,
        since=NOW - since * SECOND,
        seen_at=NOW - SECOND,
        now=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def test_processes_that_agree_need_no_word() -> None:
    assert disagreements([]) == ()
    assert disagreements([use(), use("south:2")]) == ()
    assert differing_since([use(), use("south:2", since=5)]) is None


def test_different_rules_are_no_matter_for_a_minute_and_then_they_are() -> None:
    assert disagreements([use(), use("south:2", "two", since=59)]) == ()
    (said,) = disagreements([use(), use("south:2", "two", since=61)])
    assert said.endswith("different rules for over a minute: one in worker north:1; two in worker south:2")


def test_a_machine_that_changes_its_mind_all_the_time_does_not_hide_the_difference() -> None:
    uses = [use(), use("south:2", "two", since=600), use("west:3", "three", since=1)]
    assert differing_since(uses) == NOW - 600 * SECOND
    assert len(disagreements(uses)) == 1


def test_who_fell_silent_does_not_disagree() -> None:
    gone = use("south:2", "two", since=600, seen_at=NOW - timedelta(minutes=5))
    assert disagreements([use(), gone]) == ()


def test_broken_files_are_told_once_for_each_machine() -> None:
    problem = "\na.yml:3:1: error[bad-key]: 'X'\n   |\n"
    broken = [use(f"north:{pid}", problem=problem, broken_since=NOW) for pid in range(6)]
    (said,) = disagreements(broken)
    assert said == (
        "the rule files in /rules on north are broken (worker north:0, worker north:1, worker north:2, "
        "worker north:3 and 2 more on with the last good rules): a.yml:3:1: error[bad-key]: 'X'"
    )
    (never,) = disagreements([use(version="", problem=problem, broken_since=NOW)])
    assert "(worker north:1 without rules)" in never
