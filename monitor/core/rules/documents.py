"""YAML 1.2 with positions: a file's text → plain values, and where each of them stands.

Scalars stay as written (`NO`, `007` and `1.10` are words here; the shapes say what should be a number),
except null. Duplicate keys are problems, with both places. Size, depth and unfolding are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.core.rules.offsets import offset_within
from monitor.core.rules.problems import Level, Place, Problem
from monitor.core.rules.yaml_events import (
    KINDS,
    REFUSED,
    Kind,
    SyntaxMistakeError,
    fast_events,
    is_plain,
    slow_events,
    typed,
    written,
)

#: Bytes of one file.
MAX_BYTES = 1_000_000
#: Levels of nesting; the deepest sensible rule has about ten.
MAX_DEPTH = 32
#: Values in one file, anchors unfolded.
MAX_VALUES = 100_000
#: Keys that are no good, of one file; nobody reads more.
MAX_PROBLEMS = 100

#: Levels whose places are always kept: what stands in a list, an entity, a rule lies deeper.
INDEXED_LEVELS = 2

#: Keys and indexes from the top of the document.
Loc = tuple[str | int, ...]
Scalar = Callable[[Any], object]

# A place that nobody asks for.
_NOWHERE: Loc = (-1, -1, -1)


@dataclass(slots=True)
class Document:
    """One file's values with their places; `value` is None where the file cannot be read at all."""

    path: str
    text: str
    value: object = None
    problems: list[Problem] = field(default_factory=list)
    # Of the topmost two levels; of all once somebody asks for a deeper one.
    _index: _Index = field(default_factory=lambda: _Index())

    def place(self, loc: Loc, *, of_key: bool = False) -> Place:
        """Where the value (or its key) stands; of the nearest thing around it where it does not exist."""
        index = self._index_for(loc)
        if of_key and loc in index.key_places:
            return index.key_places[loc]
        while loc and loc not in index.places:
            loc = loc[:-1]
        return index.places.get(loc, Place())

    def _index_for(self, loc: Loc) -> _Index:
        if len(loc) > INDEXED_LEVELS and not self._index.whole:
            # Most files have no problem, and places cost more than values: the file is read once more.
            _read(Document(path=self.path, text=self.text), self._index, whole=True)
        return self._index

    @property
    def typed(self) -> object:
        """The value with numbers and booleans as YAML's core schema types them."""
        return (
            None
            if self.value is None
            else _read(Document(path=self.path, text=self.text), _Index(), scalar=typed)
        )

    def apart(self, *, keep: bool = True) -> Document:
        """The same document with problems of its own, which begins with those so far or empty."""
        problems = list(self.problems) if keep else []
        return Document(
            path=self.path, text=self.text, value=self.value, problems=problems, _index=self._index
        )

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
        start, end = self._index_for(loc).extents.get(loc, (0, 0))
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
        start, end = self._index_for(loc).extents.get(loc, (0, 0))
        begin = self.text.rfind("\n", 0, start) + 1
        return " " * (start - begin) + self.text[start:end].rstrip()

    def _problem_at(self, place: Place, code: str, message: str, help: str, level: Level) -> Problem:
        lines = self._index.lines or _lines_of(self.text)
        self._index.lines = lines
        line = lines[place.line - 1] if 1 <= place.line <= len(lines) else ""
        return Problem(
            code=code,
            level=level,
            message=_shortened(message),
            path=self.path,
            place=place,
            help=_shortened(help),
            # Long lines are cut so that the caret is still on the screen; far out in one it could not be.
            source_line=line,
        )


@dataclass(slots=True)
class _Index:
    """Where things stand in one text."""

    # Also of what lies deeper than INDEXED_LEVELS?
    whole: bool = False
    places: dict[Loc, Place] = field(default_factory=dict)
    key_places: dict[Loc, Place] = field(default_factory=dict)
    # First character, and the first behind.
    extents: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def _lines_of(text: str) -> list[str]:
    # YAML breaks lines at CR, LF and CRLF only; str.splitlines knows more.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_document(path: str, text: str, *, places: bool = False) -> Document:
    """Reads one file's text; whatever is wrong with it is in `problems`, never an exception.

    `places`: many places will be asked for, so that all are kept at once.
    """
    document = Document(path=path, text=text)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        document.problem(
            (),
            "too-large",
            f"the file has over {MAX_BYTES:,} bytes",
            help="split it; any number of files is read",
        )
        return document
    document.value = _read(document, document._index, whole=places)
    return document


