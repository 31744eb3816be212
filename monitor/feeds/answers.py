"""What comes back from the outside, as values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.types import Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer that was read to its end."""

    # Where it came from, after all redirects.
    url: str
    # The address to ask next time: the end of the leading permanent redirects (301, 308), else as asked.
    permanent_url: str
    # 2xx, or 304.
    status: int
    # Unpacked; empty for 304.
    body: bytes
    # Of this answer; those that were sent where a 304 brings none.
    validators: Validators
    content_type: str
    # How long it stays fresh; None: it does not say.
    cache_for: timedelta | None
    # Its `Link` headers, joined and unread, at most 8 KB.
    link_header: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a webhook answered, whatever the status."""

    status: int
    # Names in lower case.
    headers: Mapping[str, str]
    # At most 2 KB, as UTF-8 with replacements, control characters left out.
    body_excerpt: str
    # What a Retry-After asks for; None: there is none.
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An answer whose body is still to be read."""

    status: int
    # Looked up in any case.
    headers: Mapping[str, str]
    # As on the wire, in pieces of any size.
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A whole answer of a service, whatever the status."""

    status: int
    # As it came, at most as long as the caller allowed.
    body: bytes
    # What a Retry-After asks for; None: there is none.
    retry_after_s: float | None = None
