"""Feeds in the ledger: leases, polls, what they store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ledger import save_poll, save_unchanged
from sqlalchemy import func, select

from monitor.core.types import Entry, FeedSpec, PlannedVersion, PollPlan, Validators
from monitor.errors import FetchReason, LeaseLostError
from monitor.store import feeds as verbs
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.tasks import take_articles

MINUTE = timedelta(minutes=1)
AT = datetime(2024, 3, 23, 10, tzinfo=UTC)
URL = "https://wire.example/rss"


def spec(url: str = URL, **fields: object) -> FeedSpec:
    return replace(FeedSpec(url=url, publisher="The Wire"), **fields)  # type: ignore[arg-type]  # fields by name


def planned(name: str, *, version: int = 1, article_id: int | None = None, text: str = "") -> PlannedVersion:
    entry = Entry(
        guid=name,
        url=f"https://wire.example/{name}",
        title=name,
        summary="",
        text=text or name,
        author="",
        lang="en",
        published_at=AT,
        updated_at=None,
    )
    return PlannedVersion(
        article_id=article_id,
        identity=f"feed:1|guid:{name}",
        version=version,
        content_hash=f"hash of {text or name}",
        publisher="The Wire",
        entry=entry,
    )


def plan(*versions: PlannedVersion, url: str = URL) -> PollPlan:
    return PollPlan(
        versions=versions,
        unchanged=0,
        next_poll_at=datetime(2100, 1, 1, tzinfo=UTC),
        validators=Validators(etag='"v1"', last_modified="Sat, 23 Mar 2024 10:00:00 GMT"),
        body_hash="abc",
        feed_title="Wire: world",
        url=url,
    )


def lease_one(db: Database, lease_for: timedelta = MINUTE) -> verbs.LeasedFeed:
    (leased,) = verbs.lease_due_feeds(db, limit=1, lease_for=lease_for)
    return leased


def count(db: Database, table_name: str) -> int:
    with db.read() as connection:
        return int(
            connection.execute(select(func.count()).select_from(t.metadata.tables[table_name])).scalar_one()
        )


def test_a_feed_is_added_once_and_its_settings_follow_the_list(database: Database) -> None:
    assert verbs.add_feeds(database, [spec(), spec("https://b.example/")]) == (2, 0)
    assert verbs.add_feeds(database, [spec(), spec("https://b.example/", tags=("wire",))]) == (0, 1)
    listed = verbs.list_feeds(database)
    assert [(feed.url, feed.tags) for feed in listed] == [("https://b.example/", ("wire",)), (URL, ())]


def test_a_removed_feed_is_not_polled_and_comes_back_when_it_is_added_again(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    assert verbs.remove_feed(database, URL)
    assert not verbs.remove_feed(database, URL)
    assert verbs.list_feeds(database) == ()
    assert verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE) == ()
    assert verbs.next_due_at(database) is None
    assert verbs.add_feeds(database, [spec()]) == (0, 1)
    assert lease_one(database).feed.url == URL


def test_a_feed_is_held_by_one_poller_until_its_lease_ends(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    lease_one(database)
    assert verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE) == ()
    assert verbs.poll_now(database) == 1
    assert verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE) == ()


def test_pollers_at_once_never_get_the_same_feed(database: Database) -> None:
    verbs.add_feeds(database, [spec(f"https://f{n}.example/") for n in range(40)])
    with ThreadPoolExecutor(8) as pool:
        takes = list(
            pool.map(lambda _: verbs.lease_due_feeds(database, limit=7, lease_for=MINUTE), range(16))
        )
    urls = [leased.feed.url for take in takes for leased in take]
    assert len(urls) == len(set(urls)) == 40


def test_the_longest_overdue_feed_comes_first(database: Database) -> None:
    verbs.add_feeds(database, [spec("https://a.example/"), spec("https://b.example/")])
    with database.write() as connection:
        connection.execute(
            t.feed.update().where(t.feed.c.url == "https://b.example/").values(next_poll_at=AT)
        )
    assert lease_one(database).feed.url == "https://b.example/"


def test_a_poll_stores_articles_tasks_and_validators_together(database: Database) -> None:
    verbs.add_feeds(database, [spec(publisher="")])
    leased = lease_one(database)
    ids = save_poll(database, leased, plan(planned("one"), planned("two")), status=200)
    assert len(set(ids)) == 2
    (feed,) = verbs.list_feeds(database)
    assert (feed.validators.etag, feed.body_hash, feed.failures, feed.last_status) == ('"v1"', "abc", 0, 200)
    assert feed.publisher == feed.title == "Wire: world"
    assert feed.last_success_at is not None
    assert verbs.next_due_at(database) == datetime(2100, 1, 1, tzinfo=UTC)
    known = verbs.known_entries(database, ["feed:1|guid:one", "feed:1|guid:never"])
    assert {key: (entry.version, entry.content_hash) for key, entry in known.items()} == {
        "feed:1|guid:one": (1, "hash of one")
    }
    assert count(database, "task") == 2


def test_an_edited_entry_becomes_a_new_version_of_the_same_article(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    save_poll(database, lease_one(database), plan(planned("one")), status=200)
    first = verbs.known_entries(database, ["feed:1|guid:one"])["feed:1|guid:one"]
    verbs.poll_now(database, URL)
    edit = planned("one", version=2, article_id=first.article_id, text="other")
    assert len(save_poll(database, lease_one(database), plan(edit), status=200)) == 1
    second = verbs.known_entries(database, ["feed:1|guid:one"])["feed:1|guid:one"]
    assert (second.article_id, second.version) == (first.article_id, 2)
    assert second.content_hash == "hash of other"


def test_a_version_that_is_there_already_is_skipped_and_makes_no_second_task(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    save_poll(database, lease_one(database), plan(planned("one")), status=200)
    verbs.poll_now(database)
    again = plan(planned("one", text="somebody else's"), planned("two"), planned("two"))
    assert len(save_poll(database, lease_one(database), again, status=200)) == 1
    assert count(database, "article") == count(database, "article_version") == count(database, "task") == 2


def test_several_versions_of_a_new_article_are_stored_together_and_the_last_one_is_current(
    database: Database,
) -> None:
    verbs.add_feeds(database, [spec()])
    save_poll(database, lease_one(database), plan(planned("there", version=1)), status=200)
    stored = save_imported(
        database,
        [planned(name, version=version) for name in ("new", "there") for version in (2, 1, 3)],
        backfill=True,
    )
    assert len(stored) == len(set(stored)) == 5
    known = verbs.known_entries(database, ["feed:1|guid:new", "feed:1|guid:there"])
    assert [entry.version for entry in known.values()] == [3, 3]
    assert count(database, "article") == 2
    assert count(database, "article_version") == count(database, "task") == 6


Ending = Callable[[Database, verbs.LeasedFeed], object]
ENDINGS: dict[str, Ending] = {
    "save_poll": lambda db, leased: save_poll(db, leased, plan(planned("late")), status=200),
    "save_unchanged": lambda db, leased: save_unchanged(db, leased, status=304, next_poll_at=AT),
    "save_poll_failure": lambda db, leased: verbs.save_poll_failure(
        db, leased, reason=FetchReason.DNS, detail="", status=None, next_poll_at=AT
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_poller_whose_lease_was_taken_over_writes_nothing(database: Database, ending: str) -> None:
    verbs.add_feeds(database, [spec()])
    late = lease_one(database, timedelta(0))
    lease_one(database)
    before = verbs.list_feeds(database)
    with pytest.raises(LeaseLostError, match=r"wire\.example"):
        ENDINGS[ending](database, late)
    assert verbs.list_feeds(database) == before
    assert count(database, "article") == 0


def test_failures_are_counted_and_a_success_forgets_them(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    for expected in (1, 2):
        verbs.save_poll_failure(
            database,
            lease_one(database),
            reason=FetchReason.HTTP_STATUS,
            detail="HTTP 500\x00",
            status=500,
            next_poll_at=AT,
        )
        (feed,) = verbs.list_feeds(database)
        assert (feed.failures, feed.last_reason, feed.last_status) == (expected, FetchReason.HTTP_STATUS, 500)
    save_unchanged(database, lease_one(database), status=304, next_poll_at=AT)
    (feed,) = verbs.list_feeds(database)
    assert (feed.failures, feed.last_reason, feed.last_status, feed.next_poll_at) == (0, None, 304, AT)


def test_the_same_body_under_a_new_etag_is_asked_for_by_that_etag(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    fresh = Validators(etag='"second"', last_modified="")
    save_unchanged(database, lease_one(database), status=200, next_poll_at=AT, validators=fresh)
    (feed,) = verbs.list_feeds(database)
    assert feed.validators == fresh


def test_a_feed_that_is_gone_is_polled_again_only_when_asked_for_by_url(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    verbs.save_poll_failure(
        database, lease_one(database), reason=FetchReason.GONE, detail="", status=410, next_poll_at=None
    )
    assert verbs.list_feeds(database)[0].state == "gone"
    verbs.add_feeds(database, [spec()])
    assert verbs.poll_now(database) == 0
    assert verbs.next_due_at(database) is None
    assert verbs.poll_now(database, URL) == 1
    assert lease_one(database).feed.state == "active"


def test_a_feed_that_moved_is_known_by_both_addresses(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    save_poll(database, lease_one(database), plan(url="https://new.example/rss"), status=200)
    assert verbs.add_feeds(database, [spec(), spec("https://new.example/rss")]) == (0, 0)
    assert [feed.url for feed in verbs.list_feeds(database)] == ["https://new.example/rss"]
    assert verbs.remove_feed(database, URL)


def test_articles_know_the_feed_that_was_asked_for_also_after_it_moved(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    save_poll(database, lease_one(database), plan(planned("one"), url="https://new.example/rss"), status=200)
    taken = take_articles(database, limit=10, lease_for=MINUTE)
    assert [article.feed_url for article in taken.articles] == [URL]


def test_a_feed_does_not_move_onto_another(database: Database) -> None:
    verbs.add_feeds(database, [spec(), spec("https://z.example/")])
    leased = next(
        one for one in verbs.lease_due_feeds(database, limit=2, lease_for=MINUTE) if one.feed.url == URL
    )
    save_poll(database, leased, plan(url="https://z.example/"), status=200)
    assert [feed.url for feed in verbs.list_feeds(database)] == [URL, "https://z.example/"]


def test_released_feeds_are_due_again_at_once(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    leased = lease_one(database)
    due = verbs.next_due_at(database)
    assert due is not None
    assert due > leased.feed.next_poll_at  # held: not before the lease ends
    verbs.release_feeds(database, [leased])
    assert verbs.next_due_at(database) == leased.feed.next_poll_at
    lease_one(database)


def test_an_identity_of_any_length_and_content_is_known_again(database: Database) -> None:
    long = replace(planned("x"), identity="import|" + "ж\x00" * 5000)
    assert len(save_imported(database, [long, planned("short")], backfill=True)) == 2
    assert save_imported(database, [long], backfill=True) == ()
    assert long.identity in verbs.known_entries(database, [long.identity])


def test_a_feed_is_leased_with_what_its_last_poll_recognises_entries_by(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    for digests in ("abc=", "def=", ""):
        leased = lease_one(database)
        save_poll(database, leased, replace(plan(), digests=digests), status=200)
        verbs.poll_now(database)
        assert lease_one(database).digests == digests
        verbs.poll_now(database)
        with database.write() as connection:
            connection.execute(t.feed.update().values(lease_until=None, next_poll_at=AT))


def test_a_feed_that_the_list_no_longer_holds_is_paused_until_it_is_listed_again(database: Database) -> None:
    other = spec("https://b.example/")
    assert verbs.sync_feeds(database, [spec(), other]) == (2, 0, ())
    verbs.add_feeds(database, [spec("https://by.hand/")])
    assert verbs.sync_feeds(database, [other]) == (0, 0, (URL,))
    assert {feed.url: feed.state for feed in verbs.list_feeds(database)} == {
        URL: "paused",
        "https://b.example/": "active",
        "https://by.hand/": "active",
    }
    assert verbs.sync_feeds(database, [other]) == (0, 0, ())
    assert URL not in {one.feed.url for one in verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE)}
    assert verbs.sync_feeds(database, [spec(), other]) == (0, 1, ())
    assert URL in {one.feed.url for one in verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE)}


def test_a_removed_feed_that_leaves_the_list_stays_removed(database: Database) -> None:
    verbs.sync_feeds(database, [spec()])
    verbs.remove_feed(database, URL)
    assert verbs.sync_feeds(database, []) == (0, 0, ())
    assert verbs.list_feeds(database) == ()
