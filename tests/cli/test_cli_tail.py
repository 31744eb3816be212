"""`claimwatch alerts tail`, followed while alerts are raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest
from ledgers import new_ledger

from monitor.cli import alert_tail
from monitor.core.types import Alert, AlertKind, Severity
from monitor.store.alerts import raise_own
from monitor.store.database import Database
from monitor.store.queries import AlertRecord, Filters


def raise_(db: Database, name: str) -> None:
    made = Alert(
        fingerprint=name, kind=AlertKind.MATCH, severity=Severity.LOW, headline=name, rules=(), labels={}
    )
    assert raise_own(db, made, []) is not None


@pytest.fixture
def db(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(alert_tail, "LOOK_SECONDS", 0.0)
    opened = new_ledger(sqlite_url)
    yield opened
    opened.close()


def headlines(alerts: Iterator[AlertRecord], number: int) -> list[str]:
    return [one.headline for one in islice(alerts, number)]


@pytest.mark.parametrize("overlap", [timedelta(minutes=1), timedelta(0)])
def test_each_alert_is_shown_once_as_it_is_raised(
    db: Database, overlap: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_tail, "OVERLAP", overlap)
    for name in ("one", "two", "three"):
        raise_(db, name)
    followed = alert_tail.raised(db, Filters(limit=2))
    assert headlines(followed, 2) == ["two", "three"]
    for round_ in range(3):
        # More at once than the limit, which is for those that were there.
        names = [f"{round_}: {number}" for number in range(4)]
        for name in names:
            raise_(db, name)
        assert headlines(followed, 4) == names


def test_the_filters_hold_for_what_is_still_to_come(db: Database) -> None:
    followed = alert_tail.raised(db, Filters(limit=5, query="dam"))
    raise_(db, "a dam before the first look")
    assert headlines(followed, 1) == ["a dam before the first look"]
    raise_(db, "a bridge")
    raise_(db, "the dam again")
    assert headlines(followed, 1) == ["the dam again"]
