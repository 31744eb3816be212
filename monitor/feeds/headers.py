"""What the headers of an answer tell a polite reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.core.types import Validators

#: A longer validator is not kept: the next request would carry it.
LONGEST_VALIDATOR = 1024

_VALIDATORS = (b"etag", b"last-modified")
_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


def by_name(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Values by name in lower case; those of one name joined with commas (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for name, given in raw:
        key, value = name.decode("latin-1").lower(), _decoded(given)
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def retry_after_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """How many seconds the other side wants to be left alone (RFC 9110 §10.2.3); None: it does not say.

    Header names are in lower case. Never negative; a date is counted from `now`.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}", value, re.ASCII):
        return float(value)
    at = _date(value)
    return max(0.0, (at - now).total_seconds()) if at else None


def cache_for(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111 §4.2); None: nobody says so, or it must not be kept."""
    if "cache-control" not in headers and "expires" not in headers:  # most answers
        return None
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in headers.get("cache-control", "").split(","))
    }
    if "no-cache" in directives or "no-store" in directives:
        return None
    max_age = directives.get("max-age", "")
    if re.fullmatch(r"\d{1,12}", max_age, re.ASCII):
        age = headers.get("age", "").strip()
        spent = int(age) if re.fullmatch(r"\d{1,12}", age, re.ASCII) else 0
        return _duration(int(max_age) - spent)
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return None
    return _duration((expires - (_date(headers.get("date", "")) or now)).total_seconds())


def _duration(seconds: float) -> timedelta | None:
    # A year is more than any caller honours; it keeps timedelta from overflowing.
    return timedelta(seconds=min(seconds, 366 * 86400)) if seconds > 0 else None


def validators(raw: list[tuple[bytes, bytes]]) -> Validators:
    """ETag and Last-Modified, verbatim, to be sent back; each empty where absent or over 1 KB.

    Bytes are kept as the code points of the same number, so that they can be sent back exactly.
    """
    found = {key: value.decode("latin-1") for name, value in raw if (key := name.lower()) in _VALIDATORS}
    return Validators(
        etag=_sendable(found.get(b"etag", "")), last_modified=_sendable(found.get(b"last-modified", ""))
    )


def conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    """The headers of a conditional request (RFC 9110 §13.1)."""
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    # The ledger is ours, but what it holds came from a publisher once.
    return [(name, sent.encode("latin-1")) for name, value in pairs if (sent := _sendable(value))]


def _sendable(value: str) -> str:
    return value if 0 < len(value) <= LONGEST_VALIDATOR and _SENDABLE.fullmatch(value) else ""


def _date(value: str) -> datetime | None:
    if not value or len(value) > 100:
        return None
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
