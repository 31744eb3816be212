"""What is new in a feed, and when to look again: tables, no fixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.polling import (
    content_hash,
    entry_identity,
    feed_key,
    next_poll_after_failure,
    next_poll_after_success,
    plan_poll,
)
from monitor.core.types import Entry, Feed, FeedSnapshot, KnownEntry, PollPlan, Validators
from monitor.errors import FetchError, FetchReason

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


def a_feed(**changes: object) -> Feed:
    feed = Feed(
        id=7,
        url="http://paper.test/feed",
        publisher="",
        title="",
        tags=(),
        lang="",
        interval=5 * MINUTE,
        state="active",
        validators=Validators(),
        body_hash="",
        next_poll_at=NOW,
        last_polled_at=None,
        last_success_at=None,
        failures=0,
        last_status=None,
        last_reason=None,
        last_detail="",
    )
    return replace(feed, **changes)  # type: ignore[arg-type]  # fields by name


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
        "http://paper.test/moved",
    )


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


@pytest.mark.parametrize(
    ("interval", "cache_for", "wait"),
    [
        (5 * MINUTE, None, 5 * MINUTE),
        (5 * MINUTE, 2 * MINUTE, 5 * MINUTE),
        (5 * MINUTE, 9 * MINUTE, 9 * MINUTE),
        (5 * MINUTE, timedelta(days=30), timedelta(days=1)),
        (timedelta(days=7), timedelta(days=30), timedelta(days=7)),
        (timedelta(seconds=0.2), None, timedelta(seconds=0.2)),
    ],
)
def test_after_a_success_the_longer_of_interval_and_freshness_counts(
    interval: timedelta, cache_for: timedelta | None, wait: timedelta
) -> None:
    assert next_poll_after_success(a_feed(interval=interval), cache_for=cache_for, now=NOW) == NOW + wait


def waits(
    reason: FetchReason,
    *,
    failures: int = 0,
    interval: timedelta = 5 * MINUTE,
    status: int | None = None,
    retry_after_s: float | None = None,
) -> timedelta:
    error = FetchError("http://paper.test/feed", reason, "", status=status, retry_after_s=retry_after_s)
    at = next_poll_after_failure(a_feed(failures=failures, interval=interval), error, now=NOW)
    assert at is not None
    return at - NOW


@pytest.mark.parametrize(
    ("reason", "status", "failures", "minutes"),
    [
        (FetchReason.TIMEOUT, None, 0, 5),
        (FetchReason.TIMEOUT, None, 1, 10),
        (FetchReason.CONNECT, None, 2, 20),
        (FetchReason.DNS, None, 3, 40),
        (FetchReason.DNS, None, 4, 60),
        (FetchReason.DNS, None, 10_000, 60),
        (FetchReason.HTTP_STATUS, 503, 0, 5),
        (FetchReason.HTTP_STATUS, 404, 0, 10),
        (FetchReason.NOT_A_FEED, None, 0, 10),
        (FetchReason.PARSER_FAILED, None, 1, 20),
        (FetchReason.FORBIDDEN_ADDRESS, None, 10_000, 24 * 60),
    ],
)
def test_each_failure_doubles_the_wait_up_to_a_limit_that_depends_on_the_reason(
    reason: FetchReason, status: int | None, failures: int, minutes: int
) -> None:
    wait = waits(reason, status=status, failures=failures)
    assert minutes * MINUTE <= wait <= 1.1 * minutes * MINUTE


def test_a_long_interval_is_never_shortened_by_a_failure() -> None:
    for reason in FetchReason:
        if reason is not FetchReason.GONE:
            for failures in (0, 3, 50):
                assert waits(reason, failures=failures, interval=timedelta(days=3)) >= timedelta(days=3)


@pytest.mark.parametrize(
    ("asked_s", "least"),
    [
        (1800.0, timedelta(seconds=1800)),
        (0.0, 5 * MINUTE),
        (10.0**12, timedelta(days=1)),
    ],
)
def test_a_retry_after_is_honoured_up_to_a_day(asked_s: float, least: timedelta) -> None:
    for reason, status in ((FetchReason.RATE_LIMITED, 429), (FetchReason.HTTP_STATUS, 503)):
        wait = waits(reason, status=status, retry_after_s=asked_s, failures=9)
        assert least <= wait <= 1.1 * least


def test_a_feed_that_is_gone_is_not_polled_again() -> None:
    error = FetchError("http://paper.test/feed", FetchReason.GONE, "", status=410, retry_after_s=5)
    assert next_poll_after_failure(a_feed(), error, now=NOW) is None


def test_the_jitter_is_the_same_for_a_feed_and_differs_between_feeds() -> None:
    error = FetchError("http://paper.test/feed", FetchReason.TIMEOUT, "")
    at = [next_poll_after_failure(a_feed(id=number), error, now=NOW) for number in range(20)]
    assert at == [next_poll_after_failure(a_feed(id=number), error, now=NOW) for number in range(20)]
    assert len(set(at)) == 20


def test_every_reason_has_a_wait_even_with_absurd_settings() -> None:
    for reason in FetchReason:
        for interval in (timedelta(seconds=0.1), timedelta(days=36500)):
            error = FetchError("http://paper.test/feed", reason, "")
            at = next_poll_after_failure(a_feed(interval=interval, failures=10**6), error, now=NOW)
            assert (at is None) is (reason is FetchReason.GONE)
