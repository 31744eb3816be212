"""Is a feed as it usually is? A table, no fixtures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from feed_values import a_feed

from monitor.core.feed_health import Delay, delay_of, silent_for
from monitor.core.types import Rhythm

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("quiet", "since", "silent"),
    [
        (2, 3, False),
        (2, 23, False),  # a night and a day are nothing
        (2, 25, True),
        (14, 27, False),
        (14, 29, True),
        (60, 100, False),  # it keeps weekends
        (60, 121, True),
        (None, 10_000, False),
        (2, None, False),
        (2, -5, False),  # a clock that went back
    ],
)
def test_a_feed_is_silent_after_twice_its_longest_usual_quiet_and_a_day(
    quiet: float | None, since: float | None, silent: bool
) -> None:
    rhythm = Rhythm(
        quiet=None if quiet is None else quiet * HOUR,
        last_new_at=None if since is None else NOW - since * HOUR,
    )
    feed = a_feed(last_polled_at=NOW, last_success_at=NOW, rhythm=rhythm)
    found = silent_for(feed, now=NOW)
    assert found == (since * HOUR if silent and since is not None else None)


@pytest.mark.parametrize(
    ("hours", "median", "p90"),
    [([3], 3, 3), ([1, 3], 1, 3), ([5, 1, 3], 3, 5), (list(range(1, 11)), 5, 9), ([*[1] * 99, 50], 1, 1)],
)
def test_a_delay_is_told_by_nearest_rank(hours: list[int], median: int, p90: int) -> None:
    found = delay_of(hour * HOUR for hour in hours)
    assert found == Delay(median=median * HOUR, p90=p90 * HOUR, articles=len(hours))


def test_without_articles_there_is_no_delay() -> None:
    assert delay_of(()) is None
