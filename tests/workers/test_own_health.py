"""The service tells people what ails it, by another way than the one that is ill, and pagers what is over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Receiver

from monitor.config import Settings
from monitor.core.alerting import AlertStatus, alert_of_labels, plan_notifications
from monitor.core.matchers import read_matcher
from monitor.rulefiles import RulesWatcher
from monitor.store.alerts import raise_own
from monitor.store.database import Database, database_now
from monitor.store.lifecycle import acknowledge
from monitor.store.queries import AlertRecord, Filters, list_alerts
from monitor.store.silences import add_silence, expire_silence, list_silences
from workers import own_health
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications

ROUTES = """
version: 1
receivers:
  desk: "file:{folder}/away/alerts.jsonl"
  ops: "file:{folder}/ops.jsonl"
  pager: "pagerduty+http://127.0.0.1:{port}/enqueue?routing_key=K"
route:
  receivers: [desk, ops]
  routes:
    - match: {{kind: match}}
      receivers: [desk]
    - match: {{kind: contradiction}}
      receivers: [pager]
"""


class Service:
    def __init__(self, db: Database, folder: Path, pager: Receiver) -> None:
        rules = folder / "rules"
        rules.mkdir()
        (rules / "routes.yml").write_text(
            ROUTES.format(folder=folder, port=pager.url.split(":")[2].split("/")[0])
        )
        settings = Settings(rules=rules, data_dir=folder, allow_networks="127.0.0.0/8")  # type: ignore[arg-type]  # read as from the environment
        self.folder, self.db, self.pager = folder, db, pager
        self.time = 0.0
        watcher = RulesWatcher(rules, clock=lambda: self.time)
        self.tools = Toolbox(db=db, watcher=watcher, parsers={}, settings=settings)

    def raise_(self, kind: str, **changes: str) -> int:
        routing, rules = self.tools.watcher.current().routing, self.tools.watcher.current().rules
        made = alert_of_labels({"kind": kind, "severity": "high"}, rules, key=kind)
        labels = {name: value for name, value in made.labels.items() if name != "test"}
        alert = replace(made, labels=labels, headline="The dam", **changes)
        id = raise_own(self.db, alert, plan_notifications([alert], routing, rules))
        assert id is not None
        return id

    def deliver(self) -> None:
        with Postman(self.tools.settings) as postman:
            while deliver_notifications(self.tools, postman):
                pass

    def read_rules(self) -> None:
        """The files as they are, at rest for long."""
        for _ in range(4):
            self.tools.watcher.look()
            self.time += 60

    def tend(self) -> None:
        own_health.look(self.tools)
        self.deliver()

    def health(self) -> list[AlertRecord]:
        found = [one for one in list_alerts(self.db, Filters(limit=0)) if one.kind == "health"]
        return sorted(found, key=lambda one: one.id)

    def told_ops(self) -> list[str]:
        path = self.folder / "ops.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line)["headline"] for line in lines]


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    receiver = Receiver()
    try:
        yield Service(database, tmp_path, receiver)
    finally:
        receiver.close()


def test_a_dead_notification_is_told_by_another_way_once_and_is_over_when_the_receiver_takes_one(
    service: Service,
) -> None:
    service.raise_("match")
    service.deliver()
    service.tend()
    service.tend()
    (trouble,) = service.health()
    assert [(one.receiver, one.state) for one in trouble.notifications] == [("ops", "sent")]
    assert service.told_ops() == ["Receiver desk gets no alerts: 1 notification was given up"]
    assert "cannot append" in trouble.reason
    (service.folder / "away").mkdir()
    service.raise_("update")
    service.deliver()
    service.tend()
    assert [one.status for one in service.health()] == ["resolved"]
    # it comes back: a new alert, and only one
    (service.folder / "away" / "alerts.jsonl").unlink()
    (service.folder / "away").rmdir()
    service.raise_("new_claim")
    service.deliver()
    service.tend()
    service.tend()
    assert [one.status for one in service.health()] == ["new", "new"]
    assert service.health()[1].labels["reopens"] == "it is back"


def test_broken_rule_files_are_told_and_mended_ones_resolve_it(service: Service) -> None:
    bad = service.tools.watcher.path / "topics.yml"
    bad.write_text("version: 1\nrules: [{id: x}]\n")
    service.read_rules()
    service.tend()
    (trouble,) = service.health()
    assert trouble.labels["about"] == "rules"
    assert trouble.severity == "high"
    bad.unlink()
    service.read_rules()
    service.tend()
    assert service.health()[0].status == "resolved"


def test_the_author_of_a_silence_hears_once_that_it_ends_soon(service: Service) -> None:
    with service.db.read() as connection:
        now = database_now(connection)

    def silence(begins: timedelta, ends: timedelta, kind: str = "update") -> int:
        made = add_silence(
            service.db,
            [read_matcher(f"kind = {kind}")],
            author="Ada\x1b[2J",
            comment="drill",
            starts_at=now + begins,
            ends_at=now + ends,
        )
        return made.id

    (service.folder / "away").mkdir()
    hour = timedelta(hours=1)
    silence(-hour / 4, hour / 2)  # it lasts no hour: she has only just made it
    silence(-hour, 3 * hour)
    silence(hour / 8, hour / 2 + hour)
    service.tend()
    assert service.health() == []
    soon = silence(-9 * hour, hour / 2, "match")
    service.raise_("match")
    service.deliver()  # held
    service.tend()
    service.tend()
    (told,) = service.health()
    assert (told.labels["about"], told.labels["owner"], told.severity) == ("silence", "Ada", "low")
    assert told.headline.startswith(f"Silence {soon} by Ada ends at ")
    assert told.headline.endswith(" UTC: kind = match")
    assert "“drill”; it held 1 notification;" in told.reason
    assert service.told_ops() == [told.headline]
    expire_silence(service.db, soon, by="Ada")
    service.tend()
    assert [one.status for one in service.health()] == ["resolved"]
    assert soon in {one.id for one in list_silences(service.db, expired=True)}


def test_resolving_an_alert_closes_the_incident_of_a_pager_once(service: Service) -> None:
    id = service.raise_("contradiction", group="is-the-dam-safe")
    service.deliver()
    acknowledge(service.db, id, AlertStatus.RESOLVED, owner="Ada")
    service.tend()
    service.tend()
    opened, closed = service.pager.accepted().values()
    assert (opened["event_action"], closed["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == closed["dedup_key"]
    last = next(iter(list_alerts(service.db, Filters(limit=1))))
    assert (last.headline, last.labels["resolved"]) == ("Resolved by Ada: The dam", str(id))
