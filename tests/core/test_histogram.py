"""Counts over time as lines of text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.core.histogram import Bucket, bars, buckets, strip

DAY = date(2024, 3, 1)


def test_days_without_a_count_are_shown_too() -> None:
    rows = buckets({DAY: 2, DAY + timedelta(days=2): 1}, {DAY: 1})
    assert [(row.first.day, row.added, row.removed) for row in rows] == [(1, 2, 1), (2, 0, 0), (3, 1, 0)]


def test_nothing_counted_is_no_line() -> None:
    assert buckets({}, {}) == ()
    assert bars(()) == ()


@pytest.mark.parametrize(
    ("days", "size", "lines"), [(40, 1, 40), (41, 7, 6), (280, 7, 40), (281, 28, 11), (4000, 100, 40)]
)
def test_a_long_time_is_cut_into_weeks_or_more(days: int, size: int, lines: int) -> None:
    counts = {DAY + timedelta(days=number): 1 for number in range(days)}
    rows = buckets(counts, {})
    assert (rows[0].days, len(rows)) == (size, lines)
    assert sum(row.added for row in rows) == days


def test_bars_are_signs_that_need_no_colour() -> None:
    rows = [
        Bucket(first=DAY, days=1, added=3, removed=1),
        Bucket(first=DAY + timedelta(days=1), days=1, added=0, removed=0),
        Bucket(first=DAY + timedelta(days=2), days=1, added=0, removed=12),
    ]
    assert bars(rows) == (
        "2024-03-01 +3  -1  +++-",
        "2024-03-02 +0  -0",
        "2024-03-03 +0 -12  ------------",
    )


def test_long_bars_are_scaled_and_a_little_still_shows() -> None:
    rows = [Bucket(first=DAY, days=1, added=1000, removed=0), Bucket(first=DAY, days=1, added=1, removed=0)]
    long, short = (line.split()[-1] for line in bars(rows, width=20))
    assert (long, short) == ("+" * 20, "+")


def test_a_strip_has_a_sign_for_each_count() -> None:
    assert strip([0, 1, 4, 8, 0]) == " .=@ "
    assert strip([1000, 1]) == "@."
    assert strip([3]) == "@"
    assert (strip([]), strip([0, 0])) == ("", "  ")
