"""`claimwatch routes preview`: a stored alert in the words of a template."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, write
from monitor.cli.reading import IdArgument
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.store.notifications import TakenNotification
    from monitor.store.queries import AlertRecord


def preview(
    id: IdArgument,
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="One of `templates:`; else the built-in text.")
    ] = "",
    routes: Annotated[
        Path | None, typer.Option("--routes", metavar="FILE", help="Its templates, not the folder's.")
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="Rules folder (CLAIMWATCH_RULES).")] = None,
) -> None:
    """Show a stored alert as a template of routes.yml writes it; nothing is sent.

    Exit code 1 where there is no such alert, or the template does not work.
    """
    from monitor.notify.templates import written
    from monitor.notify.text import text
    from monitor.rulefiles import load_folder
    from monitor.rulefiles.route_files import load_routes
    from monitor.store.queries import get_alert

    routing = load_routes(routes) if routes else load_folder(rules or read_settings().rules).routing
    if template and template not in routing.templates:
        known = ", ".join(sorted(routing.templates)) or "there are none"
        raise UsageError(f"there is no template {template!r}", remedy=f"templates: {known}")
    with open_ledger() as db:
        alert = get_alert(db, id)
    if alert is None:
        note(f"error: there is no alert {id}\n  help: `claimwatch alerts list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    taken = _as_taken(alert, template)
    if template:
        taken = asyncio.run(written(taken, routing.templates[template]))
    write(text(taken))
    if taken.note:
        raise typer.Exit(EXIT_FINDINGS)


def _as_taken(alert: AlertRecord, template: str) -> TakenNotification:
    """As the deliverer would have it, alone in its message."""
    from monitor.store.notifications import TakenNotification

    now = datetime.now(UTC)
    return TakenNotification(
        id=0,
        idempotency_key="",
        token="",
        receiver="",
        attempt=1,
        created_at=now,
        attempted_at=now,
        alert=alert,
        template=template,
        rules=tuple((rule, 1) for rule in alert.rules),
        kinds=((alert.kind, 1),),
    )
