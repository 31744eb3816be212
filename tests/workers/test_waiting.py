"""Feeds that wait for their host's turn, by a clock of our own."""

from __future__ import annotations

from datetime import UTC, datetime

from feed_values import a_feed

from monitor.feeds.turns import BURST, HostTurns, host_of
from monitor.store.feeds import LeasedFeed
from workers.waiting import LONGEST_WAIT, WaitingFeeds

AT = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def desk(spacing: float = 1.0) -> tuple[Clock, HostTurns, WaitingFeeds]:
    clock = Clock()
    turns = HostTurns(spacing, clock=clock)
    return clock, turns, WaitingFeeds(turns, clock=clock)


def leased(number: int, host: str) -> LeasedFeed:
    feed = a_feed(id=number, url=f"https://{host}/{number}")
    return LeasedFeed(feed=feed, token="t", leased_at=AT)


def fetched(turns: HostTurns, waiting: WaitingFeeds) -> list[int]:
    """The feeds that may be fetched now, each done at once."""
    ids = []
    while taken := waiting.take():
        feed, _ = taken
        assert turns.book(host_of(feed.feed.url)) == 0.0
        ids.append(feed.feed.id)
        waiting.done(feed)
    return ids


def test_a_host_gets_a_few_at_once_and_then_one_a_second_while_others_pass_by() -> None:
    clock, turns, waiting = desk()
    waiting.add([*(leased(n, "busy.test") for n in range(7)), leased(9, "calm.test")])
    assert fetched(turns, waiting) == [0, 1, 2, 3, 9]
    assert len(waiting) == 3
    clock.now += 1.0
    assert fetched(turns, waiting) == [4]
    clock.now += 2.0
    assert fetched(turns, waiting) == [5, 6]


def test_no_more_than_two_feeds_of_a_host_are_under_way_at_once() -> None:
    _, _, waiting = desk(spacing=0.0)
    waiting.add([leased(n, "busy.test") for n in range(3)])
    first = waiting.take()
    assert first is not None
    assert waiting.take() is not None
    assert waiting.take() is None
    waiting.done(first[0])
    assert waiting.take() is not None


def test_feeds_that_would_wait_too_long_come_back_one_by_one() -> None:
    _, _, waiting = desk()
    waiting.add([leased(n, "busy.test") for n in range(100)])
    late = waiting.give_up_late()
    stay = BURST + int(LONGEST_WAIT)
    assert [feed.feed.id for feed, _ in late] == list(range(stay, 100))
    waits = [wait for _, wait in late]
    assert waits == [LONGEST_WAIT + 1 + number for number in range(len(late))]
    assert len(waiting) == stay


def test_what_only_missed_a_place_is_given_back_as_it_was() -> None:
    clock, _, waiting = desk()
    waiting.add([leased(1, "a.test"), leased(2, "b.test")])
    clock.now += LONGEST_WAIT + 1
    assert [(feed.feed.id, wait) for feed, wait in waiting.give_up_late()] == [(1, 0.0), (2, 0.0)]


def test_a_host_that_says_too_many_is_left_alone_by_all_of_its_feeds() -> None:
    clock, turns, waiting = desk(spacing=0.0)
    turns.hold("busy.test", 600.0)
    waiting.add([leased(1, "busy.test"), leased(2, "calm.test")])
    assert fetched(turns, waiting) == [2]
    assert [(feed.feed.id, wait) for feed, wait in waiting.give_up_late()] == [(1, 600.0)]
    clock.now += 601.0
    waiting.add([leased(1, "busy.test")])
    assert fetched(turns, waiting) == [1]


def test_an_absurd_retry_after_closes_a_host_for_an_hour_only() -> None:
    _, turns, _ = desk()
    turns.hold("busy.test", 10.0**9)
    assert turns.wait("busy.test") == 3600.0


def test_pollers_that_ask_the_same_hosts_share_their_turns() -> None:
    _, turns, _ = desk()
    turns.shared = 3
    waits = [turns.book("busy.test") for _ in range(BURST + 2)]
    assert waits == [0.0] * BURST + [3.0, 6.0]


def test_hosts_are_told_apart_by_name_and_nothing_else() -> None:
    assert host_of("https://User@Busy.Test:8443/x") == host_of("http://busy.test/y") == "busy.test"
    assert host_of("http://[::1") == ""
