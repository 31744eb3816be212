"""The poller against real feeds on loopback and a real ledger."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Publisher
from polled import poller_settings
from sqlalchemy import delete, func, select, update

from monitor.config import Settings
from monitor.core.types import Dropped, Feed
from monitor.errors import FetchReason
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database, database_now
from monitor.store.feed_delays import delays
from monitor.store.feed_tables import feed_reading
from monitor.store.feed_tallies import feed_tally_of
from monitor.store.feeds import lease_due_feeds, list_feeds, poll_now
from monitor.store.health import heartbeats
from monitor.store.tables import article, article_version, feed
from workers.poller import Poller


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return poller_settings(tmp_path)


def ask(settings: Settings, *urls: str) -> None:
    lines = "".join(f"  - url: {url}\n    publisher: P\n    interval: 10m\n" for url in urls)
    (settings.rules / "feeds.yml").write_text(f"version: 1\nfeeds:\n{lines}")


def poll_once(db: Database, settings: Settings) -> Poller:
    async def poll() -> Poller:
        async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
            poller = Poller(db, RulesWatcher(settings.rules), settings, egress, parser)
            await poller.once()
            return poller

    return asyncio.run(poll())


def articles(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(article)).scalar_one())


def only(feeds: tuple[Feed, ...]) -> Feed:
    (feed,) = feeds
    return feed


def test_a_feed_is_read_once_and_then_answered_with_304(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    ask(settings, publisher.publish("/a", "A", [("1", "One", "Text."), ("2", "Two", "Text.")]))
    first = poll_once(database, settings)
    assert (first.polled, first.stored, first.failed) == (1, 2, 0)
    assert poll_once(database, settings).polled == 0  # not due yet
    poll_now(database)
    second = poll_once(database, settings)
    assert (second.polled, second.stored, publisher.not_modified) == (1, 0, 1)
    assert articles(database) == 2


def test_what_became_of_each_entry_is_counted(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    entries = [("1", "One", "Text."), ("1", "One", "Text."), ("", "", ""), ("2", "Two", "Text.")]
    ask(settings, publisher.publish("/a", "A", entries))
    poll_once(database, settings)
    publisher.publish("/a", "A", [("3", "Three", "Text."), *entries])
    poll_now(database)
    poll_once(database, settings)
    tally = feed_tally_of(database, only(list_feeds(database)).id)
    assert tally is not None
    assert (tally.documents, tally.new, tally.edited) == (2, 3, 0)
    assert (tally.repeated, tally.known) == (1, 4)
    # Recognised in the second document, it was not counted again.
    assert tally.dropped == (Dropped("entries without any words", 1),)


def test_an_article_is_one_in_all_variants_of_its_address_also_one_that_an_older_release_stored(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    def say(*addresses: str) -> str:
        return publisher.publish("/a", "A", [(f"http://{at}", "One", "Text.") for at in addresses])

    ask(settings, say("m.paper.example/1/amp", "paper.example/2"))
    assert poll_once(database, settings).stored == 2
    say("www.paper.example/1?utm_source=rss", "paper.example/2", "paper.example/3?utm_id=1")
    poll_now(database)
    assert poll_once(database, settings).stored == 1
    old = f"feed:{only(list_feeds(database)).id}|guid:http://paper.example/3?utm_id=1"
    with database.write() as connection:
        new = "guid:https://paper.example/3"
        changed = connection.execute(
            update(article).where(article.c.identity.endswith(new)).values(identity=old)
        )
        assert changed.rowcount == 1
        connection.execute(update(feed).values(body_hash="", etag="", last_modified=""))
        connection.execute(delete(feed_reading))
    poll_now(database)
    assert poll_once(database, settings).stored == 0
    assert articles(database) == 3


def test_the_delay_is_that_of_articles_published_since_the_feed_was_added(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    ask(settings, publisher.publish("/a", "A", [("1", "One", "Text."), ("2", "Two", "Text.")]))
    poll_once(database, settings)
    found = only(list_feeds(database))
    with database.write() as connection:
        connection.execute(update(article_version).values(published_at=None))
    assert delays(database, found.id) == ()
    with database.write() as connection:
        now = database_now(connection)
        connection.execute(update(feed).values(created_at=now - timedelta(days=1)))
        for title, hours in (("One", 3), ("Two", 30)):
            published = now - timedelta(hours=hours)
            connection.execute(
                update(article_version).where(article_version.c.title == title).values(published_at=published)
            )
        connection.execute(update(article).values(first_seen_at=now))
    assert delays(database, found.id) == (timedelta(hours=3),)


def test_a_feed_that_fails_keeps_the_reason_and_stops_no_other(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    good = publisher.publish("/a", "A", [("1", "One", "Text.")])
    with socket.socket() as probe:  # a port that nobody listens on
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    page = publisher.publish("/page", "x", [])
    publisher._feeds["/page"] = ('"1"', b"<!doctype html><html><body>Not a feed</body></html>")
    ask(settings, dead, page, good)
    done = poll_once(database, settings)
    assert (done.polled, done.stored, done.failed) == (3, 1, 2)
    reasons = {feed.url: feed.last_reason for feed in list_feeds(database)}
    assert reasons == {good: None, dead: FetchReason.CONNECT, page: FetchReason.NOT_A_FEED}


def test_a_bug_that_one_feed_brings_out_is_kept_on_it(
    database: Database, settings: Settings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("workers.poller.read_feed", broken)
    ask(settings, publisher.publish("/a", "A", []))
    assert poll_once(database, settings).failed == 1
    feed = only(list_feeds(database))
    assert feed.last_reason is FetchReason.PARSER_FAILED
    assert "ZeroDivisionError" in feed.last_detail


def test_a_feed_that_another_poller_holds_is_left_alone(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    ask(settings, publisher.publish("/a", "A", [("1", "One", "Text.")]))
    poll_once(database, settings)
    poll_now(database)
    assert len(lease_due_feeds(database, limit=10, lease_for=timedelta(minutes=1))) == 1
    assert poll_once(database, settings).polled == 0


def test_a_stop_gives_feeds_under_way_back_due_as_before(database: Database, settings: Settings) -> None:
    with socket.socket() as hanging:  # accepts, and never answers
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        ask(settings, f"http://127.0.0.1:{hanging.getsockname()[1]}/")

        async def poll() -> None:
            stop = asyncio.Event()
            async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
                poller = Poller(database, RulesWatcher(settings.rules), settings, egress, parser)
                running = asyncio.create_task(poller.run(stop))
                while not poller._under_way:
                    await asyncio.sleep(0.02)
                stop.set()
                async with asyncio.timeout(8):
                    await running

        asyncio.run(poll())
    assert len(lease_due_feeds(database, limit=10, lease_for=timedelta(minutes=1))) == 1
    assert only(list_feeds(database)).failures == 0
    assert [beat.role for beat in heartbeats(database)] == ["poller"]


def test_feeds_of_the_file_are_joined_while_running_and_polled_on_demand(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    ask(settings, publisher.publish("/a", "A", [("1", "One", "Text.")]))

    async def poll() -> None:
        stop = asyncio.Event()
        watcher = RulesWatcher(settings.rules)
        async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
            poller = Poller(database, watcher, settings, egress, parser)
            running = asyncio.create_task(poller.run(stop))
            with watcher.watching():
                async with asyncio.timeout(40):
                    while articles(database) < 1:
                        await asyncio.sleep(0.05)
                    both = [publisher.publish(path, "A", [("2", "Two", "Text.")]) for path in ("/a", "/b")]
                    ask(settings, *both)
                    poll_now(database)
                    while articles(database) < 3:
                        await asyncio.sleep(0.05)
                    stop.set()
                    await running

    asyncio.run(poll())
    assert len(list_feeds(database)) == 2


def test_a_feed_that_leaves_the_file_is_polled_no_longer(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    stays = publisher.publish("/a", "A", [("1", "One", "Text.")])
    leaves = publisher.publish("/b", "B", [("2", "Two", "Text.")])
    ask(settings, stays, leaves)
    assert poll_once(database, settings).polled == 2
    ask(settings, stays)
    poll_now(database)
    assert poll_once(database, settings).polled == 1
    assert {feed.url: feed.state for feed in list_feeds(database)} == {stays: "active", leaves: "paused"}


def test_hosts_that_hang_never_hold_up_the_others(
    database: Database, settings: Settings, publisher: Publisher
) -> None:
    settings = settings.model_copy(update={"fetch_concurrency": 2, "fetch_timeout": 30.0})
    with socket.socket() as hanging:  # accepts, and never answers
        hanging.bind(("0.0.0.0", 0))
        hanging.listen(50)
        port = hanging.getsockname()[1]
        slow = [f"http://127.0.1.{number}:{port}/a" for number in range(1, 5)]
        good = [publisher.publish(f"/z{n}", "Z", [(f"{n}", f"Story {n}", "Text.")]) for n in range(4)]
        ask(settings, *slow, *good)

        async def poll() -> int:
            stop = asyncio.Event()
            async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
                poller = Poller(database, RulesWatcher(settings.rules), settings, egress, parser)
                running = asyncio.create_task(poller.run(stop))
                async with asyncio.timeout(25):  # less than the first of the others gives up
                    while articles(database) < len(good) or len(poller._under_way) < len(slow):
                        await asyncio.sleep(0.05)
                under_way = len(poller._under_way)
                stop.set()
                await running
                return under_way

        assert asyncio.run(poll()) == len(slow)


def test_a_host_with_many_feeds_is_asked_for_one_after_the_other_and_none_is_left_out(
    database: Database, settings: Settings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.waiting.LONGEST_WAIT", 0.15)
    settings = settings.model_copy(update={"fetch_spacing": 0.05})
    ask(settings, *(publisher.publish(f"/{n}", "A", [(f"{n}", f"Story {n}", "Text.")]) for n in range(14)))
    done = poll_once(database, settings)
    assert (done.polled, done.stored, publisher.requests) == (14, 14, 14)
