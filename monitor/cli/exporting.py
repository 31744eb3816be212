"""`claimwatch export`: what is stored, as files for other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.filters import takes_filters
from monitor.cli.ledger import open_ledger
from monitor.cli.output import note
from monitor.cli.progress import progress
from monitor.errors import InputError, UsageError

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import Filters, Record

#: Records between two words about how far it is.
_TOLD_EVERY = 200


class KindChoice(StrEnum):
    """What can be exported: the lists there are."""

    ARTICLES = "articles"
    MATCHES = "matches"
    CLAIMS = "claims"
    THREADS = "threads"
    CONTRADICTIONS = "contradictions"
    STORIES = "stories"
    ALERTS = "alerts"


class FormatChoice(StrEnum):
    """What --format takes."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    ATOM = "atom"
    STIX = "stix"


def export(
    filters: Filters,
    kind: Annotated[KindChoice, typer.Argument(metavar="KIND", help=f"One of {', '.join(KindChoice)}.")],
    format: Annotated[FormatChoice, typer.Option("--format", "-f", help="What the file is to be.")],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where to; - is standard output.")
    ] = "-",
) -> None:
    """Write what is stored for other programs: CSV, JSON Lines, Parquet, Atom or STIX 2.1; newest first.

    Everything that the filters leave, also updates and what was marked as noise: columns say which.
    A file is there whole or not at all; one that is there already is replaced.
    """
    from monitor.core.exporting import FORMATS

    if format is FormatChoice.PARQUET:
        from monitor.cli.parquet import require_pyarrow

        require_pyarrow()
        if out == "-":
            raise UsageError("Parquet is written to a file", remedy="name it with --out FILE")
    with open_ledger() as db, progress(f"exporting {kind.value}") as tell:
        counted = _Counted(_objects(db, kind, filters), tell)
        if format is FormatChoice.PARQUET:
            from monitor.cli.parquet import write_parquet

            with whole_file(Path(out)) as file:
                write_parquet(file, kind.value, counted)
        elif out == "-":
            for piece in FORMATS[format.value](kind.value, counted):
                sys.stdout.write(piece)
        else:
            with whole_file(Path(out)) as file:
                for piece in FORMATS[format.value](kind.value, counted):
                    file.write(piece.encode())
    if out != "-":
        note(f"{counted.count} {kind.value} are in {out}")
    elif not counted.count:
        note(f"no {kind.value} with these filters")


class _Counted:
    """The objects as they come, counted and told of."""

    def __init__(self, objects: Iterable[dict[str, Any]], tell: Callable[[int, int | None], None]) -> None:
        self._objects, self._tell = objects, tell
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for one in self._objects:
            self.count += 1
            if self.count % _TOLD_EVERY == 0:
                self._tell(self.count, None)
            yield one


def _objects(db: Database, kind: KindChoice, filters: Filters) -> Iterator[dict[str, Any]]:
    from monitor.store import queries

    lists: dict[KindChoice, Callable[[Database, Filters], Iterable[Record]]] = {
        KindChoice.ARTICLES: queries.list_articles,
        KindChoice.MATCHES: queries.list_matches,
        KindChoice.CLAIMS: queries.list_claims,
        KindChoice.THREADS: queries.list_threads,
        KindChoice.CONTRADICTIONS: queries.list_contradictions,
        KindChoice.STORIES: queries.list_stories,
        KindChoice.ALERTS: queries.list_alerts,
    }
    return (queries.as_json(record) for record in lists[kind](db, filters))


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its place only at the end, in one step; what goes wrong leaves nothing.

    Raises InputError where it cannot be written.
    """
    made: Path | None = None
    try:
        handle, name = mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
        made = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.chmod(0o666 & ~_umask())
        made.replace(path)
    except OSError as error:
        _forget(made)
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}",
            remedy="name a file in a folder that exists, can be written and has space",
        ) from error
    except BaseException:
        _forget(made)
        raise


def _forget(made: Path | None) -> None:
    if made is not None:
        with suppress(OSError):
            made.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def register(root: typer.Typer) -> None:
    """Add `export`."""
    root.command("export")(takes_filters(export, limited=False))
