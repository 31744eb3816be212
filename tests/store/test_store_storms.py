"""A storm over many rules and many groups at once: a handful of messages, a digest, and nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ledger import MINUTE
from test_store_messages import fates, pass_time, raise_, take_all

from monitor.core.types import Restraint, Severity
from monitor.store.database import Database
from monitor.store.queries import Filters, list_alerts

STORM = 600


def limited(number: int, groups: int) -> Restraint:
    """Forty rules, each well within its own limit."""
    key = f"story={number % groups}" if groups else ""
    return Restraint(rule=f"rule {number % 40}", group_key=key, max_per_hour=20)


@pytest.mark.parametrize("groups", [0, 300])
def test_a_storm_over_many_rules_and_groups_is_a_handful_of_messages(database: Database, groups: int) -> None:
    raise_(database, *[("desk", limited(number, groups)) for number in range(STORM)])
    raise_(database, ("desk", limited(297, groups)), severity=Severity.CRITICAL)
    # what is for others, and what no rule asked for, is not held up by it
    raise_(database, ("night", limited(1, groups)), ("desk", Restraint()))
    first = take_all(database)
    assert len(first) == 20 + 2
    left = STORM + 3 - sum(one.count for one in first)
    assert fates(database)["waiting", "storm"] == left
    held = next(one for one in list_alerts(database, Filters(limit=0)) if one.severity == "critical")
    assert held.notifications[0].detail.startswith("20 messages in 10 minutes, so the rest is a digest at ")

    pass_time(database, 9 * MINUTE)
    raise_(database, ("desk", limited(3, 0)))
    assert take_all(database) == []
    pass_time(database, MINUTE)
    (digest,) = take_all(database)
    assert (digest.kind, digest.count, digest.why) == ("digest", left + 1, "of a storm")
    assert digest.alert.severity == "critical"
    assert set(fates(database)) == {("sent", "accepted")}
    assert sum(1 for _ in list_alerts(database, Filters(limit=0))) == STORM + 4
    # it is over
    pass_time(database, timedelta(minutes=10))
    raise_(database, ("desk", limited(3, 0)))
    assert [one.kind for one in take_all(database)] == ["alert"]
