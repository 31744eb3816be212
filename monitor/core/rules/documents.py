"""YAML 1.2 with positions: a file's text → plain values, and where each of them stands.

Scalars stay as written (`NO`, `007` and `1.10` are words here; the shapes say what should be a number),
except null. Duplicate keys are problems, with both places. Size, depth and unfolding are bounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.core.rules.nodes import MAX_DEPTH, MAX_VALUES, NotYamlError, compose
from monitor.core.rules.problems import Level, Place, Problem

#: Bytes of one file.
MAX_BYTES = 1_000_000

#: Keys and indexes from the top of the document.
Loc = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Document:
    """One file's values with their places; `value` is None where the file cannot be read at all."""

    path: str
    text: str
    value: object = None
    # The same with numbers and booleans resolved by YAML's core schema.
    typed: object = None
    problems: list[Problem] = field(default_factory=list)
    _places: dict[Loc, Place] = field(default_factory=dict)
    _key_places: dict[Loc, Place] = field(default_factory=dict)
    _extents: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)

    def place(self, loc: Loc, *, of_key: bool = False) -> Place:
        """Where the value (or its key) stands; of the nearest thing around it where it does not exist."""
        if of_key and loc in self._key_places:
            return self._key_places[loc]
        while loc and loc not in self._places:
            loc = loc[:-1]
        return self._places.get(loc, Place())

    def problem(
        self,
        loc: Loc,
        code: str,
        message: str,
        *,
        help: str = "",
        of_key: bool = False,
        level: Level = Level.ERROR,
    ) -> None:
        """Notes a problem at a place of this document."""
        self.problems.append(self._problem_at(self.place(loc, of_key=of_key), code, message, help, level))

    def problem_at(
        self, place: Place, code: str, message: str, *, help: str = "", level: Level = Level.ERROR
    ) -> None:
        self.problems.append(self._problem_at(place, code, message, help, level))

    def place_within(self, loc: Loc, at: int, width: int = 1) -> Place:
        """Where a character of a text stands, counted from 0 in its value; the text where unclear."""
        start, end = self._extents.get(loc, (0, 0))
        place = self.place(loc)
        offset = offset_within(self.text[start:end], at)
        if offset is None:
            return place
        before = self.text[start : start + offset]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else place.column + len(before)
        return Place(line=place.line + lines, column=column, width=max(1, width))

    def where(self, loc: Loc) -> str:
        """path:line of a place, for messages about another one."""
        return f"{self.path}:{self.place(loc).line}"

    def source_of(self, loc: Loc) -> str:
        """The text of one value as written, with its indentation."""
        start, end = self._extents.get(loc, (0, 0))
        begin = self.text.rfind("\n", 0, start) + 1
        return " " * (start - begin) + self.text[start:end].rstrip()

    def _problem_at(self, place: Place, code: str, message: str, help: str, level: Level) -> Problem:
        line = self._lines[place.line - 1] if 1 <= place.line <= len(self._lines) else ""
        return Problem(
            code=code,
            level=level,
            message=_shortened(message),
            path=self.path,
            place=place,
            help=_shortened(help),
            source_line=line,
        )


def read_document(path: str, text: str) -> Document:
    """Reads one file's text; whatever is wrong with it is in `problems`, never an exception."""
    document = Document(path=path, text=text)
    # YAML breaks lines at CR, LF and CRLF only; str.splitlines knows more.
    document._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        document.problem(
            (),
            "too-large",
            f"the file has over {MAX_BYTES:,} bytes",
            help="split it; any number of files is read",
        )
        return document
    node = _compose(document)
    if node is not None:
        builder = _Builder(document)
        built = builder.build(node, (), 0)
        if not any(problem.code in ("too-large", "too-deep") for problem in document.problems):
            document.value, document.typed = built
    return document


def _compose(document: Document) -> Node | None:
    """The tree of nodes, or None where the text is empty or no YAML."""
    try:
        node = compose(document.text)
    except NotYamlError as error:
        document.problem_at(error.place, error.code, error.message, help=error.help)
        return None
    if node is None:
        document.problem((), "missing-key", "the file is empty", help="begin with 'version: 1', or remove it")
    return node


