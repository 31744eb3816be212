"""docs/rules.md: every block loads, its rules pass their tests, every code and operator is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.core.operators import OPERATORS
from monitor.core.rules.building import build_texts
from monitor.core.rules.problems import CODES, findings_of, render
from monitor.core.rules.shapes import AlertShape, EntityShape, RuleShape, TrialShape, WhereShape
from monitor.core.rules.trials import run_tests

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
ENV = {"CLAIMWATCH_SECRET_COAST_DESK": "webhook+https://hooks.example.org/x"}


RULE = """\
version: 1
rules:
  - id: a
    title: A
    query: shipwreck
    tests:
      - {name: one, article: {title: A shipwreck}, should_match: true}
      - {name: two, article: {title: "Obituary: survivor of a shipwreck"}, should_match: false}
"""


def test_the_page_has_blocks() -> None:
    assert len(BLOCKS) >= 7


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_loads_without_a_problem_and_its_tests_pass(block: str) -> None:
    name = re.match(r"# ([\w/]+\.yml)\n", block)
    # A filter needs a rule to work on.
    more = {"a.yml": RULE} if name and name[1].startswith("filters/") else {}
    built = build_texts({name[1] if name else "block.yml": block} | more, ENV)
    assert not findings_of(built.problems), render(built.problems)
    trials = run_tests(built.tests, built.rules)
    assert [(trial.test.name, trial.reason) for trial in trials if not trial.passed] == []
    assert trials or built.routing.routes or built.feeds


def test_every_code_has_its_section() -> None:
    assert re.findall(r"^### (.+)$", PAGE, flags=re.MULTILINE) == list(CODES)


def test_every_operator_and_key_is_explained() -> None:
    keys = {
        key
        for shape in (RuleShape, WhereShape, AlertShape, EntityShape, TrialShape)
        for key in shape.model_fields
    }
    missing = {word for word in keys | set(OPERATORS) if not re.search(rf"\b{word}\b", PAGE)}
    assert missing == set()
