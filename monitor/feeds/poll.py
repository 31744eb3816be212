"""One feed, read once: fetched, compared with what was read before, and only what is new of it parsed."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.types import NO_HUB, Feed, FeedSnapshot, FullText, Hub, Validators, Wishes
from monitor.feeds.answers import Fetched
from monitor.feeds.bodies import BodyError, is_packed_file, unpacked_file
from monitor.feeds.cutting import Cut, cut, packed, unpacked
from monitor.feeds.drafts import BEYOND, WORDLESS
from monitor.feeds.egress import Egress
from monitor.feeds.failures import from_exception
from monitor.feeds.hubs import checked, offered
from monitor.feeds.parse import FeedParser
from monitor.feeds.sitemap_index import read_sitemaps
from monitor.feeds.wishes import read_wishes

_NO_WISHES = Wishes()
# Hashing and cutting let others run in between, and a large body must not hold up the event loop.
_READING_ROOM = ThreadPoolExecutor(2, thread_name_prefix="read")
#: A body of so few bytes takes less than a thread's turns do.
_SMALL_BODY = 128 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The publisher says that nothing has changed (304)."""

    status: int
    cache_for: timedelta | None
    # The feed's address after permanent redirects only.
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SameBody:
    """A body came, byte for byte the one that was read last time."""

    status: int
    # A publisher may give the same body a new ETag.
    validators: Validators
    cache_for: timedelta | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A body that was not read before; all fields but `status` and `snapshot` are for `plan_poll`."""

    status: int
    # Without the entries that were recognised; empty but for those where nothing is new.
    snapshot: FeedSnapshot
    validators: Validators
    # blake2b, 32 bytes, hex.
    body_hash: str
    # What to recognise the entries by the next time; empty where the whole has to be read again.
    digests: str
    # Entries that were read before, and are not in the snapshot.
    recognised: int
    # The feed's address after permanent redirects only.
    url: str
    cache_for: timedelta | None
    wishes: Wishes
    # What the document and its answer offer; empty: none.
    hub: Hub


FeedRead = NotModified | SameBody | NewBody


async def read_feed(
    egress: Egress, parser: FeedParser, feed: Feed, now: datetime, *, digests: str = ""
) -> FeedRead:
    """What one look at a feed finds. Raises FetchError for everything that keeps it from being read.

    `digests` is what the last reading gave (`NewBody.digests`): entries that it knows are not read again.
    The feed's validators are sent only where a body was read before: without one, "not modified"
    would hide what nobody has seen.
    """
    # A page that is read by selectors is made for people, and a feed for programs.
    fetch = egress.fetch_page if feed.page else egress.fetch
    fetched = await fetch(feed.url, validators=feed.validators if feed.body_hash else Validators())
    if fetched.status == 304:
        return NotModified(status=fetched.status, cache_for=fetched.cache_for, url=fetched.permanent_url)
    fetched, body_hash, pieces, wishes, hub = await _looked(fetched, feed)
    if body_hash == feed.body_hash:
        return SameBody(
            status=fetched.status,
            validators=fetched.validators,
            cache_for=fetched.cache_for,
            url=fetched.permanent_url,
        )
    desk = _Desk(parser, feed, now)
    snapshot, recognised, trusted = await _read(desk, fetched, pieces, unpacked(digests))
    if snapshot.sitemaps:
        return await _read_index(egress, desk, fetched, snapshot)
    return NewBody(
        status=fetched.status,
        snapshot=snapshot,
        validators=fetched.validators,
        body_hash=body_hash,
        digests=packed(pieces.digests) if pieces and trusted else "",
        recognised=recognised,
        url=fetched.permanent_url,
        cache_for=fetched.cache_for,
        wishes=wishes,
        hub=hub if hub.url else checked(snapshot.hub, fetched.url),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where documents of one feed are read."""

    parser: FeedParser
    feed: Feed
    now: datetime

    async def read(self, fetched: Fetched) -> FeedSnapshot:
        feed = self.feed
        return await self.parser.parse(
            fetched.body,
            content_type=fetched.content_type,
            url=fetched.url,
            now=self.now,
            lang=feed.lang,
            selectors=feed.page,
            keep_wordless=feed.full_text is not FullText.NEVER,
        )


