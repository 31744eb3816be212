"""SIGKILL of a deliverer at every step of a delivery, 200 times over both databases: nothing lost or doubled.

Each deliverer is a fork that dies by SIGKILL the moment it reaches a step: before and after the notification
is taken, before and after the POST, before and after the outcome is kept. Where it had posted, nobody can
know that, and the next one posts again: with the same Idempotency-Key, by which the receiver knows it.
"""

from __future__ import annotations

import inspect
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger
from loopback import Receiver
from sqlalchemy import update

from monitor.config import Settings
from monitor.core.alerting import alert_of_labels
from monitor.core.types import Notification, Restraint
from monitor.feeds.egress import Egress
from monitor.rulefiles import RulesWatcher
from monitor.store.alerts import raise_own
from monitor.store.database import Database, database_now, open_database
from monitor.store.queries import AlertRecord, Filters, list_alerts
from monitor.store.tables import notification
from workers import delivery, jobs
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications

KILLS = {"sqlite": 120, "postgresql": 80}
ALERTS = {"sqlite": 72, "postgresql": 48}
#: Where a deliverer dies: (module, function, before or after it ran).
STEPS: tuple[tuple[Any, str, bool], ...] = (
    (jobs, "take_notifications", True),
    (jobs, "take_notifications", False),
    (delivery, "deliver", True),
    (delivery, "deliver", False),
    (delivery, "record_attempt", True),
    (delivery, "record_attempt", False),
)


def dying(function: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """The function, around which the process dies."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if inspect.iscoroutinefunction(function):

        async def slow(*given: Any, **more: Any) -> Any:
            if before:
                die()
            made = await function(*given, **more)
            die()
            return made

        return slow

    def quick(*given: Any, **more: Any) -> Any:
        if before:
            die()
        made = function(*given, **more)
        die()
        return made

    return quick


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


def live(tools: Toolbox, url: str, step: tuple[Any, str, bool] | None) -> int:
    """One deliverer, from its start to its death or to the end of all work; its exit status."""
    child = os.fork()
    if child == 0:
        try:
            db = open_database(url)
            overdue(db)
            if step is not None:
                module, name, before = step
                setattr(module, name, dying(getattr(module, name), before=before))
            with Postman(tools.settings) as postman:
                while deliver_notifications(replace(tools, db=db), postman):
                    pass
            os._exit(0)
        finally:
            os._exit(99)
    return os.waitpid(child, 0)[1]


def overdue(db: Database) -> None:
    """All leases have run out, and all back-offs."""
    with db.write() as connection:
        # Quarantine after three deaths is another test's; here they go on for ever.
        connection.execute(
            update(notification)
            .where(notification.c.state == "waiting")
            .values(due_at=database_now(connection) - timedelta(seconds=1), unrecorded=0)
        )


def raise_all(tools: Toolbox, number: int) -> None:
    rules = tools.watcher.current().rules
    for place in range(number):
        made = alert_of_labels({"kind": "match"}, rules, key=str(place))
        alert = replace(made, labels={"kind": "match"}, headline=f"alert {place}")
        # every third goes out with others
        asked = Restraint(rule="storm", group_key=f"group={place // 9}") if place % 3 == 0 else Restraint()
        told = Notification(alert=alert.fingerprint, receiver="desk", restraint=asked)
        assert raise_own(tools.db, alert, [told]) is not None


def sent(url: str) -> list[AlertRecord]:
    db = open_database(url)
    try:
        return list(list_alerts(db, Filters(limit=0)))
    finally:
        db.close()


@pytest.mark.long
def test_a_deliverer_killed_at_every_step_loses_and_doubles_nothing(
    tmp_path: Path, database_url: str, receiver: Receiver
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "shipped.yml").write_text("version: 1\nshipped: []\n")
    (folder / "routes.yml").write_text(
        f"version: 1\nreceivers: {{desk: '{receiver.url}'}}\nroute: {{receivers: [desk]}}\n"
    )
    db = new_ledger(database_url)
    settings = Settings(rules=folder, data_dir=tmp_path, allow_networks="127.0.0.0/8")  # type: ignore[arg-type]  # read as from the environment
    tools = Toolbox(db=db, watcher=RulesWatcher(folder), parsers={}, settings=settings)
    kills, alerts = KILLS[db.dialect], ALERTS[db.dialect]
    raise_all(tools, alerts)
    # The children connect by themselves, and find the machine's certificates read already.
    db.close()
    Egress()
    killed: Counter[str] = Counter()
    for number in range(kills):
        step = STEPS[number % len(STEPS)]
        status = live(tools, database_url, step)
        killed[step[1]] += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    # What a dead deliverer had taken is taken alone.
    assert live(tools, database_url, None) == 0
    told = sent(database_url)
    assert sum(killed.values()) == kills
    assert len(told) == alerts
    assert {one.state for alert in told for one in alert.notifications} == {"sent"}
    carried = Counter(
        inner["id"] for body in receiver.accepted().values() for inner in body.get("alerts", [body])
    )
    assert set(carried.values()) == {1}
    assert len(carried) == alerts
