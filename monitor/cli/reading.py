"""`list` and `show` for every kind of record alike: a noun says what its columns and its sheet are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Generic, NoReturn, TypeVar

import typer

from monitor.cli.filters import takes_filters
from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, is_terminal, note, write_json, write_rows
from monitor.errors import EXIT_FINDINGS

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import Filters, Record

R = TypeVar("R", bound="Record")

JsonOption = Annotated[bool, typer.Option("--json", help="JSON Lines, one object a line, for programs.")]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The number that `list` shows.")]


#: What to do about an empty ledger.
FILLING = (
    "  help: `claimwatch once` polls the feeds and reads what they bring, `claimwatch import FILE` reads an"
    " archive; `claimwatch health` says whether anything runs"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[R]):
    """One kind of stored record, as lists show it."""

    one: str
    many: str
    rows: Callable[[Database, Filters], Iterable[R]]
    columns: tuple[Column[R], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun(Listed[R]):
    """One kind of stored record, as lists and sheets show it."""

    find: Callable[[Database, int], R | None]
    #: Writes one record for people.
    sheet: Callable[[R], None]


def reading_app(noun: Noun[R], *, help_text: str) -> typer.Typer:
    """The commands `list` and `show` of a noun."""
    app = typer.Typer(name=noun.many, help=help_text, no_args_is_help=True)
    add_list(app, noun)
    add_show(app, noun)
    return app


def add_list(app: typer.Typer, noun: Noun[R]) -> None:
    """`list`, with the common filters."""

    def list_records(filters: Filters, json: JsonOption = False) -> None:
        write_listing(noun, filters, json=json)

    list_records.__doc__ = f"List the {noun.many} that were stored, newest first. Finding none is no error."
    app.command("list")(takes_filters(list_records))


def add_show(app: typer.Typer, noun: Noun[R]) -> None:
    """`show ID`."""

    def show_record(id: IdArgument, json: JsonOption = False) -> None:
        with open_ledger() as db:
            write_one(noun, id, noun.find(db, id), json=json)

    show_record.__doc__ = f"Show one {noun.one} in full. Exit code 1 where there is none with this number."
    app.command("show")(show_record)


def write_listing(noun: Listed[R], filters: Filters, *, json: bool) -> None:
    """The records that the filters leave: as a table, as tab-separated lines, or as JSON Lines."""
    with open_ledger() as db:
        rows = noun.rows(db, filters)
        if json:
            from monitor.store.queries import as_json

            write_json(as_json(row) for row in rows)
            return
        count = write_rows(noun.columns, rows)
        if not count:
            note(_why_none(noun, db))
    if count and count == filters.limit and is_terminal():
        note(f"the newest {count} are shown; --limit {count * 2} shows more")


def _why_none(noun: Listed[R], db: Database) -> str:
    from monitor.store.queries import Filters

    if any(True for _ in noun.rows(db, Filters(limit=1))):
        return f"no {noun.many} with these filters"
    return f"no {noun.many} are stored yet\n{FILLING}"


def refuse_absent(noun: Listed[R], id: int | str) -> NoReturn:
    """A word about a record that is not there, and exit code 1."""
    note(f"error: there is no {noun.one} {id}\n  help: `claimwatch {noun.many} list` shows those there are")
    raise typer.Exit(EXIT_FINDINGS)


def write_one(noun: Noun[R], id: int, record: R | None, *, json: bool) -> None:
    """One record, or exit code 1 and a word about its absence."""
    if record is None:
        refuse_absent(noun, id)
    if json:
        from monitor.store.queries import as_json

        write_json([as_json(record)])
    else:
        noun.sheet(record)
