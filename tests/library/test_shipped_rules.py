"""The shipped rules: clean, tested in three languages, and quiet on look-alikes."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from monitor.core.rules.building import RuleTest
from monitor.core.rules.problems import Level
from monitor.core.rules.trials import run_tests
from monitor.core.types import AlertKind
from monitor.rulefiles import RuleFolder, check_folder

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
PER_SIDE = 3


@lru_cache(maxsize=1)
def shipped() -> RuleFolder:
    return check_folder(RULES)


def by_rule() -> dict[str, list[RuleTest]]:
    found: dict[str, list[RuleTest]] = defaultdict(list)
    for test in shipped().tests:
        found[test.rule].append(test)
    return found


def test_lint_finds_nothing_to_mend() -> None:
    assert [p for p in shipped().problems if p.level is not Level.INFO] == []


def test_all_tests_of_the_rules_pass() -> None:
    failed = [trial for trial in run_tests(shipped().tests, shipped().rules) if not trial.passed]
    assert failed == []
    assert not [test.name for test in shipped().tests if test.known_gap]


def test_every_rule_is_tried_from_both_sides_and_in_russian_and_ukrainian() -> None:
    for rule, tests in by_rule().items():
        positive = [test for test in tests if test.should_match]
        negative = [test for test in tests if not test.should_match]
        assert len(positive) >= PER_SIDE, rule
        assert len(negative) >= PER_SIDE, rule
        assert {"ru", "uk"} <= {test.article["lang"] for test in positive}, rule


def test_every_rule_has_an_owner_tags_and_tells_of_what_is_new() -> None:
    for rule in shipped().rules.rules.values():
        assert rule.owner, rule.id
        assert rule.tags, rule.id
        assert AlertKind.MATCH not in rule.alert.on, rule.id


def test_every_shipped_rule_is_on_the_page_about_them() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    event = {"crocus-attack-claims", "crocus-mentions", "bortnikov-mentions"}
    assert not [rule for rule in shipped().rules.rules if f"`{rule}`" not in page and rule not in event]