def _read(document: Document, index: _Index, *, whole: bool = False, scalar: Scalar = written) -> object:
    """The value of the document's text; what is wrong is noted in it, and places in the index."""
    if is_plain(document.text):
        try:
            return _Builder(document, index, fast_events(document.text), whole=whole, scalar=scalar).value()
        except _GivenUpError as error:
            document.problems = []
            document.problem_at(error.place, error.code, error.message)
            return None
        except REFUSED:  # the slow parser knows better, or says why
            document.problems.clear()
    try:
        return _Builder(document, index, slow_events(document.text), whole=whole, scalar=scalar).value()
    except SyntaxMistakeError as error:
        place = Place() if error.line is None else Place(line=error.line + 1, column=error.column + 1)
        help = error.help or ("" if error.line is None else _syntax_help(document.text, place))
        document.problem_at(place, "yaml-syntax", error.message, help=help)
    except _GivenUpError as error:
        document.problems = []
        document.problem_at(error.place, error.code, error.message)
    except RecursionError:  # in ruamel's scanner
        document.problem((), "too-deep", _TOO_DEEP)
    return None


def _syntax_help(text: str, place: Place) -> str:
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not with tabs"
    if place.column <= len(line) and line[place.column - 1] in "*&!%@`":
        return "put words that begin with this character in quotes"
    if line.count(": ") > 1:
        return "put a text that contains ': ' in quotes"
    return "are quotes, brackets and indentation in order?"


_TOO_DEEP = f"nests deeper than {MAX_DEPTH} levels"


class _GivenUpError(Exception):
    """The file has run over a limit."""

    def __init__(self, code: str, message: str, place: Place) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place


