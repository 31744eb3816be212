"""Acknowledgements and silences in the ledger: what they keep from going out, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from ledger import MINUTE, a_claim, a_contradiction, an_alert, judge, store_and_take, threaded
from sqlalchemy import select, update
from test_store_messages import pass_time, take_all

from monitor.core.alerting import AlertStatus
from monitor.core.matchers import read_matcher
from monitor.core.types import Findings, Notification, Restraint, Severity, Stance
from monitor.errors import UsageError
from monitor.store import silences
from monitor.store.care_tables import acknowledgement
from monitor.store.database import Database, database_now
from monitor.store.lifecycle import acknowledge, unacknowledge
from monitor.store.queries import AlertRecord, Filters, NotificationRecord, list_alerts

ESCALATES = Restraint(escalate_after=15 * MINUTE)
ACKNOWLEDGED = AlertStatus.ACKNOWLEDGED


def raise_(
    db: Database, name: str, *wanted: tuple[str, Restraint], group: str = "", **fields: object
) -> AlertRecord:
    taken = store_and_take(db, name)
    labels = {"kind": "contradiction", "rule": "dams", "name": name}
    alert = an_alert(name, **({"group": group, "labels": labels} | fields))
    notifications = tuple(
        Notification(alert=name, receiver=receiver, restraint=restraint) for receiver, restraint in wanted
    )
    judge(db, taken, Findings(article=taken.articles[0], alerts=(alert,), notifications=notifications))
    return next(iter(list_alerts(db, Filters(limit=1))))


def fates(db: Database) -> dict[str, tuple[str, str | None]]:
    """Receiver → state and reason, of all alerts."""
    return {one.receiver: (one.state, one.reason) for one in notifications(db)}


def notifications(db: Database) -> list[NotificationRecord]:
    return [one for alert in list_alerts(db, Filters(limit=0)) for one in alert.notifications]


def receivers(db: Database) -> list[str]:
    return sorted(one.receiver for one in take_all(db))


# ---------------------------------------------------------------- acknowledgements


def test_what_nobody_acknowledges_is_escalated_in_time(database: Database) -> None:
    raise_(database, "one", ("desk", Restraint()), ("boss", ESCALATES))
    assert receivers(database) == ["desk"]
    assert fates(database)["boss"] == ("waiting", "escalation")
    pass_time(database, 15 * MINUTE)
    assert receivers(database) == ["boss"]


def test_what_somebody_acknowledged_is_not_escalated_and_taking_it_back_escalates_after_all(
    database: Database,
) -> None:
    alert = raise_(database, "one", ("desk", Restraint()), ("boss", ESCALATES))
    cared = acknowledge(database, alert.id, ACKNOWLEDGED, owner="Ada", note="on it")
    assert cared is not None
    assert (cared.before, cared.others) == (AlertStatus.NEW, 0)
    pass_time(database, 15 * MINUTE)
    assert receivers(database) == ["desk"]  # the first telling goes out all the same
    assert fates(database)["boss"] == ("suppressed", "acknowledged")
    (seen,) = list_alerts(database, Filters())
    assert seen.status == "acknowledged"
    assert seen.acknowledgement is not None
    assert (seen.acknowledgement.owner, seen.acknowledgement.note) == ("Ada", "on it")
    back = unacknowledge(database, alert.id)
    assert back is not None
    assert (back.before, back.released) == (ACKNOWLEDGED, 1)
    assert receivers(database) == ["boss"]
    with pytest.raises(UsageError, match="is not acknowledged"):
        unacknowledge(database, alert.id)


def test_an_acknowledgement_that_ends_by_itself_only_delays_the_escalation(database: Database) -> None:
    alert = raise_(database, "one", ("boss", ESCALATES))
    acknowledge(database, alert.id, ACKNOWLEDGED, lasts=60 * MINUTE)
    pass_time(database, 15 * MINUTE)
    assert receivers(database) == []
    (held,) = notifications(database)
    assert (held.state, held.reason) == ("waiting", "acknowledged")
    expire_all(database)
    pass_time(database, 60 * MINUTE)
    assert receivers(database) == ["boss"]
    (after,) = list_alerts(database, Filters())
    assert (after.status, after.acknowledgement) == ("new", None)
    # and it can be acknowledged again, with the old one kept
    acknowledge(database, alert.id, AlertStatus.RESOLVED)
    assert [row[0] for row in history(database)] == ["expired", ""]


def expire_all(db: Database) -> None:
    with db.write() as connection:
        now = database_now(connection)
        connection.execute(update(acknowledgement).values(expires_at=now))


def history(db: Database) -> Sequence[tuple[str, str]]:
    with db.read() as connection:
        rows = connection.execute(
            select(acknowledgement.c.ended, acknowledgement.c.status).order_by(acknowledgement.c.id)
        )
        return [(row[0], row[1]) for row in rows]


def test_an_acknowledgement_is_about_the_whole_conflict(database: Database) -> None:
    first = raise_(database, "one", group="bridge")
    raise_(database, "two", ("boss", ESCALATES), group="bridge")
    raise_(database, "three", ("chief", ESCALATES), group="dam")
    cared = acknowledge(database, first.id, ACKNOWLEDGED)
    assert cared is not None
    assert cared.others == 1
    pass_time(database, 15 * MINUTE)
    assert receivers(database) == ["chief"]
    assert sorted(alert.status for alert in list_alerts(database, Filters())) == [
        "acknowledged",
        "acknowledged",
        "new",
    ]


def test_a_repeat_that_waited_when_it_was_acknowledged_is_not_sent(database: Database) -> None:
    alert = raise_(database, "one", ("desk", Restraint(not_before=at(database, 60))), group="bridge")
    acknowledge(database, alert.id, ACKNOWLEDGED)
    pass_time(database, 61 * MINUTE)
    assert receivers(database) == []
    assert fates(database)["desk"] == ("suppressed", "acknowledged")


def at(db: Database, minutes: int) -> object:
    with db.read() as connection:
        return database_now(connection) + minutes * MINUTE


def test_everybody_who_spoke_in_the_conflict_is_known_to_the_acknowledgement(database: Database) -> None:
    taken = store_and_take(database, "a", "b")
    left, right = (a_claim(article, speaker=name) for article, name in zip(taken.articles, "LR", strict=True))
    right = a_claim(taken.articles[1], speaker="R", stance=Stance.DENY)
    judge(database, taken, Findings(article=taken.articles[0], claims=(threaded(left),)))
    pair = a_contradiction(left.fingerprint, right.fingerprint)
    findings = Findings(
        article=taken.articles[1],
        claims=(threaded(right),),
        contradictions=(pair,),
        alerts=(an_alert("x", right.fingerprint, group=pair.group),),
    )
    judge(database, taken, findings)
    (alert,) = list_alerts(database, Filters())
    acknowledge(database, alert.id, ACKNOWLEDGED)
    with database.read() as connection:
        assert connection.execute(select(acknowledgement.c.speakers)).scalar_one() == ["L", "R"]


def test_an_alert_that_reopens_its_conflict_ends_the_acknowledgement(database: Database) -> None:
    first = raise_(database, "one", group="bridge")
    acknowledge(database, first.id, AlertStatus.RESOLVED)
    labels = {"kind": "contradiction", "reopens": "new speaker Eve"}
    second = raise_(database, "two", group="bridge", labels=labels, severity=Severity.HIGH)
    assert second.status == "new"
    assert history(database) == [("reopened: new speaker Eve", "resolved")]


def test_an_alert_that_does_not_exist_cannot_be_acknowledged(database: Database) -> None:
    assert acknowledge(database, 77, ACKNOWLEDGED) is None
    assert unacknowledge(database, 77) is None


# ---------------------------------------------------------------- silences


def quiet(db: Database, *matchers: str, minutes: int = 60, begins: int = 0) -> int:
    with db.read() as connection:
        now = database_now(connection)
    made = silences.add_silence(
        db,
        [read_matcher(one) for one in matchers],
        author="Ada",
        comment="works on the line",
        starts_at=now + begins * MINUTE if begins else None,
        ends_at=now + minutes * MINUTE,
    )
    return made.id


def test_a_silenced_alert_is_recorded_with_the_silence_and_not_sent(database: Database) -> None:
    id = quiet(database, "name in (one, two)")
    raise_(database, "one", ("desk", Restraint()))
    raise_(database, "three", ("other", Restraint()))
    assert receivers(database) == ["other"]
    assert fates(database)["desk"] == ("suppressed", "silence")
    held = next(one for one in notifications(database) if one.receiver == "desk")
    assert held.detail.startswith(f"silence {id} by Ada, until ")
    (listed,) = silences.list_silences(database)
    assert (listed.state, listed.held, listed.would_hold) == ("active", 1, 1)


def test_a_silence_may_be_for_one_receiver(database: Database) -> None:
    quiet(database, "receiver = desk")
    raise_(database, "one", ("desk", Restraint()), ("mail", Restraint()))
    assert receivers(database) == ["mail"]


def test_a_silence_takes_its_alerts_out_of_a_message_of_several(database: Database) -> None:
    together = Restraint(rule="dams", group_key="g", group_wait=MINUTE)
    for name in ("one", "two", "three"):
        raise_(database, name, ("desk", together))
    quiet(database, "name = two")
    pass_time(database, MINUTE)
    (message,) = take_all(database)
    assert message.count == 2
    assert sorted(one.state for one in notifications(database)) == ["sent", "sent", "suppressed"]


def test_a_silence_ends_by_itself_or_when_somebody_ends_it_and_is_kept(database: Database) -> None:
    id = quiet(database, "kind = contradiction")
    ended = silences.expire_silence(database, id, by="Bo")
    assert ended is not None
    assert (ended.state, ended.expired_by) == ("expired", "Bo")
    raise_(database, "one", ("desk", Restraint()))
    assert receivers(database) == ["desk"]
    assert silences.list_silences(database) == ()
    assert [one.id for one in silences.list_silences(database, expired=True)] == [id]
    with pytest.raises(UsageError, match="is over"):
        silences.expire_silence(database, id)
    assert silences.expire_silence(database, 99) is None


def test_a_silence_that_is_still_to_come_holds_nothing(database: Database) -> None:
    quiet(database, "kind = contradiction", begins=30)
    raise_(database, "one", ("desk", Restraint()))
    assert receivers(database) == ["desk"]
    (listed,) = silences.list_silences(database)
    assert (listed.state, listed.would_hold) == ("pending", 1)


def test_what_a_silence_would_hold_is_counted_over_the_last_day(database: Database) -> None:
    raise_(database, "one", ("desk", Restraint()))
    raise_(database, "two", ("desk", Restraint(group_wait=timedelta(hours=1))))
    take_all(database)
    assert silences.would_hold(database, [read_matcher("name = two")]) == (2, {"contradiction": 1}, 1)
    assert silences.would_hold(database, [read_matcher("name = four")]) == (2, {}, 0)


@pytest.mark.parametrize(
    ("matchers", "begins", "minutes", "said"),
    [
        ((), 0, 60, "at least one matcher"),
        (("kind = match",), 0, -5, "over before it begins"),
        (("kind = match",), 90, 60, "over before it begins"),
        (("kind = match",), 0, 60 * 24 * 91, "90 days at most"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(
    database: Database, matchers: tuple[str, ...], begins: int, minutes: int, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        quiet(database, *matchers, begins=begins, minutes=minutes)


def test_a_value_with_commas_and_quotes_comes_back_as_it_was(database: Database) -> None:
    quiet(database, 'publisher in ("Sea, Sun", "The \\"Post\\"")')
    (listed,) = silences.list_silences(database)
    assert read_matcher(listed.matchers[0]).values == ("Sea, Sun", 'The "Post"')
