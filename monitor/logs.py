"""How every process logs: one line an event, on standard error; standard output is for answers."""

from __future__ import annotations

import logging
import sys


def log_to_stderr(level: str) -> None:
    """Say what is at or above `level` ("debug", "info", "warning", "error").

    Values are quoted, so nothing in them steers a terminal.
    """
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # Looked up for each line: the stream of the moment may be another one than at the start.
        logger_factory=lambda *_: structlog.PrintLogger(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
