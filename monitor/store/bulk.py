"""Rows in bulk, by Core statements: what exists already is left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite

#: Parameters of one statement, well under both databases' limits.
CHUNK = 500


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *columns: str
) -> list[tuple[Any, ...]]:
    """Insert the rows whose unique keys are free; the asked columns of those, in no promised order."""
    if not rows:
        return []
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = kind.insert(table).on_conflict_do_nothing()
    if not columns:
        connection.execute(statement, list(rows))
        return []
    returned = connection.execute(statement.returning(*(table.c[name] for name in columns)), list(rows))
    return [tuple(row) for row in returned]


def insert_or_renew(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    renewed: Collection[str],
) -> None:
    """Insert the rows; where the unique `key` is taken, the `renewed` columns get an insert's values."""
    if not rows:
        return
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = kind.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in sorted(renewed)}
    )
    connection.execute(statement, list(rows))


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
    if not rows:
        return
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = kind.insert(table)
    values = {name: table.c[name] + statement.excluded[name] for name in sorted(added)}
    values |= {name: statement.excluded[name] for name in sorted(renewed)}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values), list(rows))


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
