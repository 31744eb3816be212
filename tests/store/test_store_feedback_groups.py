"""A word about a whole conflict: its pairs, those that come later, and what waits to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger import AT, a_claim, a_contradiction, an_alert, judge, store_and_take, threaded
from sqlalchemy import select

from monitor.core.types import Findings, Notification, PairStatus, Stance
from monitor.store import queries
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.feedback import Marked, give_feedback, take_back
from monitor.store.feedback_subjects import Subject, find_subjects
from monitor.store.filters import Filters
from monitor.store.judging import judging

GROUP = "did-the-dam-hold"
YEAR = timedelta(days=365)


def one(db: Database, name: str) -> Subject:
    (subject,) = find_subjects(db, name)
    return subject


def say(db: Database, name: str, word: PairStatus) -> Marked:
    return give_feedback(db, one(db, name), word)


def statuses(db: Database) -> dict[str, str]:
    """Thread of the later side → status of its pair."""
    return {pair.right.thread: pair.status for pair in queries.list_contradictions(db, Filters())}


def waiting(db: Database) -> int:
    with db.read() as connection:
        rows = connection.scalars(select(t.notification.c.id).where(t.notification.c.state == "waiting"))
        return len(list(rows))


def deny(db: Database, name: str, *, group: str = GROUP, told: bool = False) -> None:
    """Another article in which somebody new denies what thread "held" asserts."""
    taken = store_and_take(db, name)
    (article,) = taken.articles
    claim = a_claim(article, name=name, stance=Stance.DENY, speaker=name, entity=name)
    pair = replace(a_contradiction("yes", name), group=group)
    alert = an_alert(f"contradiction:{group}", "yes", name, group=group)
    notifications = (Notification(alert=alert.fingerprint, receiver="desk"),)
    judge(
        db,
        taken,
        Findings(
            article=article,
            claims=(threaded(claim, name),),
            contradictions=(pair,),
            alerts=(alert,) if told else (),
            notifications=notifications if told else (),
        ),
    )


@pytest.fixture
def conflict(database: Database) -> Database:
    """Two who deny what "held" says, in one conflict that waits to be told; a third in another one."""
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    judge(
        database, taken, Findings(article=article, claims=(threaded(a_claim(article, name="yes"), "held"),))
    )
    deny(database, "mayor", told=True)
    deny(database, "union")
    deny(database, "stranger", group="something else")
    return database


def test_a_group_is_named_by_itself_or_with_its_kind(conflict: Database) -> None:
    for name in (GROUP, f"group:{GROUP}"):
        found = one(conflict, name)
        assert (found.kind, found.title, found.rules) == ("group", "whether the dam held", ("dams",))
        assert found.threads == ("held", "mayor", "union")
    assert find_subjects(conflict, "group:nothing") == ()


@pytest.mark.parametrize("word", [PairStatus.NOISE, PairStatus.OUTDATED])
def test_a_conflict_that_is_done_with_takes_its_pairs_along_and_is_not_sent(
    conflict: Database, word: PairStatus
) -> None:
    marked = say(conflict, f"group:{GROUP}", word)
    assert (marked.pairs, marked.held_back) == (2, 1)
    assert statuses(conflict) == {"mayor": word, "union": word, "stranger": "open"}
    assert waiting(conflict) == 0
    undone = take_back(conflict, one(conflict, GROUP))
    assert (undone.pairs, undone.released) == (2, 1)
    assert set(statuses(conflict).values()) == {"open"}
    assert waiting(conflict) == 1


def test_what_is_found_of_it_later_is_stored_as_done_with_and_not_told(conflict: Database) -> None:
    say(conflict, GROUP, PairStatus.OUTDATED)
    deny(conflict, "clerk")
    assert statuses(conflict)["clerk"] == "outdated"
    taken = store_and_take(conflict, "five")
    (article,) = taken.articles
    late, other = (
        threaded(a_claim(article, name=name, stance=Stance.DENY, speaker=name), name)
        for name in ("late", "other")
    )
    closed = a_contradiction("yes", "late")
    open_ = replace(a_contradiction("yes", "other"), group="something else")
    with judging(conflict, taken, article.version_id, ["dam"]) as book:
        prior = book.prior_claims(["dam"], since=AT - YEAR, until=AT + YEAR)
        assert book.undismissed((closed, open_), (late, other), prior) == (open_,)


def test_a_pair_that_is_real_stays_real_in_a_conflict_that_is_noise(conflict: Database) -> None:
    say(conflict, "contradiction:1", PairStatus.REAL)
    say(conflict, GROUP, PairStatus.NOISE)
    assert statuses(conflict) == {"mayor": "real", "union": "noise", "stranger": "open"}


def test_a_conflict_that_is_real_proves_no_single_pair(conflict: Database) -> None:
    say(conflict, GROUP, PairStatus.REAL)
    assert set(statuses(conflict).values()) == {"open"}
