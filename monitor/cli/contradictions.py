"""`claimwatch contradictions`: two accounts that cannot both be true, side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.explaining import explain_pair
from monitor.cli.filters import takes_filters
from monitor.cli.output import Column, when, write_facts, write_heading, write_quotations, write_text
from monitor.cli.quoting import quotation
from monitor.cli.reading import JsonOption, Noun, add_show
from monitor.cli.statuses import StatusChoice, StatusOption, write_by_status

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import ContradictionRecord, Filters


class RelationChoice(StrEnum):
    """What --relation takes."""

    CONTRADICTION = "contradiction"
    UPDATE = "update"
    ALL = "all"


def _rows(db: Database, filters: Filters) -> Iterable[ContradictionRecord]:
    from monitor.store.queries import list_contradictions

    return list_contradictions(db, filters)


def _find(db: Database, id: int) -> ContradictionRecord | None:
    from monitor.store.queries import get_contradiction

    return get_contradiction(db, id)


def _sheet(pair: ContradictionRecord) -> None:
    kind = pair.kind if pair.relation == "contradiction" else f"{pair.relation} ({pair.kind})"
    write_heading(f"Contradiction {pair.id}: {kind}, {pair.grade}, {pair.status}")
    write_text(pair.reason)
    write_quotations([quotation(pair.left), quotation(pair.right)])
    write_facts(
        [
            ("between", pair.scope.replace("_", " ")),
            ("score", f"{pair.score:.2f}"),
            ("conflict", pair.group),
            ("story", pair.story or ""),
            ("found", f"{when(pair.created_at)} UTC"),
        ]
    )


NOUN: Noun[ContradictionRecord] = Noun(
    one="contradiction",
    many="contradictions",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda pair: str(pair.id), right=True),
        Column(title="kind", cell=lambda pair: pair.kind),
        Column(title="grade", cell=lambda pair: pair.grade),
        Column(title="one says", cell=lambda pair: f"{pair.left.speaker.name}: “{pair.left.quote}”", ratio=1),
        Column(
            title="other says", cell=lambda pair: f"{pair.right.speaker.name}: “{pair.right.quote}”", ratio=1
        ),
        Column(title="reason", cell=lambda pair: pair.reason, ratio=1),
    ),
    sheet=_sheet,
)

app = typer.Typer(
    name=NOUN.many, help="Two accounts that cannot both be true, with both quotes.", no_args_is_help=True
)


def _list(
    filters: Filters,
    relation: Annotated[
        RelationChoice,
        typer.Option(help="Conflicts, or later values that replace earlier ones (a growing toll), or both."),
    ] = RelationChoice.CONTRADICTION,
    status: StatusOption = StatusChoice.CURRENT,
    json: JsonOption = False,
) -> None:
    """List the contradictions that were found, newest first. Finding none is no error."""
    wanted = "" if relation is RelationChoice.ALL else relation.value
    write_by_status(NOUN, dataclasses.replace(filters, relation=wanted), status, json=json)


app.command("list")(takes_filters(_list))
add_show(app, NOUN)
app.command("explain")(explain_pair)