class _Builder:
    """Events → values, counting what it makes."""

    def __init__(
        self, document: Document, index: _Index, events: Iterator[Any], *, whole: bool, scalar: Scalar
    ) -> None:
        self._document = document
        self._index = index
        self._events = events
        self._whole = index.whole = whole
        self._scalar = scalar
        self._values = 0
        # Name of an anchor → its events, aliases unfolded.
        self._anchors: dict[str, list[Any]] = {}
        # Events of anchors that are read just now; events of aliases that are unfolded just now.
        self._recordings: list[list[Any]] = []
        self._replays: list[Iterator[Any]] = []
        # Without an anchor nothing is ever recorded or unfolded, and events are most of the work.
        self._next = self._next_of_anchored if "&" in document.text else events.__next__

    def value(self) -> object:
        """The whole document. Raises SyntaxMistakeError, _GivenUpError, and what the events raise."""
        for event in self._events:
            if KINDS[type(event)] is Kind.DOCUMENT:
                break
        else:
            help = "begin with 'version: 1', or remove it"
            self._document.problem((), "missing-key", "the file is empty", help=help)
            return None
        value = self._value(self._next(), (), 0)
        for event in self._events:
            if KINDS[type(event)] is Kind.DOCUMENT:
                mark = event.start_mark
                message = "expected a single document in the stream but found another document"
                raise SyntaxMistakeError(message, mark.line, mark.column)
        return value

    def _next_of_anchored(self) -> Any:
        while self._replays:
            event = next(self._replays[-1], None)
            if event is not None:
                break
            self._replays.pop()
        else:
            event = next(self._events)
        if self._recordings and KINDS[type(event)] is not Kind.ALIAS:
            for recording in self._recordings:
                recording.append(event)
        return event

    def _value(self, event: Any, loc: Loc, depth: int) -> object:
        kind = KINDS[type(event)]
        if kind is Kind.ALIAS:
            return self._value(self._unfolded(event), loc, depth)
        self._values += 1
        if depth > MAX_DEPTH:
            raise _GivenUpError("too-deep", _TOO_DEEP, _place_of(event))
        if self._values > MAX_VALUES:
            raise _GivenUpError(
                "too-large", f"has over {MAX_VALUES:,} values, anchors unfolded", _place_of(event)
            )
        recording: list[Any] = []
        if event.anchor is not None:
            self._anchors[event.anchor] = []
            recording.append(event)
            self._recordings.append(recording)
        end = event
        if kind is Kind.SCALAR:
            value = self._scalar(event)
        elif kind is Kind.MAPPING:
            value, end = self._mapping(loc, depth)
        else:
            value, end = self._sequence(loc, depth)
        if event.anchor is not None:
            self._recordings = [each for each in self._recordings if each is not recording]
            self._anchors[event.anchor] = recording
        if self._whole or depth <= INDEXED_LEVELS:
            self._index.places[loc] = _place_of(event)
            self._index.extents[loc] = (event.start_mark.index, end.end_mark.index)
        return value

    def _unfolded(self, alias: Any) -> Any:
        """The first event of what an alias stands for; the others follow."""
        events = self._anchors.get(alias.anchor)
        if events is None:
            mark = alias.start_mark
            raise SyntaxMistakeError(f"found undefined alias {alias.anchor!r}", mark.line, mark.column)
        if not events:  # it stands in what it names
            raise _GivenUpError("too-deep", _TOO_DEEP, _place_of(alias))
        self._replays.append(iter(events))
        return self._next()

    def _sequence(self, loc: Loc, depth: int) -> tuple[list[object], Any]:
        values: list[object] = []
        while KINDS[type(event := self._next())] is not Kind.END:
            values.append(self._value(event, (*loc, len(values)), depth + 1))
        return values, event

    def _mapping(self, loc: Loc, depth: int) -> tuple[dict[str, object], Any]:
        values: dict[str, object] = {}
        lines: dict[str, int] = {}
        while KINDS[type(event := self._next())] is not Kind.END:
            if depth >= MAX_DEPTH:
                raise _GivenUpError("too-deep", _TOO_DEEP, _place_of(event))
            if KINDS[type(event)] is Kind.ALIAS:
                event = self._unfolded(event)
            if KINDS[type(event)] is not Kind.SCALAR:
                self._note(_place_of(event), "bad-key", "a key must be a plain word", help="put it in quotes")
                self._skip(event, depth)
                self._skip(self._next(), depth)
                continue
            key = str(event.value)
            if event.anchor is not None:
                self._anchors[event.anchor] = [event]
            if key in values:
                self._note(
                    _place_of(event),
                    "duplicate-key",
                    f"{key!r} is there twice; the first is in line {lines[key]}",
                    help="join the two, or rename one",
                )
                self._skip(self._next(), depth)
                continue
            here = (*loc, key)
            lines[key] = event.start_mark.line + 1
            indexed = self._whole or depth < INDEXED_LEVELS
            if indexed:
                self._index.key_places[here] = _place_of(event)
            inner = self._next()
            values[key] = self._value(inner, here, depth + 1)
            if indexed and inner.start_mark.index == inner.end_mark.index and not inner.anchor:
                # What is missing stands behind its key, not at the next thing in the file.
                self._index.places[here] = self._index.key_places[here]
        return values, event

    def _note(self, place: Place, code: str, message: str, *, help: str) -> None:
        if len(self._document.problems) < MAX_PROBLEMS:
            self._document.problem_at(place, code, message, help=help)

    def _skip(self, event: Any, depth: int) -> None:
        """Reads what is of no use here; it counts, and its anchors are good."""
        self._value(event, _NOWHERE, max(depth, INDEXED_LEVELS) + 1)
        self._index.places.pop(_NOWHERE, None)


def _place_of(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    one_line = KINDS[type(event)] is Kind.SCALAR and start.line == end.line
    return Place(
        line=start.line + 1,
        column=start.column + 1,
        width=max(1, end.column - start.column) if one_line else 1,
    )


def _shortened(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def as_mapping(value: object) -> Mapping[str, object]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
