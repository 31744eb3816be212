"""`claimwatch feedback`: say what a match, a contradiction or a claim was worth, and see what was said."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from monitor.cli.feedback_export import export
from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, note, when, write, write_json, write_rows
from monitor.cli.people import login
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.store.feedback import FeedbackRecord, Marked
    from monitor.store.feedback_subjects import Subject


class WordChoice(StrEnum):
    """What can be said."""

    REAL = "real"
    NOISE = "noise"
    OUTDATED = "outdated"


class KindChoice(StrEnum):
    """What it can be said of."""

    MATCH = "match"
    CONTRADICTION = "contradiction"
    THREAD = "thread"
    GROUP = "group"


class _IdFirst(TyperGroup):
    """`feedback 12 noise` is `feedback mark 12 noise`: whatever is no command is an id."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["mark", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="feedback",
    cls=_IdFirst,
    help="Say that a match, a contradiction or a claim is real, noise or outdated: `feedback ID noise`.",
    no_args_is_help=True,
)


app.command("export")(export)


@app.command("mark")
def mark(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="As the lists show it: a match's or contradiction's number, a thread, a group; "
            "or match:12, contradiction:12, thread:NAME, group:NAME, claim:12, alert:12.",
        ),
    ],
    word: Annotated[
        WordChoice | None, typer.Argument(metavar="real|noise|outdated", help="What it was worth.")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so; else your login.")] = "",
    remark: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for the others.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said last.")] = False,
    json: JsonOption = False,
) -> None:
    """Say what a match, a contradiction or a claim was worth; the word `mark` may be left out.

    A contradiction or claim that is noise or outdated is left out of lists, and is not alerted.
    A group is a whole conflict: what is found of it later is not alerted either.
    A later word takes the place of an earlier one. Exit code 1 where there is no such thing.
    """
    if (word is None) == (not undo):
        raise UsageError("say one of real, noise, outdated, or --undo", remedy="claimwatch feedback 12 noise")
    from monitor.core.types import PairStatus
    from monitor.store.feedback import as_answer, give_feedback, take_back
    from monitor.store.feedback_subjects import find_subjects

    with open_ledger() as db:
        subject = _one(id, find_subjects(db, id))
        if word is None:
            marked = take_back(db, subject)
        else:
            marked = give_feedback(db, subject, PairStatus(word.value), by=by or login(), note=remark)
    if json:
        write_json([as_answer(marked)])
    else:
        _tell(marked)


def _one(id: str, found: tuple[Subject, ...]) -> Subject:
    if not found:
        note(
            f"error: there is no {_meant(id)}\n"
            "  help: `claimwatch matches list` and `contradictions list` show the ids"
        )
        raise typer.Exit(EXIT_FINDINGS)
    if len(found) > 1:
        both = "; ".join(f"{one.name} ({_shortened(one.title)})" for one in found)
        raise UsageError(
            f"{id} is both {both}", remedy="say which: " + " or ".join(one.name for one in found)
        )
    return found[0]


def _meant(id: str) -> str:
    kind, colon, rest = id.partition(":")
    if colon:
        return f"{kind} {rest}"
    return f"match or contradiction {id}" if id.isdigit() else f"thread {id}"


def _shortened(text: str) -> str:
    from monitor.core.lines import shorten

    return shorten(text, 60)


def _tell(marked: Marked) -> None:
    subject, standing = marked.subject, marked.standing
    title = _shortened(subject.title)
    if standing is None:
        write(f"{subject.name} is open again (was {marked.before}): {title}")
    else:
        instead = f" (was {marked.before})" if marked.before not in ("", standing.word) else ""
        write(f"{subject.name} is {standing.word}{instead}: {title}")
    if subject.rules:
        write(f"  counts for {', '.join(subject.rules)}")
    others = marked.pairs - (subject.kind == "contradiction")
    if others > 0:
        which = "its contradictions" if subject.kind == "group" else "other contradictions of the same claims"
        write(f"  {which} that changed with it: {others}")
    if marked.held_back:
        write(f"  notifications that waited and will not be sent: {marked.held_back}")
    if marked.released:
        write(f"  notifications that were held back and will be sent: {marked.released}")
    if subject.kind == "match" and standing is not None and standing.word in ("real", "noise"):
        write(f"  make a test of it: claimwatch rules adopt-test {subject.name.partition(':')[2]}")


# ---------------------------------------------------------------- list


@app.command("list")
def list_words(
    rule: Annotated[str, typer.Option(metavar="ID", help="Only what counts for this rule.")] = "",
    kind: Annotated[KindChoice | None, typer.Option("--kind", help="Only of these.")] = None,
    word: Annotated[WordChoice | None, typer.Option("--word", help="Only this word.")] = None,
    since: Annotated[str, typer.Option(metavar="TIME", help="Said not before: 24h, 7d, 2024-03-26.")] = "",
    history: Annotated[
        bool, typer.Option("--history", help="Also what was replaced or taken back since.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    json: JsonOption = False,
) -> None:
    """List what was said, newest first. Finding none is no error."""
    from monitor.cli.filters import moment
    from monitor.store.feedback import list_feedback

    with open_ledger() as db:
        records = list_feedback(
            db,
            rule=rule,
            kind=kind.value if kind else "",
            word=word.value if word else "",
            since=moment("--since", since),
            history=history,
            limit=limit,
        )
        if json:
            from monitor.store.records import ready

            write_json(ready(record) for record in records)
            return
        columns = _COLUMNS if history else tuple(one for one in _COLUMNS if one.title != "state")
        count = write_rows(columns, records)
    if not count:
        note("nothing was said yet, with these filters; `claimwatch feedback ID noise` says something")


_COLUMNS: tuple[Column[FeedbackRecord], ...] = (
    Column(title="id", cell=lambda record: record.name),
    Column(title="said (UTC)", cell=lambda record: when(record.created_at)),
    Column(title="word", cell=lambda record: record.word, style="bold"),
    Column(title="state", cell=lambda record: record.state),
    Column(title="about", cell=lambda record: record.subject, ratio=4),
    Column(title="rules", cell=lambda record: ", ".join(record.rules), ratio=2),
    Column(title="by", cell=lambda record: record.by, ratio=1),
    Column(title="note", cell=lambda record: record.note, ratio=3),
)
