"""What is new in a feed, and when to look at it again.

Pure: the feed, what was read and what the ledger remembers come in as values, and so does `now`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.types import (
    Entry,
    Feed,
    FeedSnapshot,
    KnownEntry,
    PlannedVersion,
    PollPlan,
    Validators,
)
from monitor.errors import FetchError, FetchReason

#: A publisher's wish to be left alone (Cache-Control, Expires, Retry-After) is honoured up to this.
LONGEST_WISH = timedelta(days=1)
#: After a failure that may pass by itself (time-out, no route, a 500) the feed is asked at least this often.
LONGEST_AFTER_PASSING_FAILURE = timedelta(hours=1)
#: After a failure that somebody has to mend (a page instead of a feed, a 404) at least this often.
LONGEST_AFTER_LASTING_FAILURE = timedelta(days=1)
#: A failure that somebody has to mend, or a publisher who wants fewer requests, waits no less than this.
SHORTEST_AFTER_LASTING_FAILURE = timedelta(seconds=30)
#: Longer identities are kept as a hash, so that every database can index them.
LONGEST_IDENTITY = 500

_PASSING = frozenset(
    {
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.TIMEOUT,
        FetchReason.PROTOCOL,
    }
)


# ---------------------------------------------------------------- who is who


def feed_key(feed: Feed) -> str:
    """The part of an identity that names the feed, as guids need only be unique inside one."""
    return f"feed:{feed.id}"


def entry_identity(feed_key: str, entry: Entry) -> str:
    """What makes two readings of an entry the same article.

    The guid where there is one (the URL may then change), else the URL, else a hash over the words.
    Guids are compared as written: "A" and "a" are two. At most 500 characters and the key.
    """
    if entry.guid:
        return f"{feed_key}|guid:{_short(entry.guid)}"
    if entry.url:
        return f"{feed_key}|url:{_short(entry.url)}"
    return f"{feed_key}|hash:{content_hash(entry)}"


def content_hash(entry: Entry) -> str:
    """Hash of what a reader would call the text: title, summary and text, white space evened out.

    32 hex digits. Dates, links and authors may change without making a new version.
    """
    parts = (" ".join(part.split()) for part in (entry.title, entry.summary, entry.text))
    return _digest("\x1f".join(parts))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_IDENTITY else f"blake2b-{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ---------------------------------------------------------------- new, changed, same


def plan_poll(
    feed: Feed,
    snapshot: FeedSnapshot,
    known: Mapping[str, KnownEntry],
    *,
    validators: Validators,
    body_hash: str,
    url: str,
    cache_for: timedelta | None,
    now: datetime,
    digests: str = "",
    recognised: int = 0,
) -> PollPlan:
    """What one successful poll changes.

    `known` is what the ledger remembers of the identities in the snapshot
    (`entry_identity(feed_key(feed), entry)` of each); an absent one was never seen.
    `validators`, `body_hash`, `url` (after permanent redirects) and `cache_for` are those of the fetch;
    `recognised` entries of it are known by their `digests`, and not in the snapshot.

    An entry that the document lists twice is taken once, the version updated last; where no dates
    decide, the first, as feeds list the newest first. Versions come in document order.
    The publisher of the feed's settings wins; its language was a prior when the entries were read.
    """
    publisher = feed.publisher or snapshot.title or urlsplit(feed.url).hostname or feed.url
    versions: list[PlannedVersion] = []
    unchanged = 0
    for identity, entry in _once_each(feed_key(feed), snapshot.entries).items():
        hashed = content_hash(entry)
        before = known.get(identity)
        if before is not None and before.content_hash == hashed:
            unchanged += 1
            continue
        versions.append(
            PlannedVersion(
                article_id=before.article_id if before else None,
                identity=identity,
                version=before.version + 1 if before else 1,
                content_hash=hashed,
                publisher=publisher,
                entry=entry,
            )
        )
    return PollPlan(
        versions=tuple(versions),
        unchanged=unchanged + recognised,
        next_poll_at=next_poll_after_success(feed, cache_for=cache_for, now=now),
        validators=validators,
        body_hash=body_hash,
        digests=digests,
        feed_title=snapshot.title or feed.title,
        url=url,
    )


def _once_each(key: str, entries: Iterable[Entry]) -> dict[str, Entry]:
    chosen: dict[str, Entry] = {}
    for entry in entries:
        identity = entry_identity(key, entry)
        other = chosen.get(identity)
        if other is None or _changed_at(entry) > _changed_at(other):
            chosen[identity] = entry
    return chosen


def _changed_at(entry: Entry) -> float:
    at = entry.updated_at or entry.published_at
    return at.timestamp() if at else float("-inf")


# ---------------------------------------------------------------- when to look again


def next_poll_after_success(feed: Feed, *, cache_for: timedelta | None, now: datetime) -> datetime:
    """After its interval, or when the publisher's answer gets stale, whichever is later.

    `cache_for` counts for at most a day. The interval itself is taken as the user set it.
    """
    return now + max(feed.interval, min(cache_for or timedelta(0), LONGEST_WISH))


def next_poll_after_failure(feed: Feed, error: FetchError, *, now: datetime) -> datetime | None:
    """When to try a feed again; None where the publisher says that it is gone for good (410).

    `feed.failures` counts the failures before this one. Every further failure doubles the wait:
    from the interval up to an hour where the trouble may pass by itself, from twice the interval
    up to a day where somebody has to mend something. An interval longer than that stays as it is.
    A Retry-After is honoured for at most a day, and never shortens the interval.
    Up to a tenth is added, always the same for the same feed and count, so that feeds of one broken
    host do not come back in step.
    """
    if error.reason is FetchReason.GONE:
        return None
    interval = feed.interval.total_seconds()
    if error.retry_after_s is not None:
        wait = max(interval, min(error.retry_after_s, LONGEST_WISH.total_seconds()))
    elif _may_pass(error):
        longest = LONGEST_AFTER_PASSING_FAILURE.total_seconds()
        wait = max(interval, min(interval * _doubled(feed.failures), longest))
    else:
        longest = LONGEST_AFTER_LASTING_FAILURE.total_seconds()
        wait = max(interval, min(2 * interval * _doubled(feed.failures), longest))
        wait = max(wait, SHORTEST_AFTER_LASTING_FAILURE.total_seconds())
    return now + timedelta(seconds=wait * (1 + _jitter(feed) / 10))


def _doubled(failures: int) -> int:
    # Thirty doublings are beyond every limit above.
    return int(2 ** min(failures, 30))


def _may_pass(error: FetchError) -> bool:
    if error.reason is FetchReason.HTTP_STATUS:
        return error.status is None or error.status >= 500 or error.status in (408, 425)
    return error.reason in _PASSING


def _jitter(feed: Feed) -> float:
    """0–1, from the feed's id and its failures."""
    digest = hashlib.blake2b(f"{feed.id}:{feed.failures}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