class _Builder:
    """Nodes → values, counting what it makes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values = 0

    def build(self, node: Node, loc: Loc, depth: int) -> tuple[object, object]:
        """The value as words, and as YAML's core schema types it."""
        self.values += 1
        self.document._places[loc] = _place_of(node)
        self.document._extents[loc] = (node.start_mark.index, node.end_mark.index)
        if depth > MAX_DEPTH:
            self._give_up("too-deep", f"nests deeper than {MAX_DEPTH} levels", node)
            return None, None
        if self.values > MAX_VALUES:
            self._give_up("too-large", f"has over {MAX_VALUES:,} values, anchors unfolded", node)
            return None, None
        if isinstance(node, MappingNode):
            return self._mapping(node, loc, depth)
        if isinstance(node, SequenceNode):
            pairs = [
                self.build(child, (*loc, index), depth + 1) for index, child in enumerate(self._some(node))
            ]
            return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        assert isinstance(node, ScalarNode)
        return _scalar(node)

    def _mapping(self, node: MappingNode, loc: Loc, depth: int) -> tuple[object, object]:
        words: dict[str, object] = {}
        typed: dict[str, object] = {}
        for key_node, value_node in self._some(node):
            if not isinstance(key_node, ScalarNode):
                self.document.problem_at(
                    _place_of(key_node), "bad-key", "a key must be a plain word", help="put it in quotes"
                )
                continue
            key = str(key_node.value)
            here = (*loc, key)
            if key in words:
                first = self.document.place(here, of_key=True)
                self.document.problem_at(
                    _place_of(key_node),
                    "duplicate-key",
                    f"{key!r} is there twice; the first is in line {first.line}",
                    help="join the two, or rename one",
                )
                continue
            self.document._key_places[here] = _place_of(key_node)
            words[key], typed[key] = self.build(value_node, here, depth + 1)
            if value_node.start_mark.index == value_node.end_mark.index:
                # What is missing stands behind its key, not at the next thing in the file.
                self.document._places[here] = self.document._key_places[here]
        return words, typed

    def _some(self, node: Node) -> list[Any]:
        """The node's children, as long as nothing has run over."""
        if any(problem.code in ("too-large", "too-deep") for problem in self.document.problems):
            return []
        return list(node.value)

    def _give_up(self, code: str, message: str, node: Node) -> None:
        if not any(problem.code == code for problem in self.document.problems):
            self.document.problem_at(_place_of(node), code, message)


def _place_of(node: Node) -> Place:
    start, end = node.start_mark, node.end_mark
    one_line = isinstance(node, ScalarNode) and start.line == end.line
    return Place(
        line=start.line + 1,
        column=start.column + 1,
        width=max(1, end.column - start.column) if one_line else 1,
    )


def _scalar(node: ScalarNode) -> tuple[object, object]:
    tag, written = str(node.tag), str(node.value)
    if tag == _TAG + "null":
        return None, None
    return written, _typed(tag, written)


def _typed(tag: str, written: str) -> object:
    if tag == _TAG + "bool":
        return written.lower() == "true"
    try:
        if tag == _TAG + "int":
            return int(written, 0) if written[:2] in ("0x", "0o") else int(written)
        if tag == _TAG + "float":
            number = float(written)
            return number if math.isfinite(number) else written
    except ValueError:
        pass
    return written


def offset_within(written: str, at: int) -> int | None:
    """Where a character of a scalar's value stands in the scalar as written; None where lines were folded."""
    if written[:1] == "|":
        return _offset_in_block(written, at)
    if "\n" in written.rstrip():
        return None
    if written[:1] not in ("'", '"'):
        return min(at, len(written))
    one = _ESCAPED if written[0] == '"' else _DOUBLED
    offset = 1
    for _ in range(at):
        found = one.match(written, offset)
        if found is None:
            break
        offset = found.end()
    return offset


# One character of a quoted scalar.
_DOUBLED = re.compile("''|[^']")
_ESCAPED = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|[^\"]")


def _offset_in_block(written: str, at: int) -> int | None:
    """The same for a text after "|": each line loses the indentation of the first."""
    head, *lines = written.split("\n")
    offset = len(head) + 1
    indent = len(lines[0]) - len(lines[0].lstrip(" ")) if lines else 0
    for line in lines:
        length = max(0, len(line) - indent)
        if at <= length:
            return offset + min(indent, len(line)) + at
        at -= length + 1
        offset += len(line) + 1
    return None


def _shortened(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def as_mapping(value: object) -> Mapping[str, object]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
