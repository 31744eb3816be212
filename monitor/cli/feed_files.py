"""feeds.yml as commands read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.rule_writing import replace_text
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.core.types import FeedSpec

NAMES = ("feeds.yml", "feeds.yaml")
_BOM = "\ufeff"


def valid_url(url: str) -> str:
    """The address, without what stands around it. Raises BadParameter where it is none of a feed."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise typer.BadParameter(
            f"{url!r} is not the address of a feed; write for example https://example.org/rss.xml "
            "(no user name or password in it)",
            param_hint="URL",
        )
    return url.strip()


def feeds_file(folder: Path) -> Path:
    """The file of a rules folder that lists the feeds, there or not."""
    return next((folder / name for name in NAMES if (folder / name).exists()), folder / NAMES[0])


def listed_spec(folder: Path, url: str) -> FeedSpec:
    """What feeds.yml says of a feed; a bare one where it does not list it."""
    from monitor.core.rules.documents import read_document
    from monitor.core.rules.feed_reading import read_feeds
    from monitor.core.types import FeedSpec

    file = feeds_file(folder)
    listed = read_feeds(read_document(str(file), _read(file)[1])) if file.exists() else ()
    return next((spec for spec in listed if spec.url == url), FeedSpec(url=url))


def listed_urls(folder: Path) -> dict[str, int]:
    """The addresses that feeds.yml lists, each with its line. Raises UsageError."""
    from monitor.core.rules.feed_writing import FeedWritingError, listed_feeds

    file = feeds_file(folder)
    try:
        return listed_feeds(_read(file)[1]) if file.exists() else {}
    except FeedWritingError as error:
        raise _unwritable(file, error) from None


def list_in_file(folder: Path, specs: Sequence[FeedSpec]) -> Path:
    """Write feeds that are new into feeds.yml, and those it lists anew; the file.

    Comments and all other lines stay as they are. Raises UsageError.
    """
    from monitor.core.rules.feed_writing import (
        FeedWritingError,
        listed_feeds,
        with_feed_changed,
        with_feeds,
    )

    file = feeds_file(folder)
    before, text = _read(file) if file.exists() else (b"", "")
    try:
        known = listed_feeds(text)
        changed = text
        for spec in specs:
            if spec.url in known:
                changed = with_feed_changed(changed, spec)
        changed = with_feeds(changed, [spec for spec in specs if spec.url not in known])
    except FeedWritingError as error:
        raise _unwritable(file, error) from None
    _write(file, before, changed)
    return file


def take_out_of_file(folder: Path, url: str) -> Path | None:
    """Take a feed out of feeds.yml; the file, or None where it does not list it. Raises UsageError."""
    from monitor.core.rules.feed_writing import FeedWritingError, without_feed

    if url not in listed_urls(folder):
        return None
    file = feeds_file(folder)
    before, text = _read(file)
    try:
        _write(file, before, without_feed(text, url))
    except FeedWritingError as error:
        raise _unwritable(file, error) from None
    return file


def _read(file: Path) -> tuple[bytes, str]:
    try:
        content = file.read_bytes()
        return content, content.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8", remedy="save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", remedy="may this user read it?") from None


def _write(file: Path, before: bytes, text: str) -> None:
    mark = _BOM if before.startswith(_BOM.encode()) else ""
    if (mark + text).encode() == before:
        return
    if (file.read_bytes() if file.exists() else b"") != before:
        raise UsageError(
            f"{file} was changed by somebody else just now; nothing was written", remedy="run this again"
        )
    # Where it is a link, the file itself is replaced, not the link.
    replace_text(file.resolve(), mark + text)


def _unwritable(file: Path, error: Exception) -> UsageError:
    return UsageError(f"{file}: {error}", remedy="edit it by hand, or mend it: `claimwatch rules lint`")
