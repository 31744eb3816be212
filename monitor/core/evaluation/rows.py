"""Rows of parsed JSON → frozen values, with every row that cannot be read named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from monitor.core.evaluation.gold import (
    GoldClaim,
    GoldContradiction,
    GoldGroup,
    GoldPair,
    GoldThread,
    StoryArticle,
    StoryProblem,
)

Row = TypeVar("Row")

ARTICLES = TypeAdapter(StoryArticle)
CLAIMS = TypeAdapter(GoldClaim)
THREADS = TypeAdapter(GoldThread)
CONTRADICTIONS = TypeAdapter(GoldContradiction)
PAIRS = TypeAdapter(GoldPair)
GROUPS = TypeAdapter(GoldGroup)
COPIES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])

_MANY = 20
_FORMAT = "docs/stories.md has the format"


class StoryFile:
    """One file's tables; what cannot be read lands in `problems`, and the rest goes on."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[StoryProblem] = []

    def read(self, name: str, rows: object, row_type: TypeAdapter[Row]) -> tuple[Row, ...]:
        """The rows that can be read, in order; None and a missing table are empty."""
        if rows is None:
            return ()
        if not isinstance(rows, list):
            self.add(name, f"a list of rows is expected, not {_kind(rows)}")
            return ()
        read: list[Row] = []
        for number, row in enumerate(rows):
            try:
                read.append(row_type.validate_python(_as_mapping(row, row_type)))
            except ValidationError as error:
                self._explain(f"{name} {row_name(row, number)}", error)
        return tuple(read)

    def _explain(self, row: str, error: ValidationError) -> None:
        for detail in error.errors(include_url=False)[:_MANY]:
            column = ".".join(str(part) for part in detail["loc"])
            message, remedy = _in_words(detail)
            self.add(f"{row}, {column}" if column else row, message, remedy)

    def add(self, row: str, message: str, remedy: str = _FORMAT) -> None:
        self.problems.append(
            StoryProblem(path=self.path, row=row, message=message, remedy=remedy, fatal=True)
        )


def row_name(row: object, number: int) -> str:
    """The row's id in quotes, or its number from 1 where it has none."""
    found = row.get("id") if isinstance(row, Mapping) else getattr(row, "id", None)
    return f'"{found}"' if isinstance(found, str) and found else f"row {number + 1}"


def _as_mapping(row: object, row_type: object) -> object:
    """Pairs are written as {left, right}, as {earlier, later}, or as a list of two ids."""
    if row_type is not PAIRS:
        return row
    if isinstance(row, list) and len(row) == 2:
        return {"left": row[0], "right": row[1]}
    if isinstance(row, Mapping) and "earlier" in row and "later" in row:
        return {**row, "left": row["earlier"], "right": row["later"]}
    return row


def _in_words(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with a value, and what to do."""
    if detail["type"] == "missing":
        return "the value is missing", "add it"
    wanted = detail["msg"][:1].lower() + detail["msg"][1:]
    return f"{wanted}, not {_kind(detail['input'])}", _FORMAT


def _kind(value: object) -> str:
    """A value in a few words, whatever its size."""
    match value:
        case None:
            return "null"
        case bool() | int() | float():
            return str(value)[:_MANY]
        case str():
            return ascii(value[:40])
        case list():
            return f"a list of {len(value)}"
        case _:
            return "an object"
