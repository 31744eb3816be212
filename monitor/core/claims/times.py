"""When: 'at 11:50 p.m. on Monday', 'overnight', 'in March 2019', as intervals on the article's own calendar.

An article says "on Monday" and "at 3 a.m." in its own zone, which nobody writes down. So the clock of the
article is taken for UTC: two reports of one event agree with each other, and both may be off by a zone.
Nothing here is looked up; what a language calls its months, hours and days is a `TimeWords`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.core.types import ClaimTime

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
# A weekday or clock time this much after the article was published is the one before, unless it looks ahead.
_AHEAD = timedelta(minutes=5)
_YEARS = range(1900, 2200)
_LONGEST_GAP = 40
# Nobody gives twenty times in one claim; a table pasted into a text does.
_MOST = 8
#: Among the words of a text that has a figure.
DIGIT = "0"
_LETTERS = re.compile(r"[a-z]+")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """How one language says when."""

    # What a stretch is ("day_month", "clock"…, a key of _READERS), how it looks, and words (small; DIGIT for
    # a figure) of which one must stand in the text; empty: not told. Earlier rows win.
    patterns: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]
    # First letters, small → month 1–12, weekday 0–6.
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    # Small words → days from the article's day; a part of the day → its first and last hour, which may be
    # below 0 (the evening before) and over 24 (the morning after).
    days: Mapping[str, int]
    parts: Mapping[str, tuple[int, int]]
    numbers: Mapping[str, int]
    # Which words turn a weekday or period back or forth: "last", "next".
    turns: Mapping[str, int]
    # Units of "three weeks ago" by first letters → their length.
    units: Mapping[str, timedelta]
    # Hours after noon by the words beside them: "p.m.", "in the evening"; and those before.
    after_noon: re.Pattern[str]
    before_noon: re.Pattern[str]
    # What may stand between the day and the hour of one time.
    joins: re.Pattern[str]
    # The claim looks ahead.
    forward: re.Pattern[str]
    # What right before a time says of it: about, before, after, since, until.
    bounds: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One stretch that says a day, an hour, a part of the day, or a longer time."""

    start: int
    end: int
    # First and last day (exclusive), where it says one.
    days: tuple[date, date] | None = None
    # Minutes since midnight, and how many.
    minutes: tuple[int, int] | None = None
    # The time itself, where it is neither: "three hours ago".
    whole: tuple[datetime, datetime] | None = None
    # Told by the article's day: a part of the day alone goes to the nearest past.
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns matches into pieces, seen from the moment of the article."""

    words: TimeWords
    said_at: datetime
    ahead: bool

    @property
    def today(self) -> date:
        return self.said_at.date()

    # ------------------------------------------------------------ days

    def day_month(self, m: re.Match[str]) -> _Piece | None:
        month = _begins(self.words.months, m["month"])
        day = self._number(m["day"])
        year = m.groupdict().get("year")
        if not month or day is None:
            return None
        if year:
            found = _date(int(year), month, day)
        else:
            near = [d for y in (-1, 0, 1) if (d := _date(self.today.year + y, month, day)) is not None]
            found = min(near, key=lambda d: abs(d - self.today), default=None)
        return _Piece(m.start(), m.end(), days=(found, found + _DAY)) if found else None

    def iso(self, m: re.Match[str]) -> _Piece | None:
        found = _date(int(m["year"]), int(m["month"]), int(m["day"]))
        return _Piece(m.start(), m.end(), days=(found, found + _DAY)) if found else None

    def month(self, m: re.Match[str]) -> _Piece | None:
        month = _begins(self.words.months, m["month"])
        if not month:
            return None
        year = self.today.year
        if m["year"]:
            year = int(m["year"])
        elif month > self.today.month and not self.ahead:
            year -= 1
        elif month < self.today.month and self.ahead:
            year += 1
        # What stands before it only tells the month from a word.
        return _Piece(m.start("month"), m.end(), days=_month(year, month)) if year in _YEARS else None

    def year(self, m: re.Match[str]) -> _Piece | None:
        year = int(m["year"])
        return _Piece(m.start(), m.end(), days=(date(year, 1, 1), date(year + 1, 1, 1)))

    def weekday(self, m: re.Match[str]) -> _Piece | None:
        wanted = _begins(self.words.weekdays, m["weekday"], none=-1)
        if wanted < 0:
            return None
        turn = self._turn(m)
        back = (self.today.weekday() - wanted) % 7
        if turn > 0 or (self.ahead and turn == 0):
            found = self.today + _DAY * ((-back) % 7 or (7 if turn > 0 else 0))
        else:
            found = self.today - _DAY * (back or (7 if turn < 0 else 0))
        return _Piece(m.start(), m.end(), days=(found, found + _DAY))

    def named_day(self, m: re.Match[str]) -> _Piece | None:
        found = self.today + _DAY * self.words.days[m["day"].casefold()]
        return _Piece(m.start(), m.end(), days=(found, found + _DAY))

    def night_to(self, m: re.Match[str]) -> _Piece | None:
        """ "в ночь на среду": the night before the day that it names."""
        inner = self.weekday(m) if m.groupdict().get("weekday") else self.day_month(m)
        if inner is None or inner.days is None:
            return None
        begin = _midnight(inner.days[0]) - 4 * _HOUR
        return _Piece(m.start(), m.end(), whole=(begin, begin + 10 * _HOUR))

    def period(self, m: re.Match[str]) -> _Piece | None:
        """'last week', 'this month', 'next year'."""
        turn, unit = self._turn(m), _begins_unit(self.words.units, m["unit"])
        if unit == 7 * _DAY:
            first = self.today - _DAY * self.today.weekday() + 7 * _DAY * turn
            days = (first, first + 7 * _DAY)
        elif unit is not None and unit > 300 * _DAY:
            days = (date(self.today.year + turn, 1, 1), date(self.today.year + turn + 1, 1, 1))
        elif unit is not None and unit > 20 * _DAY:
            count = self.today.year * 12 + self.today.month - 1 + turn
            days = _month(count // 12, count % 12 + 1)
        else:
            return None
        return _Piece(m.start(), m.end(), days=days)

    def ago(self, m: re.Match[str]) -> _Piece | None:
        count, unit = self._number(m["count"] or "1"), _begins_unit(self.words.units, m["unit"])
        if count is None or unit is None or count > 1000:
            return None
        try:
            then = self.said_at - count * unit
        except OverflowError:
            return None
        if unit < _DAY:
            return _Piece(m.start(), m.end(), whole=(then, then + unit))
        wide = max(_DAY, unit / 2) if unit > 20 * _DAY else _DAY
        return _Piece(m.start(), m.end(), days=(then.date(), (then + wide).date()))

    # ------------------------------------------------------------ hours

    def clock(self, m: re.Match[str]) -> _Piece | None:
        said = m.groupdict()
        hour = self._number(said["hour"])
        minute = self._number(said.get("minute") or "0")
        if hour is None or minute is None:
            return None
        if said.get("half"):
            # "в половине седьмого": half of the hour that comes.
            hour, minute = hour - 1, 30
        if said.get("past"):
            minute = self._fraction(said["past"])
        if said.get("to"):
            hour, minute = (hour - 1) % 24, 60 - self._fraction(said["to"])
        beside = said.get("noon") or ""
        if beside and self.words.after_noon.search(beside):
            hour = hour % 12 + 12
        elif beside and self.words.before_noon.search(beside):
            hour %= 12
        if not 0 <= hour <= 24 or not 0 <= minute < 60:
            return None
        exact = bool(said.get("minute") or said.get("past") or said.get("to") or said.get("half"))
        return _Piece(m.start(), m.end(), minutes=((hour % 24) * 60 + minute, 1 if exact else 60), loose=True)

    def part(self, m: re.Match[str]) -> _Piece | None:
        first, last = self.words.parts[m["part"].casefold()]
        return _Piece(m.start(), m.end(), minutes=(first * 60, (last - first) * 60), loose=True)

    def day_part(self, m: re.Match[str]) -> _Piece | None:
        """'last night', 'this morning'."""
        first, last = self.words.parts[m["part"].casefold()]
        day = self.today + _DAY * self._turn(m)
        begin = _midnight(day) + first * _HOUR
        return _Piece(m.start(), m.end(), whole=(begin, begin + (last - first) * _HOUR))

    # ------------------------------------------------------------ small things

    def _turn(self, m: re.Match[str]) -> int:
        word = m.groupdict().get("turn")
        return _begins(self.words.turns, word) if word else 0

    def _number(self, word: str) -> int | None:
        low = word.casefold()
        return int(low) if low.isdigit() else self.words.numbers.get(low)

    def _fraction(self, word: str) -> int:
        return self._number(word) or 0


_READERS: Mapping[str, Callable[[_Reader, re.Match[str]], _Piece | None]] = {
    name: getattr(_Reader, name)
    for name in (
        *("day_month", "iso", "month", "year", "weekday", "named_day", "night_to", "period", "ago"),
        *("clock", "part", "day_part"),
    )
}


def times_in(text: str, said_at: datetime, words: TimeWords) -> tuple[ClaimTime, ...]:
    """The times that a claim names, in the order of its text; `said_at` is when the article was published.

    Half-open intervals of a minute, an hour, a part of a day, a day or longer. Empty: it names none.
    """
    return tuple(when for _, when in times_at(text, said_at, words))


def times_at(text: str, said_at: datetime, words: TimeWords) -> tuple[tuple[int, ClaimTime], ...]:
    """As `times_in`, each with where its words start in the text."""
    reader = _Reader(words, said_at, bool(words.forward.search(text)))
    pieces: list[_Piece] = []
    # Most claims name no time, and a set tells that sooner than twenty patterns.
    said = {*_LETTERS.findall(text.lower()), *([DIGIT] if _FIGURE.search(text) else [])}
    for kind, pattern, needed in words.patterns:
        if needed and needed.isdisjoint(said):
            continue
        for m in pattern.finditer(text):
            if any(p.start < m.end() and m.start() < p.end for p in pieces):
                continue
            piece = _READERS[kind](reader, m)
            if piece is not None:
                pieces.append(piece)
    pieces.sort(key=lambda p: p.start)
    found = []
    for group in _groups(pieces, text, words.joins):
        span = _resolved(group, reader)
        if span is not None:
            start, end = group[0].start, group[-1].end
            bound = next((b for pattern, b in words.bounds if pattern.search(text[:start])), "at")
            when = ClaimTime(begins_at=span[0], ends_at=span[1], bound=bound, surface=text[start:end])
            found.append((start, when))
    return tuple(found[:_MOST])


def _groups(pieces: list[_Piece], text: str, joins: re.Pattern[str]) -> list[list[_Piece]]:
    """The pieces, those of one time together: 'at 11:50 p.m.' 'on Monday'."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        last = groups[-1] if groups else []
        gap = text[last[-1].end : piece.start] if last else ""
        fits = last and len(gap) <= _LONGEST_GAP and joins.fullmatch(gap) is not None
        if fits and _goes_with(last, piece):
            last.append(piece)
        else:
            groups.append([piece])
    return groups


