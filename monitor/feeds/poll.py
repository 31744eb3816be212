"""One feed, read once: fetched, compared with the last body, parsed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.types import Feed, FeedSnapshot, Validators
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The publisher says that nothing has changed (304)."""

    status: int
    cache_for: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameBody:
    """A body came, byte for byte the one that was read last time."""

    status: int
    # A publisher may give the same body a new ETag.
    validators: Validators
    cache_for: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A body that was not read before; all fields but `status` and `snapshot` are for `plan_poll`."""

    status: int
    snapshot: FeedSnapshot
    validators: Validators
    # blake2b, 32 bytes, hex.
    body_hash: str
    # The feed's address after permanent redirects only.
    url: str
    cache_for: timedelta | None


FeedRead = NotModified | SameBody | NewBody


async def read_feed(egress: Egress, parser: FeedParser, feed: Feed, now: datetime) -> FeedRead:
    """What one look at a feed finds. Raises FetchError for everything that keeps it from being read.

    The feed's validators are sent only where a body was read before: without one, "not modified"
    would hide what nobody has seen.
    """
    fetched = await egress.fetch(feed.url, validators=feed.validators if feed.body_hash else Validators())
    if fetched.status == 304:
        return NotModified(status=fetched.status, cache_for=fetched.cache_for)
    body_hash = hashlib.blake2b(fetched.body, digest_size=32).hexdigest()
    if body_hash == feed.body_hash:
        return SameBody(status=fetched.status, validators=fetched.validators, cache_for=fetched.cache_for)
    snapshot = await parser.parse(fetched.body, content_type=fetched.content_type, url=fetched.url, now=now)
    return NewBody(
        status=fetched.status,
        snapshot=snapshot,
        validators=fetched.validators,
        body_hash=body_hash,
        url=fetched.permanent_url,
        cache_for=fetched.cache_for,
    )
