"""`claimwatch threads`: the same claim, said again, by whom, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, when, write, write_facts, write_heading, write_json, write_quotations
from monitor.cli.quoting import quotation, spread, verb
from monitor.cli.reading import JsonOption, Listed, refuse_absent
from monitor.cli.statuses import StatusChoice, add_list_by_status

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import Filters, ThreadHistoryRecord, ThreadRecord
    from monitor.store.records import AppearanceRecord, ThreadPairRecord

#: Characters of a name in the table; `show` takes as few.
SHOWN_NAME = 12


def _rows(db: Database, filters: Filters) -> Iterable[ThreadRecord]:
    from monitor.store.queries import list_threads

    return list_threads(db, filters)


def _speakers(thread: ThreadRecord) -> str:
    first, *others = thread.speakers
    return first if not others else f"{first} (and {len(others)} more)"


NOUN: Listed[ThreadRecord] = Listed(
    one="thread",
    many="threads",
    rows=_rows,
    columns=(
        Column(title="id", cell=lambda thread: thread.id[:SHOWN_NAME]),
        Column(title="last (UTC)", cell=lambda thread: when(thread.last_seen_at)),
        Column(title="speaker", cell=_speakers, ratio=3, style="bold"),
        Column(title="stance", cell=lambda thread: thread.claim.stance),
        Column(title="as first said", cell=lambda thread: thread.claim.quote, ratio=6),
        Column(title="articles", cell=lambda thread: str(thread.appearances), right=True),
        Column(title="origins", cell=lambda thread: str(thread.origins), right=True),
        Column(title="against", cell=lambda thread: str(thread.contradictions), right=True),
    ),
)

app = typer.Typer(
    name=NOUN.many,
    help="The same claim, said again: who said it first, who since, and what stands against it.",
    no_args_is_help=True,
)
add_list_by_status(app, NOUN, default=StatusChoice.CURRENT)


@app.command("show")
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="As `list` shows it, or `thread` of a claim; its beginning will do."
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Show one thread in full: every appearance in order of time, and what stands against it.

    Exit code 1 where there is none of this name.
    """
    with open_ledger() as db:
        from monitor.store.queries import get_thread

        found = get_thread(db, name)
    if found is None:
        refuse_absent(NOUN, name)
    if json:
        from monitor.store.queries import as_json

        write_json([as_json(found)])
    else:
        _sheet(found)


def _sheet(thread: ThreadHistoryRecord) -> None:
    write_heading(f"Thread {thread.id}")
    write_quotations([quotation(thread.claim)])
    write_facts(
        [
            ("first said", f"{when(thread.first_seen_at)} UTC"),
            ("last said", f"{when(thread.last_seen_at)} UTC, {spread(thread.claim)}"),
            ("by", ", ".join(thread.speakers)),
            ("publishers", ", ".join(thread.publishers)),
            ("story", thread.story or ""),
            ("marked", thread.status if thread.status != "open" else ""),
        ]
    )
    write("Appearances")
    for one in thread.history:
        write_facts([(when(one.at), _appearance(one))])
    for title, relation in (("Stands against", "contradiction"), ("Later values", "update")):
        pairs = [pair for pair in thread.pairs if pair.relation == relation]
        if pairs:
            write(title)
            write_facts(_by_claim(pairs))


def _by_claim(pairs: Iterable[ThreadPairRecord]) -> list[tuple[str, str]]:
    """What stands on the other side, each claim once however often it was said."""
    said: dict[str, list[ThreadPairRecord]] = {}
    for pair in pairs:
        said.setdefault(pair.other.thread, []).append(pair)
    facts = []
    for first, *others in said.values():
        also = f", and {len(others)} more with the same claim" if others else ""
        facts.append((str(first.id), f"{_pair(first)}{also}"))
    return facts


def _appearance(one: AppearanceRecord) -> str:
    """Who, in which words, and what is new about it."""
    news = [
        *(["another speaker"] if one.new_speaker else []),
        *(["another origin"] if one.new_origin else []),
        *([f"copies article {one.copy_of}"] if one.copy_of else []),
    ]
    version = f", version {one.article.version}" if one.article.version > 1 else ""
    return (
        f"{one.speaker.name} {verb(one.stance)}: “{one.quote}”\n"
        f"{one.article.publisher}, article {one.article.id}{version}, claim {one.claim}"
        + (f" ({', '.join(news)})" if news else "")
    )


def _pair(pair: ThreadPairRecord) -> str:
    marked = f", marked as {pair.status}" if pair.status != "open" else ""
    other = pair.other
    at = other.article.published_at or other.first_seen_at
    return (
        f"{other.speaker.name} {verb(other.stance)}: “{other.quote}”\n"
        f"{other.article.publisher}, {when(at)} UTC, claim {other.id}: {pair.kind}, {pair.grade}{marked}"
    )
