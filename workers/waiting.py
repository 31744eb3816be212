"""Feeds that a poller has leased and not begun: each waits for a place, and for its host's turn."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable

from monitor.feeds.egress import PER_HOST
from monitor.feeds.turns import HostTurns, host_of
from monitor.store.feeds import LeasedFeed

#: Longest wait of a leased feed, in seconds; what would wait longer is given back, for later.
LONGEST_WAIT = 10.0


class WaitingFeeds:
    """In the order of the lease, but for hosts whose turn has not come."""

    def __init__(self, turns: HostTurns, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._turns = turns
        self._clock = clock
        # with the moment when they were leased
        self._feeds: deque[tuple[LeasedFeed, float]] = deque()
        self._under_way: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._feeds)

    def add(self, leased: Iterable[LeasedFeed]) -> None:
        """These were leased just now."""
        now = self._clock()
        self._feeds.extend((feed, now) for feed in leased)

    def take(self) -> tuple[LeasedFeed, float] | None:
        """The next feed whose host has a turn, and when it was leased; None: all of them wait.

        It counts as under way until `done`.
        """
        for number, (feed, taken) in enumerate(self._feeds):
            host = host_of(feed.feed.url)
            if self._under_way[host] < PER_HOST and self._turns.wait(host) <= 0.0:
                del self._feeds[number]
                self._under_way[host] += 1
                return feed, taken
        return None

    def done(self, feed: LeasedFeed) -> None:
        """A feed that was taken is no longer under way."""
        host = host_of(feed.feed.url)
        self._under_way[host] -= 1
        if self._under_way[host] <= 0:
            del self._under_way[host]

    def give_up_late(self) -> list[tuple[LeasedFeed, float]]:
        """Those that would wait too long, each with the seconds until its host has a turn for it.

        So a host with a thousand feeds takes no places from the others: its feeds come back one by one, as
        its turns do. 0 seconds: only a place was missing.
        """
        now = self._clock()
        ahead: Counter[str] = Counter()
        kept: deque[tuple[LeasedFeed, float]] = deque()
        late = []
        for feed, taken in self._feeds:
            host = host_of(feed.feed.url)
            wait = self._turns.wait(host, ahead=ahead[host])
            ahead[host] += 1
            if wait > LONGEST_WAIT or now - taken > LONGEST_WAIT:
                late.append((feed, wait))
            else:
                kept.append((feed, taken))
        self._feeds = kept
        return late

    def drain(self) -> list[LeasedFeed]:
        """All of them; none is left."""
        feeds = [feed for feed, _ in self._feeds]
        self._feeds.clear()
        return feeds
