"""Threads: the same claim said again, with what each appearance brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ledger import AT, a_claim, a_contradiction, judge, store, take, threaded, version
from ledgers import new_ledger
from sqlalchemy import event

from monitor.core.types import Findings, PairStatus, Stance
from monitor.errors import UsageError
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.feedback import give_feedback
from monitor.store.feedback_subjects import find_subjects
from monitor.store.queries import Filters


def said_again(db: Database) -> None:
    """One thread: first said, copied, said by another origin, then by another speaker; and denied."""
    hours = range(4)
    store(
        db,
        *(
            version(f"a{hour}", published_at=AT + timedelta(hours=hour), publisher=f"P{hour}")
            for hour in hours
        ),
        version("against", published_at=AT + timedelta(hours=9), publisher="Herald"),
    )
    taken = take(db)
    *said, against = taken.articles
    for article, origin, speaker in zip(
        said, ("o1", "o1", "o2", "o3"), ("Minister", "Minister", "Minister", "Deputy"), strict=True
    ):
        one = a_claim(article, name=f"claim of {article.title}", speaker=speaker)
        judge(db, taken, Findings(article=article, claims=(threaded(one, "thread-1"),), origin=origin))
    no = a_claim(against, name="no", stance=Stance.DENY, speaker="Mayor")
    pair = a_contradiction("claim of Title of a0", "no")
    judge(
        db,
        taken,
        Findings(article=against, claims=(threaded(no, "thread-2"),), contradictions=(pair,), origin="o9"),
    )


def test_a_thread_tells_who_said_it_in_which_order_and_how_far_it_spread(database: Database) -> None:
    said_again(database)
    denial, thread = queries.list_threads(database, Filters())
    assert (denial.id, denial.contradictions) == ("thread-2", 1)
    assert (thread.id, thread.claim.article.publisher) == ("thread-1", "P0")
    assert (thread.speakers, thread.publishers) == (("Minister", "Deputy"), ("P0", "P1", "P2", "P3"))
    assert (thread.first_seen_at, thread.last_seen_at) == (AT, AT + timedelta(hours=3))
    assert (thread.appearances, thread.origins, thread.contradictions) == (4, 3, 1)


def test_its_history_says_what_is_a_copy_what_corroborates_and_who_is_new(database: Database) -> None:
    said_again(database)
    thread = queries.get_thread(database, "thread-1")
    assert thread is not None
    first = thread.history[0].article.id
    brought = [(one.copy_of, one.new_origin, one.new_speaker) for one in thread.history]
    assert brought == [
        (None, False, False),
        (first, False, False),
        (None, True, False),
        (None, True, True),
    ]
    (pair,) = thread.pairs
    assert (pair.relation, pair.other.thread, pair.claim) == ("contradiction", "thread-2", thread.claim.id)
    (listed,) = queries.list_threads(database, Filters(publisher="P2"))
    whole = queries.as_json(thread)
    assert {name: whole[name] for name in queries.as_json(listed)} == queries.as_json(listed)


def test_what_was_marked_as_noise_counts_as_no_contradiction_but_is_shown(database: Database) -> None:
    said_again(database)
    (subject,) = find_subjects(database, "contradiction:1")
    give_feedback(database, subject, PairStatus.NOISE, by="eva")
    thread = queries.get_thread(database, "thread-1")
    assert thread is not None
    assert (thread.contradictions, [pair.status for pair in thread.pairs]) == (0, ["noise"])


def test_the_beginning_of_a_name_will_do_where_only_one_thread_has_it(database: Database) -> None:
    said_again(database)
    found = queries.get_thread(database, "thread-2")
    assert found is not None
    assert found.id == "thread-2"
    with pytest.raises(UsageError, match="thread-1, thread-2"):
        queries.get_thread(database, "threa")
    for name in ("", "t", "thr", "thread-3", "thread%", "%", "\x00"):
        assert queries.get_thread(database, name) is None, name


def test_the_newest_claim_of_each_thread_is_found_by_indexes_alone(sqlite_url: str) -> None:
    """Otherwise a list would cost more with every claim there is; PostgreSQL's plans want big tables."""
    database = new_ledger(sqlite_url)
    said_again(database)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    assert len(list(queries.list_threads(database, Filters()))) == 2
    statement, values = asked[1]  # after BEGIN
    with database.read() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.close()
    plan = " / ".join(row.detail for row in rows)
    assert "SCAN last_said USING INDEX ix_claim_said_at_id" in plan
    assert "COVERING INDEX ix_claim_thread_said_at_id (thread=?" in plan
    assert "TEMP B-TREE" not in plan
