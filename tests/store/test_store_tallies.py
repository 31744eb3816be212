"""What became of a feed's entries is counted with the polls that found them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger import MINUTE, save_poll
from sqlalchemy import update
from test_store_feeds import URL, lease_one, plan, planned, spec

from monitor.core.types import Dropped
from monitor.errors import LeaseLostError
from monitor.store import feeds as verbs
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.feed_tallies import Copies, copies, drop_counts, entry_counts, feed_tally_of

WORDLESS = Dropped("entries without any words", 2)


def test_counts_add_up_over_the_documents_that_were_read(database: Database) -> None:
    verbs.add_feeds(database, [spec(), spec("https://other.example/")])
    (here,) = [feed for feed in verbs.list_feeds(database) if feed.url == URL]
    assert feed_tally_of(database, here.id) is None
    leased = [one for one in _lease_all(database) if one.feed.id == here.id]
    first = replace(plan(planned("a"), planned("b")), repeated=3, dropped=(WORDLESS,), complaint="no root")
    save_poll(database, leased[0], first)
    verbs.poll_now(database, URL)
    again = replace(plan(planned("a", version=2, article_id=1, text="edited")), unchanged=1)
    save_poll(database, lease_one(database), replace(again, dropped=(WORDLESS, Dropped("titles cut", 1))))
    tally = feed_tally_of(database, here.id)
    assert tally is not None
    assert (tally.documents, tally.new, tally.edited, tally.known, tally.repeated) == (2, 2, 1, 1, 3)
    assert tally.dropped == (Dropped("entries without any words", 4), Dropped("titles cut", 1))
    assert tally.complaint == ""
    assert entry_counts(database) == {"new": 2, "edited": 1, "known": 1, "repeated": 3}
    assert drop_counts(database) == tally.dropped


def test_a_poll_that_came_too_late_counts_nothing(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    leased = lease_one(database)
    verbs.release_feeds(database, [leased])
    with pytest.raises(LeaseLostError):
        save_poll(database, leased, plan(planned("a")))
    assert feed_tally_of(database, leased.feed.id) is None


def test_articles_with_the_text_of_another_one_are_copies(database: Database) -> None:
    verbs.add_feeds(database, [spec()])
    leased = lease_one(database)
    save_poll(database, leased, plan(planned("a"), planned("b"), planned("c")))
    assert copies(database, leased.feed.id) == Copies(copies=0, articles=0)
    with database.write() as connection:
        version = t.article_version
        for id, origin in ((1, "article:1"), (2, "article:1")):
            connection.execute(update(version).where(version.c.article_id == id).values(origin=origin))
    assert copies(database, leased.feed.id) == Copies(copies=1, articles=2)


def _lease_all(database: Database) -> tuple[verbs.LeasedFeed, ...]:
    return verbs.lease_due_feeds(database, limit=9, lease_for=MINUTE)
