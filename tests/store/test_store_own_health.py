"""Troubles of the service: known again whatever their names, and without reading all other alerts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text

from monitor.core.alerting.health import About, Trouble
from monitor.core.types import Alert, Notification
from monitor.store.database import Database, database_now
from monitor.store.own_health import tell_troubles
from monitor.store.queries import AlertRecord, Filters, list_alerts
from monitor.store.tables import alert

ABOUTS = (About.RULES, About.DELIVERY)


def trouble(subject: str, about: About = About.RULES) -> Trouble:
    return Trouble(about=about, subject=subject, headline="The rule files are broken", reason="line 3")


def nobody(_: Alert) -> tuple[Notification, ...]:
    return ()


def told(db: Database) -> list[AlertRecord]:
    return sorted(list_alerts(db, Filters(limit=0)), key=lambda one: one.id)


@pytest.mark.parametrize(
    "path",
    [
        "/srv/rules",
        # Longer than what an index holds, and nothing in it repeats.
        "/" + "".join(f"{number:04x}" for number in range(0, 60_000, 50)),
        # As Python reads a name that is no UTF-8.
        "/srv/r\udce9gles",
        "/srv/100%_sure",
    ],
    ids=["plain", "long", "no UTF-8", "wildcards"],
)
def test_a_trouble_is_known_again_whatever_its_name(database: Database, path: str) -> None:
    begun, over = tell_troubles(database, [trouble(path)], ABOUTS, nobody)
    assert (len(begun), over) == (1, ())
    assert tell_troubles(database, [trouble(path)], ABOUTS, nobody) == ((), ())
    # what was not looked at stays as it is
    assert tell_troubles(database, [], [About.QUEUE], nobody) == ((), ())
    assert tell_troubles(database, [], [], nobody) == ((), ())
    assert tell_troubles(database, [], ABOUTS, nobody) == ((), begun)
    assert tell_troubles(database, [], ABOUTS, nobody) == ((), ())
    assert tell_troubles(database, [trouble(path)], ABOUTS, nobody) == (begun, ())
    assert [(one.status, "reopens" in one.labels) for one in told(database)] == [
        ("new", False),
        ("new", True),
    ]


def test_names_that_differ_at_their_ends_alone_are_two_troubles(database: Database) -> None:
    both = [trouble("/" + "deep/" * 100 + end) for end in ("one", "two")]
    assert len(tell_troubles(database, both, ABOUTS, nobody)[0]) == 2
    assert len(tell_troubles(database, both[:1], ABOUTS, nobody)[1]) == 1


def test_a_look_does_not_read_the_alerts_of_years(database: Database) -> None:
    with database.write() as connection:
        now = database_now(connection)
        row = {"severity": "low", "headline": "h", "reason": "", "rules": [], "labels": {}, "created_at": now}
        kinds = {number: "health" if number % 500 == 0 else "match" for number in range(5000)}
        connection.execute(
            alert.insert(),
            [
                row | {"fingerprint": str(number), "kind": kind, "conflict": f"{kind}:rules:{number}"}
                for number, kind in kinds.items()
            ],
        )
        connection.execute(text("ANALYZE"))
    asked: list[tuple[str, Any]] = []

    def keep(_c: object, _u: object, statement: str, parameters: Any, _x: object, _m: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    assert len(tell_troubles(database, [], ABOUTS, nobody)[1]) == 10
    event.remove(database.engine, "before_cursor_execute", keep)
    sql, values = next((sql, values) for sql, values in asked if "GROUP BY alert" in sql)
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    with database.read() as connection:
        plan = "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(explain + sql, values))
    assert "ix_alert_health" in plan, plan
