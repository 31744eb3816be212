"""`stdout:` writes alerts to this process's output: for demos, containers and pipes.

`stdout:` is text for people, `stdout:?format=json` one JSON object a line.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from monitor.errors import DeliveryError, DeliveryReason
from monitor.notify.delivered import Delivered
from monitor.notify.message import message_line
from monitor.notify.text import text
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

_FORMATS = ("text", "json")


def check(url: str) -> str:
    parts = urlsplit(url)
    if parts.netloc or parts.path:
        return "stdout: takes no address; write stdout: or stdout:?format=json"
    unknown = sorted(set(parse_qs(parts.query, keep_blank_values=True)) - {"format"})
    if unknown:
        return f"stdout: has no option {unknown[0]!r}, only format"
    if _format(url) not in _FORMATS:
        return f"stdout: knows format {' and '.join(_FORMATS)}"
    return ""


async def send(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    """One write for each message, so that messages of several processes do not run into each other."""
    written = message_line(taken) if _format(url) == "json" else text(taken) + "\n"
    try:
        await asyncio.to_thread(_write, written + "\n")
    except (OSError, ValueError) as error:  # ValueError: stdout was closed
        raise DeliveryError(DeliveryReason.RECEIVER_FAILED, f"stdout: {error}") from error
    return Delivered(detail="written")


def _format(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("format", ["text"])[-1]


def _write(written: str) -> None:
    sys.stdout.write(written)
    sys.stdout.flush()
