"""When to look at a feed again: tables, no fixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import feed_values
import pytest

from monitor.core.pacing import (
    SLOWEST,
    learn,
    moved,
    next_poll_after_failure,
    next_poll_after_success,
    pace_of,
    turn,
)
from monitor.core.types import Feed, Move, Rhythm, Wishes
from monitor.errors import FetchError, FetchReason

#: A Sunday.
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_feed(**changes: object) -> Feed:
    """A feed that was read before."""
    then = NOW - 5 * MINUTE
    return feed_values.a_feed(**{"body_hash": "b", "last_polled_at": then, "last_success_at": then} | changes)


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
    at = next_poll_after_success(a_feed(interval=interval), cache_for=cache_for, now=NOW)
    assert NOW + wait <= at <= NOW + (wait if wait == interval else min(1.1 * wait, max(wait, DAY)))


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


# ---------------------------------------------------------------- wishes


@pytest.mark.parametrize(
    ("wishes", "cache_for", "wait"),
    [
        (Wishes(every=30 * MINUTE), None, 30 * MINUTE),
        (Wishes(every=30 * MINUTE), 40 * MINUTE, 40 * MINUTE),
        (Wishes(every=2 * MINUTE), None, 5 * MINUTE),
        (Wishes(every=30 * DAY), None, DAY),
        (Wishes(skip_hours=(11, 14)), None, 5 * MINUTE),
        (Wishes(skip_hours=tuple(range(24))), None, 5 * MINUTE),
        (Wishes(skip_days=tuple(range(7))), None, 5 * MINUTE),
        (Wishes(skip_days=(0, 5)), None, 5 * MINUTE),
    ],
)
def test_the_longest_wish_wins_within_a_day(
    wishes: Wishes, cache_for: timedelta | None, wait: timedelta
) -> None:
    at = next_poll_after_success(a_feed(), cache_for=cache_for, wishes=wishes, now=NOW)
    assert NOW + wait <= at <= NOW + (wait if wait == 5 * MINUTE else min(1.1 * wait, DAY))
    assert next_poll_after_success(a_feed(wishes=wishes), cache_for=cache_for, now=NOW) == at


@pytest.mark.parametrize(
    ("wishes", "earliest"),
    [
        (Wishes(skip_hours=(12,)), NOW + HOUR),
        (Wishes(skip_hours=(12, 13, 14, 16)), NOW + 3 * HOUR),
        (Wishes(skip_hours=(12,), skip_days=(0,)), NOW + HOUR),
        (Wishes(skip_days=(6,)), NOW + 12 * HOUR),
        (Wishes(skip_days=(6,), skip_hours=(0, 1)), NOW + 14 * HOUR),
    ],
)
def test_hours_and_days_that_a_publisher_wants_skipped_are_skipped(
    wishes: Wishes, earliest: datetime
) -> None:
    at = [next_poll_after_success(a_feed(id=n, wishes=wishes), cache_for=None, now=NOW) for n in range(20)]
    assert all(earliest <= one < earliest + 10 * MINUTE for one in at)
    assert len(set(at)) == 20  # not all on the stroke of the hour


def test_skipped_days_are_honoured_for_a_day_and_no_longer() -> None:
    feed = a_feed(wishes=Wishes(skip_days=(0, 1, 2, 6)))
    assert next_poll_after_success(feed, cache_for=None, now=NOW) == NOW + DAY
    weekly = replace(feed, interval=7 * DAY)
    assert next_poll_after_success(weekly, cache_for=None, now=NOW) == NOW + 7 * DAY


def test_feeds_that_were_added_together_do_not_come_back_together() -> None:
    first = [
        next_poll_after_success(a_feed(id=n, last_success_at=None), cache_for=None, now=NOW)
        for n in range(100)
    ]
    assert all(NOW + 2.5 * MINUTE <= at <= NOW + 7.5 * MINUTE for at in first)
    assert len(set(first)) == 100


# ---------------------------------------------------------------- the learned pace


def test_an_interval_that_somebody_named_is_kept_whatever_was_learned() -> None:
    rhythm = Rhythm(pace=40 * MINUTE)
    assert pace_of(a_feed(rhythm=rhythm)) == 5 * MINUTE
    assert pace_of(a_feed(rhythm=rhythm, learned=True)) == 40 * MINUTE
    assert pace_of(a_feed(learned=True)) == 5 * MINUTE


@pytest.mark.parametrize(
    ("pace", "waited", "new", "listed", "expected"),
    [
        (20, 20, 0, 0, 24),
        (20, 10, 0, 0, 22),
        (20, 0, 0, 30, 20),
        (20, 40, 0, 30, 24),
        (20, 20, 1, 30, 16),
        (20, 40, 1, 30, 20),
        (20, 20, 2, 30, 20 / 1.75),
        (40, 40, 10, 30, 10),
        # most of the document is new: entries have probably been lost
        (40, 400, 16, 30, 10),
        (40, 40, 30, 30, 10),
        # within limits
        (20, 20, 30, 30, 5),
        (58, 58, 0, 30, 60),
        (60, 60, 0, 30, 60),
        (5, 5, 9, 30, 5),
    ],
)
def test_the_pace_follows_the_share_of_entries_that_were_known(
    pace: float, waited: float, new: int, listed: int, expected: float
) -> None:
    feed = a_feed(rhythm=Rhythm(pace=pace * MINUTE), last_polled_at=NOW - waited * MINUTE)
    found = learn(feed, new=new, listed=listed, now=NOW).pace
    assert found is not None
    assert found.total_seconds() == pytest.approx(60 * expected, abs=0.01)


@pytest.mark.parametrize(
    ("hours_apart", "count", "minutes"),
    [(1, 24, 30), (4, 20, 60), (0.1, 40, 5), (0.5, 3, 15), (1, 2, 5), (1, 0, 5)],
)
def test_the_first_reading_learns_from_the_dates_of_the_entries(
    hours_apart: float, count: int, minutes: float
) -> None:
    dates = [NOW - number * hours_apart * HOUR for number in range(1, count + 1)]
    feed = a_feed(last_success_at=None)
    rhythm = learn(feed, new=count, listed=count, dates=[None, *dates], now=NOW)
    assert rhythm.pace == minutes * MINUTE
    assert rhythm.quiet == (hours_apart * HOUR if count >= 3 else None)
    assert rhythm.last_new_at == (max(dates) if count >= 3 else NOW)


@pytest.mark.parametrize("rate", [0.2, 1.0, 3.0, 8.0])
def test_the_pace_comes_to_rest_where_two_polls_find_about_one_entry(rate: float) -> None:
    """Entries at even distances, `rate` an hour, over ten days."""
    feed, at, seen, polls = a_feed(rhythm=Rhythm(pace=5 * MINUTE), last_polled_at=NOW), NOW, 0, 0
    while at < NOW + 10 * DAY:
        at += feed.rhythm.pace or feed.interval
        published = int(rate * ((at - NOW) / HOUR))
        feed = replace(feed, rhythm=learn(feed, new=published - seen, listed=30, now=at), last_polled_at=at)
        polls, seen = polls + 1, published
    per_poll = seen / polls
    slowest_allows = rate * (SLOWEST / HOUR)
    assert min(0.3, 0.9 * slowest_allows) <= per_poll <= 0.75


def test_the_usual_quiet_is_the_longest_one_and_fades_within_a_month_or_two() -> None:
    feed = a_feed(rhythm=Rhythm(last_new_at=NOW - 2 * HOUR))
    assert learn(feed, new=1, listed=9, now=NOW).quiet == 2 * HOUR
    weekend = replace(feed, rhythm=Rhythm(quiet=60 * HOUR, last_new_at=NOW - HOUR))
    soon = learn(weekend, new=1, listed=9, now=NOW).quiet
    assert soon is not None
    assert 59 * HOUR < soon < 60 * HOUR
    for day in range(1, 91):
        rhythm = learn(weekend, new=1, listed=9, now=NOW + day * DAY)
        weekend = replace(weekend, rhythm=rhythm)
    assert weekend.rhythm.quiet == DAY
    assert learn(weekend, new=0, listed=9, now=NOW + 100 * DAY).quiet == DAY  # no news teaches nothing


def test_a_learned_pace_is_spread_by_a_tenth_and_a_failure_starts_from_it() -> None:
    feeds = [a_feed(id=n, learned=True, rhythm=Rhythm(pace=20 * MINUTE)) for n in range(50)]
    waits = [next_poll_after_success(feed, cache_for=None, now=NOW) - NOW for feed in feeds]
    assert len(set(waits)) == 50
    assert all(18 * MINUTE <= wait <= 22 * MINUTE for wait in waits)
    error = FetchError("http://paper.test/feed", FetchReason.TIMEOUT, "")
    after = next_poll_after_failure(feeds[0], error, now=NOW)
    assert after is not None
    assert after - NOW >= 20 * MINUTE


# ---------------------------------------------------------------- permanent redirects


NEW, OTHER = "http://new.test/feed", "http://other.test/feed"


@pytest.mark.parametrize(
    ("hours", "seen", "ends_at"),
    [
        ([0, 1, 2], [NEW] * 3, ""),  # an afternoon's mistake
        ([0, 30], [NEW] * 2, ""),
        ([0, 12, 24], [NEW] * 3, NEW),
        ([0, 12, 24], [NEW, OTHER, NEW], ""),
        ([0, 12, 13, 24], [NEW, "http://paper.test/feed", NEW, NEW], ""),
        ([0, 12, 24, 36], [OTHER, NEW, NEW, NEW], NEW),
        ([0, 24, 48], ["", "", ""], ""),
    ],
)
def test_a_permanent_redirect_is_believed_after_three_polls_over_a_day(
    hours: list[int], seen: list[str], ends_at: str
) -> None:
    feed = a_feed()
    for hour, url in zip(hours, seen, strict=True):
        asked_at, move = moved(feed, url, now=NOW + hour * HOUR)
        feed = replace(feed, url=asked_at, move=move)
    assert feed.url == (ends_at or "http://paper.test/feed")


def test_a_move_is_remembered_with_its_first_day_and_forgotten_when_it_ends() -> None:
    _, move = moved(a_feed(), NEW, now=NOW)
    assert move == Move(url=NEW, since=NOW, times=1)
    assert moved(a_feed(move=move), "http://paper.test/feed", now=NOW) == ("http://paper.test/feed", None)


# ---------------------------------------------------------------- a host's turns


@pytest.mark.parametrize(
    ("asked_at", "starts"),
    [
        ([0, 0, 0, 0, 0], [0, 0, 0, 1, 2]),
        ([0, 0, 0, 9, 9, 9, 9], [0, 0, 0, 9, 9, 9, 10]),
        ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
        ([0, 0, 0, 0, 1.5], [0, 0, 0, 1, 2]),
    ],
)
def test_requests_to_a_host_are_spaced_after_a_burst_of_three(
    asked_at: list[float], starts: list[float]
) -> None:
    booked, found = 0.0, []
    for now in asked_at:
        at, booked = turn(booked, now=now, spacing=1.0, burst=3)
        found.append(at)
    assert found == starts


def test_over_any_time_a_host_gets_no_more_than_its_rate_and_a_burst() -> None:
    booked, at = 0.0, []
    for now in accumulate([0.1] * 500):
        start, booked = turn(booked, now=now, spacing=1.0, burst=4)
        at.append(start)
    assert at == sorted(at)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(at, at[4:], strict=False))
