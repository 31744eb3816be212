"""When to look at a feed again: what its publisher wants, how often it brings entries, what went wrong.

Pure: the feed, the answer and `now` come in as values. Everything that looks like chance is drawn from the
feed's id, so that the same values always give the same moment.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.core.types import Feed, Move, Rhythm, Wishes
from monitor.core.websub import LAGGING, SAFETY_POLL, has_just_told, is_relied_on
from monitor.errors import FetchError, FetchReason

#: A publisher's wish to be left alone (headers, ttl, skipped hours) is honoured up to this.
LONGEST_WISH = timedelta(days=1)
#: A learned pace is never slower than this.
SLOWEST = timedelta(hours=1)
#: After a failure that may pass by itself (time-out, no route, a 500) the feed is asked at least this often.
LONGEST_AFTER_PASSING_FAILURE = timedelta(hours=1)
#: After a failure that somebody has to mend (a page instead of a feed, a 404) at least this often.
LONGEST_AFTER_LASTING_FAILURE = timedelta(days=1)
#: A failure that somebody has to mend, or a publisher who wants fewer requests, waits no less than this.
SHORTEST_AFTER_LASTING_FAILURE = timedelta(seconds=30)
#: A permanent redirect is believed after so many polls in a row that saw it, over at least so long.
MOVE_SEEN = 3
MOVE_STOOD = timedelta(days=1)
#: What a feed's quiet times were is forgotten with this time constant.
_QUIET_MEMORY = timedelta(days=30)
_LONGEST_QUIET = timedelta(days=90)
#: Fewer entries with dates than this say nothing of a rhythm.
_FEWEST_DATES = 3

_PASSING = frozenset({FetchReason.DNS, FetchReason.CONNECT, FetchReason.TIMEOUT, FetchReason.PROTOCOL})


# ---------------------------------------------------------------- how often it brings entries


def pace_of(feed: Feed, rhythm: Rhythm | None = None) -> timedelta:
    """The wait between two polls: as somebody named it, else as learned; `rhythm` in place of the feed's."""
    return ((rhythm or feed.rhythm).pace or feed.interval) if feed.learned else feed.interval


def learn(
    feed: Feed, *, new: int, listed: int, dates: Iterable[datetime | None] = (), now: datetime
) -> Rhythm:
    """The feed's rhythm after a poll that brought `new` entries in a document of `listed`.

    Both are 0 where the document has not changed. `dates` (publication) count for the first reading only,
    which finds the entries of days at once.
    The pace follows the share of entries that were known already, an idea of Media Cloud's rss-fetcher:
    a poll without news makes it slower by a fifth, one with more than one new entry faster, at most four
    times; it comes to rest at about one new entry in two polls. A document most of which is new has probably
    lost entries in between. The pace lies between the feed's interval and an hour.
    """
    if feed.last_success_at is None:
        return _first_rhythm(feed, dates, now)
    old = feed.rhythm
    if new:
        return Rhythm(
            pace=_clamped(feed, _pace(feed, new, listed, now)), quiet=_quiet(old, now), last_new_at=now
        )
    return replace(old, pace=_clamped(feed, _pace(feed, new, listed, now)))


def _pace(feed: Feed, new: int, listed: int, now: datetime) -> timedelta:
    pace = feed.rhythm.pace or feed.interval
    waited = now - feed.last_polled_at if feed.last_polled_at else pace
    # A poll that came early says less, and one that came late has seen the entries of several.
    share = min(max(waited / pace, 0.0), 1.0)
    if not new:
        return pace * (1 + 0.2 * share)
    if listed >= _FEWEST_DATES and 2 * new > listed:
        return pace / 4
    per_pace = new * min(1.0, pace / waited) if waited else float(new)
    return pace / min(0.75 + per_pace / 2, 4.0)


def _first_rhythm(feed: Feed, dates: Iterable[datetime | None], now: datetime) -> Rhythm:
    known = sorted({min(at, now) for at in dates if at})
    if len(known) < _FEWEST_DATES:
        return Rhythm(pace=feed.interval, last_new_at=now)
    mean = (now - known[0]) / len(known)
    longest = max(later - earlier for earlier, later in pairwise(known))
    return Rhythm(pace=_clamped(feed, mean / 2), quiet=min(longest, _LONGEST_QUIET), last_new_at=max(known))


def _clamped(feed: Feed, pace: timedelta) -> timedelta:
    return max(feed.interval, min(pace, SLOWEST))


def _quiet(old: Rhythm, now: datetime) -> timedelta | None:
    if old.last_new_at is None:
        return None
    gap = max(now - old.last_new_at, timedelta(0))
    faded = (old.quiet or timedelta(0)) * math.exp(-(gap / _QUIET_MEMORY))
    return min(max(gap, faded), _LONGEST_QUIET)


# ---------------------------------------------------------------- after a success


