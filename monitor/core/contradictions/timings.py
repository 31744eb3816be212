"""Times of one phase of one thing that cannot both hold: it took off at 10:12, or at 10:40.

Only what a frame with a role `when` tells is compared, so a beginning meets no end; a day and an hour of that
day agree, and so do two times that rounding brings together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.contradictions.pairs import Finding, grade_for, says_something, shown
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.things import (
    ONE_ARTICLE,
    Same,
    is_another,
    is_first,
    is_named,
    kinds_of,
    same_thing,
    story_of,
    told_of,
)
from monitor.core.contradictions.unlike import no_time_in_common
from monitor.core.types import Claim, ClaimTime, ContradictionKind, Frame, FrameUse, Grade, Stance
from monitor.core.wording import AFTER, WORD, stamp, word_set

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
# The other end of "before" and "after".
_FAR = timedelta(days=40_000)
# Two clocks that are no further apart may both be right.
_ROUNDING = timedelta(minutes=10)
_ABOUT = timedelta(minutes=30)
_SHORTLY = timedelta(hours=1)
# Reports this far apart tell of other events, and so do days this far apart.
_REPORTS_APART = timedelta(days=6)
_LATE_REPORTS = timedelta(days=30)
_DAYS_APART = timedelta(days=10)
# Of one kind of thing something like it happens again within a week, and nobody learns of it for a year.
_SEEN_LATE = frozenset({"discovery", "notification", "entry", "illness", "alarm", "signing", "order"})
_LATE = timedelta(days=400)
# These happen to a thing once.
_ONCE = frozenset({"sinking", "crash", "collapse", "death", "resignation", "finding"})
# One story has one of these (first words of the rows of `same`), and a strike every night.
_RARE = frozenset({"fire", "car", "collision", "escape", "collapse", "outage", "earthquake"})
# Reports of one event, told without its day.
_ONE_EVENT = timedelta(hours=36)
_ONE_DAY_OF_NEWS = timedelta(hours=18)
_ENOUGH_STORY = 3
_ENOUGH_FOR_NAMES = 2
_NAMES_A_DAY = re.compile(
    r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z.]*\b|\b(?:today|yesterday|tomorrow|tonight)\b|\b(?:19|20)\d\d\b|\blast night\b|\bthis \w+|"
    r"\b(?:понедельник|вторник|сред[ауы]|четверг|пятниц|суббот|воскресень)|"
    r"\b(?:январ|феврал|март|апрел|ма[йя]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)|"
    r"\b(?:сегодня|вчера|завтра|накануне|позавчера)\b|\bago\b|\bназад\b"
)
_WEEKDAY = re.compile(
    r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:понедельник|вторник|сред[ауы]|четверг|пятниц|"
    r"суббот|воскресень)"
)
_LINKING = word_set("at on in of the в во")
_JUST = re.compile(r"(?i)\b(?:shortly|just|soon|minutes|moments|right|незадолго|сразу|вскоре)\s+\w*\s*$")
_NO_EARLIER = re.compile(r"(?i)\b(?:no|not) (?:earlier|before)\b[^.]{0,10}$|\bне ранее\W*$")
_NO_LATER = re.compile(r"(?i)\b(?:no|not) later than\W*(?:\w+\s+)?$|\bне позднее\W*$")
_NIGHT = re.compile(r"(?i)\b(?:late|early|night|overnight|midnight|ночь\w*|поздно|рано)\b")
# "The repairs would take a year" is an estimate, and no less sure of itself for its "would".
_PLANS = re.compile(
    r"(?i)^(?!.*\b(?:may|might|could|possibly|perhaps)\b).*\b(?:will|would|is to|are to)\b|['’]ll\b"
)
_LENGTH = "length"
# Of two articles what is told to take so long may have grown in between.
_TIMES_AS_LONG = 3
_LAG = re.compile(r"^\+(?P<low>\d+)\.\.(?P<high>\d*)s$")


@dataclass(frozen=True, slots=True)
class _Span:
    begin: datetime
    end: datetime
    # Without a day: it holds on any.
    any_day: bool
    surface: str


def compare_times(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where both tell one phase of one thing, at times that cannot both be right."""
    if not (says_something(a) and says_something(b)) or Stance.DENY in {a.stance, b.stance}:
        return None
    unsure = a.hedged and b.hedged and not all(_PLANS.search(c.quote) for c in (a, b))
    if unsure:
        return None
    for x in a.frames:
        for y in b.frames:
            frame = known.frames.get(x.frame)
            if frame is None or x.frame != y.frame or frame.kind is not ContradictionKind.TIME:
                continue
            if x.affirmed and y.affirmed and _one_phase(x, y) and _one_thing(a, b, x, y, frame, known):
                finding = _clash(a, b, x, y, frame, known)
                if finding is not None:
                    return finding
    return None


