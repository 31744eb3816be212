"""The events of a YAML text (YAML 1.2, section 3.1): libyaml's where it surely says the same, else ruamel's.

libyaml is thirty times as fast, reads YAML 1.1 where the two differ, and describes mistakes in fewer words.
So a text that has any of the few characters on which they differ, and every text that libyaml refuses,
is read by ruamel; `tests/core/rules/test_yaml_events.py` compares the two.
Their events have the same names and fields. Who reads them bounds depth and number: neither parser does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import yaml.events
from ruamel.yaml import YAML
from ruamel.yaml import events as ruamel_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError
from yaml.error import YAMLError as LibyamlError

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML was built without libyaml: slower, and nothing else
    CParser = None


class Kind(IntEnum):
    """What an event tells."""

    SCALAR = 0
    SEQUENCE = 1
    MAPPING = 2
    END = 3
    ALIAS = 4
    DOCUMENT = 5
    OTHER = 6


_NAMES = {
    "ScalarEvent": Kind.SCALAR,
    "SequenceStartEvent": Kind.SEQUENCE,
    "MappingStartEvent": Kind.MAPPING,
    "SequenceEndEvent": Kind.END,
    "MappingEndEvent": Kind.END,
    "AliasEvent": Kind.ALIAS,
    "DocumentStartEvent": Kind.DOCUMENT,
    "DocumentEndEvent": Kind.OTHER,
    "StreamStartEvent": Kind.OTHER,
    "StreamEndEvent": Kind.OTHER,
}
#: The class of an event → what it tells.
KINDS: dict[type, Kind] = {
    getattr(module, name): kind for module in (yaml.events, ruamel_events) for name, kind in _NAMES.items()
}

# Tabs, line breaks of YAML 1.1, byte order marks inside, directives, tags, anchors with a colon in the name,
# and a comment right behind the mark of a block (YAML wants a space before it, libyaml does not).
_DIFFERENT = re.compile(
    r"[\t\x85\u2028\u2029\ufeff]|^%|(?:^|[\s,\[{])(?:!|&[^\s,\]}]*:)|[|>][-+0-9]*#", re.MULTILINE
)


class SyntaxMistakeError(Exception):
    """The text is not YAML; `line` and `column` count from 0, None where nobody knows."""

    def __init__(self, message: str, line: int | None = None, column: int = 0, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.line = line
        self.column = column


def is_plain(text: str) -> bool:
    """Will libyaml read the text as ruamel would?"""
    return CParser is not None and _DIFFERENT.search(text) is None


#: What reading libyaml's events may raise: the text has to be read again by ruamel.
REFUSED: tuple[type[Exception], ...] = (LibyamlError, SyntaxMistakeError, ValueError)


def fast_events(text: str) -> Iterator[Any]:
    """The events by libyaml, for a plain text. Raises one of REFUSED."""
    return iter(CParser(text).get_event, None)


def slow_events(text: str) -> Iterator[Any]:
    """The events by ruamel. Raises SyntaxMistakeError."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(filter(None, (error.context, error.problem))) or "not YAML"
        raise SyntaxMistakeError(message, mark.line if mark else None, mark.column if mark else 0) from error
    except ReaderError as error:
        line, column = _place_of(text, error.position)
        message = f"the character U+{error.character:04X} cannot stand in YAML"
        help = "remove it; in double quotes it can be written as an escape"
        raise SyntaxMistakeError(message, line, column, help=help) from error
    except (YAMLError, ValueError, AttributeError, TypeError, IndexError, KeyError, AssertionError) as error:
        # ruamel's own stumbles over odd directives and escapes.
        message = str(error).split("\n")[0] or type(error).__name__
        raise SyntaxMistakeError(f"not YAML: {message}") from error


def _place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 0."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n"), len(before) - before.rfind("\n") - 1


# ---------------------------------------------------------------- scalars: the core schema, section 10.3.2

_TAG = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def written(event: Any) -> str | None:
    """A scalar as written; None for null."""
    value: str = event.value
    if event.tag is not None:
        return None if event.tag == _TAG + "null" else value
    return None if value in _NULLS and not event.style else value


def typed(event: Any) -> object:
    """A scalar as YAML's core schema types it; numbers that are not finite stay as written."""
    value = written(event)
    tag = str(event.tag).removeprefix(_TAG) if event.tag is not None else ""
    if value is None or (event.style and not tag) or tag == "str":
        return value
    if value in _BOOLS and tag in ("", "bool"):
        return _BOOLS[value]
    try:
        if _INT.fullmatch(value) and tag in ("", "int"):
            return int(value, 0) if value[:2] in ("0x", "0o") else int(value)
        if _FLOAT.fullmatch(value) and tag in ("", "float"):
            return float(value) if abs(float(value)) != float("inf") else value
    except ValueError:  # more digits than Python turns into a number
        pass
    return value
