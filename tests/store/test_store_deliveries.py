"""Every attempt is listed, and what was given up or held back can be sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ledger import MINUTE
from test_store_care import fates, quiet, raise_
from test_store_messages import pass_time, take_all

from monitor.core.types import Restraint
from monitor.errors import DeliveryReason, UsageError
from monitor.store import notifications as verbs
from monitor.store.database import Database
from monitor.store.deliveries import list_attempts, replay

TOGETHER = Restraint(rule="dams", group_key="g", group_wait=MINUTE)


def refuse(db: Database) -> list[verbs.TakenNotification]:
    taken = verbs.take_notifications(db, limit=10, lease_for=MINUTE)
    for one in taken:
        verbs.record_attempt(
            db,
            one,
            reason=DeliveryReason.REFUSED,
            detail="the receiver answered 404: gone",
            status=404,
            latency=timedelta(milliseconds=20),
            retry_at=None,
        )
    return list(taken)


def test_every_attempt_is_listed_with_what_was_answered(database: Database) -> None:
    alert = raise_(database, "one", ("desk", Restraint()), ("mail", Restraint()))
    refuse(database)
    found = list_attempts(database)
    assert {(one.receiver, one.number, one.reason, one.status, one.state) for one in found} == {
        ("desk", 1, "refused", 404, "dead"),
        ("mail", 1, "refused", 404, "dead"),
    }
    assert {(one.alert, one.detail, one.latency_s) for one in found} == {
        (alert.id, "the receiver answered 404: gone", 0.02)
    }
    assert len(list_attempts(database, receiver="desk")) == 1
    assert list_attempts(database, reason="accepted") == ()
    assert list_attempts(database, alert=alert.id + 1) == ()
    assert len(list_attempts(database, limit=1)) == 1


def test_what_was_given_up_is_sent_again_under_its_key(database: Database) -> None:
    alert = raise_(database, "one", ("desk", Restraint()), ("mail", Restraint()))
    keys = {one.receiver: one.idempotency_key for one in refuse(database)}
    assert replay(database, alert.id, receiver="desk") == 1
    (again,) = take_all(database)
    assert (again.receiver, again.idempotency_key, again.attempt) == ("desk", keys["desk"], 2)
    assert fates(database) == {"desk": ("sent", "accepted"), "mail": ("dead", "refused")}
    assert len(list_attempts(database, alert=alert.id)) == 3


def test_a_message_of_several_is_sent_again_as_the_message_it_was(database: Database) -> None:
    alerts = [raise_(database, name, ("desk", TOGETHER)) for name in ("one", "two")]
    pass_time(database, MINUTE)
    (group,) = refuse(database)
    assert replay(database, alerts[1].id) == 1
    (again,) = take_all(database)
    assert (again.count, again.idempotency_key) == (2, group.idempotency_key)
    assert {one.alert for one in list_attempts(database, alert=alerts[1].id)} == {again.alert.id}


def test_what_a_silence_held_can_be_sent_after_all(database: Database) -> None:
    quiet(database, "name = one")
    alert = raise_(database, "one", ("desk", Restraint()))
    assert take_all(database) == []
    assert replay(database, alert.id) == 1
    assert [one.receiver for one in take_all(database)] == ["desk"]  # though the silence goes on


def test_there_is_nothing_to_send_again_where_nothing_failed(database: Database) -> None:
    alert = raise_(database, "one", ("desk", Restraint()))
    take_all(database)
    with pytest.raises(UsageError, match="given up or held back"):
        replay(database, alert.id)
    assert replay(database, 99) is None
