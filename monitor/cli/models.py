"""`claimwatch models`: which language models are here, fetch one, examine them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.ledger import read_settings
from monitor.cli.output import Column, note, write, write_json, write_rows
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config import Settings
    from monitor.models.inventory import Listed
    from monitor.models.pulling import Fetch

app = typer.Typer(name="models", help="Language models: list, fetch and examine them.", no_args_is_help=True)

#: Seconds without a byte after which a transfer is given up.
_PATIENCE = 30.0


@app.command("list")
def list_(json: JsonOption = False) -> None:
    """List the models that are here, those that you pinned, and those worth knowing."""
    settings = read_settings()
    from monitor.models.inventory import listed

    models = listed(settings)
    if json:
        write_json(_object(model) for model in models)
        return
    columns: tuple[Column[Listed], ...] = (
        Column(title="name", cell=lambda model: model.name),
        Column(title="kind", cell=lambda model: model.kind),
        Column(title="licence", cell=lambda model: model.licence or "?"),
        Column(title="state", cell=lambda model: model.state),
        Column(title="about", cell=lambda model: model.about, ratio=1),
    )
    write_rows(columns, models)


def _object(model: Listed) -> dict[str, Any]:
    return {
        "name": model.name,
        "kind": model.kind,
        "licence": model.licence,
        "state": model.state,
        "in_use": model.in_use,
        "version": model.version,
        "about": model.about,
        "origin": model.origin,
        "revision": model.revision,
        "bytes": model.size,
        "files": {name: file.sha256 for name, file in model.files.items()},
    }


@app.command("pull")
def pull(
    name: Annotated[str, typer.Argument(help="A name of `models list`, or one of your choice with --from.")],
    origin: Annotated[
        str,
        typer.Option("--from", metavar="OWNER/NAME|URL", help="The hub's repository, or a folder's address."),
    ] = "",
    revision: Annotated[str, typer.Option(metavar="COMMIT", help="40 digits; a branch is not enough.")] = "",
    sha256: Annotated[
        list[str] | None, typer.Option(metavar="FILE=DIGITS", help="Checksum of a file; repeatable.")
    ] = None,
    file: Annotated[
        list[str] | None, typer.Option(metavar="FILE=PATH", help="Where a file stands there; repeatable.")
    ] = None,
    kind: Annotated[str, typer.Option(help="scorer or embedder.")] = "",
    licence: Annotated[str, typer.Option(help="As its makers state it.")] = "",
) -> None:
    """Fetch a model, check its files, and only then put them in place. Goes on where it was cut off."""
    settings = read_settings()
    from monitor.models.catalog import make_pin, pinned
    from monitor.models.pulling import pull as fetch_model

    paths, sums = _pairs("--file", file), _pairs("--sha256", sha256)
    own = pinned(settings).get(name)
    if own is not None and not (origin or revision or paths or sums or kind or licence):
        pin = own
    else:
        both = {local: (paths.get(local, ""), sums.get(local, "")) for local in {*paths, *sums}}
        pin = make_pin(name, kind=kind, origin=origin, revision=revision, licence=licence, files=both)
    with _outside(settings) as fetch, _bar() as show:
        folder = fetch_model(pin, settings, fetch, show)
    write(f"{name}: {_megabytes(folder)} MB in {folder}")
    _tell_pins(folder)
    write(f"to use it: CLAIMWATCH_{pin.kind.upper()}={name}; to try it: claimwatch models check {name}")


def _pairs(option: str, written: list[str] | None) -> dict[str, str]:
    pairs = {}
    for one in written or ():
        local, equals, value = one.partition("=")
        if not (local and equals and value):
            raise UsageError(f"{option} {one[:80]!r} is not FILE=VALUE", remedy=f"{option} model.onnx=…")
        pairs[local] = value
    return pairs


def _megabytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir()) >> 20


def _tell_pins(folder: Path) -> None:
    """The pin with its checksums, to be kept for other machines and for the next time."""
    from monitor.models.catalog import manifest_of

    pin = manifest_of(folder)
    write(
        "pinned by these checksums; in models.toml of the data folder they hold elsewhere too:\n\n"
        f"[{pin.name}]"
    )
    for key, value in (
        ("kind", pin.kind),
        ("from", pin.origin),
        ("revision", pin.revision),
        ("licence", pin.licence),
    ):
        if value:
            write(f'{key} = "{value}"')
    write(f"[{pin.name}.files]")
    for name, file in pin.files.items():
        write(f'"{name}" = {{path = "{file.path}", sha256 = "{file.sha256}"}}')
    write("")


@contextmanager
def _outside(settings: Settings) -> Iterator[Fetch]:
    """The egress as models want it: one file after the other."""
    from monitor.feeds.egress import Egress
    from monitor.feeds.transfers import download

    with asyncio.Runner() as runner:
        egress = Egress.from_settings(settings)

        def fetch(
            url: str,
            start: int,
            begin: Callable[[int, int | None], None],
            write: Callable[[bytes], None],
        ) -> None:
            runner.run(download(egress, url, start=start, begin=begin, write=write, patience=_PATIENCE))

        try:
            yield fetch
        finally:
            runner.run(egress.aclose())


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar in bytes on standard error, where that is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(task, description=name, completed=done, total=total)


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One model; else all that are here.")] = "",
    json: JsonOption = False,
) -> None:
    """Compute the checksums anew, load each model and let it judge two sentences. Exit code 1: one is bad."""
    settings = read_settings()
    from monitor.models.inventory import examined

    outcomes = list(examined(settings, name))
    if json:
        write_json(
            {"name": one.name, "ok": one.ok, "words": one.words, "remedy": one.remedy} for one in outcomes
        )
    else:
        for one in outcomes:
            write(f"{'ok' if one.ok else 'wrong':<6} {one.name}: {one.words}")
            if one.remedy:
                write(f"         help: {one.remedy}")
        if not outcomes:
            note("there is no model to examine: `claimwatch models list` shows what can be fetched")
    if any(not one.ok for one in outcomes):
        raise typer.Exit(EXIT_FINDINGS)
