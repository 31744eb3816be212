"""`claimwatch alerts deliveries|replay`: every attempt to deliver, and sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, note, when, write, write_json, write_rows
from monitor.cli.reading import IdArgument, JsonOption
from monitor.errors import EXIT_FINDINGS

if TYPE_CHECKING:
    from monitor.store.records import AttemptRecord


def deliveries(
    alert: Annotated[int | None, typer.Argument(metavar="ALERT", help="Only of this alert.")] = None,
    receiver: Annotated[str, typer.Option(metavar="NAME", help="Only to this receiver.")] = "",
    outcome: Annotated[str, typer.Option(metavar="WORD", help="Only with this outcome.")] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help="Not before: 24h, 7d, 2024-03-26.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    json: JsonOption = False,
) -> None:
    """List every attempt to deliver, newest first: outcome, status, latency, what was answered."""
    from monitor.cli.filters import moment
    from monitor.errors import DeliveryReason, UsageError
    from monitor.store.deliveries import list_attempts

    words = [reason.value for reason in DeliveryReason]
    if outcome and outcome not in words:
        raise UsageError(f"there is no outcome {outcome!r}", remedy=f"one of {', '.join(words)}")
    with open_ledger() as db:
        found = list_attempts(
            db,
            alert=alert,
            receiver=receiver,
            reason=outcome,
            since=moment("--since", since),
            limit=limit,
        )
    if json:
        from monitor.store.records import ready

        write_json(ready(one) for one in found)
    elif not write_rows(_COLUMNS, found):
        note("nothing was tried yet, with these filters")


def replay(
    id: IdArgument,
    receiver: Annotated[str, typer.Option(metavar="NAME", help="Only to this receiver.")] = "",
    json: JsonOption = False,
) -> None:
    """Send again what of an alert was given up, or held by a silence or an acknowledgement.

    What was given up keeps its Idempotency-Key. Exit code 1 where there is no such alert.
    """
    from monitor.store import deliveries

    with open_ledger() as db:
        count = deliveries.replay(db, id, receiver=receiver)
    if count is None:
        note(f"error: there is no alert {id}\n  help: `claimwatch alerts list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    if json:
        write_json([{"alert": id, "due": count}])
    else:
        write(f"alert {id}: {count} notifications are due now")


_COLUMNS: tuple[Column[AttemptRecord], ...] = (
    Column(title="tried (UTC)", cell=lambda one: when(one.created_at)),
    Column(title="alert", cell=lambda one: str(one.alert), right=True),
    Column(title="receiver", cell=lambda one: one.receiver, style="bold"),
    Column(title="try", cell=lambda one: str(one.number), right=True),
    Column(title="outcome", cell=lambda one: one.reason),
    Column(title="status", cell=lambda one: "" if one.status is None else str(one.status), right=True),
    Column(title="took", cell=lambda one: f"{one.latency_s:.2f} s", right=True),
    Column(title="now", cell=lambda one: one.state),
    Column(title="answer", cell=lambda one: one.detail, ratio=3),
)
