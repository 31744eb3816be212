"""What a simulation reads from the ledger: alerts of a time, and what people did about them then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ledger import AT, an_alert, judge, store_and_take

from monitor.core.alerting import AlertStatus, simulating
from monitor.core.alerting.simulating import Simulated
from monitor.core.matchers import read_matcher
from monitor.core.types import Escalation, Findings, Receiver, Route, Routing, Rule, Suppression
from monitor.store.alerts import raise_own
from monitor.store.database import Database, database_now
from monitor.store.lifecycle import acknowledge, unacknowledge
from monitor.store.silences import add_silence, expire_silence
from monitor.store.simulating import raised_alerts, remembered_care, remembered_silences

HOUR = timedelta(hours=1)
DESK = Routing(
    receivers=(Receiver(name="desk", url="stdout:"), Receiver(name="boss", url="stdout:")),
    root=Route(
        receivers=("desk",),
        place="route",
        escalation=Escalation(after=timedelta(minutes=15), receivers=("boss",)),
    ),
)


class NoRules:
    """The routes alone say who is told."""

    rules: Mapping[str, Rule] = {}  # nobody writes to it


def raise_(db: Database, name: str, **fields: object) -> int:
    """An alert without notifications; its id."""
    labels = {"kind": "contradiction", "rule": "dams", "name": name}
    id = raise_own(db, an_alert(name, **({"labels": labels} | fields)), [])
    assert id is not None
    return id


def names(db: Database, *, since: timedelta = -HOUR, until: timedelta = HOUR) -> list[str]:
    with db.read() as connection:
        now = database_now(connection)
    return [one.alert.labels["name"] for one in raised_alerts(db, since=now + since, until=now + until)]


def simulated(db: Database) -> Simulated:
    with db.read() as connection:
        now = database_now(connection)
    return simulating.simulate(
        raised_alerts(db, since=now - HOUR, until=now + HOUR),
        DESK,
        NoRules(),
        until=now + HOUR,
        silences=remembered_silences(db),
        care=remembered_care(db),
    )


def test_alerts_of_the_time_come_oldest_first_without_tests_and_resolutions(database: Database) -> None:
    assert names(database) == []
    raise_(database, "one")
    raise_(database, "two", suppressed=Suppression.DRAFT_RULE)
    for label in ("test", "resolved"):
        raise_(database, label, labels={"kind": "match", "name": label, label: "yes"})
    assert names(database) == ["one", "two"]
    assert names(database, until=-timedelta(minutes=1)) == []
    assert names(database, since=timedelta(minutes=1)) == []


def test_what_came_from_an_archive_is_news_of_its_day_only_where_that_is_asked(database: Database) -> None:
    taken = store_and_take(database, "old")
    archived = an_alert("old", suppressed=Suppression.BACKFILL, detail="from an archive")
    draft = an_alert("draft", suppressed=Suppression.DRAFT_RULE)
    judge(database, taken, Findings(article=taken.articles[0], alerts=(archived, draft)))
    raised = raised_alerts(database, since=AT - HOUR, until=AT + HOUR, backfill=True)
    assert {one.alert.fingerprint: (one.at, one.alert.suppressed) for one in raised} == {
        "old": (AT, None),
        "draft": (AT, Suppression.DRAFT_RULE),
    }
    assert raised_alerts(database, since=AT - HOUR, until=AT + HOUR) == ()
    assert {one.alert.suppressed for one in _today(database)} == {
        Suppression.BACKFILL,
        Suppression.DRAFT_RULE,
    }


def _today(db: Database) -> tuple[simulating.Raised, ...]:
    with db.read() as connection:
        now = database_now(connection)
    return raised_alerts(db, since=now - HOUR, until=now + HOUR)


def test_a_silence_holds_in_the_simulation_as_it_did_also_when_it_is_over(database: Database) -> None:
    with database.read() as connection:
        now = database_now(connection)
    matchers = [read_matcher("name = held")]
    add_silence(database, matchers, author="Ada", comment="drill", ends_at=now + HOUR)
    held = raise_(database, "held")
    sent = raise_(database, "sent")
    outcome = simulated(database)
    assert {one.alerts for one in outcome.told} == {(sent,)}
    kept = outcome.not_told[0]
    assert (kept.alert, kept.receiver, kept.reason) == (held, "desk", Suppression.SILENCE)
    assert "Ada" in kept.detail
    assert "drill" in kept.detail
    # Ended since: at the time of the alert it held.
    expire_silence(database, 1, by="Ada")
    assert (held, "desk") in {(one.alert, one.receiver) for one in simulated(database).not_told}


def test_an_acknowledgement_holds_back_in_the_simulation_what_it_stood_for(database: Database) -> None:
    cared = raise_(database, "cared", group="who-opened-the-dam")
    raise_(database, "else", group="who-closed-it")
    alone = raise_(database, "alone", group="")
    assert [one.receiver for one in simulated(database).told].count("boss") == 3
    acknowledge(database, cared, AlertStatus.ACKNOWLEDGED, owner="Ada")
    acknowledge(database, alone, AlertStatus.RESOLVED, owner="Eva", lasts=2 * HOUR)
    group, own = remembered_care(database)
    assert (group.subject, group.ends) == ("group:who-opened-the-dam", None)
    assert (own.subject, own.ends) == (f"alert:{alone}", own.begins + 2 * HOUR)
    kept = {one.alert: (one.receiver, one.reason) for one in simulated(database).not_told}
    assert kept == dict.fromkeys((cared, alone), ("boss", Suppression.ACKNOWLEDGED))
    # Taken back before it would have been escalated: as if nobody had said anything.
    unacknowledge(database, cared, by="Ada")
    assert {one.alert for one in simulated(database).not_told} == {alone}