def _goes_with(group: list[_Piece], piece: _Piece) -> bool:
    """A day takes an hour and the other way round, one of each."""
    if any(p.whole for p in (*group, piece)) or len(group) > 1:
        return False
    return (group[0].days is None) != (piece.days is None)


def _resolved(group: list[_Piece], reader: _Reader) -> tuple[datetime, datetime] | None:
    whole = next((p.whole for p in group if p.whole), None)
    if whole is not None:
        return whole
    days = next((p.days for p in group if p.days), None)
    minutes = next((p.minutes for p in group if p.minutes), None)
    try:
        if days is not None and minutes is not None and days[1] - days[0] == _DAY:
            begin = _midnight(days[0]) + minutes[0] * _MINUTE
            return begin, begin + minutes[1] * _MINUTE
        if days is not None:
            return _midnight(days[0]), _midnight(days[1])
        if minutes is not None:
            begin = _midnight(reader.today) + minutes[0] * _MINUTE
            if reader.ahead:
                begin += _DAY if begin + minutes[1] * _MINUTE <= reader.said_at else 0 * _DAY
            elif begin > reader.said_at + _AHEAD:
                begin -= _DAY
            return begin, begin + minutes[1] * _MINUTE
    except OverflowError:
        return None
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _begins(table: Mapping[str, int], word: str, *, none: int = 0) -> int:
    low = word.casefold().replace("ё", "е")
    return next((value for begin, value in table.items() if low.startswith(begin)), none)


def _begins_unit(table: Mapping[str, timedelta], word: str) -> timedelta | None:
    low = word.casefold()
    return next((value for begin, value in table.items() if low.startswith(begin)), None)
