"""JSON Lines and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor.core.exporting.kinds import KINDS, Cell, Object, at_path
from monitor.core.terminal import clean_block, escape_json

# What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection), and the wide forms of it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def json_lines(kind: str, objects: Iterable[Object]) -> Iterator[str]:
    """One object a line, as `list --json` writes it."""
    return (escape_json(json.dumps(one, ensure_ascii=False)) + "\n" for one in objects)


def csv_lines(kind: str, objects: Iterable[Object]) -> Iterator[str]:
    """RFC 4180: a line of titles, then one record each; lists and objects are JSON in their cell.

    An apostrophe goes before what a spreadsheet would take for a formula; control characters are left out.
    """
    columns = KINDS[kind].columns
    yield _record(columns)
    for one in objects:
        yield _record(cell_text(at_path(one, path), cell) for path, cell in columns.items())


def cell_text(value: Any, cell: Cell) -> str:
    """The value as CSV shows it; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping() | list():
            return _harmless(json.dumps(value, ensure_ascii=False))
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    text = clean_block(text)
    # White space goes too: some programs look for the sign behind it.
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


class _Line:
    """What csv writes to; it gives back what this gives."""

    def write(self, line: str, /) -> str:
        return line


def _record(cells: Iterable[str]) -> str:
    # typeshed knows only files, which count characters
    return str(csv.writer(_Line()).writerow(cells))
