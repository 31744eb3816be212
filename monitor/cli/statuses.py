"""`--status`: what people said about the things listed."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from monitor.cli.filters import takes_filters
from monitor.cli.ledger import open_ledger
from monitor.cli.output import note
from monitor.cli.reading import JsonOption, Listed, Noun, add_show, write_listing

if TYPE_CHECKING:
    from monitor.store.queries import Filters, Record

    R = TypeVar("R", bound=Record)


class StatusChoice(StrEnum):
    """What --status takes: words of feedback, none of them (open), or all but what is done with."""

    CURRENT = "current"
    OPEN = "open"
    REAL = "real"
    NOISE = "noise"
    OUTDATED = "outdated"
    ALL = "all"


StatusOption = Annotated[
    StatusChoice,
    typer.Option(
        "--status",
        help="What people said of it (`claimwatch feedback`); current leaves out noise and outdated.",
    ),
]


def write_by_status(noun: Listed[R], filters: Filters, status: StatusChoice, *, json: bool) -> None:
    """The listing, and a word about what it leaves out."""
    from monitor.store.filters import CURRENT

    statuses = {StatusChoice.CURRENT: CURRENT, StatusChoice.ALL: ()}.get(status, (status.value,))
    write_listing(noun, dataclasses.replace(filters, statuses=statuses), json=json)
    if status is not StatusChoice.CURRENT or json:
        return
    dismissed = (StatusChoice.NOISE.value, StatusChoice.OUTDATED.value)
    with open_ledger() as db:
        if any(True for _ in noun.rows(db, dataclasses.replace(filters, statuses=dismissed, limit=1))):
            note("what was marked as noise or outdated is left out; --status all shows it")


def status_app(noun: Noun[R], *, help_text: str, default: StatusChoice) -> typer.Typer:
    """The commands `list` (with the common filters and --status) and `show` of a noun."""
    app = typer.Typer(name=noun.many, help=help_text, no_args_is_help=True)
    add_list_by_status(app, noun, default=default)
    add_show(app, noun)
    return app


def add_list_by_status(app: typer.Typer, noun: Listed[R], *, default: StatusChoice) -> None:
    """`list`, with the common filters and --status."""

    def list_records(filters: Filters, status: StatusOption = default, json: JsonOption = False) -> None:
        write_by_status(noun, filters, status, json=json)

    list_records.__doc__ = f"List the {noun.many} that were stored, newest first. Finding none is no error."
    app.command("list")(takes_filters(list_records))
