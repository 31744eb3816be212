"""Work by lease: taken once, counted before it begins, fenced, quarantined."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from forks import FORKS
from ledger import MINUTE, a_match, judge, store, store_and_take, take, version
from sqlalchemy import select, text

from monitor.core.types import Findings
from monitor.errors import LeaseLostError
from monitor.store import tables as t
from monitor.store import tasks as verbs
from monitor.store.database import Database, open_database
from monitor.store.judging import judging
from monitor.store.stuck import retry_stuck, stuck_articles

NOTHING = timedelta(0)


def make_due(db: Database) -> None:
    """As if all back-offs and leases had run out."""
    with db.write() as connection:
        connection.execute(t.task.update().values(due_at=t.task.c.created_at))


def errors(db: Database) -> list[tuple[str, int, str]]:
    with db.read() as connection:
        rows = connection.execute(
            select(t.task.c.state, t.task.c.attempts, t.task.c.error).order_by(t.task.c.id)
        )
        return [(row.state, row.attempts, row.error) for row in rows]


def test_work_is_taken_in_the_order_it_came_and_only_once(database: Database) -> None:
    ids = store(database, *(version(name) for name in ("one", "two", "three")))
    taken = take(database, limit=2)
    assert tuple(article.version_id for article in taken.articles) == ids[:2]
    assert tuple(article.version_id for article in take(database).articles) == ids[2:]
    assert take(database).articles == ()


def test_a_taken_article_is_what_was_stored(database: Database) -> None:
    store(database, version("one", title="Дамба", lang="ru", published_at=None))
    (article,) = take(database).articles
    assert (article.title, article.lang, article.version, article.feed_id) == ("Дамба", "ru", 1, None)
    assert article.published_at is None
    assert article.at == article.fetched_at
    assert not article.backfill


def test_an_article_that_was_tried_before_is_taken_alone(database: Database) -> None:
    store(database, *(version(name) for name in ("one", "two", "three")))
    take(database, limit=1, lease_for=NOTHING)
    make_due(database)
    batches = [len(take(database).articles) for _ in range(3)]
    assert sorted(batches) == [0, 1, 2]


def test_a_worker_that_dies_is_counted_and_its_article_quarantined_after_three_attempts(
    database: Database,
) -> None:
    store(database, version("poison"))
    for _ in range(verbs.MAX_ATTEMPTS):
        assert len(take(database, lease_for=NOTHING).articles) == 1
    assert take(database, lease_for=NOTHING).articles == ()
    assert verbs.quarantine_exhausted(database) == 1
    assert errors(database) == [("stuck", 3, verbs.DIED)]
    assert verbs.outstanding(database).stuck_articles == 1
    (stuck,) = stuck_articles(database)
    assert (stuck.article, stuck.version, stuck.error, stuck.first_time) == (1, 1, verbs.DIED, True)
    assert stuck.stuck_at is not None
    assert stuck_articles(database, [1]) == (stuck,)
    assert stuck_articles(database, [7]) == retry_stuck(database, [7]) == ()
    assert retry_stuck(database, [1]) == (stuck,)
    assert stuck_articles(database) == ()
    assert len(take(database).articles) == 1
    assert retry_stuck(database) == ()


def test_the_last_attempt_is_not_quarantined_while_its_lease_runs(database: Database) -> None:
    store(database, version("slow"))
    for _ in range(verbs.MAX_ATTEMPTS - 1):
        take(database, lease_for=NOTHING)
    take(database, lease_for=MINUTE)
    assert verbs.quarantine_exhausted(database) == 0
    assert verbs.outstanding(database).open_articles == 1


def test_a_failed_article_waits_longer_each_time_and_is_then_stuck_with_its_error(
    database: Database,
) -> None:
    store(database, version("bad"))
    waits = []
    for attempt in range(verbs.MAX_ATTEMPTS):
        taken = take(database)
        verbs.fail_article(database, taken, taken.articles[0].version_id, f"error {attempt}\x00")
        with database.read() as connection:
            row = connection.execute(select(t.task)).one()
            waits.append(row.due_at)
        assert take(database).articles == ()
        make_due(database)
    assert waits[1] - waits[0] > timedelta(seconds=5)
    assert errors(database) == [("stuck", 3, "error 2\ufffd")]


def test_a_released_article_keeps_its_attempts(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    verbs.release_articles(database, taken, taken.tasks)
    assert len(take(database).articles) == 2
    assert [attempts for _, attempts, _ in errors(database)] == [1, 1]


def test_matches_and_closed_tasks_are_stored_together_and_once(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    verbs.finish_without_claims(
        database, taken, taken.tasks, [a_match(first), a_match(first), a_match(second)]
    )
    with database.read() as connection:
        assert len(connection.execute(select(t.match)).all()) == 2
    assert [state for state, _, _ in errors(database)] == ["judged", "judged"]
    counts = verbs.outstanding(database)
    assert (counts.articles, counts.open_articles) == (0, 0)


def finish(db: Database, taken: verbs.TakenArticles) -> None:
    verbs.finish_without_claims(db, taken, taken.tasks, [a_match(taken.articles[0])])


def save(db: Database, taken: verbs.TakenArticles) -> None:
    article = taken.articles[0]
    judge(db, taken, Findings(article=article, matches=(a_match(article),)))


def extend(db: Database, taken: verbs.TakenArticles) -> None:
    verbs.extend_lease(db, taken, lease_for=MINUTE)


@pytest.mark.parametrize("late_verb", [finish, save, extend])
def test_a_worker_whose_article_was_taken_over_writes_nothing(
    database: Database, late_verb: Callable[[Database, verbs.TakenArticles], None]
) -> None:
    store(database, version("one"))
    late = take(database, lease_for=NOTHING)
    now = take(database)
    with pytest.raises(LeaseLostError):
        late_verb(database, late)
    verbs.fail_article(database, late, late.articles[0].version_id, "too late")
    verbs.release_articles(database, late, late.tasks)
    assert errors(database) == [("waiting", 2, "")]
    with database.read() as connection:
        assert connection.execute(select(t.match)).all() == []
    finish(database, now)
    assert errors(database) == [("judged", 2, "")]


def test_extending_a_lease_keeps_others_away_and_ignores_what_we_closed_ourselves(database: Database) -> None:
    store(database, *(version(name) for name in ("one", "two", "three", "four")))
    taken = take(database, lease_for=NOTHING)
    first, second, third, _ = (article.version_id for article in taken.articles)
    verbs.finish_without_claims(database, taken, [first], [])
    verbs.fail_article(database, taken, second, "no")
    verbs.release_articles(database, taken, [third])
    verbs.extend_lease(database, taken, lease_for=MINUTE)
    assert [article.version_id for article in take(database).articles] == [third]


def test_a_version_of_another_batch_is_a_bug(database: Database) -> None:
    taken = store_and_take(database, "one")
    with pytest.raises(ValueError, match="not in this batch"):
        verbs.fail_article(database, taken, 999, "")


def _take_all(url: str, barrier: object, found: object) -> None:
    db = open_database(url)
    barrier.wait()  # type: ignore[attr-defined]  # a multiprocessing barrier has no importable type
    while (taken := take(db, limit=3)).articles:
        found.put([article.version_id for article in taken.articles])  # type: ignore[attr-defined]  # as above
    db.close()


def test_eight_processes_never_take_the_same_article(database: Database, database_url: str) -> None:
    ids = store(database, *(version(f"a{n}") for n in range(100)))
    barrier, found = FORKS.Barrier(8), FORKS.Queue()
    takers = [FORKS.Process(target=_take_all, args=(database_url, barrier, found)) for _ in range(8)]
    for taker in takers:
        taker.start()
    taken: list[int] = []
    while len(taken) < len(ids):
        taken += found.get(timeout=60)
    for taker in takers:
        taker.join(60)
    assert found.empty()
    assert [taker.exitcode for taker in takers] == [0] * 8
    assert sorted(taken) == sorted(ids)


def _die_over_it(url: str) -> None:
    db = open_database(url)
    taken = take(db, lease_for=timedelta(milliseconds=300))
    with judging(db, taken, taken.articles[0].version_id, ["dam"]) as book:
        book.save(Findings(article=taken.articles[0], matches=(a_match(taken.articles[0]),)))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_killed_before_its_commit_leaves_only_the_counted_attempt(
    database: Database, database_url: str
) -> None:
    store(database, version("one"))
    worker = FORKS.Process(target=_die_over_it, args=(database_url,))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    assert errors(database) == [("waiting", 1, "")]
    make_due(database)
    taken = take(database)
    save(database, taken)
    assert errors(database) == [("judged", 2, "")]


@pytest.mark.parametrize("kind", [verbs.JUDGE, verbs.AGAIN])
def test_taking_uses_the_partial_index_however_much_is_done(database: Database, kind: str) -> None:
    store(database, version("one"))
    with database.write() as connection:
        if database.dialect == "postgresql":
            # The planner would rather scan so small a table; a closed row must not be in its way.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
        statement = (
            select(t.task)
            .where(verbs.state_is(t.task, "waiting"), t.task.c.due_at <= verbs.database_now(connection))
            .where(t.task.c.kind == kind)
            .order_by(t.task.c.due_at, t.task.c.id)
            .limit(50)
        )
        compiled = statement.compile(database.engine, compile_kwargs={"literal_binds": False})
        plan = connection.exec_driver_sql(explain + str(compiled), _positional(database, compiled)).all()
    assert "ix_task_due" in str(plan)
    assert "SORT" not in str(plan).upper().replace("SORTED", "")
    assert "TEMP B-TREE" not in str(plan)


def _positional(database: Database, compiled: object) -> object:
    parameters = compiled.construct_params()  # type: ignore[attr-defined]  # SQLAlchemy's Compiled
    processed = {
        name: str(value) if database.dialect == "sqlite" else value for name, value in parameters.items()
    }
    order = compiled.positiontup  # type: ignore[attr-defined]  # as above
    return tuple(processed[name] for name in order) if order else processed
