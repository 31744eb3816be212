"""Questions to a model outside: what is known already, and how many may go out in an hour."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import func, select, update

from monitor.store.database import Database, database_now
from monitor.store.opinion_tables import opinion
from monitor.store.opinions import BUDGET_WINDOW, begin_question, end_question, known_opinions

TEXTS = ("The gates stood open.", "The gates stayed shut. \x00")
MODEL = {"model": "judge-1", "version": "endpoint"}


def ask(
    db: Database, texts: tuple[str, str] = TEXTS, *, most: int = 10, score: float | None = 0.9
) -> int | None:
    id = begin_question(db, **MODEL, texts=texts, most_an_hour=most)
    if id is not None:
        outcome = "timeout" if score is None else "answered"
        end_question(db, id, outcome=outcome, score=score, why="It cannot be.", detail="")
    return id


def test_an_answer_is_known_to_the_same_question_only(database: Database) -> None:
    ask(database)
    questions = [TEXTS, TEXTS[::-1], ("a", "b")]
    assert known_opinions(database, **MODEL, questions=questions) == {TEXTS: 0.9}
    assert known_opinions(database, model="judge-2", version="endpoint", questions=questions) == {}
    assert known_opinions(database, **MODEL, questions=[]) == {}


def test_what_was_not_answered_is_kept_and_asked_again(database: Database) -> None:
    ask(database, score=None)
    assert known_opinions(database, **MODEL, questions=[TEXTS]) == {}
    ask(database, score=0.2)
    assert known_opinions(database, **MODEL, questions=[TEXTS]) == {TEXTS: 0.2}
    with database.read() as connection:
        rows = connection.execute(select(opinion).order_by(opinion.c.id)).all()
    assert [row.outcome for row in rows] == ["timeout", "answered"]
    assert all(row.ended_at >= row.asked_at for row in rows)
    assert rows[0].first == TEXTS[0]


def test_the_hour_has_a_budget_that_answered_and_failed_questions_use_up(database: Database) -> None:
    assert ask(database, most=2)
    assert ask(database, ("a", "b"), most=2, score=None)
    assert ask(database, ("c", "d"), most=2) is None
    with database.write() as connection:
        past = database_now(connection) - BUDGET_WINDOW - timedelta(seconds=1)
        connection.execute(update(opinion).values(asked_at=past))
    assert ask(database, ("c", "d"), most=2)


def test_processes_that_ask_at_once_do_not_overspend(database: Database) -> None:
    start = threading.Barrier(6)

    def rush(number: int) -> None:
        start.wait()
        ask(database, (str(number), ""), most=3)

    threads = [threading.Thread(target=rush, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(opinion)) == 3
