"""The whole path with real parts: a feed on loopback in, a webhook at a real receiver out.

Real processes (poller, two workers, deliverer), real Redis, real SQLite and PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from claimwatch_processes import environment, start
from ledgers import new_ledger
from loopback import Publisher, Receiver
from program import Running
from redis_server import RedisServer
from sqlalchemy import select

from monitor.store.database import Database
from monitor.store.tables import article_version
from workers.queue import Kind, ring

pytestmark = pytest.mark.long

RULES = {
    "frames/responsibility.yml": (
        Path(__file__).parent.parent / "rules" / "frames" / "responsibility.yml"
    ).read_text(),
    "topics/bridge.yml": """
version: 1
rules:
  - id: bridge
    title: The bridge in Norwick
    severity: high
    match:
      all:
        - keyword: [bridge]
        - keyword: [Norwick]
    alert:
      on: [new_claim, contradiction]
      group_wait: 0s  # each claim at once
""",
}

ACCUSATION = "Redline blew up the Norwick bridge"
DENIAL = "it blew up the Norwick bridge"
FIRST = [
    ("a1", "Bridge collapses in Norwick", f'Mayor Dana Holt said on Tuesday: "{ACCUSATION}," and left.'),
    ("a2", "Cake fair opens", "The fair has opened its doors for the ninth time."),
]
SECOND = [
    ("b1", "Redline answers", f"Redline denied that {DENIAL}. The Norwick bridge fell on Monday."),
]


@dataclass
class Installation:
    """An installation under test."""

    folder: Path
    database_url: str
    redis: RedisServer | None
    publisher: Publisher
    receiver: Receiver
    children: list[Running] = field(default_factory=list)

    def set_up(self) -> Database:
        rules = self.folder / "rules"
        routes = f"version: 1\nreceivers:\n  desk: {self.receiver.url}\nroute:\n  - receivers: [desk]\n"
        feeds = "version: 1\nfeeds:\n"
        for path, title, entries in (("/alpha", "Alpha Wire", FIRST), ("/beta", "Beta Post", SECOND)):
            url = self.publisher.publish(path, title, entries)
            feeds += f"  - url: {url}\n    publisher: {title}\n    interval: 10s\n"
        written = RULES | {"routes.yml": routes, "feeds.yml": feeds}
        for name, text in written.items():
            (rules / name).parent.mkdir(parents=True, exist_ok=True)
            (rules / name).write_text(text)
        db = new_ledger(self.database_url)
        return db

    def start(self, *commands: Sequence[str]) -> None:
        env = environment(
            self.folder,
            {
                "data_dir": str(self.folder / "data"),
                "rules": str(self.folder / "rules"),
                "database_url": self.database_url,
                "redis_url": self.redis.url if self.redis else "",
                "allow_networks": "127.0.0.0/8",
            },
        )
        for command in commands:
            self.children.append(start(command, env=env, cwd=self.folder, log=self.folder / "log"))

    def start_all(self) -> None:
        work = [["work", "-q", "articles"]] * 2
        self.start(["poll"], *work, ["work", "-q", "deliveries"])

    def stop(self) -> list[int]:
        """SIGTERM to all; their exit codes."""
        for child in self.children:
            child.terminate()
        return [child.wait(10) for child in self.children]

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace") if (self.folder / "log").exists() else ""

    def until(self, condition: Callable[[], object], what: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not happen\n{self.log()[-4000:]}"
            for child in self.children:
                assert child.poll() is None, f"a process left\n{self.log()[-4000:]}"
            time.sleep(0.05)

    def alerts(self) -> list[Mapping[str, Any]]:
        return list(self.receiver.accepted().values())

    def has(self, kind: str, *quotes: str) -> bool:
        """Has the receiver an alert of this kind that shows these quotes?"""
        return any(
            alert["kind"] == kind and set(quotes) <= {claim["quote"] for claim in alert["claims"]}
            for alert in self.alerts()
        )

    def has_all(self) -> bool:
        """The contradiction, and the claim that was judged first; the other's alert is part of the former."""
        new_claim = self.has("new_claim", ACCUSATION) or self.has("new_claim", DENIAL)
        return new_claim and self.has("contradiction", ACCUSATION, DENIAL)

    def expect_nothing_doubled(self) -> None:
        """Every alert once, whatever rang how often: by the receiver's key and by what it says."""
        keys = [post.key for post in self.receiver.posts]
        assert len(keys) == len(set(keys))
        shown = [(a["kind"], tuple(c["quote"] for c in a["claims"])) for a in self.alerts()]
        assert len(shown) == len(set(shown))


