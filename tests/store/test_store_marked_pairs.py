"""Pairs that people spoke about, as measuring and exporting see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ledger import AT, a_claim, a_contradiction, judge, store_and_take, threaded

from monitor.core.types import Findings, PairStatus, Stance
from monitor.store.database import Database
from monitor.store.feedback import give_feedback, take_back
from monitor.store.feedback_subjects import find_subjects
from monitor.store.marked_pairs import marked_pairs, pairs_between, versions_of


def say(db: Database, name: str, word: PairStatus) -> None:
    (subject,) = find_subjects(db, name)
    give_feedback(db, subject, word)


@pytest.fixture
def ledger(database: Database) -> Database:
    """Pair 1 and pair 2 say the same in two places (threads held and broke); pair 3 is another one."""
    taken = store_and_take(database, "one", "two", "three")
    first, second, third = taken.articles
    yes = threaded(a_claim(first, name="yes"), "held")
    no = threaded(a_claim(second, name="no", stance=Stance.DENY, speaker="Mayor"), "broke")
    again = threaded(a_claim(third, name="again", stance=Stance.DENY, speaker="Mayor"), "broke")
    other = threaded(a_claim(third, name="other", stance=Stance.DENY, speaker="Union"), "union")
    judge(database, taken, Findings(article=first, claims=(yes,)))
    judge(
        database,
        taken,
        Findings(article=second, claims=(no,), contradictions=(a_contradiction("yes", "no"),)),
    )
    pairs = (a_contradiction("yes", "again"), a_contradiction("yes", "other"))
    judge(database, taken, Findings(article=third, claims=(again, other), contradictions=pairs))
    return database


def test_one_pair_for_each_word_and_none_for_what_only_its_claim_dismissed(ledger: Database) -> None:
    assert marked_pairs(ledger) == ()
    say(ledger, "contradiction:1", PairStatus.REAL)
    say(ledger, "thread:union", PairStatus.NOISE)
    (one,) = marked_pairs(ledger)
    assert (one.word, one.pair.id, one.pair.comparator, one.frames) == ("real", 1, "denial", ("holding",))
    assert one.disputed == "whether the dam held"
    assert marked_pairs(ledger, since=AT + timedelta(days=1)) == ()
    (subject,) = find_subjects(ledger, "contradiction:1")
    take_back(ledger, subject)
    assert marked_pairs(ledger) == ()


def test_pairs_between_articles_carry_what_was_said_of_the_same_claims_elsewhere(ledger: Database) -> None:
    say(ledger, "contradiction:1", PairStatus.NOISE)
    assert [(one.pair.id, one.word) for one in pairs_between(ledger, [1, 2, 3])] == [
        (1, "noise"),
        (2, "noise"),
        (3, "open"),
    ]
    (first, *_) = marked_pairs(ledger)
    places = {side.article.id for side in (first.pair.left, first.pair.right)}
    assert [one.pair.id for one in pairs_between(ledger, places)] == [1]
    texts = versions_of(ledger, pairs_between(ledger, places))
    assert sorted(texts) == [(id, 1) for id in sorted(places)]
    assert {one.text[18:25] for one in texts.values()} == {"the dam"}
