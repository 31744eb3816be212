"""`claimwatch silences`: hold alerts back for a time, see what that holds, and end it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import Column, note, span, when, write, write_json, write_rows
from monitor.cli.people import login
from monitor.cli.reading import IdArgument, JsonOption
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.core.types import Matcher
    from monitor.store.records import SilenceRecord

app = typer.Typer(
    name="silences",
    help="Hold alerts back for a time: recorded, and not sent.",
    no_args_is_help=True,
)


@app.command("add")
def add(
    matchers: Annotated[
        list[str],
        typer.Argument(metavar="MATCHER...", help="'rule = harbour', 'kind in (match, update)'; all agree."),
    ],
    comment: Annotated[str, typer.Option("--comment", "-c", metavar="TEXT", help="Why, for the others.")],
    lasts: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90m, 4h, 2d.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Or its end, as a UTC time.")] = "",
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="Its begin; now without it.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Whose it is; else your login.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what it would hold.")] = False,
    json: JsonOption = False,
) -> None:
    """Add a silence, and say how many alerts of the last day it would have held."""
    from monitor.store.silences import add_silence, would_hold

    read = _matchers(matchers)
    starts_at = _time("--from", start) if start else None
    ends_at = _end(starts_at or datetime.now(UTC), lasts, until)
    with open_ledger() as db:
        seen, kinds, waiting = would_hold(db, read)
        made = None
        if not dry_run:
            made = add_silence(
                db, read, author=by or login(), comment=comment, starts_at=starts_at, ends_at=ends_at
            )
    count = sum(kinds.values())
    if json:
        from monitor.store.records import ready

        write_json(
            [{"silence": ready(made), "alerts_last_day": seen, "would_hold": kinds, "waiting": waiting}]
        )
        return
    if made is not None:
        write(f"silence {made.id} is {made.state} until {when(made.ends_at)} UTC: {'; '.join(made.matchers)}")
    listed = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in kinds.items())
    write(f"  it would have held {count} of {seen} alerts of the last day{f': {listed}' if listed else ''}")
    if waiting:
        write(f"  notifications that wait now and fit: {waiting}")
    if seen and count == seen:
        note("warning: that is all of them; is it what you mean?")


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    json: JsonOption = False,
) -> None:
    """List silences, what ends first in front, with what they held and what they would hold now."""
    from monitor.store.silences import list_silences

    settings = read_settings()
    with open_ledger(settings) as db:
        found = list_silences(db, expired=all_)
    if json:
        from monitor.store.records import ready

        write_json(ready(one) for one in found)
        return
    if not write_rows(_columns(datetime.now(UTC), timedelta(seconds=settings.silence_warning)), found):
        note("there is no silence" + ("" if all_ else "; --all also lists those that are over"))


@app.command("expire")
def expire(
    id: IdArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so; else your login.")] = "",
    json: JsonOption = False,
) -> None:
    """End a silence now; it is kept, with what it held. Exit code 1 where there is none."""
    from monitor.store.silences import expire_silence

    with open_ledger() as db:
        found = expire_silence(db, id, by=by or login())
    if found is None:
        note(
            f"error: there is no silence {id}\n  help: `claimwatch silences list --all` shows those there are"
        )
        raise typer.Exit(EXIT_FINDINGS)
    if json:
        from monitor.store.records import ready

        write_json([ready(found)])
        return
    write(f"silence {id} is over; it held {found.held} notifications")


def _matchers(written: list[str]) -> list[Matcher]:
    from monitor.core.matchers import LABELS, MatcherError, read_matcher
    from monitor.core.rules.problems import did_you_mean

    read = []
    for text in written:
        try:
            read.append(read_matcher(text))
        except MatcherError as error:
            raise UsageError(
                f"{text!r}: {error.message}", remedy=error.help or "docs/alerts.md explains matchers"
            ) from None
    known = LABELS | {"receiver"}
    for matcher in read:
        if matcher.label not in known:
            guess = did_you_mean(matcher.label, known)
            note(f"warning: no alert has a label {matcher.label!r}{f'; {guess}' if guess else ''}")
        elif matcher.values == ("",):
            note(f"warning: {str(matcher).strip()!r} has no value: it is about alerts without this label")
    return read


def _end(start: datetime, lasts: str, until: str) -> datetime:
    if bool(lasts) == bool(until):
        raise UsageError("say how long: --for or --until", remedy="claimwatch silences add … --for 2h")
    if until:
        return _time("--until", until)
    from monitor.cli.times import parse_interval

    try:
        return start + parse_interval(lasts)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None


def _time(option: str, text: str) -> datetime:
    from monitor.cli.times import parse_time

    try:
        return parse_time(text, now=datetime.now(UTC))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _state(one: SilenceRecord, now: datetime, soon: timedelta) -> str:
    if one.state == "active" and one.ends_at - now <= soon:
        return f"active, ends in {span(one.ends_at - now)}"
    return f"expired by {one.expired_by}" if one.expired_by else one.state


def _columns(now: datetime, soon: timedelta) -> tuple[Column[SilenceRecord], ...]:
    return (
        Column(title="id", cell=lambda one: str(one.id), right=True),
        Column(title="state", cell=lambda one: _state(one, now, soon)),
        Column(title="ends (UTC)", cell=lambda one: when(one.ends_at)),
        Column(title="matchers", cell=lambda one: "; ".join(one.matchers), ratio=4, style="bold"),
        Column(title="held", cell=lambda one: str(one.held), right=True),
        Column(
            title="fits, last day",
            cell=lambda one: "" if one.would_hold is None else str(one.would_hold),
            right=True,
        ),
        Column(title="by", cell=lambda one: one.author, ratio=1),
        Column(title="comment", cell=lambda one: one.comment, ratio=3),
    )
