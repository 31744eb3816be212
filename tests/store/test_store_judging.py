"""One judgement: the lock, the book, what is saved and that nothing is saved twice."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from forks import FORKS
from ledger import (
    AT,
    a_claim,
    a_contradiction,
    a_match,
    an_alert,
    judge,
    reopen,
    store,
    store_and_take,
    take,
    threaded,
    version,
)
from sqlalchemy import (
    func,
    select,
)

from monitor.core.types import Findings, Notification, Stance, Suppression
from monitor.store import queries
from monitor.store import tables as t
from monitor.store.columns import key_number
from monitor.store.database import Database, database_now, open_database
from monitor.store.filters import Filters
from monitor.store.judging import judging
from monitor.store.tasks import TakenArticles

LONG_AGO = AT - timedelta(days=365)


def counts(db: Database) -> dict[str, int]:
    with db.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in t.metadata.sorted_tables
        }


def opposing(db: Database, taken: TakenArticles) -> Findings:
    """Two articles judged: the first's claim saved, the second's findings against it returned."""
    first, second = taken.articles
    yes = a_claim(first, name="yes")
    judge(db, taken, Findings(article=first, claims=(threaded(yes),), origin="o1", extractor="x1"))
    no = a_claim(second, name="no", stance=Stance.DENY, speaker="The Mayor", entity="mayor")
    alert = an_alert("alert one", "yes", "no")
    return Findings(
        article=second,
        matches=(a_match(second),),
        claims=(threaded(no),),
        contradictions=(a_contradiction("yes", "no"),),
        alerts=(alert,),
        notifications=(
            Notification(alert="alert one", receiver="desk"),
            Notification(alert="alert one", receiver="night", suppressed=Suppression.SILENCE),
        ),
        origin="o2",
        origin_keys=("h1", "h2", "h3"),
        extractor="x1",
    )


def test_judging_a_version_again_changes_nothing(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    findings = opposing(database, taken)
    judge(database, taken, findings)
    before = counts(database)
    assert before["contradiction"] == before["alert"] == 1
    assert before["notification"] == 2
    reopen(database)
    again = take(database)
    judge(database, again, findings)
    assert counts(database) == before


def test_an_alert_that_exists_is_not_sent_to_further_receivers_later(database: Database) -> None:
    taken = store_and_take(database, "one", "two", "three")
    third = taken.articles[2]
    findings = opposing(
        database, TakenArticles(token=taken.token, articles=taken.articles[:2], tasks=taken.tasks)
    )
    judge(database, taken, findings)
    late = Findings(
        article=third,
        alerts=findings.alerts,
        notifications=(Notification(alert="alert one", receiver="newcomer"),),
    )
    judge(database, taken, late)
    assert counts(database)["notification"] == 2


def test_what_must_not_be_sent_is_suppressed_even_if_the_plan_forgot(database: Database) -> None:
    taken = store_and_take(database, "one")
    findings = Findings(
        article=taken.articles[0],
        alerts=(an_alert("a"), an_alert("b", suppressed=Suppression.BACKFILL)),
        notifications=(
            Notification(alert="a", receiver=""),
            Notification(alert="b", receiver="desk"),
        ),
    )
    judge(database, taken, findings)
    with database.read() as connection:
        rows = connection.execute(select(t.notification).order_by(t.notification.c.receiver)).all()
    assert [(row.state, row.reason) for row in rows] == [
        ("suppressed", "no_route"),
        ("suppressed", "backfill"),
    ]


def test_the_origin_is_that_of_the_text_that_shares_most(database: Database) -> None:
    taken = store_and_take(database, "one", "two", "three")
    one, two, three = taken.articles
    judge(database, taken, Findings(article=one, origin="wire", origin_keys=("a", "b", "c", "d")))
    judge(database, taken, Findings(article=two, origin="other", origin_keys=("a", "x", "y", "z")))
    with judging(database, taken, three.version_id, []) as book:
        assert book.origin(["a", "b", "c"]) == ("wire", 3)
        assert book.origin(["a", "q"]) == ("wire", 1)
        assert book.origin(["y", "z"]) == ("other", 2)
        assert book.origin(["q"]) == ("", 0)
        assert book.origin([]) == ("", 0)


def test_origins_are_forgotten_after_a_fortnight_and_a_text_is_not_its_own(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    one, two = taken.articles
    judge(database, taken, Findings(article=one, origin="wire", origin_keys=("a",)))
    reopen(database)
    again = take(database)
    with judging(database, again, one.version_id, []) as book:
        assert book.origin(["a"]) == ("", 0)
    with database.write() as connection:
        connection.execute(
            t.origin_key.update().values(created_at=database_now(connection) - timedelta(days=15))
        )
    with judging(database, again, two.version_id, []) as book:
        assert book.origin(["a"]) == ("", 0)


def test_the_book_knows_which_alerts_exist(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    judge(database, taken, opposing(database, taken))
    reopen(database)
    again = take(database)
    with judging(database, again, again.articles[0].version_id, []) as book:
        assert book.sent(["alert one", "alert two"]) == {"alert one"}
        assert abs(book.now() - again.articles[0].fetched_at) < timedelta(minutes=1)


def test_a_contradiction_with_an_unknown_claim_is_a_bug_and_leaves_nothing(database: Database) -> None:
    taken = store_and_take(database, "one")
    findings = Findings(
        article=taken.articles[0],
        matches=(a_match(taken.articles[0]),),
        contradictions=(a_contradiction("nowhere", "never"),),
    )
    before = counts(database)
    with pytest.raises(ValueError, match="never"):
        judge(database, taken, findings)
    assert counts(database) == before


def test_many_keys_are_judged_one_at_a_time_without_exhausting_the_locks(postgres_url: str) -> None:
    from ledgers import new_ledger

    db = new_ledger(postgres_url)
    taken = store_and_take(db, "one", "two")
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    with (
        judging(db, taken, taken.articles[0].version_id, [f"key {n}" for n in range(5000)]),
        db.read() as other,
    ):
        assert other.exec_driver_sql(held).scalar_one() == 1
    with judging(db, taken, taken.articles[0].version_id, ["a", "b"]), db.read() as other:
        assert other.exec_driver_sql(held).scalar_one() == 3
    db.close()


# ---------------------------------------------------------------- two judges at once


def _judge_opposing(url: str, number: int, barrier: Any, locked: bool) -> None:
    """A worker that judges one of two opposing claims; unlocked, both look before either writes."""
    db = open_database(url)
    barrier.wait(60)
    taken = take(db, limit=1)
    (article,) = taken.articles
    stance = Stance.ASSERT if number == 0 else Stance.DENY
    mine = a_claim(article, name=f"claim {number}", stance=stance)
    barrier.wait(60)
    if locked:
        with judging(db, taken, article.version_id, mine.keys) as book:
            priors = book.prior_claims(mine.keys, since=LONG_AGO, until=AT + timedelta(days=1))
            time.sleep(0.3)  # long enough for the other to look too, were it let in
            pairs = tuple(a_contradiction(prior.claim.fingerprint, mine.fingerprint) for prior in priors)
            book.save(Findings(article=article, claims=(threaded(mine),), contradictions=pairs))
    else:
        with db.read() as connection:
            seen = connection.execute(
                select(t.claim_key.c.claim_id).where(t.claim_key.c.key == key_number("dam"))
            ).all()
        barrier.wait(60)
        with judging(db, taken, article.version_id, [f"a lock of my own {number}"]) as book:
            pairs = tuple(a_contradiction("claim 0", "claim 1") for _ in seen)
            book.save(Findings(article=article, claims=(threaded(mine),), contradictions=pairs))
    db.close()


@pytest.mark.parametrize(("locked", "found"), [(True, 1), (False, 0)])
def test_two_processes_that_judge_opposing_claims_find_the_pair_once_and_only_thanks_to_the_lock(
    database: Database, database_url: str, locked: bool, found: int
) -> None:
    store(database, version("one"), version("two"))
    barrier = FORKS.Barrier(2)
    judges = [
        FORKS.Process(target=_judge_opposing, args=(database_url, number, barrier, locked))
        for number in range(2)
    ]
    for one in judges:
        one.start()
    for one in judges:
        one.join(90)
    assert [one.exitcode for one in judges] == [0, 0]
    assert counts(database)["claim"] == 2
    assert counts(database)["contradiction"] == found


def _judge_same_alert(url: str, barrier: Any) -> None:
    """A worker that raises the same two alerts as its neighbour, about another subject."""
    db = open_database(url)
    taken = take(db, limit=1)
    (article,) = taken.articles
    claim = a_claim(article, keys=(f"subject of {article.version_id}",))
    names = ("alert a", "alert b") if article.version_id % 2 else ("alert b", "alert a")
    barrier.wait(60)
    judge(
        db,
        taken,
        Findings(
            article=article,
            claims=(threaded(claim),),
            alerts=tuple(an_alert(name, claim.fingerprint) for name in names),
            notifications=tuple(Notification(alert=name, receiver="desk") for name in names),
        ),
    )
    db.close()


def test_judges_of_different_subjects_that_raise_the_same_alerts_raise_them_once(
    database: Database, database_url: str
) -> None:
    store(database, *(version(f"v{n}") for n in range(4)))
    barrier = FORKS.Barrier(4)
    judges = [FORKS.Process(target=_judge_same_alert, args=(database_url, barrier)) for _ in range(4)]
    for one in judges:
        one.start()
    for one in judges:
        one.join(90)
    assert [one.exitcode for one in judges] == [0, 0, 0, 0]
    after = counts(database)
    assert (after["claim"], after["alert"], after["notification"]) == (4, 2, 2)


def test_claims_and_pairs_are_kept_with_the_versions_of_what_found_them(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    yes, no = a_claim(first, name="yes"), a_claim(second, name="no", stance=Stance.DENY)
    judge(database, taken, Findings(article=first, claims=(threaded(yes),), extractor="7"))
    versions = {"extractor": "8", "comparators": "3", "frames": "abc", "parser": "model 1.0"}
    pairs = (a_contradiction("yes", "no"),)
    judge(
        database,
        taken,
        Findings(article=second, claims=(threaded(no),), contradictions=pairs, versions=versions),
    )
    (pair,) = queries.list_contradictions(database, Filters())
    assert pair.versions == versions
    assert pair.right.versions == versions
    # Of what was stored before versions were kept the extractor is known.
    assert pair.left.versions == {"extractor": "7"}
    assert pair.comparator == "denial"
