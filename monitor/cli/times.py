"""Times as people type them: "24h", "7d", "2024-03-26", "2024-03-26T10:00Z"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

EXAMPLES = "24h, 7d, 2024-03-26 or 2024-03-26T10:00Z"

_AGO = re.compile(r"(\d{1,6})\s*(min|m|h|d|w)", re.IGNORECASE)
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_time(text: str, *, now: datetime, end_of_day: bool = False) -> datetime:
    """The moment meant, in UTC: so long before `now`, or the ISO date or time given.

    A bare date is its first moment, or its last with `end_of_day`; a time without a zone is UTC.
    Raises ValueError, for people, where it is none of these.
    """
    text = text.strip()
    if ago := _AGO.fullmatch(text):
        try:
            return now - timedelta(**{_UNITS[ago[2].lower()]: int(ago[1])})
        except OverflowError:
            raise ValueError(f"{text!r} is too long ago") from None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max if end_of_day else time.min, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time; write for example {EXAMPLES}") from None


def parse_interval(text: str) -> timedelta:
    """A length of time: "90s", "5m", "2h", "1d". Raises ValueError, for people."""
    found = re.fullmatch(r"(\d{1,6})\s*(s|min|m|h|d)", text.strip(), re.IGNORECASE)
    if not found:
        raise ValueError(f"{text!r} is no length of time; write for example 90s, 5m, 2h or 1d")
    unit = {"s": "seconds", **_UNITS}[found[2].lower()]
    return timedelta(**{unit: int(found[1])})
