"""`claimwatch alerts ack|unack|resolve`: who takes care of an alert, and of its whole conflict."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import note, when, write, write_json
from monitor.cli.people import login
from monitor.cli.reading import IdArgument, JsonOption
from monitor.errors import EXIT_FINDINGS

if TYPE_CHECKING:
    from monitor.core.alerting import AlertStatus
    from monitor.store.lifecycle import Cared

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes care of it; else your login.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="For the others.")]


def ack(
    id: IdArgument,
    by: By = "",
    remark: Note = "",
    lasts: Annotated[
        str, typer.Option("--for", metavar="TIME", help="It ends by itself after 30m, 4h, 2d; else never.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Acknowledge an alert, and with it its conflict: no repeats and no escalation.

    A speaker who is new to the conflict, a reversal or a higher severity ends it and is told.
    Exit code 1 where there is no such alert.
    """
    from monitor.core.alerting import AlertStatus

    _care(id, AlertStatus.ACKNOWLEDGED, by, remark, _length(lasts), json=json)


def resolve(id: IdArgument, by: By = "", remark: Note = "", json: JsonOption = False) -> None:
    """Say that nothing is left to do about an alert and its conflict; what reopens it is told."""
    from monitor.core.alerting import AlertStatus

    _care(id, AlertStatus.RESOLVED, by, remark, None, json=json)


def unack(
    id: IdArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so; else your login.")] = "",
    json: JsonOption = False,
) -> None:
    """Take an acknowledgement back; what it held back within a day is sent. Exit code 1: no such alert."""
    from monitor.store.lifecycle import unacknowledge

    with open_ledger() as db:
        _tell(id, unacknowledge(db, id, by=by or login()), json=json)


def _care(id: int, status: AlertStatus, by: str, remark: str, lasts: timedelta | None, *, json: bool) -> None:
    from monitor.store.lifecycle import acknowledge

    with open_ledger() as db:
        _tell(id, acknowledge(db, id, status, owner=by or login(), note=remark, lasts=lasts), json=json)


def _length(text: str) -> timedelta | None:
    from monitor.cli.times import parse_interval

    if not text:
        return None
    try:
        return parse_interval(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None


def _tell(id: int, cared: Cared | None, *, json: bool) -> None:
    if cared is None:
        note(f"error: there is no alert {id}\n  help: `claimwatch alerts list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    if json:
        from monitor.store.records import ready

        write_json([ready(cared)])
        return
    known = cared.acknowledgement
    was = f" (was {cared.before.value})" if cared.before != cared.status else ""
    by = f" by {known.owner}" if known and known.owner else ""
    until = f" until {when(known.expires_at)} UTC" if known and known.expires_at else ""
    write(f"alert {id} is {cared.status.value}{by}{until}{was}")
    if cared.others:
        write(f"  other alerts of the same conflict that it holds for: {cared.others}")
    if cared.released:
        write(f"  notifications that were held back and will be sent: {cared.released}")
