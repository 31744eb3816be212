"""Counts over time as lines of text that need neither colour nor letters beyond ASCII."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Some days in a row, and what was gained and lost in them."""

    first: date
    # As many days as `first` and the next bucket's are apart.
    days: int
    added: int
    removed: int


def buckets(added: Mapping[date, int], removed: Mapping[date, int], *, most: int = 40) -> tuple[Bucket, ...]:
    """From the first day with a count to the last, without gaps: days, or as many together as `most` asks.

    Empty where nothing was counted.
    """
    days = sorted({*added, *removed})
    if not days:
        return ()
    length = (days[-1] - days[0]).days + 1
    # Days, weeks, or four of them.
    size = next((size for size in (1, 7, 28) if length <= size * most), -(-length // most))
    starts = [days[0] + timedelta(days=offset) for offset in range(0, length, size)]
    gains, losses = _summed(added, days[0], size), _summed(removed, days[0], size)
    return tuple(
        Bucket(first=start, days=size, added=gains.get(place, 0), removed=losses.get(place, 0))
        for place, start in enumerate(starts)
    )


def _summed(counts: Mapping[date, int], first: date, size: int) -> dict[int, int]:
    summed: dict[int, int] = {}
    for day, count in counts.items():
        place = (day - first).days // size
        summed[place] = summed.get(place, 0) + count
    return summed


def bars(rows: Sequence[Bucket], *, width: int = 50) -> tuple[str, ...]:
    """A line for each: its first day, the counts, and a bar of `+` for gained and `-` for lost ones.

    The longest bar is `width` long; what was counted at all shows as one sign at least.
    """
    if not rows:
        return ()
    top = max(row.added + row.removed for row in rows)
    # Each sign stands for so many.
    scale = max(1.0, top / max(width, 2))
    gained = max(len(f"+{row.added}") for row in rows)
    lost = max(len(f"-{row.removed}") for row in rows)
    return tuple(
        f"{row.first.isoformat()} {f'+{row.added}':>{gained}} {f'-{row.removed}':>{lost}}  "
        f"{'+' * _signs(row.added, scale)}{'-' * _signs(row.removed, scale)}".rstrip()
        for row in rows
    )


def _signs(count: int, scale: float) -> int:
    return max(1, round(count / scale)) if count else 0


#: Nothing, and from few to most.
SHADES = " .:-=+*#@"


def strip(counts: Sequence[int]) -> str:
    """One sign for each count, from `.` for few to `@` for the most; a space is none."""
    top = max(counts, default=0)
    last = len(SHADES) - 1
    return "".join(SHADES[-(-count * last // top) if count else 0] for count in counts)
