"""What explaining takes from the ledger."""

from __future__ import annotations

import pytest
from ledger import a_claim, a_contradiction, judge, store_and_take, threaded

from monitor.core.evidence import explain_claim, explain_pair
from monitor.core.types import Findings, PairStatus, Stance
from monitor.store.database import Database
from monitor.store.evidence import known_claim, known_pair
from monitor.store.feedback import give_feedback
from monitor.store.feedback_subjects import find_subjects

VERSIONS = {"extractor": "7", "frames": "abc"}


@pytest.fixture
def ledger(database: Database) -> Database:
    """Claim 1 and 2 are one thread, 3 contradicts the first; judged in the order of their articles."""
    taken = store_and_take(database, "one", "two", "three")
    first, second, third = sorted(taken.articles, key=lambda article: article.id)
    for article, name in ((first, "yes"), (second, "again")):
        claims = (threaded(a_claim(article, name=name), "held"),)
        judge(database, taken, Findings(article=article, claims=claims, versions=VERSIONS))
    no = threaded(a_claim(third, name="no", stance=Stance.DENY, speaker="Mayor"), "broke")
    pairs = (a_contradiction("yes", "no"),)
    judge(database, taken, Findings(article=third, claims=(no,), contradictions=pairs, versions=VERSIONS))
    return database


def say(db: Database, name: str, word: PairStatus, note: str = "") -> None:
    (subject,) = find_subjects(db, name)
    give_feedback(db, subject, word, by="eva", note=note)


def test_a_claim_comes_with_its_text_its_thread_and_its_versions(ledger: Database) -> None:
    opened, joined = known_claim(ledger, 1), known_claim(ledger, 2)
    assert opened is not None
    assert joined is not None
    assert opened.article.text[opened.claim.start : opened.claim.end] == opened.claim.quote
    assert opened.earlier == ()
    assert [one.id for one in joined.earlier] == [1]
    assert (joined.appearances, joined.versions, joined.marks) == (2, VERSIONS, ())
    says = {step.name: "\n".join(step.says) for step in explain_claim(joined, None, None, {})}
    assert "nearest before: claim 1" in says["thread"]
    assert known_claim(ledger, 99) is None


def test_a_pair_comes_with_all_that_people_said_of_it(ledger: Database) -> None:
    say(ledger, "contradiction:1", PairStatus.REAL, "both said it")
    say(ledger, "group:did-the-dam-hold", PairStatus.OUTDATED)
    say(ledger, "thread:broke", PairStatus.NOISE)
    known = known_pair(ledger, 1)
    assert known is not None
    assert known.pair.comparator == "denial"
    assert known.in_group == 1
    shown = [mark.partition(" (")[0] for mark in known.marks]
    assert shown == [
        "this pair: real, says eva",
        "the conflict: outdated, says eva",
        "claim 3 and its thread: noise, says eva",
    ]
    assert known.marks[0].endswith(": both said it")
    steps = explain_pair(
        known.pair, known.left, known.right, versions=known.record.versions, now={}, again=None,
        in_group=1, marks=known.marks,
    )  # fmt: skip
    says = {step.name: "\n".join(step.says) for step in steps}
    assert says["met by"] == "1 key: dam"
    assert "holding affirmed (what = dam) against holding denied (what = dam)" in says["compared"]
    assert "compared again" not in says
    assert known_pair(ledger, 99) is None
