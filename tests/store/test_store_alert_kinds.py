"""Counts of the newest alerts by kind, and what articles tell of."""

from __future__ import annotations

import pytest
from test_store_queries import fill

from monitor.store import alert_kinds
from monitor.store.alert_kinds import Telling, late_kinds, tellings
from monitor.store.database import Database
from monitor.store.queries import Filters, list_alerts
from monitor.store.tables import alert


def test_kinds_are_counted_among_the_newest(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (late_kinds(database).counts, late_kinds(database).since) == ({}, None)
    fill(database)
    (one,) = list_alerts(database, Filters())
    counted = late_kinds(database)
    assert (counted.counts, counted.since, counted.whole) == ({"contradiction": 1}, one.created_at, True)
    assert list(list_alerts(database, Filters(kinds=("contradiction", "update")))) == [one]
    assert list(list_alerts(database, Filters(kinds=("new_claim",)))) == []
    monkeypatch.setattr(alert_kinds, "COUNTED", 1)
    assert not late_kinds(database).whole
    with database.write() as connection:
        connection.execute(alert.update().values(suppressed="duplicate"))
    assert late_kinds(database).counts == {}


def test_an_article_tells_its_language_and_its_story(database: Database) -> None:
    fill(database)
    found = tellings(database, {(1, 1), (3, 1), (99, 1)})
    assert set(found) == {(1, 1), (3, 1)}
    assert found[3, 1].lang == "ru"
    assert found[1, 1] in (
        Telling(lang="en", story=None, title=""),
        Telling(lang="en", story=1, title="Title of one"),
    )
