"""`claimwatch db backup` and `db restore`: the whole ledger as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import read_settings
from monitor.cli.output import write
from monitor.cli.progress import progress

if TYPE_CHECKING:
    from monitor.store.backups import Copied


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file, where it exists.")] = False,
) -> None:
    """Write the whole ledger to one file, consistent as of now, while everything goes on working.

    SQLite's is a database that any SQLite reads; PostgreSQL's an archive of pg_dump, which must be on PATH.
    """
    from monitor.store.backups import back_up

    with progress("copying the ledger") as tell:
        copied = back_up(read_settings().database, file, force=force, tell=tell)
    _report(f"the ledger, at revision {copied.revision}, is in {file}", copied)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `db backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where the ledger holds something, which is lost then.")
    ] = False,
) -> None:
    """Put a backup in the ledger's place, whole or not at all; one of an older release is upgraded.

    All processes must be stopped. A ledger that holds something is only replaced with --force.
    """
    from monitor.store.backups import restore as put_back

    with progress("restoring the ledger") as tell:
        copied = put_back(read_settings().database, file, force=force, tell=tell)
    _report(f"the ledger is that of {file}, made at revision {copied.revision}", copied)


def _report(words: str, copied: Copied) -> None:
    write(words)
    for name, count in copied.rows.items():
        write(f"  {count:>9}  {name}")
    if not copied.rows:
        write("  no rows: the ledger is empty")