def next_poll_after_success(
    feed: Feed,
    *,
    cache_for: timedelta | None,
    now: datetime,
    rhythm: Rhythm | None = None,
    wishes: Wishes | None = None,
) -> datetime:
    """After its pace, or when its publisher wants us back, whichever is later.

    What the publisher wants (how long the answer stays fresh, the document's ttl, hours and days to be
    skipped) counts for at most a day, and may be exceeded by a tenth. An interval that somebody named is
    taken as it is; a learned one is spread by a tenth. After its first reading a feed waits between half and
    one and a half of that, so that feeds which were added together do not come back together.
    While a hub tells of its news, a feed with a learned interval is asked once an hour; one without
    the news that the hub has just told of, in a minute.
    """
    rhythm = rhythm or feed.rhythm
    if rhythm.last_new_at == feed.rhythm.last_new_at and has_just_told(feed.push, now=now):
        return now + LAGGING
    wanted = wishes or feed.wishes
    pace = pace_of(feed, rhythm)
    if feed.learned:
        pace = max(pace, SAFETY_POLL) if is_relied_on(feed.push, now=now) else pace
        pace *= 0.9 + 0.2 * _share(feed, now)
    if feed.last_success_at is None:
        pace *= 0.5 + _share(feed, now)
    wish = max(cache_for or timedelta(0), wanted.every or timedelta(0))
    at = now + max(pace, min(min(wish, LONGEST_WISH) * (1 + 0.1 * _share(feed, now)), LONGEST_WISH))
    latest = max(at, now + LONGEST_WISH)
    return min(_after_skipped(at, wanted, feed), latest)


def _after_skipped(at: datetime, wishes: Wishes, feed: Feed) -> datetime:
    """The first moment that the publisher does not want to be skipped; a list that leaves none is no wish."""
    hours = wishes.skip_hours if len(wishes.skip_hours) < 24 else ()
    days = wishes.skip_days if len(wishes.skip_days) < 7 else ()
    moved = at
    while moved.hour in hours or moved.weekday() in days:
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    # Not all of them on the stroke of the hour.
    return moved if moved == at else moved + timedelta(minutes=10) * _share(feed, moved)


# ---------------------------------------------------------------- after a failure


def next_poll_after_failure(feed: Feed, error: FetchError, *, now: datetime) -> datetime | None:
    """When to try a feed again; None where the publisher says that it is gone for good (410).

    `feed.failures` counts the failures before this one. Every further failure doubles the wait:
    from the pace up to an hour where the trouble may pass by itself, from twice the pace up to a day
    where somebody has to mend something. An interval longer than that stays as it is.
    A Retry-After is honoured for at most a day, and never shortens the interval.
    Up to a tenth is added, always the same for the same feed and count, so that feeds of one broken
    host do not come back in step.
    """
    if error.reason is FetchReason.GONE:
        return None
    pace = pace_of(feed).total_seconds()
    if error.retry_after_s is not None:
        wait = max(pace, min(error.retry_after_s, LONGEST_WISH.total_seconds()))
    elif _may_pass(error):
        longest = LONGEST_AFTER_PASSING_FAILURE.total_seconds()
        wait = max(pace, min(pace * _doubled(feed.failures), longest))
    else:
        longest = LONGEST_AFTER_LASTING_FAILURE.total_seconds()
        wait = max(pace, min(2 * pace * _doubled(feed.failures), longest))
        wait = max(wait, SHORTEST_AFTER_LASTING_FAILURE.total_seconds())
    return now + timedelta(seconds=wait * (1 + _drawn(f"{feed.id}:{feed.failures}") / 10))


def _doubled(failures: int) -> int:
    # Thirty doublings are beyond every limit above.
    return int(2 ** min(failures, 30))


def _may_pass(error: FetchError) -> bool:
    if error.reason is FetchReason.HTTP_STATUS:
        return error.status is None or error.status >= 500 or error.status in (408, 425)
    return error.reason in _PASSING


def _share(feed: Feed, at: datetime) -> float:
    return _drawn(f"{feed.id}@{at.timestamp()}")


def _drawn(text: str) -> float:
    """0–1, always the same for the same text."""
    digest = hashlib.blake2b(text.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


# ---------------------------------------------------------------- where it is moving


def moved(feed: Feed, seen_url: str, *, now: datetime) -> tuple[str, Move | None]:
    """(where to ask from now on, the redirect that is not yet believed).

    `seen_url` is where this poll's permanent redirects ended; the feed's own address: there were none.
    A redirect is followed in every poll, but it moves the feed only after three polls in a row over a day:
    a publisher's mistake of an afternoon, or a hotel's login page, moves nothing.
    """
    if not seen_url or seen_url == feed.url:
        return feed.url, None
    if feed.move is None or feed.move.url != seen_url:
        return feed.url, Move(url=seen_url, since=now, times=1)
    times = feed.move.times + 1
    if times >= MOVE_SEEN and now - feed.move.since >= MOVE_STOOD:
        return seen_url, None
    return feed.url, replace(feed.move, times=times)


# ---------------------------------------------------------------- one host's turns


def turn(booked_until: float, *, now: float, spacing: float, burst: int) -> tuple[float, float]:
    """(when a request to a host may start, until when the host is booked then); in seconds of any clock.

    Requests are `spacing` seconds apart; one that was left alone for a while takes `burst` at once.
    This is the generic cell rate algorithm (ITU-T I.371), in its form as a virtual schedule.
    """
    at = max(now, booked_until - (burst - 1) * spacing)
    return at, max(booked_until, now) + spacing
