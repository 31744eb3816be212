"""Feedback in the ledger: what is kept, what it changes at once, and what survives judging again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from ledger import (
    AT,
    MINUTE,
    a_claim,
    a_contradiction,
    a_match,
    an_alert,
    judge,
    store,
    store_and_take,
    take,
    threaded,
    version,
)
from sqlalchemy import select, update

from monitor.core.types import Findings, Notification, PairStatus, Stance
from monitor.errors import UsageError
from monitor.store import queries
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.feedback import Marked, give_feedback, list_feedback, take_back
from monitor.store.feedback_subjects import Subject, find_subjects
from monitor.store.filters import CURRENT, Filters
from monitor.store.judging import judging
from monitor.store.notifications import take_notifications

REAL, NOISE, OUTDATED = PairStatus.REAL, PairStatus.NOISE, PairStatus.OUTDATED


def one(db: Database, name: str) -> Subject:
    (subject,) = find_subjects(db, name)
    return subject


def say(db: Database, name: str, word: PairStatus, **more: str) -> Marked:
    return give_feedback(db, one(db, name), word, **more)


def statuses(db: Database) -> list[str]:
    return [pair.status for pair in queries.list_contradictions(db, Filters())]


@pytest.fixture
def story(database: Database) -> Database:
    """Match 1 of rule `dams`, contradiction 1 of threads `held` and `broke`, its alert waiting to be sent."""
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    yes = replace(a_claim(first, name="yes"), score=0.9)
    judge(
        database,
        taken,
        Findings(article=first, matches=(a_match(first),), claims=(threaded(yes, "held"),), extractor="7"),
    )
    no = a_claim(
        second, name="no", stance=Stance.DENY, speaker="The Mayor", entity="mayor", rules=("mayors",)
    )
    judge(
        database,
        taken,
        Findings(
            article=second,
            claims=(threaded(no, "broke"),),
            contradictions=(a_contradiction("yes", "no"),),
            alerts=(an_alert("contradiction:dam", "yes", "no"), an_alert("new_claim:held", "yes")),
            notifications=(
                Notification(alert="contradiction:dam", receiver="desk"),
                Notification(alert="contradiction:dam", receiver="pager"),
                Notification(alert="new_claim:held", receiver="desk"),
            ),
            extractor="7",
        ),
    )
    return database


def said_again(db: Database, name: str, thread: str, *, alert: str = "") -> None:
    """Another article repeats the claim of `thread`, and contradicts the other side anew."""
    store(db, version(name))
    taken = take(db)
    (article,) = taken.articles
    claim = a_claim(article, name=f"claim of {name}")
    alerts = (an_alert(alert, claim.fingerprint, "no"),) if alert else ()
    judge(
        db,
        taken,
        Findings(
            article=article,
            claims=(threaded(claim, thread),),
            contradictions=(a_contradiction(claim.fingerprint, "no"),),
            alerts=alerts,
        ),
    )


# ---------------------------------------------------------------- what can be named


def test_names_lead_to_what_the_lists_show(story: Database) -> None:
    for name, kind, rules in (
        ("match:1", "match", ("dams",)),
        ("contradiction:1", "contradiction", ("dams", "mayors")),
        ("thread:held", "thread", ("dams",)),
        ("held", "thread", ("dams",)),
        ("claim:2", "thread", ("mayors",)),
        ("alert:1", "contradiction", ("dams", "mayors")),
        ("alert:2", "thread", ("dams",)),
    ):
        found = one(story, name)
        assert (found.kind, found.rules) == (kind, rules), name


def test_a_number_that_is_two_things_gives_both(story: Database) -> None:
    assert [found.name for found in find_subjects(story, "1")] == ["match:1", "contradiction:1"]


@pytest.mark.parametrize(
    "name", ["2", "match:7", "contradiction:x", "thread:", "nobody", "", "alert:9", "9" * 40]
)
def test_what_does_not_exist_is_nothing(story: Database, name: str) -> None:
    assert find_subjects(story, name) == ()


# ---------------------------------------------------------------- what is kept


def test_a_word_is_kept_with_who_when_why_and_what_found_it(story: Database) -> None:
    say(story, "match:1", NOISE, by="eva", note="a film")
    say(story, "contradiction:1", REAL, by="omar")
    pair, match = list_feedback(story)
    assert (match.kind, match.word, match.by, match.note, match.rules, match.rule_version, match.article) == (
        "match", "noise", "eva", "a film", ("dams",), "r1", 1,
    )  # fmt: skip
    assert (pair.comparator, pair.extractor, pair.subject) == ("denial", "7", "whether the dam held")
    assert pair.created_at >= match.created_at


def test_a_later_word_takes_the_place_of_an_earlier_one_and_the_history_stays(story: Database) -> None:
    say(story, "match:1", NOISE)
    assert say(story, "match:1", REAL).before == "noise"
    assert [found.word for found in list_feedback(story)] == ["real"]
    history = list(list_feedback(story, history=True))
    assert [(found.word, found.state) for found in history] == [("real", "standing"), ("noise", "replaced")]
    assert history[1].closed_at is not None
    assert queries.get_match(story, 1).status == "real"  # type: ignore[union-attr]  # it is there


def test_undoing_brings_back_the_word_before_and_then_none(story: Database) -> None:
    say(story, "match:1", NOISE)
    say(story, "match:1", REAL)
    undone = take_back(story, one(story, "match:1"))
    assert undone.standing is not None
    assert (undone.standing.word, undone.before) == ("noise", "real")
    assert take_back(story, one(story, "match:1")).standing is None
    with pytest.raises(UsageError, match="nothing to undo"):
        take_back(story, one(story, "match:1"))
    assert {found.state for found in list_feedback(story, history=True)} == {"undone"}


def test_lists_of_words_are_filtered(story: Database) -> None:
    say(story, "match:1", NOISE)
    say(story, "contradiction:1", REAL)
    say(story, "thread:broke", OUTDATED)
    for wanted, words in (
        ({"rule": "dams"}, ["real", "noise"]),
        ({"kind": "thread"}, ["outdated"]),
        ({"word": "noise"}, ["noise"]),
        ({"rule": "nothing"}, []),
        ({"limit": 1}, ["outdated"]),
    ):
        assert [found.word for found in list_feedback(story, **wanted)] == words  # type: ignore[arg-type]  # by name
    (newest, *_) = list_feedback(story)
    assert list(list_feedback(story, since=newest.created_at + timedelta(seconds=1))) == []


@pytest.mark.parametrize(("more", "what"), [({"by": "x" * 121}, "name"), ({"note": "x" * 2001}, "note")])
def test_a_name_or_note_that_is_too_long_is_refused_and_nothing_is_kept(
    story: Database, more: dict[str, str], what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        say(story, "match:1", NOISE, **more)
    assert list(list_feedback(story)) == []


def test_text_that_no_database_stores_is_kept_all_the_same(story: Database) -> None:
    say(story, "match:1", NOISE, by="a\x00b", note="x\ud800y")
    (kept,) = list_feedback(story)
    assert (kept.by, kept.note) == ("a\ufffdb", "x\ufffdy")


def test_many_who_speak_at_once_leave_one_word_standing(story: Database) -> None:
    subject = one(story, "contradiction:1")
    words = [REAL, NOISE, OUTDATED, NOISE] * 3
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda word: give_feedback(story, subject, word), words))
    assert len(list(list_feedback(story))) == 1
    assert len(list(list_feedback(story, history=True))) == len(words)
    assert statuses(story) == [found.word for found in list_feedback(story)]


# ---------------------------------------------------------------- what it changes at once


def test_a_contradiction_has_the_status_that_was_said_and_lists_leave_noise_out(story: Database) -> None:
    for word in (NOISE, OUTDATED, REAL):
        say(story, "contradiction:1", word)
        assert statuses(story) == [word.value]
        shown = list(queries.list_contradictions(story, Filters(statuses=CURRENT)))
        assert len(shown) == (word is REAL)
    take_back(story, one(story, "contradiction:1"))
    take_back(story, one(story, "contradiction:1"))
    take_back(story, one(story, "contradiction:1"))
    assert statuses(story) == ["open"]


def test_claims_and_matches_are_listed_by_what_was_said(story: Database) -> None:
    say(story, "thread:held", NOISE)
    say(story, "match:1", REAL)
    assert [claim.status for claim in queries.list_claims(story, Filters(statuses=CURRENT))] == ["open"]
    assert [claim.id for claim in queries.list_claims(story, Filters(statuses=("noise",)))] == [1]
    assert [match.id for match in queries.list_matches(story, Filters(statuses=("real",)))] == [1]
    assert list(queries.list_matches(story, Filters(statuses=("open",)))) == []


def test_a_claim_that_is_noise_leaves_no_contradiction_but_one_that_is_real_proves_none(
    story: Database,
) -> None:
    assert say(story, "thread:broke", NOISE).pairs == 1
    assert statuses(story) == ["noise"]
    say(story, "thread:broke", REAL)
    assert statuses(story) == ["open"]
    say(story, "thread:broke", OUTDATED)
    say(story, "contradiction:1", REAL)
    assert statuses(story) == ["real"]


def test_the_same_claims_said_again_elsewhere_are_the_same_pair(story: Database) -> None:
    said_again(story, "three", "held")
    assert say(story, "contradiction:1", NOISE).pairs == 2
    said_again(story, "four", "held")
    assert statuses(story) == ["noise"] * 3
    said_again(story, "five", "another thread")
    assert sorted(statuses(story)) == ["noise", "noise", "noise", "open"]


def test_judging_the_same_article_again_loses_no_feedback(story: Database) -> None:
    say(story, "contradiction:1", NOISE)
    say(story, "match:1", REAL)
    with story.write() as connection:
        connection.execute(t.contradiction.delete())
        connection.execute(t.match.delete())
        connection.execute(update(t.task).values(state="waiting", token=None, attempts=0, due_at=AT))
    taken = take(story)
    first, second = sorted(taken.articles, key=lambda article: article.id)
    judge(story, taken, Findings(article=first, matches=(a_match(first),)))
    judge(story, taken, Findings(article=second, contradictions=(a_contradiction("yes", "no"),)))
    assert statuses(story) == ["noise"]
    assert [match.status for match in queries.list_matches(story, Filters())] == ["real"]


# ---------------------------------------------------------------- alerts


def waiting(db: Database) -> list[str]:
    """Receivers of what may still be sent."""
    with db.read() as connection:
        rows = connection.scalars(
            select(t.notification.c.receiver).where(t.notification.c.state == "waiting")
        )
        return sorted(rows)


def test_noise_is_not_sent_any_more_and_says_why(story: Database) -> None:
    assert say(story, "contradiction:1", NOISE).held_back == 2
    assert waiting(story) == ["desk"]
    (alert,) = (alert for alert in queries.list_alerts(story, Filters()) if len(alert.claims) == 2)
    assert [(sent.state, sent.reason) for sent in alert.notifications] == [("suppressed", "dismissed")] * 2


def test_real_holds_nothing_back(story: Database) -> None:
    assert say(story, "contradiction:1", REAL).held_back == 0
    assert waiting(story) == ["desk", "desk", "pager"]


def test_a_claim_that_is_noise_is_not_told_as_new_nor_as_contradicted(story: Database) -> None:
    assert say(story, "thread:held", NOISE).held_back == 3
    assert waiting(story) == []


def test_what_was_held_back_goes_out_when_the_word_is_taken_back_soon(story: Database) -> None:
    say(story, "contradiction:1", NOISE)
    assert take_back(story, one(story, "contradiction:1")).released == 2
    assert waiting(story) == ["desk", "desk", "pager"]
    say(story, "contradiction:1", OUTDATED)
    assert say(story, "contradiction:1", REAL).released == 2
    assert len(take_notifications(story, limit=10, lease_for=MINUTE)) == 3


def test_what_was_held_back_long_ago_stays_unsent(story: Database) -> None:
    say(story, "contradiction:1", NOISE)
    with story.write() as connection:
        connection.execute(update(t.alert).values(created_at=t.alert.c.created_at))
        old = select(t.alert.c.created_at).limit(1).scalar_subquery()
        at = connection.scalar(select(old))
        assert at is not None
        connection.execute(update(t.alert).values(created_at=at - timedelta(days=2)))
    assert take_back(story, one(story, "contradiction:1")).released == 0
    assert waiting(story) == ["desk"]


def test_what_was_sent_stays_sent(story: Database) -> None:
    with story.write() as connection:
        connection.execute(
            update(t.notification).where(t.notification.c.receiver == "pager").values(state="sent")
        )
    assert say(story, "contradiction:1", NOISE).held_back == 1
    states = {
        sent.receiver: sent.state
        for alert in queries.list_alerts(story, Filters())
        if len(alert.claims) == 2
        for sent in alert.notifications
    }
    assert states == {"desk": "suppressed", "pager": "sent"}


def test_a_conflict_whose_alert_reached_nobody_can_be_told_by_another_pair(story: Database) -> None:
    say(story, "contradiction:1", NOISE)
    said_again(story, "three", "another thread", alert="contradiction:dam")
    told = [alert for alert in queries.list_alerts(story, Filters()) if len(alert.claims) == 2]
    assert len(told) == 2
    # And the first does not come back beside it.
    assert take_back(story, one(story, "contradiction:1")).released == 0


def test_a_judge_learns_which_pairs_are_not_to_be_told(story: Database) -> None:
    store(story, version("three"))
    taken = take(story)
    (article,) = taken.articles
    again = threaded(a_claim(article, name="again"), "held")
    pair = a_contradiction("again", "no")
    for word, told in ((None, 1), (NOISE, 0), (REAL, 1), (OUTDATED, 0)):
        if word is not None:
            say(story, "contradiction:1", word)
        with judging(story, taken, article.version_id, ["dam"]) as book:
            prior = book.prior_claims(["dam"], since=article.at - timedelta(days=1), until=article.at)
            assert len(book.undismissed([pair], [again], prior)) == told
