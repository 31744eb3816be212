"""What was said before: which earlier claims a judgement is given, whole, and how many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ledger import (
    AT,
    a_claim,
    judge,
    reopen,
    store,
    store_and_take,
    take,
    threaded,
    version,
)
from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    insert,
    select,
    text,
)

from monitor.core.types import Findings
from monitor.store import tables as t
from monitor.store.columns import UtcDateTime, index_key, key_number
from monitor.store.database import Database
from monitor.store.judging import PRIOR_LIMIT, judging
from monitor.store.migrations import upgrade

LONG_AGO = AT - timedelta(days=365)


def test_prior_claims_come_back_whole_with_thread_origin_and_publisher(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    claim = a_claim(first, keys=("dam", "ключ " * 200))
    judge(database, taken, Findings(article=first, claims=(threaded(claim, "t1"),), origin="o1"))
    with judging(database, taken, second.version_id, claim.keys) as book:
        for key in claim.keys:
            (prior,) = book.prior_claims([key], since=LONG_AGO, until=AT + timedelta(days=1))
            assert prior.claim == claim
            assert (prior.thread, prior.origin, prior.publisher) == ("t1", "o1", "The Wire")
        assert book.prior_claims(["other"], since=LONG_AGO, until=AT + timedelta(days=1)) == ()
        assert book.prior_claims(["dam"], since=AT + timedelta(seconds=1), until=AT + timedelta(days=1)) == ()
        assert book.prior_claims(["dam"], since=LONG_AGO, until=AT - timedelta(seconds=1)) == ()


def test_prior_claims_are_oldest_first_and_never_those_of_the_version_itself(database: Database) -> None:
    versions = [version(f"v{n}", published_at=AT - timedelta(hours=n)) for n in range(3)]
    store(database, *versions)
    taken = take(database)
    for article in taken.articles:
        judge(database, taken, Findings(article=article, claims=(threaded(a_claim(article)),)))
    reopen(database)
    again = take(database)
    newest = again.articles[0]
    with judging(database, again, newest.version_id, ["dam"]) as book:
        priors = book.prior_claims(["dam"], since=LONG_AGO, until=AT + timedelta(days=1))
    assert [prior.claim.said_at for prior in priors] == [AT - timedelta(hours=2), AT - timedelta(hours=1)]


def test_of_a_speaker_who_repeats_himself_the_first_and_the_last_time_are_given(database: Database) -> None:
    store(database, *(version(f"v{n}", published_at=AT + timedelta(hours=n)) for n in range(5)))
    taken = take(database)
    *earlier, latest = taken.articles
    for article in earlier:
        judge(database, taken, Findings(article=article, claims=(threaded(a_claim(article), "t1"),)))
    other = a_claim(earlier[1], speaker="Somebody Else")
    reopen(database)
    taken = take(database)
    judge(database, taken, Findings(article=earlier[1], claims=(threaded(other, "t1"),)))
    with judging(database, taken, latest.version_id, ["dam"]) as book:
        priors = book.prior_claims(["dam"], since=LONG_AGO, until=AT + timedelta(days=1))
    said = [(prior.claim.speaker.name, prior.claim.version_id) for prior in priors]
    usual = a_claim(latest).speaker.name
    assert said == [
        (usual, earlier[0].version_id),
        ("Somebody Else", earlier[1].version_id),
        (usual, earlier[3].version_id),
    ]


def test_the_newest_prior_claims_win_where_there_are_too_many(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    judge(database, taken, Findings(article=first, claims=(threaded(a_claim(first, name="0")),)))
    with database.write() as connection:
        row = dict(connection.execute(select(t.claim)).mappings().one())
        for number in range(1, PRIOR_LIMIT + 1):
            new = row | {"id": 1000 + number, "fingerprint": str(number)}
            new["said_at"] = AT + timedelta(seconds=number)
            new["speaker_folded"] = f"speaker {number}"
            connection.execute(insert(t.claim), new)
            seconds = int(new["said_at"].timestamp())
            key = {"key": key_number("dam"), "said_second": seconds, "claim_id": new["id"]}
            connection.execute(insert(t.claim_key), key)
    with judging(database, taken, second.version_id, ["dam"]) as book:
        priors = book.prior_claims(["dam"], since=LONG_AGO, until=AT + timedelta(days=1))
    assert len(priors) == PRIOR_LIMIT
    assert [priors[0].claim.fingerprint, priors[-1].claim.fingerprint] == ["1", str(PRIOR_LIMIT)]


def test_a_ledger_whose_keys_are_words_finds_its_claims_after_the_upgrade(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    first, second = taken.articles
    keys = ("dam", "f|killing|#крокус", "w|" + "very long " * 40)
    claim = replace(a_claim(first, name="0"), keys=keys, said_at=AT + timedelta(milliseconds=700))
    judge(database, taken, Findings(article=first, claims=(threaded(claim),)))
    in_words = Table(
        "claim_key",
        MetaData(),
        Column("key", Text),
        Column("claim_id", BigInteger),
        Column("said_at", UtcDateTime()),
        PrimaryKeyConstraint("key", "claim_id", name="pk_claim_key"),
    )
    with database.write() as connection:
        written = sorted(map(tuple, connection.execute(select(t.claim_key))))
        stored = connection.execute(select(t.claim.c.id, t.claim.c.said_at)).one()
        t.claim_key.drop(connection)
        in_words.create(connection)
        for key in keys:
            row = {"key": index_key(key), "claim_id": stored.id, "said_at": stored.said_at}
            connection.execute(in_words.insert(), row)
        connection.execute(text("UPDATE alembic_version SET version_num = '0022'"))
    upgrade(database)
    with database.read() as connection:
        assert sorted(map(tuple, connection.execute(select(t.claim_key)))) == written
    with judging(database, taken, second.version_id, keys) as book:
        for key in keys:
            (found,) = book.prior_claims([key], since=AT, until=AT + timedelta(days=1))
            assert found.claim.fingerprint == claim.fingerprint
