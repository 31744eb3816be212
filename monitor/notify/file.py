"""`file:/path` appends alerts to a file, one JSON object a line."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.errors import DeliveryError, DeliveryReason
from monitor.notify.delivered import Delivered
from monitor.notify.message import message_line
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress


def check(url: str) -> str:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        return "file: needs an absolute path: file:/var/log/claimwatch/alerts.jsonl"
    if parts.query or parts.fragment:
        return "file: takes a path and no options"
    return ""


async def send(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    """One append for each message, on disk before it counts; the folder must exist, the file is made."""
    path = Path(unquote(urlsplit(url).path))
    try:
        await asyncio.to_thread(_append, path, (message_line(taken) + "\n").encode())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError, ValueError) as error:
        raise DeliveryError(DeliveryReason.BAD_RECEIVER, f"cannot append: {_words(error)}") from error
    except OSError as error:
        raise DeliveryError(DeliveryReason.RECEIVER_FAILED, f"cannot append: {_words(error)}") from error
    return Delivered(detail="written")


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        # A short write (full disk) would leave half a line: cut back to where we began is not safe with
        # other writers, so the rest is written or the error told; readers skip a broken last line.
        while line:
            line = line[os.write(descriptor, line) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _words(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
