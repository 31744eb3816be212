"""docs/quality.md is of this program: it names its command and the versions that it was measured with."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.core.claims import EXTRACTOR_VERSION
from monitor.core.contradictions import COMPARATORS_VERSION
from monitor.core.evaluation.baselines import CLAIM_BASELINES, OURS, PAIR_BASELINES
from monitor.core.evaluation.mistakes import KINDS
from monitor.core.evaluation.scoring import SHARES
from workers.quality_page import COMMAND, GOALS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
AGAIN = "the page is of another version: run scripts/write_quality.py"


def test_the_page_names_the_command_that_writes_it() -> None:
    assert f"`{COMMAND}`" in PAGE
    assert (ROOT / COMMAND.split()[-1]).is_file()


def test_the_page_was_measured_with_this_program() -> None:
    assert f"extractor `{EXTRACTOR_VERSION}`" in PAGE, AGAIN
    assert f"comparators `{COMPARATORS_VERSION}`" in PAGE, AGAIN


def test_the_page_has_every_figure_beside_its_goal_and_the_other_ways() -> None:
    for goal in GOALS:
        assert re.search(
            rf"^\| {re.escape(goal.words)} \| at (?:least|most) \d+% \| (?:\d+%|–) \|", PAGE, re.MULTILINE
        )
    for words in SHARES.values():
        assert f"| {words} |" in PAGE
    for method in (OURS, *CLAIM_BASELINES, *PAIR_BASELINES):
        assert f"| {method} |" in PAGE


def test_the_page_shows_known_kinds_of_mistakes_with_examples() -> None:
    shown = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
    assert shown
    assert set(shown) <= set(KINDS)


def test_no_example_comes_from_the_check_half() -> None:
    examples = PAGE.partition("## The mistakes that are left")[2]
    check = {path.name for path in (ROOT / "tests" / "data" / "stories" / "check").iterdir()}
    assert check
    assert {name for name in check if name in examples} == set()