def one_happening(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> bool:
    """Whether both uses tell one phase of one thing, in one story."""
    return _one_phase(x, y) and _one_thing(a, b, x, y, frame, known, it_may_be=True)


def clocks_apart(a: Claim, when: ClaimTime, b: Claim, other: ClaimTime) -> bool:
    """Whether two times of one happening, each with the claim that tells it, nowhere meet."""
    p, q = _span(a, when), _span(b, other)
    return not _said_alike(p, q) and _apart(p, q, _DAYS_APART)


def _one_phase(x: FrameUse, y: FrameUse) -> bool:
    return bool(_fillers(x, "phase") & _fillers(y, "phase"))


def _fillers(use: FrameUse, role: str) -> frozenset[str]:
    return frozenset(filler for r, filler in use.roles if r == role)


def _one_thing(
    a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames, *, it_may_be: bool = False
) -> bool:
    """Whether both tell of one thing; `it_may_be`: "it" is whatever the other names, of that phase."""
    story = story_of(a, b, frame, known)
    # What is learned late is also told of late.
    late = bool(_fillers(x, "phase") & _SEEN_LATE)
    if story < _ENOUGH_FOR_NAMES or abs(a.said_at - b.said_at) > (_LATE_REPORTS if late else _REPORTS_APART):
        return False
    if _elsewhere(x, y) or _others_act(a, b, x, y, known):
        return False
    # One named firm that notices is a story of its own.
    story += any(is_named(f, known) for f in told_of(a, x, ("who",)) & told_of(b, y, ("who",)))
    people = told_of(a, x, ("person",)), told_of(b, y, ("person",))
    if any(people):
        return same_thing(*people, frame, known) is Same.NAME
    left, right = told_of(a, x, ("thing",)), told_of(b, y, ("thing",))
    same = same_thing(left, right, frame, known, but_first=True)
    if same is Same.NAME:
        return True
    if same is Same.NO or story < _ENOUGH_STORY or is_another(a, b):
        return False
    phase = _fillers(x, "phase")
    crowd = any("people" in kinds_of(side, frame) for side in (left, right))
    if crowd and "illness" not in phase:
        # Many people come, leave and are told: not all at once.
        return False
    if same is Same.KIND:
        return True
    # "The ship" is the one that the article names; nobody knows what "it" is.
    whole = left and right
    told = any(is_named(f, known) for f in left | right)
    if whole:
        return told and story == ONE_ARTICLE
    return bool(left | right) and (it_may_be or bool(phase & (_SEEN_LATE | {_LENGTH})))


def _elsewhere(x: FrameUse, y: FrameUse) -> bool:
    """Each names a place of its own: arrived here at nine, and there at eleven."""
    here, there = ({w.split(" ", 1)[-1].casefold() for w in _fillers(use, "where")} for use in (x, y))
    return bool(here and there) and not any(p in q or q in p for p in here for q in there)


def _others_act(a: Claim, b: Claim, x: FrameUse, y: FrameUse, known: Frames) -> bool:
    """The bank noticed it on Monday, and its auditor on Friday: each in his own time."""
    left, right = told_of(a, x, ("who",)), told_of(b, y, ("who",))
    if not left or not right or known.identities(left) & known.identities(right):
        return False
    return not any(set(p.casefold().split()) & set(q.casefold().split()) for p in left for q in right)


# ---------------------------------------------------------------- when


def _clash(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Finding | None:
    lags = _lag_of(x), _lag_of(y)
    words = ("", "")
    if _LENGTH in _fillers(x, "phase"):
        longs = _long(x), _long(y)
        if not longs[0] or not longs[1] or not _within(a, b, _ONE_EVENT) or no_time_in_common(a, b):
            return None
        low, high = sorted((longs[0], longs[1]), key=lambda span: span[1])
        clash = high[0] >= (2 if _one_article(a, b) else _TIMES_AS_LONG) * low[1]
        return _finding(a, b, x, y, frame, known, words) if clash else None
    if a.hedged and b.hedged:
        return None
    if lags[0] is not None and lags[1] is not None:
        if not _lags_clash(lags[0], lags[1], _one_article(a, b)) or not _within(a, b, _ONE_EVENT):
            return None
        if not _first_may_differ(x, y, lags[0][0] < lags[1][0]):
            return None
    else:
        left, right = _spans(a, x), _spans(b, y)
        if not left or not right or a_day_between(a, b, left, right):
            return None
        if any(_said_alike(p, q) for p in left for q in right):
            return None
        vague = all(span.end - span.begin > 27 * _DAY for span in (*left, *right))
        far = _LATE if vague or _fillers(x, "phase") & _SEEN_LATE else _DAYS_APART
        if not all(_apart(p, q, far) for p in left for q in right) or _at_midnight(a, b, left, right):
            return None
        if not _first_may_differ(x, y, left[0].begin < right[0].begin):
            return None
        if _may_come_again(x, y, known) and _another_day(a, b, x, y, left[0], right[0], frame):
            return None
        words = (left[0].surface, right[0].surface)
    return _finding(a, b, x, y, frame, known, words)


def _first_may_differ(x: FrameUse, y: FrameUse, x_is_earlier: bool) -> bool:
    """The first call leaves room for calls after it, and for none before."""
    first = is_first(_fillers(x, "thing")), is_first(_fillers(y, "thing"))
    if first[0] == first[1] or _fillers(x, "phase") & _SEEN_LATE:
        return True
    return first[1] == x_is_earlier


def _long(use: FrameUse) -> tuple[float, float] | None:
    """The length that the use tells."""
    return _lag_of(use, "for")


def _lag_of(use: FrameUse, role: str = "when") -> tuple[float, float] | None:
    found = next((m for f in _fillers(use, role) if (m := _LAG.match(f))), None)
    if found is None:
        return None
    return float(found["low"]), float(found["high"]) if found["high"] else float("inf")


def _lags_clash(p: tuple[float, float], q: tuple[float, float], one_article: bool) -> bool:
    """One is over before the other begins, and by far: people look at no clock. Of two articles by very far:
    what sounds late one day sounds early on another.
    """
    low, high = (p, q) if p[1] <= q[1] else (q, p)
    times, seconds = (2, 120) if one_article else (5, 600)
    return high[0] >= times * low[1] and high[0] - low[1] >= seconds


def _one_article(a: Claim, b: Claim) -> bool:
    return a.article_id == b.article_id


def _may_come_again(x: FrameUse, y: FrameUse, known: Frames) -> bool:
    """Something of no name that happens every other day: a strike, a rally, a train's departure."""
    if (_fillers(x, "phase") | _fillers(y, "phase")) & (_SEEN_LATE | _ONCE):
        return False
    things = _fillers(x, "thing") & _fillers(y, "thing")
    return not any(is_named(f, known) for f in things)


def _another_day(a: Claim, b: Claim, x: FrameUse, y: FrameUse, p: _Span, q: _Span, frame: Frame) -> bool:
    """Whether the two may be of two days: each names its own, or the articles are of two days."""
    if not (p.any_day or q.any_day):
        # In one article rival accounts of a beginning may differ by a day; two strikes are two strikes.
        unlike = p.begin.date() != q.begin.date() and max(p.end - p.begin, q.end - q.begin) <= 2 * _DAY
        return unlike and (not _one_article(a, b) or "occurrence" in _fillers(x, "phase"))
    kinds = kinds_of(_fillers(x, "thing") | _fillers(y, "thing"), frame)
    if kinds and kinds <= _RARE and _within(a, b, _ONE_EVENT):
        return False
    is_the_first = is_first(_fillers(x, "thing")) or is_first(_fillers(y, "thing"))
    return not is_the_first and not _within(a, b, _ONE_DAY_OF_NEWS)


def _within(a: Claim, b: Claim, span: timedelta) -> bool:
    return abs(a.said_at - b.said_at) <= span


def _spans(claim: Claim, use: FrameUse) -> list[_Span]:
    told = _fillers(use, "when")
    found = [_span(claim, when) for when in claim.times if stamp(when) in told]
    if "end" in _fillers(use, "phase"):
        # "Went on until Tuesday" says when it ended.
        at = [replace(when, bound="at") if when.bound == "until" else when for when in claim.times]
        found = [_span(claim, when) for when in at if stamp(when) in told]
    after = [_span(claim, when) for when in claim.times if AFTER + stamp(when) in told]
    # "Thursday's march began at ten": the hour says it, the day is what it is called by.
    found = [span for span in found if span.end - span.begin < _DAY] or found
    return found + [replace(span, end=span.end + _FAR, any_day=False) for span in after]


def _span(claim: Claim, when: ClaimTime) -> _Span:
    before = claim.quote[: max(0, claim.quote.find(when.surface))]
    begin, end = when.begins_at, when.ends_at
    if when.bound == "about":
        begin, end = begin - _ABOUT, end + (_ABOUT if end - begin < _HOUR else timedelta())
    bound = when.bound
    if _NO_EARLIER.search(before):
        bound = "after"
    elif _NO_LATER.search(before):
        bound = "before"
    near = (
        _SHORTLY
        if _JUST.search(re.sub(r"(?i)\b(?:before|after|до|после)\s+(?:the\s+)?$", "", before))
        else _FAR
    )
    if bound in {"before", "until"}:
        begin, end = begin - near, begin if end - begin <= _HOUR else end
    elif bound in {"after", "since"}:
        begin, end = begin, end + near
    is_clock = when.ends_at - when.begins_at < _DAY
    return _Span(begin, end, is_clock and not _NAMES_A_DAY.search(when.surface), when.surface)


def a_day_between(a: Claim, b: Claim, left: list[_Span], right: list[_Span]) -> bool:
    """Each names a day of its own beside its hour: 'Thursday's march began at ten'."""
    if not any(span.any_day for span in (*left, *right)):
        return False
    days = [[t for t in claim.times if t.ends_at - t.begins_at == _DAY] for claim in (a, b)]
    if not all(days):
        return False
    return not any(p.meets(q) for p in days[0] for q in days[1])


def _apart(p: _Span, q: _Span, far: timedelta) -> bool:
    if p.any_day or q.any_day:
        if max(p.end - p.begin, q.end - q.begin) >= _DAY:
            # An hour and a day, or an hour and all that is before another.
            return _same_clock_apart(p, q)
        turn = round((q.begin - p.begin) / _DAY) * _DAY
        return all(_parted(p, q, turn + extra * _DAY) for extra in (-1, 0, 1))
    return _parted(p, q, timedelta()) and _gap(p, q, timedelta()) <= far


def _parted(p: _Span, q: _Span, turn: timedelta) -> bool:
    """Whether the two nowhere meet, and by more than rounding."""
    begin, end = q.begin - turn, q.end - turn
    exact = all(span.end - span.begin < _HOUR for span in (p, q))
    return (p.end <= begin or end <= p.begin) and (not exact or _gap(p, q, turn) > _ROUNDING)


def _said_alike(p: _Span, q: _Span) -> bool:
    """ "Monday at 9:15" and "9:15 Monday" are one moment, in whichever week reading placed each."""
    words = [frozenset(WORD.findall(span.surface.casefold())) - _LINKING for span in (p, q)]
    return words[0] == words[1] and _WEEKDAY.search(p.surface) is not None


def _at_midnight(a: Claim, b: Claim, left: list[_Span], right: list[_Span]) -> bool:
    """ "Late on Sunday" and "on Monday": one night."""
    days = all(span.end - span.begin == _DAY for span in (*left, *right))
    meet = any(_gap(p, q, timedelta()) == timedelta() for p in left for q in right)
    return days and meet and bool(_NIGHT.search(a.quote) or _NIGHT.search(b.quote))


def _same_clock_apart(p: _Span, q: _Span) -> bool:
    """ "At 8 p.m." against "after 9:30 p.m.": of one day only, and not further than half of it."""
    if any(span.end - span.begin == _DAY for span in (p, q)):
        return False
    gap = _gap(p, q, timedelta())
    return _ROUNDING < gap <= 8 * _HOUR


def _gap(p: _Span, q: _Span, turn: timedelta) -> timedelta:
    """How far apart the two are, the second moved back by `turn`; nothing where they meet."""
    begin, end = q.begin - turn, q.end - turn
    return max(begin - p.end, p.begin - end, timedelta())


def _finding(
    a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames, words: tuple[str, str]
) -> Finding:
    grade, score = grade_for(a, b)
    if grade is Grade.STRONG or (a.hedged and b.hedged):
        # What is hedged on both sides is a plan here: two estimates.
        grade, score = Grade.MEDIUM, 0.7
    phase = min(_fillers(x, "phase") & _fillers(y, "phase"))
    things = _fillers(x, "thing") | _fillers(y, "thing") | _fillers(x, "person")
    shortest = min(things, key=lambda f: (len(f), f), default="")
    thing = known.names(frozenset({shortest})) if shortest else ""
    when = "how long" if phase == _LENGTH else "when"
    disputed = f"{when} it was: {thing + ', ' if thing else ''}{phase}"
    said = tuple(f"“{w}” ({shown(c)})" if w else shown(c) for w, c in zip(words, (a, b), strict=True))
    return Finding(
        kind=ContradictionKind.TIME,
        grade=grade,
        score=score,
        reason=f"On {disputed}, {a.speaker.name} says {said[0]}, {b.speaker.name} says {said[1]}.",
        about="|".join(
            (frame.id, phase, *sorted(kinds_of(things, frame))[:1], *known.shared_topics(a, b, frame)[:1])
        ),
        disputed=disputed,
    )
