"""What is new in a feed: tables, no fixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from feed_values import a_feed

from monitor.core.polling import (
    content_hash,
    entry_identities,
    entry_identity,
    feed_key,
    plan_poll,
)
from monitor.core.types import Entry, Feed, FeedSnapshot, KnownEntry, PollPlan, Validators

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def an_entry(**changes: object) -> Entry:
    entry = Entry(
        guid="g1",
        url="http://paper.test/1",
        title="Bridge closed",
        summary="The bridge is closed.",
        text="The bridge is closed until May.",
        author="",
        lang="en",
        published_at=NOW - MINUTE,
        updated_at=None,
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # fields by name


def plan(
    *entries: Entry,
    feed: Feed | None = None,
    known: dict[str, KnownEntry] | None = None,
    title: str = "Paper",
) -> PollPlan:
    snapshot = FeedSnapshot(format="rss20", title=title, link="", lang="", entries=entries)
    return plan_poll(
        feed or a_feed(),
        snapshot,
        known or {},
        validators=Validators(etag='"1"'),
        body_hash="b",
        url="http://paper.test/moved",
        cache_for=None,
        now=NOW,
    )


def remembered(plan: PollPlan) -> dict[str, KnownEntry]:
    """What a ledger would know after this plan."""
    return {
        version.identity: KnownEntry(
            article_id=number, version=version.version, content_hash=version.content_hash
        )
        for number, version in enumerate(plan.versions, start=100)
    }


@pytest.mark.parametrize(
    ("entry", "identity"),
    [
        (an_entry(), "feed:7|guid:g1"),
        (an_entry(url=""), "feed:7|guid:g1"),
        (an_entry(guid=""), "feed:7|url:http://paper.test/1"),
        (an_entry(guid="G1"), "feed:7|guid:G1"),
        (an_entry(guid="", url=""), f"feed:7|hash:{content_hash(an_entry())}"),
    ],
)
def test_the_identity_is_the_guid_else_the_url_else_a_hash(entry: Entry, identity: str) -> None:
    assert entry_identity(feed_key(a_feed()), entry) == identity


def test_the_same_guid_in_two_feeds_names_two_articles() -> None:
    assert entry_identity("feed:1", an_entry()) != entry_identity("feed:2", an_entry())
    assert entry_identity("import|Paper", an_entry()) == "import|Paper|guid:g1"


@pytest.mark.parametrize(
    ("entry", "identities"),
    [
        (an_entry(), ("guid:g1",)),
        (an_entry(url="https://m.paper.test/1?utm_source=rss"), ("guid:g1",)),
        (an_entry(guid="https://paper.test/1"), ("guid:https://paper.test/1",)),
        (
            an_entry(guid="http://m.news.paper.test/1/amp"),
            ("guid:https://news.paper.test/1", "guid:http://m.news.paper.test/1/amp"),
        ),
        (
            an_entry(guid="", url="https://www.paper.test/1?fbclid=x"),
            ("url:https://paper.test/1", "url:https://www.paper.test/1?fbclid=x"),
        ),
    ],
)
def test_an_address_that_identifies_is_folded_and_known_as_it_is_written(
    entry: Entry, identities: tuple[str, ...]
) -> None:
    assert entry_identities("feed:7", entry) == tuple(f"feed:7|{one}" for one in identities)


def test_variants_of_an_address_are_one_article() -> None:
    first, other = (
        an_entry(guid="", url=f"https://{at}") for at in ("m.paper.test/1?utm_id=3", "paper.test/1/amp")
    )
    planned = plan(first, other)
    assert [version.identity for version in planned.versions] == ["feed:7|url:https://paper.test/1"]
    assert plan(other, known=remembered(planned)).versions == ()


def test_what_an_older_release_stored_by_its_exact_address_is_known_again_and_goes_on_under_it() -> None:
    entry = an_entry(guid="", url="http://www.paper.test/1?utm_source=rss")
    stored = entry_identity("feed:7", entry)
    known = {stored: KnownEntry(article_id=1, version=1, content_hash=content_hash(entry))}
    assert plan(entry, known=known).versions == ()
    (edited,) = plan(replace(entry, text="It is open."), known=known).versions
    assert (edited.article_id, edited.version, edited.identity) == (1, 2, stored)


def test_stamps_and_counters_that_change_make_no_new_version() -> None:
    stamped = [an_entry(text=f"The bridge is closed.\nUpdated 10:3{n}\n{n} comments") for n in (1, 2)]
    first = plan(stamped[0])
    assert plan(stamped[1], known=remembered(first)).versions == ()
    edited = replace(stamped[1], text=stamped[1].text.replace("closed", "open"))
    assert [version.version for version in plan(edited, known=remembered(first)).versions] == [2]


def test_what_an_older_release_stored_with_its_stamps_is_known_again() -> None:
    entry = an_entry(text="The bridge is closed.\nUpdated 10:31")
    exact = entry_identity("", replace(entry, guid="", url="")).removeprefix("|hash:")
    assert exact != content_hash(entry)
    known = {"feed:7|guid:g1": KnownEntry(article_id=1, version=1, content_hash=exact)}
    assert plan(entry, known=known).versions == ()


def test_what_an_older_release_stored_with_its_text_counted_twice_is_known_again() -> None:
    entry = an_entry(text="The bridge is closed.")
    before = KnownEntry(article_id=1, version=1, content_hash="ec56f78746d86557b064a5ab0cab907f")
    assert before.content_hash != content_hash(entry)
    assert plan(entry, known={"feed:7|guid:g1": before}).versions == ()
    edited = replace(entry, summary="The bridge is open.", text="The bridge is open.")
    assert plan(edited, known={"feed:7|guid:g1": before}).versions


def test_huge_guids_stay_apart_and_short_enough_to_index() -> None:
    one, two = (entry_identity("feed:1", an_entry(guid="x" * 100_000 + end)) for end in "ab")
    assert one != two
    assert len(one) < 600


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"text": "The  bridge is\nclosed until May. "}, True),
        ({"url": "http://paper.test/other"}, True),
        ({"updated_at": NOW}, True),
        ({"author": "A. Writer"}, True),
        ({"text": "The bridge is closed until June."}, False),
        ({"title": "Bridge open"}, False),
        ({"summary": "x"}, False),
        ({"title": "", "summary": "Bridge closed The bridge is closed."}, False),
    ],
)
def test_only_changed_words_change_the_content_hash(changes: dict[str, object], same: bool) -> None:
    assert (content_hash(an_entry(**changes)) == content_hash(an_entry())) is same


def test_a_first_poll_plans_version_one_of_each_entry_in_document_order() -> None:
    planned = plan(an_entry(guid="b"), an_entry(guid="a"))
    assert [(v.article_id, v.version, v.identity) for v in planned.versions] == [
        (None, 1, "feed:7|guid:b"),
        (None, 1, "feed:7|guid:a"),
    ]
    assert planned.unchanged == 0
    assert (planned.validators.etag, planned.body_hash, planned.url) == (
        '"1"',
        "b",
        "http://paper.test/feed",
    )
    assert planned.move is not None
    assert planned.move.url == "http://paper.test/moved"


def test_a_second_poll_of_the_same_document_plans_nothing() -> None:
    entries = an_entry(guid="a"), an_entry(guid="b")
    again = plan(*entries, known=remembered(plan(*entries)))
    assert again.versions == ()
    assert again.unchanged == 2


def test_an_edit_plans_the_next_version_of_the_same_article() -> None:
    known = {"feed:7|guid:g1": KnownEntry(article_id=42, version=3, content_hash=content_hash(an_entry()))}
    planned = plan(an_entry(text="The bridge is open."), known=known)
    assert [(v.article_id, v.version) for v in planned.versions] == [(42, 4)]


def test_an_entry_with_a_known_guid_keeps_its_identity_when_its_url_changes() -> None:
    known = remembered(plan(an_entry()))
    planned = plan(an_entry(url="http://paper.test/renamed"), known=known)
    assert planned.versions == ()
    assert planned.unchanged == 1


def test_an_entry_listed_twice_is_taken_once_the_last_updated_one() -> None:
    old = an_entry(text="old", updated_at=NOW - 2 * MINUTE)
    new = an_entry(text="new", updated_at=NOW - MINUTE)
    for entries in ((old, new), (new, old)):
        assert [v.entry.text for v in plan(*entries).versions] == ["new"]


def test_of_an_entry_listed_twice_without_dates_the_first_is_taken() -> None:
    undated = an_entry(published_at=None)
    assert [v.entry.text for v in plan(undated, replace(undated, text="x")).versions] == [undated.text]


@pytest.mark.parametrize(
    ("feed", "title", "publisher"),
    [
        (a_feed(publisher="The Paper"), "Feed title", "The Paper"),
        (a_feed(), "Feed title", "Feed title"),
        (a_feed(), "", "paper.test"),
    ],
)
def test_the_publisher_is_the_given_one_else_the_title_else_the_host(
    feed: Feed, title: str, publisher: str
) -> None:
    assert plan(an_entry(), feed=feed, title=title).versions[0].publisher == publisher


def test_an_entry_keeps_the_language_that_its_reader_found() -> None:
    assert plan(an_entry(), feed=a_feed(lang="ru")).versions[0].entry.lang == "en"


def test_a_feed_that_loses_its_title_keeps_the_known_one() -> None:
    assert plan(an_entry(), feed=a_feed(title="Known"), title="").feed_title == "Known"
