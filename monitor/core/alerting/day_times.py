"""Times of the day in a place: quiet hours, and when digests go out.

A day in a place is not always 24 hours long, so both are found by walking along its calendar. Where the
clocks skip a time, it means the moment after; where they show it twice, the first time counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.core.types import DigestTimes, QuietHours

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of this name. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None


def quiet_until(hours: Iterable[QuietHours], now: datetime) -> datetime | None:
    """When the quiet that holds now is over; None: nobody asked for quiet now.

    Hours that follow each other without a gap are one quiet.
    """
    listed, until = list(hours), now
    # Each round goes over to hours that begin where others end; more than all days of a week is for ever.
    for _ in range(8 * len(listed)):
        later = max((end for one in listed if (end := _end_of(one, until)) is not None), default=None)
        if later is None:
            break
        until = later
    return until if until > now else None


def _end_of(hours: QuietHours, now: datetime) -> datetime | None:
    """The end of the hours that hold at this moment; None: they do not."""
    today = now.astimezone(zone(hours.zone)).date()
    for day in (today - _DAY, today):
        if hours.days and day.weekday() not in hours.days:
            continue
        over = day + _DAY if hours.ends <= hours.begins else day
        begins, ends = _moment(day, hours.begins, hours.zone), _moment(over, hours.ends, hours.zone)
        if begins <= now < ends:
            return ends
    return None


def next_digest(times: DigestTimes, after: datetime) -> datetime:
    """The first time for a digest that is later than this."""
    today = after.astimezone(zone(times.zone)).date()
    listed = (
        _moment(day, at, times.zone)
        for day in (today - _DAY, today, today + _DAY, today + 2 * _DAY)
        for at in _times_of_day(times)
    )
    return min(at for at in listed if at > after)


def _times_of_day(times: DigestTimes) -> Iterator[time]:
    yield from times.at
    if times.every is not None:
        midnight, step = datetime(2000, 1, 1, tzinfo=UTC), times.every
        for number in range(_DAY // step):
            yield (midnight + number * step).time()


def _moment(day: date, at: time, zone_name: str) -> datetime:
    late = datetime.combine(day, at, tzinfo=zone(zone_name)).astimezone(UTC)
    early = datetime.combine(day, at.replace(fold=1), tzinfo=zone(zone_name)).astimezone(UTC)
    if early >= late:
        return late
    # The clocks skip this time, somewhere between the two (PEP 495): the first minute by the new clock.
    minutes = range((late - early) // _MINUTE + 1)
    after = late.astimezone(zone(zone_name)).utcoffset()
    moments = (early + number * _MINUTE for number in minutes)
    return next(one for one in moments if one.astimezone(zone(zone_name)).utcoffset() == after)
