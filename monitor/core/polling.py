"""What is new in a feed; `monitor.core.pacing` says when to look again.

Pure: the feed, what was read and what the ledger remembers come in as values, and so does `now`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.edits import evened, settled
from monitor.core.folding import folded_address, is_address
from monitor.core.pacing import learn, moved, next_poll_after_success
from monitor.core.types import (
    NO_HUB,
    Entry,
    Feed,
    FeedSnapshot,
    Hub,
    KnownEntry,
    PlannedVersion,
    PollPlan,
    Validators,
    Wishes,
)
from monitor.core.types.rhythm import NO_WISHES

#: Longer identities are kept as a hash, so that every database can index them.
LONGEST_IDENTITY = 500


# ---------------------------------------------------------------- who is who


def feed_key(feed: Feed) -> str:
    """The part of an identity that names the feed, as guids need only be unique inside one."""
    return f"feed:{feed.id}"


def entry_identity(feed_key: str, entry: Entry) -> str:
    """What makes two readings of an entry the same article, with addresses as they are written.

    The guid where there is one (the URL may then change), else the URL, else a hash over the words.
    Guids are compared as written: "A" and "a" are two. At most 500 characters and the key.
    """
    if entry.guid:
        return _by_guid(feed_key, entry.guid)
    if entry.url:
        return _by_url(feed_key, entry.url)
    return f"{feed_key}|hash:{_exact_hash(entry)}"


def entry_identities(feed_key: str, entry: Entry) -> tuple[str, ...]:
    """What an entry may be known by, the first being what it is stored under when it is new.

    That is `entry_identity` with its address, or a guid that is one, folded (`monitor.core.folding`); what
    stands behind it is the address as it is written, which older releases stored.
    """
    exact = entry_identity(feed_key, entry)
    if entry.guid:
        folded = _by_guid(feed_key, folded_address(entry.guid)) if is_address(entry.guid) else exact
    else:
        folded = _by_url(feed_key, folded_address(entry.url)) if entry.url else exact
    return (exact,) if folded == exact else (folded, exact)


def content_hash(entry: Entry) -> str:
    """Hash of what a reader would call the text: title, summary and text, white space evened out.

    32 hex digits. Dates, links and authors may change without making a new version, and so may time stamps,
    counters and "read more" inside the text (`monitor.core.edits`).
    """
    # Most feeds carry one text, which is the summary too; it counts once.
    text = "" if entry.text == entry.summary else settled(entry.text)
    return _digest(evened(entry.title), settled(entry.summary), text)


def is_same_wording(before: KnownEntry, entry: Entry) -> bool:
    """Whether an entry says what was stored of it, by any of the hashes that releases have stored."""
    hashes = (content_hash, _hash_of_both, _exact_hash)
    return any(before.content_hash == hash_of(entry) for hash_of in hashes)


def _hash_of_both(entry: Entry) -> str:
    """Of older rows: the text counts beside the summary even where it is the same."""
    return _digest(evened(entry.title), settled(entry.summary), settled(entry.text))


def _exact_hash(entry: Entry) -> str:
    """Of rows older still: with stamps and counters."""
    return _digest(evened(entry.title), evened(entry.summary), evened(entry.text))


def _by_guid(feed_key: str, guid: str) -> str:
    return f"{feed_key}|guid:{_short(guid)}"


def _by_url(feed_key: str, url: str) -> str:
    return f"{feed_key}|url:{_short(url)}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_IDENTITY else f"blake2b-{_digest(text)}"


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


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
    wishes: Wishes = NO_WISHES,
    hub: Hub = NO_HUB,
) -> PollPlan:
    """What one successful poll changes.

    `known` is what the ledger remembers of the identities in the snapshot
    (`entry_identities(feed_key(feed), entry)` of each); an absent one was never seen.
    `validators`, `body_hash`, `url` (after permanent redirects) and `cache_for` are those of the fetch,
    `wishes` and `hub` those of the document; `recognised` entries of it are known by their `digests`, and
    not in the snapshot.

    An entry that the document lists twice is taken once, the version updated last; where no dates
    decide, the first, as feeds list the newest first. Versions come in document order.
    The publisher of the feed's settings wins; its language was a prior when the entries were read.
    """
    publisher = feed.publisher or snapshot.title or urlsplit(feed.url).hostname or feed.url
    versions: list[PlannedVersion] = []
    unchanged = 0
    once_each = _once_each(feed_key(feed), snapshot.entries)
    for identities, entry in once_each:
        identity = next((one for one in identities if one in known), identities[0])
        before = known.get(identity)
        if before is not None and is_same_wording(before, entry):
            unchanged += 1
            continue
        versions.append(
            PlannedVersion(
                article_id=before.article_id if before else None,
                identity=identity,
                version=before.version + 1 if before else 1,
                content_hash=content_hash(entry),
                publisher=publisher,
                entry=entry,
            )
        )
    unchanged += recognised
    rhythm = learn(
        feed,
        new=sum(1 for version in versions if version.article_id is None),
        listed=unchanged + len(versions),
        dates=(entry.published_at for entry in snapshot.entries),
        now=now,
    )
    asked_at, move = moved(feed, url, now=now)
    return PollPlan(
        versions=tuple(versions),
        unchanged=unchanged,
        next_poll_at=next_poll_after_success(
            feed, cache_for=cache_for, rhythm=rhythm, wishes=wishes, now=now
        ),
        validators=validators,
        body_hash=body_hash,
        digests=digests,
        feed_title=snapshot.title or feed.title,
        url=asked_at,
        rhythm=rhythm,
        wishes=wishes,
        move=move,
        repeated=len(snapshot.entries) - len(once_each),
        dropped=snapshot.dropped,
        complaint=snapshot.complaint,
        hub=hub,
    )


def _once_each(key: str, entries: Iterable[Entry]) -> Collection[tuple[tuple[str, ...], Entry]]:
    """(identities, entry) of each article, in document order."""
    chosen: dict[str, tuple[tuple[str, ...], Entry]] = {}
    for entry in entries:
        identities = entry_identities(key, entry)
        other = chosen.get(identities[0])
        if other is None or _changed_at(entry) > _changed_at(other[1]):
            chosen[identities[0]] = identities, entry
    return chosen.values()


def _changed_at(entry: Entry) -> float:
    at = entry.updated_at or entry.published_at
    return at.timestamp() if at else float("-inf")