async def _read_index(
    egress: Egress, desk: _Desk, fetched: Fetched, index: FeedSnapshot
) -> SameBody | NewBody:
    """The sitemaps of an index; without validators, as it may stay the same while they change."""

    async def fetch(url: str) -> Fetched:
        return unpacked_answer(await egress.fetch(url))

    read = await read_sitemaps(index, fetched.body, fetch=fetch, parse=desk.read, now=desk.now)
    if read.body_hash and read.body_hash == desk.feed.body_hash:
        return SameBody(
            status=fetched.status,
            validators=Validators(),
            cache_for=fetched.cache_for,
            url=fetched.permanent_url,
        )
    return NewBody(
        status=fetched.status,
        snapshot=read.snapshot,
        validators=Validators(),
        body_hash=read.body_hash,
        digests="",
        recognised=0,
        url=fetched.permanent_url,
        cache_for=fetched.cache_for,
        wishes=_NO_WISHES,
        hub=NO_HUB,
    )


def unpacked_answer(fetched: Fetched) -> Fetched:
    """The answer with what is in it, where it is a gzip file. Raises FetchError."""
    try:
        body = unpacked_file(fetched.body)
    except BodyError as error:
        raise from_exception(fetched.url, error) or error from error
    return fetched if body is fetched.body else replace(fetched, body=body, content_type="")


_Looked = tuple[Fetched, str, Cut | None, Wishes, Hub]


async def _looked(fetched: Fetched, feed: Feed) -> _Looked:
    if len(fetched.body) <= _SMALL_BODY and not is_packed_file(fetched.body):
        return _look(fetched, feed)
    return await asyncio.get_running_loop().run_in_executor(_READING_ROOM, _look, fetched, feed)


def _look(fetched: Fetched, feed: Feed) -> _Looked:
    body_hash = hashlib.blake2b(fetched.body, digest_size=32).hexdigest()
    if body_hash == feed.body_hash:
        return fetched, body_hash, None, _NO_WISHES, NO_HUB
    hub = offered(fetched.link_header, b"" if feed.page else fetched.body, fetched.url)
    fetched = unpacked_answer(fetched)
    # A page is no feed, whatever its tags are called.
    if feed.page:
        return fetched, body_hash, None, _NO_WISHES, hub
    return fetched, body_hash, cut(fetched.body, fetched.content_type), read_wishes(fetched.body), hub


async def _read(
    desk: _Desk, fetched: Fetched, pieces: Cut | None, seen: frozenset[bytes]
) -> tuple[FeedSnapshot, int, bool]:
    """(what is new in the document, entries recognised, whether its cut can be trusted the next time)"""

    async def parsed(body: bytes) -> FeedSnapshot:
        return await desk.read(replace(fetched, body=body))

    if pieces is not None and seen:
        unseen = pieces.unseen(seen)
        recognised = len(pieces.ranges) - len(unseen)
        if not unseen:
            return _NOTHING_NEW, recognised, True
        if recognised:
            snapshot = await parsed(pieces.only(unseen))
            named = all(pieces.names_alone(entry.guid or entry.url, unseen) for entry in snapshot.entries)
            if named and _is_sound(snapshot, len(unseen)):
                return snapshot, recognised, True
    snapshot = await parsed(fetched.body)
    return snapshot, 0, pieces is not None and _is_sound(snapshot, len(pieces.ranges))


_NOTHING_NEW = FeedSnapshot(format="", title="", link="", lang="", entries=())


def _is_sound(snapshot: FeedSnapshot, entries: int) -> bool:
    """Whether the reader saw as many entries as were cut, all of them, and found no fault."""
    if any(one.what.startswith(BEYOND) for one in snapshot.dropped):
        return False
    wordless = sum(one.count for one in snapshot.dropped if one.what == WORDLESS)
    return not snapshot.complaint and len(snapshot.entries) + wordless == entries
