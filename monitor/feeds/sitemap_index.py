"""An index of sitemaps: the newest of its sitemaps are read with it, as one document.

Each is fetched like any feed, through the same egress, one after another. An index inside an index is not
followed, so there are no circles.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from monitor.core.types import Dropped, Entry, FeedSnapshot, Sitemap
from monitor.errors import FetchError
from monitor.feeds.answers import Fetched
from monitor.feeds.drafts import BEYOND, MOST_ENTRIES

#: Sitemaps of an index that are read at one look; those changed last.
MOST_READ = 5
#: One that says it changed longer ago has no news.
NEWS_WITHIN = timedelta(days=3)
#: Seconds for all of them together.
ALL_SECONDS = 12.0

Fetch = Callable[[str], Awaitable[Fetched]]
Parse = Callable[[Fetched], Awaitable[FeedSnapshot]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIndex:
    """The sitemaps of an index, as one."""

    snapshot: FeedSnapshot
    # blake2b over all bodies, 32 bytes, hex; empty where one was not read, so that it is tried again.
    body_hash: str


async def read_sitemaps(
    index: FeedSnapshot, body: bytes, *, fetch: Fetch, parse: Parse, now: datetime
) -> ReadIndex:
    """The entries of the index's newest sitemaps, those published last first.

    What cannot be read is named in the complaint. Raises FetchError where none of them can be.
    """
    chosen, beyond = _chosen(index.sitemaps, now)
    digest = hashlib.blake2b(body, digest_size=32)
    read: list[FeedSnapshot] = []
    troubles: list[str] = []
    failure: FetchError | None = None
    try:
        async with asyncio.timeout(ALL_SECONDS):
            for sitemap in chosen:
                try:
                    fetched = await fetch(sitemap.url)
                    digest.update(fetched.body)
                    snapshot = await parse(fetched)
                except FetchError as error:
                    failure = failure or error
                    troubles.append(f"{sitemap.url}: {error.detail}")
                    continue
                if snapshot.sitemaps:
                    troubles.append(f"{sitemap.url}: an index inside an index is not followed")
                else:
                    read.append(snapshot)
    except TimeoutError:
        troubles.append(f"not all sitemaps were read within {ALL_SECONDS:g} s")
    if failure and not read:
        raise failure
    dropped = Counter({one.what: one.count for one in index.dropped})
    for one in chain.from_iterable(one.dropped for one in read):
        dropped[one.what] += one.count
    if beyond:
        dropped[f"sitemaps after the newest {MOST_READ}"] = beyond
    complaints = filter(None, [index.complaint, *(one.complaint for one in read), *troubles])
    entries = sorted(chain.from_iterable(one.entries for one in read), key=_newest_first)
    if len(entries) > MOST_ENTRIES:
        dropped[f"{BEYOND} {MOST_ENTRIES:,}"] += len(entries) - MOST_ENTRIES
    return ReadIndex(
        snapshot=replace(
            index,
            title=index.title or _first(one.title for one in read),
            lang=index.lang or _first(one.lang for one in read),
            entries=tuple(entries[:MOST_ENTRIES]),
            dropped=tuple(Dropped(what, count) for what, count in dropped.items()),
            complaint="; ".join(complaints),
            sitemaps=(),
        ),
        body_hash="" if troubles else digest.hexdigest(),
    )


def _chosen(sitemaps: Iterable[Sitemap], now: datetime) -> tuple[list[Sitemap], int]:
    """(those to read, how many more may hold news); one that does not say when it changed may have."""
    every = list(dict.fromkeys(sitemaps))
    lately = [one for one in every if one.changed_at is None or one.changed_at >= now - NEWS_WITHIN]
    # Of those that do not say, the ones whose name speaks of news.
    lately.sort(key=lambda one: (one.changed_at is None, "news" not in one.url.lower()))
    return lately[:MOST_READ] or every[:1], max(len(lately) - MOST_READ, 0)


def _newest_first(entry: Entry) -> float:
    return -entry.published_at.timestamp() if entry.published_at else float("inf")


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
