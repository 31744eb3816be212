"""Parquet, where pyarrow is installed (extra `parquet`): a few thousand records at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from typing import IO, Any

from monitor.core.exporting.kinds import KINDS, Cell, at_path
from monitor.errors import UsageError

#: Records in one row group: what has to be in memory at once.
_AT_ONCE = 5_000


def require_pyarrow() -> None:
    """Raises UsageError, with the remedy, where pyarrow is missing."""
    if find_spec("pyarrow") is None:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed",
            remedy="pip install 'claimwatch[parquet]', or take --format csv or jsonl",
        )


def write_parquet(file: IO[bytes], kind: str, objects: Iterable[Mapping[str, Any]]) -> None:
    """The records with the columns of CSV, typed: times as UTC timestamps, lists and objects as JSON text."""
    import pyarrow as arrow
    from pyarrow import parquet

    types = {
        Cell.TEXT: arrow.string(),
        Cell.INTEGER: arrow.int64(),
        Cell.REAL: arrow.float64(),
        Cell.BOOLEAN: arrow.bool_(),
        Cell.TIME: arrow.timestamp("us", tz="UTC"),
        Cell.JSON: arrow.string(),
    }
    columns = KINDS[kind].columns
    schema = arrow.schema([(name, types[cell]) for name, cell in columns.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _batches(objects):
            values = {
                name: [_value(at_path(one, name), cell) for one in some] for name, cell in columns.items()
            }
            writer.write_table(arrow.table(values, schema=schema))


def _batches(objects: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    rest = iter(objects)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _value(value: Any, cell: Cell) -> Any:
    if value is None:
        return None
    if cell is Cell.TIME:
        return datetime.fromisoformat(value)
    if cell is Cell.JSON:
        return json.dumps(value, ensure_ascii=False)
    # No lone surrogates come out of the ledger, so all text is UTF-8.
    return value
