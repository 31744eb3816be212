"""`claimwatch web`: the pages and the API of one ledger, on this machine only."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program (entry-point group `claimwatch.commands`)."""
    app.command("web")(web)


def web(
    host: Annotated[
        str | None, typer.Option(help="Loopback address to listen on; default: CLAIMWATCH_HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 0: any free one. Default: CLAIMWATCH_PORT.", min=0, max=65535)
    ] = None,
) -> None:
    """Serve the web page, the API and /healthz."""
    from monitor.config import load_settings
    from monitor.web.server import serve

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serve(load_settings(**given), announce=typer.echo)
