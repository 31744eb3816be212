"""After a downtime, while a receiver is away, in quiet hours, beside a louder alert: what the ledger does."""

from __future__ import annotations

from datetime import time, timedelta

from ledger import MINUTE
from sqlalchemy import select, update
from test_store_messages import pass_time, raise_, record, take, take_all

from monitor.core.types import DigestTimes, Inhibition, Matcher, MatchOperator, QuietHours, Restraint
from monitor.errors import DeliveryReason
from monitor.store import notifications as verbs
from monitor.store import tables as t
from monitor.store.database import Database, database_now

PLAIN = Restraint(rule="storm")
#: Quiet around the clock, so that the test runs at any hour.
QUIET = Restraint(rule="storm", quiet=(QuietHours(begins=time(0), ends=time(0)),))


def reasons(db: Database) -> list[tuple[str, str | None]]:
    n = t.notification
    with db.read() as connection:
        return [(row.state, row.reason) for row in connection.execute(select(n).order_by(n.c.id))]


def test_what_a_deliverer_missed_comes_as_one_digest_and_news_alone(database: Database) -> None:
    for _ in range(5):
        raise_(database, ("desk", PLAIN), ("night", PLAIN))
    pass_time(database, timedelta(minutes=11))
    raise_(database, ("desk", PLAIN))
    sent = take_all(database)
    told = sorted((one.receiver, one.kind, one.count, one.why) for one in sent)
    missed = "from while nothing was delivered"
    assert told == [("desk", "alert", 1, ""), ("desk", "digest", 5, missed), ("night", "digest", 5, missed)]
    assert {state for state, _ in reasons(database)} == {"sent"}


def test_a_receiver_that_fails_five_times_running_is_left_alone_and_then_gets_one_digest(
    database: Database,
) -> None:
    for _ in range(5):
        raise_(database, ("desk", PLAIN))
    with database.read() as connection:
        later = database_now(connection) + timedelta(hours=2)
    for one in take(database):
        record(database, one, DeliveryReason.CONNECT, retry_at=later)
    for _ in range(4):
        raise_(database, ("desk", PLAIN), ("night", PLAIN))
    assert [one.receiver for one in take_all(database)] == ["night"] * 4
    assert reasons(database).count(("waiting", "receiver_away")) == 4
    pass_time(database, MINUTE)
    a = t.attempt
    with database.write() as connection:
        at = connection.scalars(select(a.c.created_at)).all()
        connection.execute(update(a).values(created_at=max(at) - MINUTE))
    (digest,) = take(database)
    assert (digest.kind, digest.count, digest.why) == ("digest", 4, "from while you could not be reached")
    record(database, digest)
    raise_(database, ("desk", PLAIN))
    assert [one.kind for one in take_all(database)] == ["alert"]


def test_one_answer_ends_the_patience_with_a_receiver(database: Database) -> None:
    for reason in [DeliveryReason.TIMEOUT] * 4 + [DeliveryReason.REFUSED, DeliveryReason.TIMEOUT]:
        raise_(database, ("desk", PLAIN))
        (one,) = take(database)
        record(database, one, reason)
    raise_(database, ("desk", PLAIN))
    assert [one.kind for one in take(database)] == ["alert"]


def test_quiet_hours_hold_what_comes_and_their_end_sends_it_as_one(database: Database) -> None:
    for _ in range(3):
        raise_(database, ("desk", QUIET))
    assert take_all(database) == []
    assert set(reasons(database)) == {("waiting", "quiet_hours")}
    with database.write() as connection:
        # the morning comes
        connection.execute(update(t.notification).values(restraint=None, due_at=database_now(connection)))
    (digest,) = take_all(database)
    assert (digest.kind, digest.count, digest.why) == ("digest", 3, "of quiet hours")


def test_the_times_of_a_route_survive_the_ledger(database: Database) -> None:
    hourly = DigestTimes(every=timedelta(hours=1), zone="Europe/Kyiv")
    asked = Restraint(rule="storm", digest=hourly, group_key="a", group_interval=MINUTE, quiet=QUIET.quiet)
    raise_(database, ("desk", asked))
    with database.read() as connection:
        row = connection.execute(select(t.notification)).one()
    from monitor.store.restraints import restraint_of

    kept = restraint_of(row)
    assert (kept.digest, kept.quiet, kept.group_interval) == (hourly, QUIET.quiet, MINUTE)


def test_groups_are_closed_for_somebody_who_does_not_wait(database: Database) -> None:
    patient = Restraint(rule="storm", group_key="s", group_wait=MINUTE, group_interval=60 * MINUTE)
    raise_(database, ("desk", patient))
    raise_(database, ("desk", patient))
    assert take(database) == ()
    assert verbs.close_groups(database) == 2
    (group,) = take_all(database)
    assert (group.kind, group.count) == ("group", 2)
    raise_(database, ("desk", patient))
    verbs.close_groups(database)
    assert take(database) == ()  # its group had a message just now
    verbs.close_groups(database, intervals=True)
    assert [one.kind for one in take_all(database)] == ["alert"]


def test_an_alert_that_another_makes_needless_is_recorded_with_its_number(database: Database) -> None:
    raise_(database, ("desk", PLAIN))
    raise_(database, ("desk", PLAIN))

    def on(label: str, value: str) -> tuple[Matcher, ...]:
        return (Matcher(label=label, operator=MatchOperator.IS, values=(value,)),)

    with database.write() as connection:
        ids = list(connection.scalars(select(t.alert.c.id).order_by(t.alert.c.id)))
        for id, kind in zip(ids, ("contradiction", "new_claim"), strict=True):
            labels = {"kind": kind, "story": "1"}
            connection.execute(update(t.alert).where(t.alert.c.id == id).values(labels=labels))
    inhibition = Inhibition(
        when=on("kind", "contradiction"),
        holds_back=on("kind", "new_claim"),
        equal=("story",),
        place="inhibit[0]",
    )
    taken = verbs.take_notifications(database, limit=20, lease_for=MINUTE, inhibitions=[inhibition])
    assert [one.alert.id for one in taken] == ids[:1]
    with database.read() as connection:
        held = connection.execute(select(t.notification).where(t.notification.c.alert_id == ids[1])).one()
    assert (held.state, held.reason) == ("suppressed", "inhibited")
    assert held.detail == f"alert {ids[0]} is out (inhibit[0])"
