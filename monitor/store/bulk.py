"""Rows in bulk, by Core statements: what exists already is left alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Update,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from monitor.store.columns import are_stored_as_they_are, stored_text

#: Parameters of one statement, well under both databases' limits.
CHUNK = 500


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose unique keys are free; how many those were. All rows name the same columns.

    The driver takes them as they are, in one call: SQLAlchemy would make ready each value of each row by
    itself, which costs several times what storing it does.
    """
    if not rows:
        return 0
    return _run(connection, rows, _ready(connection.dialect, table, tuple(rows[0])))


def _run(connection: Connection, rows: Sequence[Mapping[str, Any]], ready: _Ready) -> int:
    return connection.exec_driver_sql(ready.statement, ready.parameters(rows)).rowcount


def update_each(connection: Connection, statement: Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Carry out a statement for each row of its bound values; to the driver, as `insert_new` does.

    The statement is one that lives as long as the process, and binds nothing but what rows name.
    """
    if rows:
        _run(connection, rows, _ready_update(connection.dialect, statement))


@lru_cache(maxsize=64)
def _ready_update(dialect: Dialect, statement: Update) -> _Ready:
    compiled = statement.compile(dialect=dialect)
    return _as_ready(compiled, {name: bound.type for name, bound in compiled.binds.items()}, dialect)


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Ids for so many rows to come; nobody else gets them, as long as this transaction writes."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(_drawn(table), {"count": count}).all()
    # SQLite has one writer at a time, and would number the rows in this way itself.
    last = connection.scalar(_last(table)) or 0
    return range(last + 1, last + 1 + count)


# Making these statements costs several times what asking them does.
@lru_cache(maxsize=64)
def _drawn(table: Table) -> Select[int]:
    drawn = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return select(drawn).select_from(func.generate_series(1, bindparam("count")))


@lru_cache(maxsize=64)
def _last(table: Table) -> Select[int]:
    return select(func.max(table.c.id))


def insert_numbered(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Give the rows ids and insert those whose unique keys are free; these, in order, each with "id"."""
    numbered = [
        {"id": id, **row} for id, row in zip(next_ids(connection, table, len(rows)), rows, strict=True)
    ]
    there = inserted(connection, table, numbered)
    return [row for row in numbered if row["id"] in there]


def inserted(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> Set[int]:
    """Insert rows that bring ids of `next_ids` where their unique keys are free; the ids of those."""
    ids = {row["id"] for row in rows}
    if insert_new(connection, table, rows) == len(ids):
        return ids
    there: set[int] = set()
    for some in chunks(sorted(ids)):
        there |= set(connection.scalars(select(table.c.id).where(table.c.id.in_(some))))
    return there


@dataclass(frozen=True, slots=True)
class _Ready:
    """An INSERT or UPDATE as the driver takes it."""

    statement: str
    names: tuple[str, ...]
    # What makes a value of a column ready for the driver; absent: nothing needs to.
    processors: Mapping[str, Callable[[Any], Any]]
    # The driver wants parameters by their place, not by name.
    by_place: bool

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        columns = []
        for name in self.names:
            column: Sequence[Any] = list(map(itemgetter(name), rows))
            process = self.processors.get(name)
            if process is not None:
                column = _processed(column, process)
            columns.append(column)
        placed = zip(*columns, strict=True)
        return list(placed) if self.by_place else [dict(zip(self.names, one, strict=True)) for one in placed]


def _processed(column: Sequence[Any], process: Callable[[Any], Any]) -> Sequence[Any]:
    """A column made ready; the same value again, which times and names are mostly, costs next to nothing."""
    if process is stored_text and are_stored_as_they_are(column):
        return column
    made: list[Any] = []
    before: Any = None
    after = process(None)
    for value in column:
        if value is not before:
            before, after = value, process(value)
        made.append(after)
    return made


@lru_cache(maxsize=64)
def _ready(
    dialect: Dialect,
    table: Table,
    names: tuple[str, ...],
    key: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
    renewed: tuple[str, ...] = (),
) -> _Ready:
    """Where a unique key is taken nothing is done, or, with `key`, columns are added to and renewed."""
    statement = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    values = {name: table.c[name] + statement.excluded[name] for name in added}
    values |= {name: statement.excluded[name] for name in renewed}
    done = statement.on_conflict_do_update(index_elements=list(key), set_=values) if key else None
    statement = statement.on_conflict_do_nothing() if done is None else done
    compiled = statement.inline().compile(dialect=dialect, column_keys=list(names))
    return _as_ready(compiled, {name: table.c[name].type for name in names}, dialect)


def _as_ready(compiled: SQLCompiler, types: Mapping[str, TypeEngine[Any]], dialect: Dialect) -> _Ready:
    processors = {name: type.dialect_impl(dialect).bind_processor(dialect) for name, type in types.items()}
    return _Ready(
        statement=str(compiled),
        names=tuple(compiled.positiontup or types),
        processors={name: process for name, process in processors.items() if process is not None},
        by_place=compiled.positiontup is not None,
    )


def insert_or_renew(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    renewed: Collection[str],
) -> None:
    """Insert the rows; where the unique `key` is taken, the `renewed` columns get an insert's values."""
    insert_or_add(connection, table, rows, key=key, added=(), renewed=renewed)


def insert_or_add(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    added: Collection[str],
    renewed: Collection[str] = (),
) -> None:
    """Insert the rows; where the unique `key` is taken, the `added` columns grow by an insert's values."""
    if rows:
        columns = tuple(key), tuple(sorted(added)), tuple(sorted(renewed))
        _run(connection, rows, _ready(connection.dialect, table, tuple(rows[0]), *columns))


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The values in lists that one statement can take."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def written_is(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """`column = 'word'` with the word written out: a bound one hides the partial indexes from the planner."""
    assert word.isalpha()
    return column == literal_column(f"'{word}'")


def state_is(table: Table, state: str) -> ColumnElement[bool]:
    """Of rows in a state, by the partial index of that state where there is one."""
    return written_is(table.c.state, state)
