"""Delivery from the ledger: leases, attempts, what an answer changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from ledger import MINUTE, a_claim, an_alert, judge, store_and_take, threaded
from sqlalchemy import select

from monitor.core.types import Findings, Notification
from monitor.errors import DeliveryReason
from monitor.store import notifications as verbs
from monitor.store import tables as t
from monitor.store import tasks
from monitor.store.database import Database
from monitor.store.queries import Filters, NotificationRecord, list_alerts

NOTHING = timedelta(0)
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def alert(db: Database, *receivers: str) -> None:
    taken = store_and_take(db, "one")
    article = taken.articles[0]
    claim = a_claim(article)
    judge(
        db,
        taken,
        Findings(
            article=article,
            claims=(threaded(claim),),
            alerts=(an_alert("alert", claim.fingerprint),),
            notifications=tuple(Notification(alert="alert", receiver=name) for name in receivers),
        ),
    )


def take(db: Database, limit: int = 10, lease_for: timedelta = MINUTE) -> tuple[verbs.TakenNotification, ...]:
    return verbs.take_notifications(db, limit=limit, lease_for=lease_for)


def record(
    db: Database,
    taken: verbs.TakenNotification,
    reason: DeliveryReason = DeliveryReason.ACCEPTED,
    retry_at: datetime | None = None,
) -> None:
    verbs.record_attempt(
        db,
        taken,
        reason=reason,
        detail=f"{reason} {taken.attempt}\x00",
        status=200 if reason is DeliveryReason.ACCEPTED else 500,
        latency=timedelta(milliseconds=20),
        retry_at=retry_at,
    )


def states(db: Database) -> list[NotificationRecord]:
    (record,) = list_alerts(db, Filters())
    return list(record.notifications)


def attempts(db: Database) -> list[tuple[int, str]]:
    with db.read() as connection:
        rows = connection.execute(select(t.attempt).order_by(t.attempt.c.number))
        return [(row.number, row.reason) for row in rows]


def test_a_notification_is_taken_with_its_alert_and_a_stable_key(database: Database) -> None:
    alert(database, "desk")
    (first,) = take(database, lease_for=NOTHING)
    (second,) = take(database)
    assert take(database) == ()
    assert (first.receiver, first.attempt, second.attempt) == ("desk", 1, 2)
    assert first.idempotency_key == second.idempotency_key
    assert len(first.idempotency_key) >= 32
    assert first.token != second.token
    assert first.alert.claims[0].quote == "the dam"


def test_deliverers_at_once_never_get_the_same_notification(database: Database) -> None:
    alert(database, *(f"r{number}" for number in range(30)))
    with ThreadPoolExecutor(8) as pool:
        takes = list(pool.map(lambda _: take(database, limit=4), range(16)))
    taken = [one.id for some in takes for one in some]
    assert len(taken) == len(set(taken)) == 30


def test_an_accepted_notification_is_sent_and_never_taken_again(database: Database) -> None:
    alert(database, "desk")
    record(database, take(database)[0])
    (one,) = states(database)
    assert (one.state, one.reason, one.attempts, one.detail) == ("sent", "accepted", 1, "accepted 1\ufffd")
    assert one.sent_at is not None
    assert take(database) == ()
    assert tasks.outstanding(database).open_notifications == 0


def test_a_refused_notification_waits_until_it_may_be_tried_again(database: Database) -> None:
    alert(database, "desk")
    record(database, take(database)[0], DeliveryReason.RATE_LIMITED, retry_at=FAR)
    assert take(database) == ()
    assert (states(database)[0].state, states(database)[0].reason) == ("waiting", "rate_limited")
    counts = tasks.outstanding(database)
    assert (counts.notifications, counts.open_notifications) == (0, 1)


def test_many_recorded_failures_do_not_quarantine_but_the_last_one_kills(database: Database) -> None:
    alert(database, "desk")
    for _ in range(5):
        record(
            database,
            take(database)[0],
            DeliveryReason.RECEIVER_FAILED,
            retry_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        assert tasks.quarantine_exhausted(database) == 0
    record(database, take(database)[0], DeliveryReason.RECEIVER_FAILED, retry_at=None)
    assert states(database)[0].state == "dead"
    assert [number for number, _ in attempts(database)] == [1, 2, 3, 4, 5, 6]
    assert tasks.outstanding(database).dead_notifications == 1


def test_a_notification_over_which_three_deliverers_died_is_dead_and_says_so(database: Database) -> None:
    alert(database, "desk", "night")
    for _ in range(tasks.MAX_ATTEMPTS):
        take(database, limit=1, lease_for=NOTHING)
        with database.write() as connection:  # the same one again
            connection.execute(
                t.notification.update().where(t.notification.c.receiver == "night").values(due_at=FAR)
            )
    assert tasks.quarantine_exhausted(database) == 1
    desk = next(one for one in states(database) if one.receiver == "desk")
    assert (desk.state, desk.detail) == ("dead", tasks.DIED)


def test_a_late_acceptance_counts_and_a_late_failure_does_not(database: Database) -> None:
    alert(database, "desk")
    (late,) = take(database, lease_for=NOTHING)
    (now,) = take(database)
    record(database, late, DeliveryReason.TIMEOUT, retry_at=None)
    assert states(database)[0].state == "waiting"
    record(database, late)  # the answer came after all; number 1 is kept as it was first
    assert states(database)[0].state == "sent"
    record(database, now, DeliveryReason.REFUSED, retry_at=None)
    assert states(database)[0].state == "sent"
    assert attempts(database) == [(1, "timeout"), (2, "refused")]


def test_a_released_notification_is_due_at_once_and_the_attempt_does_not_count(database: Database) -> None:
    alert(database, "desk", "night")
    verbs.release_notifications(database, take(database))
    assert [one.attempt for one in take(database)] == [1, 1]


def test_suppressed_notifications_are_never_taken(database: Database) -> None:
    alert(database, "")
    assert take(database) == ()
    assert (states(database)[0].state, states(database)[0].reason) == ("suppressed", "no_route")
