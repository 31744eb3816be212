"""When each host may be asked next: requests are spaced, and a host that says "too many" is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.core.pacing import turn

#: A host that was left alone for a while takes so many requests at once.
BURST = 4
#: Longest time that one answer can close a host to all of its feeds, in seconds.
LONGEST_HOLD = 3600.0
#: Hosts are forgotten once so many are known that the free ones cost memory.
_MANY = 10_000


class HostTurns:
    """The turns of all hosts that one process asks; `spacing` in seconds, 0: no host waits.

    `shared` is how many processes ask the same hosts: each then takes its share of a host's turns.
    """

    def __init__(self, spacing: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._spacing = spacing
        self._clock = clock
        self._booked: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self.shared = 1

    @property
    def spacing(self) -> float:
        """Seconds between two requests of this process to one host."""
        return self._spacing * self.shared

    def book(self, host: str) -> float:
        """Take the host's next turn: seconds until it comes."""
        if not self._spacing:
            return 0.0
        now = self._clock()
        self._forget(now)
        at, self._booked[host] = turn(self._booked.get(host, 0.0), now=now, spacing=self.spacing, burst=BURST)
        return at - now

    def wait(self, host: str, *, ahead: int = 0) -> float:
        """Seconds until the host's next turn, when `ahead` others take theirs before."""
        now = self._clock()
        wait = max(self._held.get(host, 0.0) - now, 0.0)
        if not self._spacing:
            return wait
        booked = self._booked.get(host, 0.0)
        if booked <= now and not ahead:  # most hosts
            return wait
        at, _ = turn(max(booked, now) + ahead * self.spacing, now=now, spacing=self.spacing, burst=BURST)
        return max(wait, at - now)

    def hold(self, host: str, seconds: float) -> None:
        """Nothing of this host is to be asked for so long (its Retry-After); an hour at most."""
        until = self._clock() + min(seconds, LONGEST_HOLD)
        self._held[host] = max(self._held.get(host, 0.0), until)

    def _forget(self, now: float) -> None:
        if len(self._booked) > _MANY:
            self._booked = {host: until for host, until in self._booked.items() if until > now}
        if len(self._held) > _MANY:
            self._held = {host: until for host, until in self._held.items() if until > now}


@lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
