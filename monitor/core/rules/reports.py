"""Problems in the formats of other programs: JSON Lines, GitHub's workflow commands, SARIF 2.1.0.

One function and one row of `FORMATS` each; every one of them gives a whole answer, without a line break at
its end, and nothing in it moves a terminal's cursor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

from monitor.core.rules.problems import CODES, Level, Problem, printable, render
from monitor.core.terminal import escape_json

Format = Callable[[Sequence[Problem]], str]

#: Where each code is explained, from the root of the repository.
PAGE = "docs/rules.md"


def json_lines(problems: Sequence[Problem]) -> str:
    """One object a line."""
    return "\n".join(escape_json(json.dumps(problem.as_json(), ensure_ascii=False)) for problem in problems)


# ---------------------------------------------------------------- GitHub

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def github(problems: Sequence[Problem]) -> str:
    """Workflow commands, one a line: GitHub shows them beside the lines of a pull request."""
    return "\n".join(_annotation(problem) for problem in problems)


def _annotation(problem: Problem) -> str:
    place = problem.place
    properties = {
        "file": PurePath(problem.path).as_posix(),
        "line": str(place.line),
        "endLine": str(place.line),
        "col": str(place.column),
        "endColumn": str(place.column + place.width),
        "title": problem.code,
    }
    written = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{_COMMANDS[problem.level]} {written}::{_escaped(_in_one(problem))}"


def _escaped(text: str, also: str = "") -> str:
    # The sign of the escapes itself first.
    for sign in "%" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return printable(text)


def _in_one(problem: Problem) -> str:
    return f"{problem.message} (help: {problem.help})" if problem.help else problem.message


# ---------------------------------------------------------------- SARIF

_SARIF_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}


def sarif(problems: Sequence[Problem]) -> str:
    """One log with one run; its rules are all our codes, each with its section of the rules page."""
    numbers = {code: number for number, code in enumerate(CODES)}
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "claimwatch", "rules": [_descriptor(code) for code in CODES]}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(problem, numbers) for problem in problems],
            }
        ],
    }
    return escape_json(json.dumps(log, ensure_ascii=False, indent=2))


def _descriptor(code: str) -> Mapping[str, object]:
    section = f"{PAGE}#{code}"
    return {
        "id": code,
        "shortDescription": {"text": CODES[code]},
        # No helpUri: SARIF wants an absolute address there, and the page travels with the code.
        "help": {"text": f"See {section}.", "markdown": f"See [{section}]({section})."},
    }


def _sarif_result(problem: Problem, numbers: Mapping[str, int]) -> Mapping[str, object]:
    place = problem.place
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.column + place.width,
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": numbers[problem.code],
        "level": _SARIF_LEVELS[problem.level],
        "message": {"text": printable(_in_one(problem))},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(problem.path)}, "region": region}}
        ],
    }


def _uri(path: str) -> str:
    """A relative reference for a relative path, a file address for an absolute one."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


#: By the name that `--format` takes.
FORMATS: Mapping[str, Format] = {"text": render, "json": json_lines, "github": github, "sarif": sarif}
