"""Logs of the commands: to standard error, so that standard output stays the answer alone."""

from __future__ import annotations

import logging
import sys


def log_to_stderr(level: str) -> None:
    """Say what is at or above `level` ("debug", "info", "warning", "error") on standard error, one line each.

    Reading commands only log what is wrong: "info" means warnings here.
    """
    import structlog

    threshold = {"debug": logging.DEBUG, "error": logging.ERROR}.get(level, logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
