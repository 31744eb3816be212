"""Filters: exclusions for rules that stay as they are."""

from __future__ import annotations

from monitor.core.matching import match
from monitor.core.rules.building import build_texts
from monitor.core.rules.problems import errors_of, render
from monitor.core.rules.ruleset import RuleSet
from monitor.core.rules.trials import text_article, why_not

RULES = """\
version: 1
rules:
  - {id: a, title: A, tags: [sea], query: ferry OR boat}
  - {id: b, title: B, query: ferry}
"""
FILTERS = """\
version: 1
filters:
  - {id: films, rules: [%s], none: [{keyword: film}, {query: novel AND hero}], reason: fiction}
"""


def rules(named: str = "") -> RuleSet:
    texts = {"a.yml": RULES} | ({"filters/f.yml": FILTERS % named} if named else {})
    built = build_texts(texts)
    assert not errors_of(built.problems), render(built.problems)
    return built.rules


def matched(text: str, named: str) -> list[str]:
    (reading,) = match([text_article(text)], rules(named))
    return [found.rule_id for found in reading.matches]


def test_a_filter_excludes_from_the_rules_that_it_names() -> None:
    assert matched("a ferry film", "b") == ["a"]
    assert matched("a ferry film", "tag:sea") == ["b"]
    assert matched("a ferry film", "'*'") == []
    assert matched("a novel: hero of the ferry", "'*', a") == []
    assert matched("a novel ferry", "'*'") == ["a", "b"]


def test_a_filter_changes_the_version_of_the_rules_that_it_names() -> None:
    plain, filtered = rules(), rules("b")
    assert plain.rules["a"].version == filtered.rules["a"].version
    assert plain.rules["b"].version != filtered.rules["b"].version
    assert plain.version != filtered.version


def test_the_filter_that_stops_a_match_is_named() -> None:
    filtered = rules("b")
    reason = why_not(filtered.rules["b"], text_article("a ferry film"), filtered)
    assert reason == "filter films excludes it: keyword film, which found “film”"


def test_two_filters_of_one_id_are_a_mistake() -> None:
    built = build_texts({"a.yml": RULES, "filters/f.yml": FILTERS % "a", "filters/g.yml": FILTERS % "b"})
    assert [problem.code for problem in errors_of(built.problems)] == ["duplicate-id"]
