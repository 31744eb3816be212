"""Feeds that are ill are told of once and over by themselves; an outage of ours is one alert."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.config import Settings
from monitor.core.types import FeedSpec
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database, database_now
from monitor.store.feeds import add_feeds
from monitor.store.queries import AlertRecord, Filters, list_alerts
from monitor.store.tables import alert, feed
from workers import own_health
from workers.jobs import Toolbox

HOUR = timedelta(hours=1)
URLS = [f"https://paper{number}.example/rss" for number in range(5)]


class Newsroom:
    def __init__(self, db: Database, folder: Path) -> None:
        rules = folder / "rules"
        rules.mkdir()
        text = f'version: 1\nreceivers:\n  ops: "file:{folder}/ops.jsonl"\nroute: {{receivers: [ops]}}\n'
        (rules / "routes.yml").write_text(text)
        settings = Settings(rules=rules, data_dir=folder)  # type: ignore[call-arg]  # read as from the environment
        self.db = db
        self.tools = Toolbox(db=db, watcher=RulesWatcher(rules), parsers={}, settings=settings)
        add_feeds(db, [FeedSpec(url=url, publisher=f"Paper {n}", learned=True) for n, url in enumerate(URLS)])
        self.polled(URLS)

    def now(self) -> datetime:
        with self.db.read() as connection:
            return database_now(connection)

    def polled(self, urls: list[str], **values: object) -> None:
        """As the poller leaves them."""
        now = self.now()
        well: dict[str, object] = {"last_polled_at": now, "last_success_at": now, "failures": 0}
        with self.db.write() as connection:
            connection.execute(update(feed).where(feed.c.url.in_(urls)).values(**(well | values)))

    def fail(self, urls: list[str], hours: float) -> None:
        self.polled(urls, failures=9, last_success_at=self.now() - hours * HOUR, last_detail="no route")

    def told(self) -> list[tuple[str, str]]:
        """(what ails, status) of each alert, the first first."""
        own_health.look_at_feeds(self.tools)
        own_health.look_at_feeds(self.tools)
        found: list[AlertRecord] = sorted(list_alerts(self.db, Filters(limit=0)), key=lambda one: one.id)
        assert all(one.notifications[0].receiver == "ops" for one in found)
        return [(f"{one.labels['about']}: {one.headline}", one.status) for one in found]


@pytest.fixture
def newsroom(database: Database, tmp_path: Path) -> Newsroom:
    return Newsroom(database, tmp_path)


FAILING = "feed: Feed Paper 0 cannot be read for 8 hours: 9 failures in a row"
SILENT = "feed: Feed Paper 1 answers but brings nothing new for 30 hours"
GONE = "feed: Feed Paper 2 has ended: its publisher answered 410, and it is not polled any more"


def test_a_feed_that_fails_or_is_silent_or_has_ended_is_told_of_once_until_it_is_over(
    newsroom: Newsroom,
) -> None:
    assert newsroom.told() == []
    newsroom.fail(URLS[:1], 8)
    newsroom.polled(URLS[1:2], quiet_s=3600.0, last_new_at=newsroom.now() - 30 * HOUR)
    newsroom.polled(URLS[2:3], state="gone")
    assert newsroom.told() == [(FAILING, "new"), (SILENT, "new"), (GONE, "new")]
    newsroom.polled(URLS[:1])
    newsroom.polled(URLS[1:2], last_new_at=newsroom.now())
    newsroom.polled(URLS[2:3], state="removed")
    assert [status for _, status in newsroom.told()] == ["resolved"] * 3
    newsroom.fail(URLS[:1], 8)
    assert newsroom.told()[3:] == [(FAILING, "new")]


def test_an_outage_of_ours_is_one_alert_and_its_time_is_held_against_no_feed(newsroom: Newsroom) -> None:
    newsroom.fail(URLS[:1], 30)
    newsroom.told()
    newsroom.fail(URLS[1:], 8)
    away = "network: 5 of the 5 feeds polled lately fail: is our own network away?"
    assert [what for what, _ in newsroom.told()][1:] == [away]
    # It began, and was told, eight hours ago.
    _backdate_alerts(newsroom.db, 8 * HOUR)
    newsroom.polled(URLS[2:])
    # Feed 0 was ill before; feed 1 has failed during the outage alone.
    assert [status for _, status in newsroom.told()] == ["new", "resolved"]


def _backdate_alerts(db: Database, length: timedelta) -> None:
    with db.write() as connection:
        now = database_now(connection)
        connection.execute(update(alert).values(created_at=now - length))
