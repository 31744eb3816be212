"""Times and places that hang on a frame's phrase: 'the fire broke out at nine and was put out at noon' says
when it began and when it ended.

A frame with a role `when`, `where` or `for` says nothing without one of them; they are filled from the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.core.claims.distances import distances_in
from monitor.core.claims.draft import Draft
from monitor.core.claims.evoking import Evoked
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimPlace, ClaimTime, Frame, FrameUse
from monitor.core.wording import AFTER, AWAY, stamp

WHEN, WHERE = "when", "where"
# How long it went on.
FOR = "for"
# A verb below another one that it is one with: "began to sink at ten".
_ONE_VERB = frozenset({"xcomp", "aux", "auxpass", "cop", "aux:pass"})
# "Left the country": no place has that for its name.
_ABROAD = frozenset({"country", "страна"})
_MOVING = frozenset({"from", "to", "toward", "through"})
_VERBS = frozenset({"VERB", "AUX"})
_SMALL = {
    word: number
    for number, words in enumerate(
        (
            "half a",
            "a an one минуту час одну один",
            "two две два двух",
            "three три трех трёх",
            "four четыре четырех четырёх",
            "five пять пяти",
            "six шесть шести",
            "seven семь",
            "eight восемь",
            "nine девять",
            "ten десять десяти",
        )
    )
    for word in words.split()
} | {
    "half": 0.5, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "пятнадцать": 15, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50,
    "полчаса": 0.5,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_UNIT = r"(?P<unit>seconds?|minutes?|hours?|days?|секунд\w*|минут\w*|час\w*|дн\w+|день|суток)"
_AN = r"(?:\s+an?)?"
# "An hour went by before the first ambulance came": the lapse stands before the phrase that it belongs to.
_UNTIL_IT = re.compile(
    rf"(?i)(?P<more>\b(?:more than|over|at least|nearly|almost)\s+)?\b{_COUNT}{_AN}\s+{_UNIT}\s+"
    r"(?:\w+\s+){0,3}?before\b"
)
_NEAR_CHARS = 60
# How long after: at most, at least, just so long.
_LAGS = tuple(
    (kind, re.compile(rf"(?i)\b{pattern}"))
    for kind, pattern in (
        (
            "most",
            rf"(?:within|in less than|in under|less than|in)\s+{_COUNT}{_AN}\s+{_UNIT}\b(?!\s+(?:ago|long))",
        ),
        ("least", rf"(?:more than|over|at least)\s+{_COUNT}{_AN}\s+{_UNIT}\s+(?:later|after\w*)\b"),
        ("least", rf"(?:only\s+)?after\s+more than\s+{_COUNT}{_AN}\s+{_UNIT}\b"),
        ("just", rf"{_COUNT}{_AN}\s+{_UNIT}\s+(?:later|after\w*)\b"),
        ("just", rf"(?:only\s+)?after\s+{_COUNT}{_AN}\s+{_UNIT}\b"),
        ("least", rf"(?:более чем|больше чем|лишь|только) через\s+{_COUNT}?\s*{_UNIT}"),
        ("just", rf"(?:через|спустя)\s+{_COUNT}?\s*{_UNIT}"),
        ("just", rf"{_COUNT}\s+{_UNIT}\s+спустя\b"),
        ("most", rf"в течение\s+{_COUNT}\s+{_UNIT}"),
    )
)
_SECONDS = {"sec": 1, "min": 60, "hou": 3_600, "day": 86_400, "сек": 1, "мин": 60, "час": 3_600} | {
    "wee": 604_800, "mon": 2_592_000, "yea": 31_536_000, "нед": 604_800, "мес": 2_592_000,
}  # fmt: skip
# "Lasted forty minutes", "will take five weeks", "for over an hour".
# "For a second boat" is no length.
_LONG_UNIT = (
    r"(?P<unit>seconds|(?:minute|hour|day|week|month|year)s?|"
    r"(?:секунд|минут|час|дн|недел|месяц)\w*|день|суток)"
)
_LENGTH = re.compile(
    r"(?i)\b(?:for|last(?:ed|s|ing)?|took|tak(?:e|es|en|ing)|длил\w+|продлил\w+|продолжал\w+|длится|продлится|"
    r"займ[её]т|займут|занял\w*|не работал\w*)\s+"
    r"(?:(?P<least>at least|more than|over|no less than|более|больше|свыше|не меньше|не менее|минимум)\s+|"
    r"(?P<most>up to|at most|no more than|less than|under|до|не более|не больше|меньше)\s+|"
    r"(?:about|around|some|nearly|almost|only|just|roughly|около|примерно|почти|всего|целый)\s+)*"
    rf"(?:(?P<count>\d{{1,3}}|{'|'.join(sorted(_SMALL, key=len, reverse=True))}){_AN}\s+)?{_LONG_UNIT}\b"
)


def with_when_and_where(
    evoked: Sequence[Evoked],
    draft: Draft,
    frames: Mapping[str, Frame],
    times: Sequence[tuple[int, ClaimTime]],
    places: Sequence[ClaimPlace],
) -> tuple[Evoked, ...]:
    """The uses with their times and places; those of a frame that asks for them and gets none are left out.

    `times` stand with where they start in the draft's stretch.
    """
    evoked = [e for e in evoked if _is_somewhere(e, frames, places)]
    if not any(_asks(e, frames) for e in evoked):
        return tuple(evoked)
    s = draft.content
    told = [(draft.start + at, WHEN, stamp(when)) for at, when in times]
    words = _stretch(draft)
    told += [(draft.start + at, WHEN, lag) for at, lag in lags_in(words)]
    told += [(draft.start + at, FOR, lapse) for at, lapse in _lengths_in(words)]
    told += [(draft.start + at, WHERE, f"{AWAY} {metres}") for at, metres in distances_in(words)]
    told += [
        (at, WHERE, named(place))
        for place in places
        if _stays(place) and (at := _where(draft, place.surface)) >= 0
    ]
    anchors = sorted({e.at for e in evoked if _asks(e, frames) and e.at >= 0})
    mine: dict[int, list[tuple[str, str]]] = {}
    for at, role, filler in told:
        token = _token_at(s, at)
        if token is None:
            continue
        anchor = _above(s, token, anchors)
        if anchor is not None:
            mine.setdefault(anchor, []).append((role, filler))
        elif role == WHEN and (later := _after(s, token, anchors)) is not None:
            mine.setdefault(later, []).append((role, f"{AFTER}{filler}"))
    for at, lag in _lapses_before(words):
        offset = draft.start + at - s.start
        later = next((a for a in anchors if 0 <= s.tokens[a].start - offset <= _NEAR_CHARS), None)
        if later is not None:
            mine.setdefault(later, []).append((WHEN, lag))
    kept = []
    for e in evoked:
        if not _asks(e, frames):
            kept.append(e)
        elif e.at in mine and (use := _placed(e.use, mine[e.at], frames[e.use.frame])) is not None:
            kept.append(replace(e, use=use))
    return tuple(kept)


def _placed(use: FrameUse, told: Sequence[tuple[str, str]], frame: Frame) -> FrameUse | None:
    """The use with its times and places; None where none of them is of a kind that the frame asks for."""
    mine = {(role, filler) for role, filler in told if role in frame.roles}
    roles, affirmed = set(use.roles), use.affirmed
    waited = [filler for role, filler in told if role == FOR]
    if waited and not mine and WHEN in frame.roles and not affirmed and ("phase", "arrival") in roles:
        # "No ambulance came for an hour": the first one came after it.
        roles = {(r, f"first {f}" if r == "thing" and "first" not in f.split() else f) for r, f in roles}
        affirmed, mine = True, {(WHEN, f"{filler.split('..')[0]}..s") for filler in waited}
    return FrameUse(frame=use.frame, affirmed=affirmed, roles=tuple(sorted(roles | mine))) if mine else None


def named(place: ClaimPlace) -> str:
    """A place as a filler: its relation and its name."""
    return f"{place.relation} {place.entity or place.name}"


def lags_in(text: str) -> Iterator[tuple[int, str]]:
    """How long after something it was, as offset and filler: "+0..120s" for "within two minutes"."""
    seen: list[tuple[int, int]] = []
    for kind, pattern in _LAGS:
        for m in pattern.finditer(text):
            if any(start < m.end() and m.start() < end for start, end in seen):
                continue
            seen.append(m.span())
            yield m.start(), _lapse(kind, _seconds(m))


def _lengths_in(text: str) -> Iterator[tuple[int, str]]:
    """How long something went on, as offset and filler: "+2400..2400s" for "lasted forty minutes"."""
    for m in _LENGTH.finditer(text):
        kind = "least" if m["least"] else "most" if m["most"] else "just"
        if m["count"] or m["unit"][:1] > "z":
            yield m.start(), _lapse(kind, _seconds(m))


def _lapses_before(text: str) -> Iterator[tuple[int, str]]:
    """The lapses with a "before" behind them, and where that ends: what comes next took so long."""
    for m in _UNTIL_IT.finditer(text):
        yield m.end(), _lapse("least" if m["more"] else "just", _seconds(m))


def _seconds(m: re.Match[str]) -> int:
    count = (m["count"] or "1").casefold()
    number = float(count) if count.isdigit() else _SMALL.get(count, 1)
    return int(number * _SECONDS.get(m["unit"].casefold()[:3], 86_400))


def _lapse(kind: str, seconds: int) -> str:
    low = 0 if kind == "most" else seconds
    return f"+{low}..{'' if kind == 'least' else seconds}s"


def _is_somewhere(e: Evoked, frames: Mapping[str, Frame], places: Sequence[ClaimPlace]) -> bool:
    """Somebody "in office", "in favour" and "in ten minutes" is nowhere."""
    if "state" not in frames[e.use.frame].roles or any(role == "state" for role, _ in e.use.roles):
        return True
    told = [f.casefold() for role, f in e.use.roles if role == "place"]
    named_here = [{p.entity, *p.name.casefold().split()} - {""} for p in places]
    return any(set(f.split()) & names or f in _ABROAD for f in told for names in (*named_here, set()))


def _asks(e: Evoked, frames: Mapping[str, Frame]) -> bool:
    return not {WHEN, WHERE, FOR}.isdisjoint(frames[e.use.frame].roles)


def _stretch(draft: Draft) -> str:
    s = draft.content
    return s.text[max(0, draft.start - s.start) : max(0, draft.end - s.start)]


def _stays(place: ClaimPlace) -> bool:
    """It was there: what comes from somewhere or goes there is somewhere else."""
    return place.relation not in _MOVING


def _where(draft: Draft, surface: str) -> int:
    at = _stretch(draft).find(surface)
    return -1 if at < 0 else max(draft.start, draft.content.start) + at


def _token_at(s: Sentence, offset: int) -> int | None:
    at = offset - s.start
    return next((i for i, t in enumerate(s.tokens) if t.start <= at < t.end), None)


def _above(s: Sentence, token: int, anchors: Sequence[int]) -> int | None:
    """The phrase that a word hangs on: nothing else that acts stands between them."""
    if token in anchors:
        return token
    before = token
    for i in s.ancestors(token):
        if i in anchors:
            return i
        if s.tokens[i].pos in _VERBS:
            # "Began to sink at ten", and "was seen leaving at ten": only the first is one act.
            if s.tokens[i].dep in _ONE_VERB and s.tokens[i].head in anchors:
                return s.tokens[i].head
            # "Was inside within a minute": the phrase is what is said with "was".
            below = (a for a in anchors if s.tokens[a].head == i)
            return next((a for a in below if s.tokens[i].lemma == "be" or s.tokens[a].dep in _ONE_VERB), None)
        before = i
    # The parse hangs a time on nothing: it belongs to the only phrase there is.
    verbs = sum(t.pos == "VERB" for t in s.tokens)
    return anchors[0] if before == token and verbs <= 1 and len(anchors) == 1 else None


def _after(s: Sentence, token: int, anchors: Sequence[int]) -> int | None:
    """The phrase that is said to come after what this word hangs on: 'fell ill after eating on Monday'."""
    for i in s.ancestors(token):
        if s.tokens[i].pos not in _VERBS:
            continue
        above = s.tokens[i].head
        if (
            s.tokens[i].dep == "pcomp"
            and s.tokens[above].lemma == "after"
            and s.tokens[above].head in anchors
        ):
            return s.tokens[above].head
        return None
    return None
