"""Is a feed as it usually is? Pure: the feed and `now` come in as values."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.types import Feed

#: A feed is silent once it has brought nothing for so many times its longest usual quiet …
TIMES_USUAL = 2
#: … and for a day at least: everybody sleeps.
LEAST_SILENCE = timedelta(days=1)


def silent_for(feed: Feed, *, now: datetime) -> timedelta | None:
    """How long a feed that answers has brought nothing new, where that is longer than its rhythm explains.

    None: it is as usual, or too few entries were seen to tell what is usual.
    """
    quiet, last = feed.rhythm.quiet, feed.rhythm.last_new_at
    if quiet is None or last is None:
        return None
    silence = now - last
    return silence if silence > max(TIMES_USUAL * quiet, LEAST_SILENCE) else None
