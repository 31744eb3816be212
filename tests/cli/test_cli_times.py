"""monitor.cli.times: what people may type after --since, --until and --interval."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli.times import parse_interval, parse_time

NOW = datetime(2024, 3, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24h", datetime(2024, 3, 25, 12, tzinfo=UTC)),
        ("7d", datetime(2024, 3, 19, 12, tzinfo=UTC)),
        ("90m", datetime(2024, 3, 26, 10, 30, tzinfo=UTC)),
        ("2W", datetime(2024, 3, 12, 12, tzinfo=UTC)),
        ("2024-03-22", datetime(2024, 3, 22, tzinfo=UTC)),
        ("2024-03-22T20:00Z", datetime(2024, 3, 22, 20, tzinfo=UTC)),
        ("2024-03-22T20:00:00+03:00", datetime(2024, 3, 22, 17, tzinfo=UTC)),
        ("2024-03-22 20:00", datetime(2024, 3, 22, 20, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_distance_a_date_or_a_moment(text: str, moment: datetime) -> None:
    assert parse_time(text, now=NOW) == moment


def test_until_a_date_means_until_its_end() -> None:
    assert parse_time("2024-03-22", now=NOW, end_of_day=True) > datetime(2024, 3, 22, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "24", "h", "-3d", "2024-13-01", "999999w", "2024-03"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time|too long ago"):
        parse_time(text, now=NOW)


def test_an_interval_is_a_number_and_a_unit() -> None:
    assert parse_interval("90s") == timedelta(seconds=90)
    assert parse_interval("5m") == timedelta(minutes=5)
    with pytest.raises(ValueError, match="90s, 5m"):
        parse_interval("often")
