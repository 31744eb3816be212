"""How the processes speak: lines for people on standard output, logs and progress on standard error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from monitor.core.terminal import clean, clean_block


class Progress(Protocol):
    """How far a long command is."""

    def __call__(self, done: int, total: int) -> None: ...


def say(text: str) -> None:
    """A line, or several, on standard output."""
    sys.stdout.write(clean_block(text) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A remark on standard error."""
    sys.stderr.write(clean_block(text) + "\n")
    sys.stderr.flush()


def log_to_stderr(level: str) -> None:
    """One line an event; values are quoted, so nothing in them steers a terminal."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


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
