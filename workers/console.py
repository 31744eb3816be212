"""How the processes speak: lines for people on standard output, remarks and progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from monitor.core.terminal import clean, clean_block, escape_json


class Progress(Protocol):
    """How far a long command is."""

    def __call__(self, done: int, total: int) -> None: ...


def say(text: str) -> None:
    """A line, or several, on standard output."""
    sys.stdout.write(clean_block(text) + "\n")
    sys.stdout.flush()


def say_json(values: Iterable[Mapping[str, Any]]) -> None:
    """JSON Lines on standard output, control characters escaped."""
    for value in values:
        sys.stdout.write(escape_json(json.dumps(value, ensure_ascii=False)) + "\n")


def note(text: str) -> None:
    """A remark on standard error."""
    sys.stderr.write(clean_block(text) + "\n")
    sys.stderr.flush()


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(clean(what), total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
