"""docs/rules.md: every block loads, its rules pass their tests, every code and operator is explained."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.rules import app
from monitor.core.matching import match
from monitor.core.operators import OPERATORS
from monitor.core.rules.building import build_texts
from monitor.core.rules.likeness import MissKind
from monitor.core.rules.problems import CODES, errors_of, findings_of, render
from monitor.core.rules.shapes import AlertShape, EntityShape, RuleShape, TrialShape, WhereShape
from monitor.core.rules.trials import run_tests, text_article

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8")
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
BLOCKS = [block for language, block in FENCED if language == "yaml"]
#: What the program says, and the line for editors.
SHOWN = [block for language, block in FENCED if not language]
#: What to type, and what a running service said: tests/rulefiles and tests/reload run these commands.
TYPED = [block for language, block in FENCED if language in {"sh", "console"}]
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
    assert len(BLOCKS) + len(SHOWN) + len(TYPED) == len(FENCED) == PAGE.count("\n```") / 2


@pytest.mark.parametrize(
    "line", [line for block in TYPED for line in block.splitlines() if "claimwatch" in line]
)
def test_what_is_to_be_typed_are_commands_with_their_options(line: str) -> None:
    if not line.removeprefix("$ ").startswith("claimwatch rules "):
        return
    name, *words = shlex.split(line.removeprefix("$ ").removeprefix("claimwatch rules "), comments=True)
    told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert told.exit_code == 0, told.output
    assert [word for word in words if word.startswith("--") and word not in told.output] == []


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_loads_without_a_problem_and_its_tests_pass(block: str) -> None:
    name = re.match(r"# ([\w/]+\.yml)\n", block)
    # A filter needs a rule to work on.
    more = {"a.yml": RULE} if name and name[1].startswith("filters/") else {}
    built = build_texts({name[1] if name else "block.yml": block} | more, ENV)
    assert not findings_of(built.problems), render(built.problems)
    trials = run_tests(built.tests, built.rules)
    assert [(trial.test.name, trial.reason) for trial in trials if not trial.passed] == []
    assert trials or built.routing.root or built.feeds or "\nshipped: " in block


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rules folder with all the rules of the page."""
    folder = tmp_path_factory.mktemp("rules")
    for number, block in enumerate(BLOCKS):
        if not block.startswith("# "):
            (folder / f"{number}.yml").write_text(block, encoding="utf-8")
    return folder


@pytest.mark.parametrize("block", [block for block in SHOWN if block.startswith("$ ")])
def test_a_command_says_what_the_page_shows(block: str, page_folder: Path) -> None:
    command, _, expected = block.partition("\n")
    words = shlex.split(command.removeprefix("$ claimwatch rules "))
    outcome = CliRunner().invoke(app, [*words, "--rules", str(page_folder)])
    assert re.sub(r"\b[0-9a-f]{16}\b", "VERSION", outcome.output) == expected


def test_the_other_blocks_are_what_the_program_says() -> None:
    rest = [block for block in SHOWN if not block.startswith("$ ")]
    report = [block for block in rest if block.startswith("rules/")]
    assert len(rest) == len(report) + 1
    entity = "    type: persn\n    name: Harbour\n    aliases: [Harbour]\n"
    built = build_texts({"topics/ferry.yml": f"version: 1\nentities:\n  harbour:\n{entity}"})
    assert report == [render(errors_of(built.problems)).rsplit("\n\n", 1)[0] + "\n"]
    (editor_line,) = (block for block in rest if block not in report)
    for file in sorted((REPOSITORY / "rules" / "topics").glob("*.yml")):
        assert file.read_text(encoding="utf-8").startswith(editor_line)


ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| (yes|no) \| .+ \|$", re.MULTILINE)


def test_every_row_of_the_table_of_words_is_true() -> None:
    section = PAGE.partition("## What counts as the same word")[2].partition("\n## ")[0]
    rows = ROW.findall(section)
    assert len(rows) > 18
    for word, texts, found in rows:
        rules = build_texts({"a.yml": json.dumps(one_rule(word))}).rules
        for text in re.split(", (?!Hall$)", texts):
            written = text.replace("\\u00a0", "\u00a0").replace("\\n", "\n").replace("\\u0301", "\u0301")
            (reading,) = match([text_article(written, title="-")], rules)
            assert bool(reading.matches) is (found == "yes"), (word, text)


def one_rule(word: str) -> dict[str, object]:
    return {"version": 1, "rules": [{"id": "a", "title": "A", "match": {"any": [{"keyword": word}]}}]}


def test_every_kind_of_near_miss_is_explained() -> None:
    table = PAGE.partition("| near miss | what it says |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) - {"case", "near"} == {str(kind) for kind in MissKind}


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