Make = Callable[..., Installation]


@pytest.fixture
def make_path(tmp_path: Path) -> Iterator[Make]:
    made: list[Installation] = []

    def make(database_url: str, *, redis: bool = True) -> Installation:
        server = RedisServer() if redis else None
        if server:
            server.start()
        made.append(Installation(tmp_path, database_url, server, Publisher(), Receiver()))
        return made[-1]

    yield make
    for path in made:
        for child in path.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        if path.redis:
            path.redis.close()
        path.publisher.close()
        path.receiver.close()


def test_a_feed_goes_in_and_a_contradiction_alert_comes_out(make_path: Make, database_url: str) -> None:
    path = make_path(database_url)
    path.set_up().close()
    path.start_all()
    path.until(path.has_all, "the alerts' arrival")
    path.expect_nothing_doubled()
    assert not any("Cake" in str(alert) for alert in path.alerts())
    assert path.stop() == [0, 0, 0, 0]


def test_ringing_every_id_twice_tells_nobody_twice(make_path: Make, sqlite_url: str) -> None:
    path = make_path(sqlite_url)
    db = path.set_up()
    assert path.redis
    path.start(["poll"])

    def ids() -> list[int]:
        with db.read() as connection:
            return list(connection.execute(select(article_version.c.id)).scalars())

    path.until(lambda: len(ids()) == 3, "the articles' arrival")
    path.start(["work", "-q", "articles"], ["work", "-q", "articles"], ["work", "-q", "deliveries"])
    for _ in range(2):
        for number in ids():
            assert ring(path.redis.url, Kind.ARTICLES, [number])
            assert ring(path.redis.url, Kind.DELIVERIES, [number])
    path.until(path.has_all, "the alerts' arrival")
    for number in ids():
        ring(path.redis.url, Kind.ARTICLES, [number])
    time.sleep(1)
    path.expect_nothing_doubled()
    db.close()


def test_redis_flushed_midway_loses_nothing(make_path: Make, sqlite_url: str) -> None:
    path = make_path(sqlite_url)
    path.set_up().close()
    path.publisher.publish("/beta", "Beta Post", [])
    path.start_all()
    path.until(lambda: path.has("new_claim", ACCUSATION), "the first alert's arrival")
    assert path.redis
    path.redis.client().flushall()
    path.publisher.publish("/beta", "Beta Post", SECOND)
    path.redis.client().flushall()
    path.until(path.has_all, "the contradiction's arrival")
    path.expect_nothing_doubled()


def test_without_redis_the_ledger_alone_does(make_path: Make, sqlite_url: str) -> None:
    path = make_path(sqlite_url, redis=False)
    path.set_up().close()
    path.start_all()
    path.until(path.has_all, "the alerts' arrival")
    path.expect_nothing_doubled()
    assert path.stop() == [0, 0, 0, 0]


def test_redis_dying_under_the_workers_stops_nobody(make_path: Make, sqlite_url: str) -> None:
    path = make_path(sqlite_url)
    path.set_up().close()
    path.publisher.publish("/beta", "Beta Post", [])
    path.start_all()
    path.until(lambda: path.has("new_claim", ACCUSATION), "the first alert's arrival")
    assert path.redis
    path.redis.kill()
    path.publisher.publish("/beta", "Beta Post", SECOND)
    path.until(path.has_all, "the contradiction's arrival")
    path.expect_nothing_doubled()
    assert path.stop() == [0, 0, 0, 0]
