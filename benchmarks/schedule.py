"""A day of 100,000 feeds: what their schedule asks of publishers and of the ledger, and what it misses.

Publishers are made up by a seed: how often they write varies a thousandfold (log-normal), days are busier
than nights, a document holds the newest 30 entries, and a third say by themselves how often they want to be
asked. Each feed is followed through two simulated days with the functions that the poller uses
(`monitor.core.pacing`); the second day counts. Fetches take no time and never fail: what is measured is the
schedule. Then a ledger of each kind is filled with as many feeds, and the poller's own questions to it are
timed: `lease_due_feeds`, `next_due_at` and `release_feeds`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
import time
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.core.pacing import learn, next_poll_after_success
from monitor.core.types import Feed, Validators, Wishes

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 86400.0
#: Entries that a document holds.
WINDOW = 30
#: name → (interval in seconds, learned)
SCHEDULES: dict[str, tuple[float, bool]] = {
    "learned": (300.0, True),
    "every 5 minutes": (300.0, False),
    "every hour": (3600.0, False),
}


def publications(chance: random.Random, days: int) -> list[float]:
    """When one publisher publishes, in seconds from three days before the start, in order."""
    per_day = min(math.exp(chance.gauss(math.log(6), 1.6)), 2000.0)
    peak = chance.gauss(13, 3)
    moments, at, end = [], -3 * DAY, days * DAY
    while True:
        # A Poisson process that is thinned by the hour of the day: three times as busy at noon as at night.
        at += chance.expovariate(1.5 * per_day / DAY)
        if at >= end:
            return moments
        busy = 0.5 + 0.5 * (1 + math.cos((at / 3600 - peak) * math.tau / 24)) / 2
        if chance.random() < busy:
            moments.append(at)


def wishes(chance: random.Random) -> Wishes:
    luck = chance.random()
    if luck < 0.2:
        return Wishes(every=timedelta(hours=1))  # WordPress
    if luck < 0.32:
        return Wishes(every=timedelta(minutes=chance.choice((5, 15, 30, 60))))
    return Wishes(skip_hours=(0, 1, 2, 3)) if luck < 0.34 else Wishes()


def a_feed(number: int, seconds: float, learned: bool, wanted: Wishes) -> Feed:
    return Feed(
        id=number,
        url=f"https://paper{number}.example/rss",
        publisher="",
        title="",
        tags=(),
        lang="",
        interval=timedelta(seconds=seconds),
        state="active",
        validators=Validators(),
        body_hash="",
        next_poll_at=START,
        last_polled_at=None,
        last_success_at=None,
        failures=0,
        last_status=None,
        last_reason=None,
        last_detail="",
        learned=learned,
        wishes=wanted,
    )


class Day:
    """What the second day brought, over all feeds."""

    def __init__(self) -> None:
        self.per_minute = array("L", [0] * 1440)
        self.delays = array("f")
        self.missed = 0
        self.published = 0

    def follow(self, feed: Feed, published: list[float], days: int = 2) -> None:
        """One feed from its first reading to the end of the last day."""
        at, seen = 0.0, 0
        first = (days - 1) * DAY
        while at < days * DAY:
            there = bisect_right(published, at)
            listed = min(there, WINDOW)
            new = min(there - seen, listed)
            if at >= first:
                self.per_minute[int((at - first) // 60)] += 1
                self.published += there - seen
                self.missed += there - seen - new
                self.delays.extend(at - moment for moment in published[there - new : there])
            now = START + timedelta(seconds=at)
            is_first = feed.last_success_at is None
            dates = [
                START + timedelta(seconds=moment) for moment in published[there - listed : there] if is_first
            ]
            changed = bool(new) or is_first
            rhythm = learn(
                feed,
                new=new,
                listed=listed if changed else 0,
                dates=dates,
                now=now,
            )
            next_at = next_poll_after_success(feed, cache_for=None, rhythm=rhythm, now=now)
            feed = replace(feed, rhythm=rhythm, last_polled_at=now, last_success_at=now)
            at, seen = (next_at - START).total_seconds(), there

    def row(self, name: str, feeds: int) -> dict[str, Any]:
        delays = sorted(self.delays)
        minutes = sorted(self.per_minute)
        return {
            "schedule": name,
            "requests an hour": round(sum(minutes) / 24),
            "requests a feed and hour": round(sum(minutes) / 24 / feeds, 2),
            "entries": self.published,
            "missed": self.missed,
            "delay p50 s": round(delays[len(delays) // 2]),
            "delay p99 s": round(delays[int(len(delays) * 0.99)]),
            "busiest minute / mean": round(minutes[-1] / (sum(minutes) / 1440), 3),
            "quietest minute / mean": round(minutes[0] / (sum(minutes) / 1440), 3),
        }


def simulate(feeds: int, seed: int, name: str) -> dict[str, Any]:
    seconds, learned = SCHEDULES[name]
    day = Day()
    for number in range(feeds):
        chance = random.Random(f"{seed}:{number}")
        published = publications(chance, 2)
        day.follow(a_feed(number, seconds, learned, wishes(chance)), published)
        show_progress(name, number, feeds)
    return day.row(name, feeds)


def show_progress(name: str, number: int, feeds: int) -> None:
    if sys.stderr.isatty() and number % 500 == 0:
        print(f"\r{name}: {number:,} of {feeds:,} feeds", end="", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- the ledger's part


def ledger(name: str, url: str, feeds: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of wall time of the poller's questions, with 2 % of the feeds due."""
    from sqlalchemy import text, update

    from monitor.core.types import FeedSpec
    from monitor.store.bulk import insert_new
    from monitor.store.database import database_now, open_database
    from monitor.store.feeds import _new_feed, lease_due_feeds, next_due_at, release_feeds
    from monitor.store.migrations import upgrade
    from monitor.store.tables import feed

    db = open_database(url)
    upgrade(db)
    chance = random.Random(1)
    with db.write() as connection:
        now = database_now(connection)
        rows = []
        for number in range(feeds):
            due = now + timedelta(seconds=chance.uniform(-60, 2940))  # 2 % of them are due
            spec = FeedSpec(url=f"https://paper{number}.example/rss")
            rows.append(_new_feed(spec, now) | {"next_poll_at": due, "listed": True})
        for start in range(0, feeds, 500):
            insert_new(connection, feed, rows[start : start + 500])
        connection.execute(update(feed).values(etag=feed.c.url))
    with db.write() as connection:
        connection.execute(text("ANALYZE"))
    took: dict[str, list[float]] = {"lease 50 due feeds": [], "when is the next due?": [], "give 50 back": []}
    for _ in range(rounds):
        began = time.perf_counter()
        leased = lease_due_feeds(db, limit=50, lease_for=timedelta(minutes=1))
        then = time.perf_counter()
        next_due_at(db)
        asked = time.perf_counter()
        release_feeds(db, leased)
        ended = time.perf_counter()
        for key, seconds in zip(took, (then - began, asked - then, ended - asked), strict=True):
            took[key].append(1000 * seconds)
    db.close()
    found: dict[str, Any] = {"ledger": name}
    for key, values in took.items():
        values.sort()
        found[f"{key}, ms p50"] = round(values[len(values) // 2], 2)
        found[f"{key}, ms p99"] = round(values[int(len(values) * 0.99)], 2)
    return found


def ledgers(feeds: int, rounds: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        yield ledger("SQLite", f"sqlite:///{folder}/ledger.db", feeds, rounds)
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from postgres_server import NoPostgresError, postgres_server

    try:
        with postgres_server() as server:
            yield ledger("PostgreSQL", server.fresh_database(), feeds, rounds)
    except NoPostgresError as error:
        yield {"ledger": "PostgreSQL", "left out": str(error)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--schedules", default=",".join(SCHEDULES), help="of: " + ", ".join(SCHEDULES))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=200, help="of the ledger's questions; 0 leaves it out")
    parser.add_argument("--json", action="store_true", help="one object a line")
    arguments = parser.parse_args()
    for name in filter(None, arguments.schedules.split(",")):
        show(simulate(arguments.feeds, arguments.seed, name), arguments.json)
    if arguments.rounds:
        for row in ledgers(arguments.feeds, arguments.rounds):
            show(row, arguments.json)


def show(row: dict[str, Any], as_json: bool) -> None:
    words = (
        f"{key}: {value:,}" if isinstance(value, int) else f"{key}: {value}" for key, value in row.items()
    )
    print(json.dumps(row) if as_json else "; ".join(words), flush=True)


if __name__ == "__main__":
    main()
