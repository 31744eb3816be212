"""Is a feed as it usually is? Pure: the feed and `now` come in as values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.types import Feed, Rhythm

#: A feed is silent once it has brought nothing for so many times its longest usual quiet …
TIMES_USUAL = 2
#: … and for a day at least: everybody sleeps.
LEAST_SILENCE = timedelta(days=1)


def usual_silence(rhythm: Rhythm) -> timedelta | None:
    """For how long a feed may bring nothing new without being called silent; None: nobody can tell yet."""
    return None if rhythm.quiet is None else max(TIMES_USUAL * rhythm.quiet, LEAST_SILENCE)


def silent_for(feed: Feed, *, now: datetime) -> timedelta | None:
    """How long a feed that answers has brought nothing new, where that is longer than its rhythm explains.

    None: it is as usual, or too few entries were seen to tell what is usual.
    """
    usual, last = usual_silence(feed.rhythm), feed.rhythm.last_new_at
    if usual is None or last is None:
        return None
    silence = now - last
    return silence if silence > usual else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """From publication to our first sight of it."""

    median: timedelta
    # Nine of ten came within this.
    p90: timedelta
    # How many it is taken from.
    articles: int


def delay_of(lengths: Iterable[timedelta]) -> Delay | None:
    """By nearest rank; None: there is nothing to tell from."""
    ordered = sorted(lengths)
    if not ordered:
        return None

    def rank(share: float) -> timedelta:
        return ordered[math.ceil(share * len(ordered)) - 1]

    return Delay(median=rank(0.5), p90=rank(0.9), articles=len(ordered))
