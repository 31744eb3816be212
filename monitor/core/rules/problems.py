"""Problems of rule files: where, what, and what to do about it.

docs/rules.md has a section for each code of `CODES`.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    # Worth knowing; nothing to mend.
    INFO = "info"


#: Every code, with what it says in general.
CODES: Mapping[str, str] = {
    # the file
    "unreadable": "The file cannot be read, or is not UTF-8.",
    "too-large": "The file, or what its anchors unfold to, is too large.",
    "too-deep": "The file nests deeper than any rule needs.",
    "yaml-syntax": "The file is not YAML.",
    "duplicate-key": "A mapping has the same key twice.",
    "bad-key": "A key is not a plain word.",
    "unsupported-version": "The file's format version is not one that this program reads.",
    # the shape
    "unknown-key": "There is no such key here.",
    "missing-key": "A required key is missing.",
    "wrong-type": "The value is of the wrong kind.",
    "unknown-value": "The value is not one of those allowed here.",
    "bad-value": "The value cannot be used here.",
    "bad-duration": "A duration is a whole number and one of s, m, h, d, w.",
    "not-supported-yet": "The key or value is part of the format, but this version cannot do it.",
    # conditions and words
    "one-condition": "A condition names exactly one operator.",
    "wildcard": "A star stands only at the end of a word, after at least three letters.",
    "empty-term": "There is nothing to look for.",
    "bad-regex": "The regular expression is wrong, or uses what is not supported.",
    "regex-without-literal": "The rule runs on every article, because its pattern needs no letters.",
    "query-syntax": "The Boolean string cannot be read.",
    "no-positive-condition": "The rule could match an article that has none of its words.",
    "mixed-alphabet": "A word mixes letters of two alphabets.",
    "no-case-forms": "Case forms cannot be made for this language.",
    "nothing-to-inflect": "The name has one form in all cases.",
    "common-word": "A word that nearly every article has is looked for alone.",
    "never-matches": "What is excluded is all that the rule could find.",
    "same-condition": "Two rules look for the same.",
    "pager-on-match": "Somebody is woken by every article that matches.",
    # names
    "duplicate-id": "Two things have the same id.",
    "unknown-entity": "No file defines this entity.",
    "unknown-list": "No file defines this list.",
    "unknown-receiver": "routes.yml defines no such receiver.",
    "unknown-rule": "No file defines this rule, and no rule has this tag.",
    "shared-alias": "Two entities have the same name.",
    "unused-entity": "No rule asks for the entity.",
    # tests
    "no-tests": "The rule has no tests.",
    "one-sided-tests": "The rule has no test that should match, or none that should not.",
    # the other files
    "missing-variable": "An environment variable that routes.yml asks for is not set.",
    "bad-url": "This is not a URL that can be used here.",
    "no-catch-all": "The root of the routes must take everything, and name receivers.",
    "bad-matcher": "The matcher of a label cannot be read.",
    "unknown-label": "No alert has this label.",
    "unknown-template": "A route names a template that the file does not have.",
    "bad-template": "A template cannot be read, or asks for what is not there.",
    "dead-route": "A route takes everything before others are asked.",
    "bad-frame": "The frame cannot be read.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file; lines and columns count from 1."""

    line: int = 1
    column: int = 1
    # Characters that the caret underlines.
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, or doubtful, in one file."""

    code: str
    level: Level
    message: str
    # Relative to the rules folder's parent, as a person would type it.
    path: str
    place: Place
    # What to do; empty where the message says it all.
    help: str = ""
    # The line of the file.
    source_line: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        return (self.path, self.place.line, self.place.column, self.code, self.message)

    def as_json(self) -> dict[str, object]:
        """For programs: one flat object."""
        return {
            "path": self.path,
            "line": self.place.line,
            "column": self.place.column,
            "end_column": self.place.column + self.place.width,
            "code": self.code,
            "severity": self.level.value,
            "message": self.message,
            "help": self.help,
        }


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each once, in order of file and place."""
    return tuple(sorted(set(problems), key=lambda problem: problem.order))


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.level is Level.ERROR)


def findings_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors and warnings: what somebody should mend."""
    return tuple(problem for problem in problems if problem.level is not Level.INFO)


def render(problems: Sequence[Problem]) -> str:
    """A report for people: a block for each problem, then a line that counts them; empty for none."""
    if not problems:
        return ""
    blocks = [_render_one(problem) for problem in problems]
    levels = Counter(problem.level for problem in problems)
    counts = [_count(levels[level], noun) for level, noun in _NOUNS.items()]
    return "\n\n".join(blocks) + "\n\n" + ", ".join(count for count in counts if count)


_NOUNS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _render_one(problem: Problem) -> str:
    place = problem.place
    head = f"{printable(problem.path)}:{place.line}:{place.column}: {problem.level.value}[{problem.code}]: "
    lines = [head + printable(problem.message)]
    gutter = " " * len(str(place.line))
    if problem.source_line:
        before, marked, after = _around(problem.source_line, place)
        lines += [
            f" {gutter} |",
            f" {place.line} | {printable(before + marked + after)}",
            f" {gutter} | {' ' * _columns(before)}{'^' * max(1, _columns(marked))}",
        ]
    if problem.help:
        lines.append(f" {gutter} = help: {printable(problem.help)}")
    return "\n".join(lines)


def _around(line: str, place: Place) -> tuple[str, str, str]:
    """The line before, at and behind a place; of a long line only what is near."""
    start = place.column - 1
    end = start + place.width
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(line) <= _LONG_LINE:
        return before, marked, after
    if len(before) > _LONG_LINE // 2:
        before = "…" + before[-_LONG_LINE // 4 :]
    marked = marked[: _LONG_LINE // 2]
    room = _LONG_LINE - len(before) - len(marked)
    return before, marked, after if len(after) <= room else after[:room] + "…"


#: Characters of a line that are shown.
_LONG_LINE = 160


def printable(text: str) -> str:
    """The text with everything that could move a terminal's cursor shown as a blank."""
    return "".join(character if character.isprintable() else " " for character in text)


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or with all of a few; empty where neither helps."""
    names = sorted(known)
    few = len(names) <= 20
    # Comparing is quadratic in the length; nobody means a word of a thousand letters.
    if len(names) > _MANY_NAMES:
        # A folder with a thousand names may have a thousand mistakes: look at those that begin or end alike.
        names = [name for name in names if name[:2] == word[:2] or name[-3:] == word[-3:]]
    close = difflib.get_close_matches(word[:100], names[:_MOST_NAMES], 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if names and few:
        return f"known here: {', '.join(names)}"
    return ""


_MANY_NAMES = 100
_MOST_NAMES = 500
