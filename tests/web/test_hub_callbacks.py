"""Hubs: subscribing, verifying, pushing and leaving, over real HTTP, with hubs that cheat."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from hub import Hub
from ledgers import new_ledger
from loopback import Publisher
from newsroom import settings, site
from sqlalchemy import select, update

from monitor.cli.feed_push import push_json, push_words
from monitor.config import Settings
from monitor.core.types import Feed, Push
from monitor.core.websub import MOST_MISSED, PUSH_SPACING, Identity
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database
from monitor.store.feed_tables import feed_hub
from monitor.store.feeds import lease_due_feeds, list_feeds, poll_now, release_feeds
from monitor.store.tables import feed
from monitor.web import websub
from workers.hub_desk import HubDesk
from workers.poller import Poller

HOST = "news.example.org"
TOPIC = "http://paper.example/feed"
KEY = "a key of thirty-two characters, and more"


@dataclass
class World:
    """A feed that offers a hub, the poller that reads it, and the web page that the hub reaches."""

    db: Database
    settings: Settings
    publisher: Publisher
    hub: Hub
    # As a proxy hands on what strangers ask under the public address.
    client: httpx.Client

    def publish(self, *titles: str) -> str:
        return self.publisher.publish("/a", "A", [(title, title, "Text.") for title in titles])

    def poll(self) -> int:
        """One look at all that is due, hubs included; how many feeds were polled."""

        async def poll() -> int:
            async with Egress.from_settings(self.settings) as egress, FeedParser(children=1) as parser:
                poller = Poller(self.db, RulesWatcher(self.settings.rules), self.settings, egress, parser)
                await poller.once()
                return poller.polled

        return asyncio.run(poll())

    def ask_hubs(self) -> None:
        """Ask the hubs that are due, as the poller does."""

        async def ask() -> None:
            async with Egress.from_settings(self.settings) as egress:
                us = Identity(self.settings.public_url, self.settings.hub_key)
                await HubDesk(self.db, egress, asyncio.to_thread, us).drain()

        asyncio.run(ask())

    def subscribe(self) -> None:
        self.poll()
        assert self.hub.says(self.client).text == "c-123"

    def is_due(self) -> bool:
        return self.feed.next_poll_at <= datetime.now(UTC) + PUSH_SPACING

    def wind_back(self, **passed: float) -> None:
        """As if so much time had passed since the last poll and push."""
        since = timedelta(**passed)
        with self.db.write() as connection:
            for table, column in ((feed, "last_polled_at"), (feed_hub, "pushed_at")):
                earlier = [
                    (row[0], row[1] - since)
                    for row in connection.execute(
                        select(next(iter(table.primary_key)), table.c[column]).where(
                            table.c[column].is_not(None)
                        )
                    )
                ]
                for id, at in earlier:
                    key = next(iter(table.primary_key))
                    connection.execute(update(table).where(key == id).values({column: at}))

    def set_hub(self, **values: object) -> None:
        with self.db.write() as connection:
            connection.execute(update(feed_hub).values(**values))

    @property
    def feed(self) -> Feed:
        (one,) = list_feeds(self.db)
        return one

    @property
    def push(self) -> Push:
        assert self.feed.push is not None
        return self.feed.push

    @property
    def path(self) -> str:
        return urlsplit(self.hub.asked[0]["hub.callback"]).path


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    yield from _world(tmp_path, database_url)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """On SQLite, for what the ledger has little part in."""
    yield from _world(tmp_path, f"sqlite:///{tmp_path / 'claimwatch.db'}")


def _world(folder: Path, url: str) -> Iterator[World]:
    publisher, hub, db = Publisher(), Hub(), new_ledger(url)
    publisher.channel = "".join(
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="{rel}" href="{href}"/>'
        for rel, href in (("hub", hub.url), ("self", TOPIC))
    )
    public = f"https://{HOST}"
    configured = settings(
        folder, public_url=public, hub_key=KEY, allow_networks="127.0.0.0/8", fetch_timeout=5
    )
    with (
        site(db, configured) as served,
        httpx.Client(base_url=served.url, headers={"Host": HOST}, timeout=30, trust_env=False) as client,
    ):
        made = World(db, configured, publisher, hub, client)
        line = f"version: 1\nfeeds:\n  - url: {made.publish('One')}\n"
        (configured.rules / "feeds.yml").write_text(line)
        yield made
    publisher.close()
    hub.close()
    db.close()


# ---------------------------------------------------------------- subscribing


def test_a_feed_with_a_hub_is_subscribed_pushed_polled_and_left(world: World) -> None:
    world.hub.verify_at = world.client  # before it has answered, as hubs may
    assert world.poll() == 1
    (asked,) = world.hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", TOPIC)
    assert asked["hub.callback"].startswith(f"https://{HOST}/websub/")
    assert (world.push.state, world.push.detail) == ("live", "")
    assert world.push.live_until is not None
    assert timedelta(hours=23) < world.push.live_until - datetime.now(UTC) <= timedelta(days=1)
    world.wind_back(hours=1)
    world.publish("Two", "One")
    assert world.poll() == 0  # nobody told us
    assert world.hub.pushes(world.client).status_code == 200
    assert world.poll() == 1
    assert (world.push.pushes, world.push.refused, world.push.missed) == (1, 0, 0)
    # The safety net: an hour, though it was found twice that there is news.
    assert world.feed.next_poll_at > datetime.now(UTC) + timedelta(minutes=50)
    (world.settings.rules / "feeds.yml").write_text("version: 1\nfeeds: []\n")
    world.poll()
    assert [one["hub.mode"] for one in world.hub.asked] == ["subscribe", "unsubscribe"]
    assert world.feed.push is None  # the hub asked back, and heard that we meant it
    assert world.client.get(world.path).status_code == 404


def test_a_subscription_is_renewed_before_it_ends_and_stays_alive_meanwhile(world: World) -> None:
    world.subscribe()
    until = world.push.live_until
    world.ask_hubs()
    assert len(world.hub.asked) == 1
    world.set_hub(due_at=datetime.now(UTC) - timedelta(minutes=1))
    world.ask_hubs()
    assert len(world.hub.asked) == 2
    assert world.hub.asked[0] == world.hub.asked[1]  # the same address and secret
    assert (world.push.state, world.push.live_until) == ("live", until)
    assert world.hub.says(world.client, lease_seconds="172800").status_code == 200
    assert world.push.live_until is not None
    assert until is not None
    assert world.push.live_until > until


def test_a_hub_that_refuses_or_denies_is_asked_again_later_and_later(small: World) -> None:
    small.hub.status = 503
    small.poll()
    assert (small.push.state, small.push.detail) == ("asked", "the hub answers HTTP 503")
    waits = []
    for _ in range(5):
        with small.db.read() as connection:
            waits.append(connection.execute(select(feed_hub.c.due_at)).scalar_one() - datetime.now(UTC))
        small.set_hub(due_at=datetime.now(UTC) - timedelta(minutes=1))
        small.ask_hubs()
    assert [round(wait / timedelta(minutes=10)) for wait in waits] == [1, 6, 36, 144, 144]
    assert len(small.hub.asked) == 6
    assert small.hub.says(small.client, "denied", reason="no \x1b[31m such topic").status_code == 200
    assert (small.push.state, small.push.detail) == ("denied", "no such topic")
    assert "denied the subscription: no such topic" in push_words(
        small.push, datetime.now(UTC), public_url="x"
    )


def test_what_nobody_meant_is_not_verified(small: World) -> None:
    small.poll()
    hub, client = small.hub, small.client
    assert hub.says(client, topic="http://other.example/").status_code == 404
    assert hub.says(client, "unsubscribe").status_code == 404
    assert hub.says(client, challenge="").status_code == 404
    assert hub.says(client, challenge="x" * 2000).status_code == 404
    assert client.get("/websub/" + "A" * 43 + f"?hub.mode=subscribe&hub.topic={TOPIC}").status_code == 404
    assert small.push.state == "asked"
    echoed = hub.says(client, challenge="<script>alert(1)</script>")
    assert echoed.text == "<script>alert(1)</script>"
    assert echoed.headers["content-type"].startswith("text/plain")
    assert echoed.headers["x-content-type-options"] == "nosniff"


def test_a_feed_that_changes_its_hub_is_subscribed_there(world: World) -> None:
    world.subscribe()
    old = world.path
    world.publisher.channel = world.publisher.channel.replace(TOPIC, "http://paper.example/new")
    world.publish("One", "Two")
    poll_now(world.db)
    world.poll()
    assert [one["hub.topic"] for one in world.hub.asked] == [TOPIC, "http://paper.example/new"]
    assert world.client.post(old).status_code == 404
    world.publisher.channel = ""
    world.publish("One", "Two", "Three")
    poll_now(world.db)
    world.poll()
    assert world.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert world.push.state == "leaving"


def test_a_hub_is_not_followed_into_a_private_network(small: World) -> None:
    """The first address may be asked, as loopback is allowed here; where it leads may not."""
    small.hub.status, small.hub.location = 307, "http://10.0.0.1/hub"
    small.poll()
    assert small.push.state == "asked"
    assert "10.0.0.1" in small.push.detail
    small.hub.location = small.hub.url
    small.set_hub(due_at=datetime.now(UTC) - timedelta(minutes=1))
    small.ask_hubs()
    assert small.push.detail == "more than 3 redirects"


def test_without_a_public_address_no_hub_is_asked(small: World) -> None:
    small.settings = small.settings.model_copy(update={"public_url": ""})
    small.poll()
    assert small.hub.asked == []
    assert "CLAIMWATCH_PUBLIC_URL" in push_words(small.push, datetime.now(UTC), public_url="")


# ---------------------------------------------------------------- pushes


def test_what_the_hub_did_not_sign_changes_nothing(small: World) -> None:
    small.subscribe()
    small.wind_back(hours=1)
    unsigned = small.client.post(small.path, content=b"<rss/>")
    forged = small.hub.pushes(small.client, secret="another")
    strange = small.client.post(small.path, content=b"x", headers={"X-Hub-Signature": b"md5=\xff"})
    assert {unsigned.status_code, forged.status_code, strange.status_code} == {403}
    assert not small.is_due()
    assert (small.push.pushes, small.push.refused) == (0, 3)
    shown = str(push_json(small.push))
    assert small.hub.asked[0]["hub.secret"] not in shown
    assert small.path.rpartition("/")[2] not in shown


def test_the_ledger_has_neither_token_nor_secret(small: World) -> None:
    small.subscribe()
    with small.db.read() as connection:
        kept = str(connection.execute(select(feed_hub)).one())
    assert small.hub.asked[0]["hub.secret"] not in kept
    assert small.path.rpartition("/")[2] not in kept


def test_with_another_key_the_subscription_is_made_anew(small: World) -> None:
    small.subscribe()
    small.settings = small.settings.model_copy(update={"hub_key": KEY[::-1]})
    small.poll()
    before, after = small.hub.asked[0], small.hub.asked[-1]
    assert after["hub.mode"] == "subscribe"
    assert (before["hub.callback"], before["hub.secret"]) != (after["hub.callback"], after["hub.secret"])


def test_a_push_that_is_repeated_gains_nothing(small: World) -> None:
    small.subscribe()
    for _ in range(3):
        assert small.hub.pushes(small.client).status_code == 200
    # Not before ten seconds are over since the poll, and only once.
    assert small.feed.last_polled_at is not None
    assert small.feed.next_poll_at == small.feed.last_polled_at + PUSH_SPACING
    assert small.poll() == 0


def test_a_push_during_a_poll_is_not_lost(world: World) -> None:
    world.subscribe()
    poll_now(world.db)
    (leased,) = lease_due_feeds(world.db, limit=1, lease_for=timedelta(minutes=1))
    assert world.hub.pushes(world.client).status_code == 200
    release_feeds(world.db, [leased])
    asyncio.run(_poll_with_a_push_in_between(world))
    assert world.is_due()


async def _poll_with_a_push_in_between(world: World) -> None:
    async with Egress.from_settings(world.settings) as egress, FeedParser(children=1) as parser:
        poller = Poller(world.db, RulesWatcher(world.settings.rules), world.settings, egress, parser)
        fetch = egress.fetch

        async def slow(url: str, **given: object) -> object:
            fetched = await fetch(url, **given)  # type: ignore[arg-type]  # as given
            await asyncio.to_thread(world.hub.pushes, world.client)
            return fetched

        egress.fetch = slow  # type: ignore[method-assign, assignment]  # a publisher that is slow at the right moment
        await poller.once()


def test_a_hub_that_leaves_news_out_is_not_relied_on(small: World) -> None:
    small.subscribe()
    small.set_hub(missed=MOST_MISSED - 1)
    for title in ("Two", "Three"):
        small.publish(title)
        poll_now(small.db)
        small.poll()
    assert small.push.missed == MOST_MISSED + 1
    assert small.feed.next_poll_at < datetime.now(UTC) + timedelta(minutes=30)
    assert "not relied on" in push_words(small.push, datetime.now(UTC), public_url="x")
    small.hub.pushes(small.client)
    assert small.push.missed == 0


def test_a_body_that_is_too_long_or_too_slow_is_not_read(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.subscribe()
    assert small.hub.pushes(small.client, b"x" * (10 << 20)).status_code == 413

    def drops() -> Iterator[bytes]:  # in chunks, without a length
        for _ in range(10):
            yield b"x" * (1 << 20)

    with suppress(httpx.WriteError):  # it may hang up while we are still sending
        assert small.client.post(small.path, content=drops()).status_code == 413
    monkeypatch.setattr(websub, "BODY_SECONDS", 0.2)
    address = urlsplit(str(small.client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=20) as slow:
        head = f"POST {small.path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n"
        slow.sendall(head.encode() + b"x")
        assert slow.recv(100).startswith(b"HTTP/1.1 408")
    assert small.push.pushes == 0


# ---------------------------------------------------------------- strangers


def test_strangers_reach_nothing_but_the_hubs_door(small: World) -> None:
    for path in ("/", "/api/v1/alerts", "/metrics", "/healthz", "/websub", "/articles/1"):
        assert small.client.get(path).status_code == 421
    shown = {
        (answer.status_code, answer.text)
        for answer in (
            small.client.get("/websub/"),
            small.client.get("/websub/x/../../metrics"),
            small.client.get("/websub/" + "A" * 43),
            small.client.post("/websub/" + "A" * 43, content=b"x" * 100_000),
            small.client.get("/websub/" + "A" * 43, headers={"Host": "elsewhere.example"}),
        )
    }
    assert shown <= {(404, ""), (421, small.client.get("/metrics").text)}
    assert (404, "") in shown


def test_so_many_strangers_are_listened_to_and_no_more() -> None:
    gate = websub.Gate(per_second=0.0, burst=3)
    assert [gate.lets_in() for _ in range(4)] == [True, True, True, False]
