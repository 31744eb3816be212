"""Several alerts in one message: who joins, what is held, and that all share one fate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from ledger import MINUTE, an_alert, judge, store_and_take
from sqlalchemy import bindparam, func, select

from monitor.core.types import Alert, Findings, Notification, Restraint, Severity
from monitor.errors import DeliveryReason
from monitor.store import notifications as verbs
from monitor.store import tables as t
from monitor.store import tasks
from monitor.store.database import Database, database_now
from monitor.store.queries import Filters, list_alerts

NOTHING = timedelta(0)
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
LIMIT = Restraint(rule="storm", max_per_hour=6)
PATIENT = Restraint(rule="storm", group_key="rule=storm", group_wait=MINUTE)
NUMBERS = count()


def raise_(db: Database, *wanted: tuple[str, Restraint], severity: Severity = Severity.HIGH) -> list[str]:
    """An alert for each receiver and restraint; their fingerprints."""
    name = f"article {next(NUMBERS)}"
    taken = store_and_take(db, name)
    alerts: list[Alert] = []
    notifications: list[Notification] = []
    for number, (receiver, restraint) in enumerate(wanted):
        alert = an_alert(f"{name}: {number}", headline=f"Headline {name} {number}", severity=severity)
        alerts.append(alert)
        notifications.append(Notification(alert=alert.fingerprint, receiver=receiver, restraint=restraint))
    judge(
        db,
        taken,
        Findings(article=taken.articles[0], alerts=tuple(alerts), notifications=tuple(notifications)),
    )
    return [alert.fingerprint for alert in alerts]


def take(db: Database, lease_for: timedelta = MINUTE) -> tuple[verbs.TakenNotification, ...]:
    return verbs.take_notifications(db, limit=20, lease_for=lease_for)


def take_all(db: Database) -> list[verbs.TakenNotification]:
    """Taken and sent, until nothing is due."""
    sent = []
    while taken := take(db):
        for one in taken:
            record(db, one)
        sent += taken
    return sent


def record(
    db: Database,
    taken: verbs.TakenNotification,
    reason: DeliveryReason = DeliveryReason.ACCEPTED,
    retry_at: datetime | None = None,
) -> None:
    verbs.record_attempt(db, taken, reason=reason, detail="", status=200, latency=NOTHING, retry_at=retry_at)


def pass_time(db: Database, by: timedelta) -> None:
    """All that was written is so much older."""
    n = t.notification
    shifted = (
        n.update()
        .where(n.c.id == bindparam("row"))
        .values({name: bindparam(f"new_{name}") for name in ("due_at", "created_at", "message_at")})
    )
    with db.write() as connection:
        rows = connection.execute(select(n.c.id, n.c.due_at, n.c.created_at, n.c.message_at)).all()
        connection.execute(
            shifted,
            [
                {
                    "row": row.id,
                    "new_due_at": row.due_at - by,
                    "new_created_at": row.created_at - by,
                    "new_message_at": row.message_at and row.message_at - by,
                }
                for row in rows
            ],
        )


def fates(db: Database) -> dict[tuple[str, str | None], int]:
    """How many notifications are in which state, for which reason."""
    n = t.notification
    with db.read() as connection:
        rows = connection.execute(select(n.c.state, n.c.reason, func.count()).group_by(n.c.state, n.c.reason))
        return {(state, reason): number for state, reason, number in rows}


# ---------------------------------------------------------------- groups


def test_what_belongs_together_waits_and_goes_out_as_one_message(database: Database) -> None:
    raise_(database, ("desk", PATIENT), ("desk", PATIENT), ("night", PATIENT))
    raise_(database, ("desk", PATIENT), ("desk", Restraint(rule="storm")))
    (plain,) = take_all(database)
    assert (plain.kind, plain.count) == ("alert", 1)
    assert fates(database) == {("waiting", "grouped"): 4, ("sent", "accepted"): 1}
    pass_time(database, MINUTE)
    desk, night = sorted(take_all(database), key=lambda one: one.receiver)
    assert (desk.kind, desk.count, len(desk.others)) == ("group", 3, 2)
    assert (night.kind, night.count, night.receiver) == ("alert", 1, "night")
    assert fates(database) == {("sent", "accepted"): 5}


def test_who_comes_while_the_first_waits_does_not_wait_longer(database: Database) -> None:
    raise_(database, ("desk", PATIENT))
    pass_time(database, MINUTE)
    raise_(database, ("desk", PATIENT))
    (one,) = take(database)
    assert one.count == 2


def test_a_message_keeps_its_key_and_its_members_over_kills_and_retries(database: Database) -> None:
    raise_(database, ("desk", PATIENT), ("desk", PATIENT))
    pass_time(database, MINUTE)
    (first,) = take(database, lease_for=NOTHING)  # and the deliverer dies
    raise_(database, ("desk", PATIENT))
    pass_time(database, MINUTE)
    (second,) = take(database)
    record(database, second, DeliveryReason.TIMEOUT, retry_at=LONG_AGO)
    messages = take(database)
    third = next(one for one in messages if one.id == first.id)
    assert {one.idempotency_key for one in (first, second, third)} == {first.idempotency_key}
    assert [one.alert.id for one in (first, second, third)] == [first.alert.id] * 3
    assert [tuple(other.id for other in one.others) for one in (second, third)] == [
        tuple(other.id for other in first.others)
    ] * 2
    assert third.attempt == 3
    for one in messages:
        record(database, one)
    late = [one for one in take_all(database) if one.id != first.id] + [
        one for one in messages if one.id != first.id
    ]
    assert [one.count for one in late] == [1]
    assert fates(database) == {("sent", "accepted"): 3}


def test_what_kills_a_message_kills_all_that_joined_it(database: Database) -> None:
    raise_(database, ("desk", PATIENT), ("desk", PATIENT))
    pass_time(database, MINUTE)
    (one,) = take(database)
    assert fates(database) == {("waiting", None): 1, ("joined", None): 1}
    record(database, one, DeliveryReason.REFUSED)
    assert fates(database) == {("dead", "refused"): 2}
    record(database, one)  # the receiver had it after all
    assert fates(database) == {("sent", "accepted"): 2}


def test_a_message_over_which_three_deliverers_died_is_dead_with_all_it_carries(database: Database) -> None:
    raise_(database, ("desk", PATIENT), ("desk", PATIENT))
    pass_time(database, MINUTE)
    for _ in range(tasks.MAX_ATTEMPTS):
        take(database, lease_for=NOTHING)
    tasks.quarantine_exhausted(database)
    assert sum(number for (state, _), number in fates(database).items() if state == "dead") == 2


# ---------------------------------------------------------------- limits


def test_ten_thousand_alerts_in_a_minute_are_a_handful_of_messages(database: Database) -> None:
    raise_(database, *[("desk", LIMIT)] * 9_990)
    (critical,) = raise_(database, ("desk", LIMIT), severity=Severity.CRITICAL)
    raise_(database, *[("desk", LIMIT)] * 9)
    first = take_all(database)
    assert [(one.kind, one.count) for one in first] == [("alert", 1)] * 6
    assert fates(database) == {("sent", "accepted"): 6, ("waiting", "throttled"): 9_994}
    held = next(iter(list_alerts(database, Filters(limit=1)))).notifications[0]
    assert held.detail.startswith("rule storm: max_per_hour 6 reached, in a digest at ")
    assert held.due_at is not None

    pass_time(database, HOUR)
    (digest,) = take_all(database)
    assert (digest.kind, digest.count, len(digest.others)) == ("digest", 9_994, verbs.ALERTS_SHOWN - 1)
    assert (digest.alert.severity, critical.split(":")[0] in digest.alert.headline) == ("critical", True)
    assert digest.rules == (("storm", 9_994),)
    assert fates(database) == {("sent", "accepted"): 10_000}
    assert sum(1 for _ in list_alerts(database, Filters(limit=0))) == 10_000


def test_a_receiver_gets_one_digest_an_hour_with_what_is_held_of_all_rules(database: Database) -> None:
    other = Restraint(rule="fog", max_per_hour=1)
    raise_(database, *[("desk", LIMIT)] * 7, ("desk", other), ("desk", other))
    assert len(take_all(database)) == 7
    pass_time(database, HOUR)
    (digest,) = take_all(database)
    assert (digest.kind, digest.rules) == ("digest", (("fog", 1), ("storm", 1)))
    # The limits are free again, and what is over them waits for the hour after the digest.
    raise_(database, ("desk", other), ("desk", other))
    (single,) = take_all(database)
    assert single.kind == "alert"
    pass_time(database, HOUR - MINUTE)
    assert take_all(database) == []
    pass_time(database, MINUTE)
    assert [one.count for one in take_all(database)] == [1]


def test_others_are_not_held_by_the_limit_of_one(database: Database) -> None:
    free = Restraint(rule="free")
    raise_(database, *[("desk", LIMIT)] * 30, ("night", LIMIT), ("desk", free), ("desk", Restraint()))
    sent = take_all(database)
    assert sorted((one.receiver, one.count) for one in sent) == [("desk", 1)] * 8 + [("night", 1)]


def test_a_group_counts_as_one_message_and_joins_the_digest_whole(database: Database) -> None:
    limited = Restraint(rule="storm", group_key="rule=storm", max_per_hour=1)
    raise_(database, ("desk", limited), ("desk", limited))
    assert [one.count for one in take_all(database)] == [2]
    raise_(database, ("desk", limited), ("desk", limited))
    assert take_all(database) == []
    pass_time(database, HOUR)
    assert [(one.kind, one.count) for one in take_all(database)] == [("digest", 2)]


def test_deliverers_at_once_keep_the_limit_and_split_no_group(database: Database) -> None:
    group = Restraint(rule="fog", group_key="rule=fog")
    raise_(database, *[("desk", LIMIT)] * 40, *[("desk", group)] * 40)
    with ThreadPoolExecutor(8) as pool:
        takes = [one for some in pool.map(lambda _: take(database), range(16)) for one in some]
    assert len({one.id for one in takes}) == len(takes) == 7
    assert sorted(one.count for one in takes) == [1] * 6 + [40]


def test_a_notification_from_before_the_upgrade_that_was_tried_stays_a_message_of_its_own(
    database: Database,
) -> None:
    raise_(database, ("desk", PATIENT), ("desk", PATIENT))
    with database.write() as connection:
        first = connection.scalar(select(func.min(t.notification.c.id)))
        connection.execute(
            t.notification.update()
            .where(t.notification.c.id == first)
            .values(attempts=1, due_at=database_now(connection))
        )
    (one,) = take(database)
    assert (one.id, one.count, one.attempt) == (first, 1, 2)


@pytest.mark.parametrize("not_before", [timedelta(hours=3), timedelta(hours=-1)])
def test_what_is_told_again_waits_for_its_time(database: Database, not_before: timedelta) -> None:
    with database.read() as connection:
        at = database_now(connection) + not_before
    raise_(database, ("desk", Restraint(rule="storm", not_before=at, group_key="again")))
    assert len(take(database)) == (not_before < NOTHING)
    reason = "repeated" if not_before > NOTHING else None
    assert fates(database) == {("waiting", reason): 1}
