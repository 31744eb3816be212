"""Where a character of a YAML scalar's value stands in the scalar as written."""

from __future__ import annotations

import re


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
