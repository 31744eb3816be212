"""What ails the feeds: long failures, unusual silence, an end; and that it is us when most fail at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.alerting.feed_troubles import FeedCondition, Outage, PolledLately, look_at_feeds
from monitor.core.alerting.health import About, news_of
from monitor.core.types import Rhythm

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
MANY = PolledLately(feeds=100, alive=100)
WELL = FeedCondition(
    id=7,
    url="https://paper.example/rss",
    publisher="The Paper",
    state="active",
    created_at=NOW - 400 * DAY,
    last_success_at=NOW,
    last_polled_at=NOW,
    failures=0,
    last_detail="",
    rhythm=Rhythm(),
)


def failing(hours: float, *, failures: int = 9, quiet: float | None = None, id: int = 7) -> FeedCondition:
    return replace(
        WELL,
        id=id,
        url=f"https://paper{id}.example/rss",
        failures=failures,
        last_success_at=NOW - hours * HOUR,
        last_detail="nobody answers",
        rhythm=Rhythm(quiet=None if quiet is None else quiet * HOUR),
    )


def silent(hours: float, *, quiet: float, success: float = 0) -> FeedCondition:
    return replace(
        WELL,
        last_success_at=NOW - success * HOUR,
        rhythm=Rhythm(quiet=quiet * HOUR, last_new_at=NOW - (hours + success) * HOUR),
    )


def subjects(
    feeds: Sequence[FeedCondition], polled: PolledLately = MANY, outages: Sequence[Outage] = ()
) -> list[str]:
    return [trouble.subject for trouble in look_at_feeds(feeds, polled, outages, now=NOW).troubles]


@pytest.mark.parametrize(
    ("feed", "found"),
    [
        (WELL, []),
        (failing(7), ["failing:7"]),
        (failing(5), []),
        # Few failures, however long: nobody polled in between.
        (failing(70, failures=3), []),
        # It is quiet for a day anyway; but nobody waits for longer than two.
        (failing(20, quiet=24), []),
        (failing(25, quiet=24), ["failing:7"]),
        (failing(49, quiet=400), ["failing:7"]),
        # It never answered: since it was added.
        (replace(failing(0), last_success_at=None, created_at=NOW - 7 * HOUR), ["failing:7"]),
        (replace(failing(0), last_success_at=None, created_at=NOW - HOUR), []),
        # We were off for long: what counts is when it was asked last.
        (replace(failing(40), last_polled_at=NOW - 38 * HOUR), []),
        (silent(23, quiet=2), []),
        (silent(25, quiet=2), ["silent:7"]),
        (silent(100, quiet=60), []),
        (silent(121, quiet=60), ["silent:7"]),
        # We were off for long: it brought nothing because nobody asked.
        (silent(2, quiet=2, success=100), []),
        # One that is silent does not cease to be so by failing once.
        (replace(silent(25, quiet=2), failures=1), ["silent:7"]),
        (replace(WELL, state="gone", last_polled_at=NOW - DAY), ["gone:7"]),
        (replace(failing(50), state="gone"), ["gone:7"]),
        (replace(WELL, state="gone", last_polled_at=NOW - 8 * DAY), []),
    ],
)
def test_a_feed_is_in_trouble_when_it_fails_or_is_silent_for_long_or_has_ended(
    feed: FeedCondition, found: list[str]
) -> None:
    assert subjects([feed]) == found


@pytest.mark.parametrize(
    ("feed", "begins"),
    [
        (failing(8), True),
        (failing(6 + 8 * 24), False),
        (silent(24 + 1, quiet=2), True),
        (silent(24 + 8 * 24, quiet=2), False),
    ],
)
def test_what_began_over_a_week_ago_is_no_news_but_keeps_its_alert(feed: FeedCondition, begins: bool) -> None:
    look = look_at_feeds([feed], MANY, (), now=NOW)
    (trouble,) = look.troubles
    assert news_of(look.troubles, ()) == ([trouble] if begins else [], set())
    assert news_of(look.troubles, {trouble.group}) == ([], set())
    assert news_of((), {trouble.group}) == ([], {trouble.group})


@pytest.mark.parametrize(
    ("outage", "found"),
    [
        ((9, 1), []),  # 10 hours of failing, 8 of them ours
        ((9, 8), ["failing:7"]),
        ((30, 20), ["failing:7"]),  # before it began
        ((30, 2), []),
    ],
)
def test_the_time_of_our_own_outage_is_not_counted_against_a_feed(
    outage: tuple[float, float], found: list[str]
) -> None:
    since, until = (NOW - hours * HOUR for hours in outage)
    assert subjects([failing(10)], outages=[Outage(since=since, until=until)]) == found


THREE = [failing(8, id=number) for number in (1, 2, 3)]
DEAD = [failing(30 * 24, id=number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("feeds", "polled", "network"),
    [
        (THREE, PolledLately(feeds=5, alive=5), True),
        (THREE, PolledLately(feeds=6, alive=6), False),
        (THREE[:2], PolledLately(feeds=2, alive=2), False),
        # One host is not the network.
        (
            [replace(feed, url="https://one.example/rss") for feed in THREE],
            PolledLately(feeds=3, alive=3),
            False,
        ),
        # One failure each is a blip.
        ([replace(feed, failures=1) for feed in THREE], PolledLately(feeds=3, alive=3), False),
        # Those polled long ago say nothing about now.
        (
            [replace(feed, last_polled_at=NOW - 3 * HOUR) for feed in THREE],
            PolledLately(feeds=1, alive=1),
            False,
        ),
        # Feeds that have been dead for long are not counted, unless nothing else is left.
        (DEAD, PolledLately(feeds=5, alive=2), False),
        (DEAD, PolledLately(feeds=3, alive=0), True),
    ],
)
def test_most_feeds_failing_at_once_is_one_trouble_of_ours_and_none_of_theirs(
    feeds: list[FeedCondition], polled: PolledLately, network: bool
) -> None:
    look = look_at_feeds(feeds, polled, (), now=NOW)
    assert (set(look.abouts) == {About.NETWORK}) is network
    assert ([trouble.about for trouble in look.troubles] == [About.NETWORK]) is network


def test_while_nothing_is_polled_nothing_is_judged_and_nothing_is_over() -> None:
    look = look_at_feeds(THREE, PolledLately(feeds=0, alive=0), (), now=NOW)
    assert (look.troubles, tuple(look.abouts)) == ((), ())


def test_what_a_feed_calls_itself_cannot_reach_a_terminal_as_more_than_text() -> None:
    (trouble,) = look_at_feeds(
        [replace(failing(7), publisher="a\x1b[31m\nb" * 50)], MANY, (), now=NOW
    ).troubles
    assert "\x1b" not in trouble.headline
    assert "\n" not in trouble.headline
    assert trouble.headline.endswith("cannot be read for 7 hours: 9 failures in a row")
