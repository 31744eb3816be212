"""Problems in the formats of other programs, each held against what its specification demands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from monitor.core.rules.problems import CODES, Level, Place, Problem
from monitor.core.rules.reports import FORMATS

PROBLEM = Problem(
    code="unknown-value",
    level=Level.ERROR,
    message="type: 'persn', 100% wrong: not\none of\r person",
    path="rules/my topics/a:b,c%.yml",
    place=Place(line=4, column=11, width=5),
    help="did you mean 'person'?",
)
WARNING = Problem(
    code="no-tests", level=Level.WARNING, message="no tests", path="/srv/r/x.yml", place=Place()
)
NOTE = Problem(
    code="unused-entity", level=Level.INFO, message="\x1b[2J\u202eунікод", path="ю.yml", place=Place()
)
ALL = (PROBLEM, WARNING, NOTE)


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_moves_the_cursor(name: str) -> None:
    written = FORMATS[name](ALL)
    assert all(character.isprintable() or character == "\n" for character in written)


def test_json_is_an_object_a_line() -> None:
    first, *rest = [json.loads(line) for line in FORMATS["json"](ALL).splitlines()]
    assert first == {
        "path": "rules/my topics/a:b,c%.yml",
        "line": 4,
        "column": 11,
        "end_column": 16,
        "code": "unknown-value",
        "severity": "error",
        "message": PROBLEM.message,
        "help": "did you mean 'person'?",
    }
    assert [problem["severity"] for problem in rest] == ["warning", "info"]
    assert rest[1]["message"] == NOTE.message
    assert FORMATS["json"](()) == ""


def test_github_gets_a_command_a_line_that_its_runner_reads_back() -> None:
    """Read as actions/runner does: properties up to the first `::`, then unescaped."""
    commands = [re.fullmatch(r"::(\w+) (.+?)::(.*)", line) for line in FORMATS["github"](ALL).splitlines()]
    assert [command and command[1] for command in commands] == ["error", "warning", "notice"]
    assert commands[0] is not None
    properties = dict(pair.split("=", 1) for pair in commands[0][2].split(","))
    assert {name: unquote(value) for name, value in properties.items()} == {
        "file": "rules/my topics/a:b,c%.yml",
        "line": "4",
        "endLine": "4",
        "col": "11",
        "endColumn": "16",
        "title": "unknown-value",
    }
    assert unquote(commands[0][3]) == (
        "type: 'persn', 100% wrong: not one of  person (help: did you mean 'person'?)"
    )


def test_sarif_has_what_the_specification_requires() -> None:
    log = json.loads(FORMATS["sarif"](ALL))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert set(run) <= {"tool", "columnKind", "results"}
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == list(CODES)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
    for problem, outcome in zip(ALL, run["results"], strict=True):
        assert driver["rules"][outcome["ruleIndex"]]["id"] == outcome["ruleId"] == problem.code
        assert outcome["level"] in ("none", "note", "warning", "error")
        assert outcome["message"]["text"]
        (location,) = outcome["locations"]
        region = location["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert (region["startColumn"], region["endColumn"]) == (
            problem.place.column,
            problem.place.column + problem.place.width,
        )
    places = [
        place["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for place in run["results"]
    ]
    assert places == ["rules/my%20topics/a%3Ab%2Cc%25.yml", "file:///srv/r/x.yml", "%D1%8E.yml"]


def test_every_help_link_of_sarif_leads_to_a_section() -> None:
    root = Path(__file__).parents[3]
    log = json.loads(FORMATS["sarif"](()))
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert "helpUri" not in rule  # the specification wants it absolute
        link = re.search(r"\]\((.+)\)", rule["help"]["markdown"])
        assert link is not None
        page, _, section = link[1].partition("#")
        assert f"\n### {section}\n" in (root / page).read_text(encoding="utf-8")


def test_nothing_wrong_is_still_a_sarif_log() -> None:
    assert json.loads(FORMATS["sarif"](()))["runs"][0]["results"] == []
