"""Two figures for one thing that a report sets side by side: 'The organisers put the march at 26,000. The
ministry counted 8,000.'

Who gives a rival figure mostly leaves out what it counts, or says only how it was come by ("puts the
shortfall at", "the log shows", "swears to five"): it is the figure of the sentence before. So only neighbours
are compared, and only if one does little more than give a figure; what both count out in full is
the business of numeric.py.
"""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.core.contradictions.camps import is_anybody, is_survey, one_camp
from monitor.core.contradictions.pairs import Finding, says_something, shown
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.unlike import is_nationwide
from monitor.core.measures import LENGTH_OF_TIME, YEAR, Measure, measures_in
from monitor.core.types import Claim, ClaimKind, ContradictionKind, Grade, Stance
from monitor.core.wording import content_words, stem_set

# Rounding: what is measured is no conflict where it is closer than this share of the larger.
_TOLERANCE = 0.1
# What goes on for twice as long cannot be the same.
_FAR = 2
_MEASURED = frozenset({LENGTH_OF_TIME, "speed", "temperature", "distance", "weight", "percent"})
# What is over for so long is another matter.
_LONG_AGO = timedelta(days=21)
# "Put", "counts", "the log gives": verbs that come before a figure and say how it was come by.
_GIVING = (
    r"(?:put|puts|putting|placed|places|counts?|counted|gives?|gave|given|names?|named|lists?|listed|"
    r"shows?|showed|records?|recorded|registers?|registered|logs?|logged|tall(?:y|ies|ied)|estimates?|estimated|reckons?|"
    r"(?:speaks?|spoke|spoken|talks?|talked|tells?|told) of|swears? to|swore to|arrives? at|arrived at|"
    r"comes? to|came to|(?:has|had|have) (?:it|them) (?:at|as)|makes? it|made it|numbers?|numbered|"
    r"insists? on|insisted on|admits? to|admitted to|owns? up to|settles? on|reads?)"
)
# What may stand between a verb and its figure: "as no more than".
_BOUND = (
    r"(?:only|just|merely|exactly|precisely|no more than|not more than|not above|at least|at most|about|some|"
    r"around|nearly|almost|more than|over|under|fewer than|closer to|nearer|barely)"
)
_TO_FIGURE = rf"(?:(?:at|as|to|to be|of|is|was|were)\s+)?(?:{_BOUND}\s+){{0,2}}[“‘\"]?$"
_GIVES = re.compile(
    rf"(?i)\b(?:{_GIVING}\s+(?P<thing>(?:[^\s,;:.“”]+\s+){{0,8}}?)|(?:has|have|had)\s+){_TO_FIGURE}"
)
_CUE = re.compile(rf"(?i)^{_GIVING}$")
# Words that say nothing of what a figure is of.
_LIGHT = stem_set(
    """
    figure number total sum count tally crowd attendance turnout size amount loss losses shortfall
    deficit gap hole cost costs bill damage price value length duration delay distance speed temperature haul
    guest people only just exactly merely almost nearly about around closer nearer maybe
    perhaps fact all rather barely precisely true real actual final climb rise more like whole
    """
)
# It is later than what stands before, or of another time.
_THEN = re.compile(
    r"(?i)\b(?:earlier|previously|at first|initially|originally|so far|since then|by then|meanwhile|later|"
    r"last (?:week|month|year|season)|a (?:week|month|year) (?:ago|before)|(?:up|down) from|in turn|"
    r"of (?:them|those|whom)|also|too|as well|in addition|on top|another|elsewhere|separately|in contrast|"
    r"the rest|others?|respectively|compared with|"
    r"(?:up|rose|risen|fell|fallen|grew|revised|raised) (?:from|to|by))\b"
)
# What may be is no count of what was: "built for 80 guests", "room for 40".
_ALLOWED = re.compile(
    r"(?i)\b(?:licen[cs]ed|certified|built|designed|meant|insured|approved|permitted|allowed|intended|fit) "
    r"(?:for|to)\b|\b(?:room|space|seats?|berths?|beds|capacity|limit|quota|permit) (?:for|of|to)\b"
)
_PLACE = re.compile(r"\b(?:in|at|near|from|of|to)\s+(?:the\s+)?([A-ZÀ-Ý][\w’'-]+)")
# "Closer to 700", "only 80": set against a figure that was given before.
_AGAINST = re.compile(
    r"(?i)\b(?:closer to|nearer(?: to)?|more like|only|just|merely|no more than|barely|no fewer than|in fact|"
    r"actually|at most|fewer than)\s*$"
)
# "Seventeen in two years": of a stretch of its own.
_OVER = re.compile(
    r"(?i)\s+(?:in|over|within|for|during)\s+(?:the (?:last|past)\s+)?[\w-]+\s+(?:days|weeks|months|years)\b"
)
# What those do that a bare number counts.
_DOES = re.compile(r"(?i)\s+(?:was|were|are|is|had|have|has|did|came|went)\b")
_REFERS = re.compile(r"(?i)^\W*(?:it|that|this|the (?:first|whole|trip|wait|stop|journey|delay))\b")


def compare_figures(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where two camps next to each other give figures for one thing that cannot both hold."""
    ordered = rivals(a, b)
    if ordered is None:
        return None
    a, b = ordered
    left, right = measures_in(words_with_verb(a)), measures_in(words_with_verb(b))
    pair = next(((p, q) for q in right for p in left if _clash(a, b, p, q, left, right)), None)
    if pair is None:
        return None
    p, q = pair
    first, second = (words_with_verb(c)[m.start : m.end] for c, m in ((a, p), (b, q)))
    return rival_finding(a, first, b, second, ContradictionKind.NUMERIC, "which figure is right")


def rival_finding(
    a: Claim, first: str, b: Claim, second: str, kind: ContradictionKind, disputed: str
) -> Finding:
    """The finding that one says `first` and the next one `second`."""
    return Finding(
        kind=kind,
        grade=Grade.MEDIUM,
        score=0.65,
        reason=f"Side by side in one report: {a.speaker.name} says {first} ({shown(a)}), "
        f"{b.speaker.name} says {second} ({shown(b)}).",
        about="",
        disputed=f"{disputed}: {first} or {second}",
    )


def rivals(a: Claim, b: Claim) -> tuple[Claim, Claim] | None:
    """The two in the order of their report, where two camps speak right after one another of one time, and
    say something; None: they are no such neighbours.
    """
    if a.setting is None or b.setting is None:
        return None
    if a.setting.place > b.setting.place:
        a, b = b, a
    return (a, b) if _may_be_rivals(a, b) else None


def _may_be_rivals(a: Claim, b: Claim) -> bool:
    x, y = a.setting, b.setting
    if x is None or y is None or (a.version_id, a.field) != (b.version_id, b.field) or y.place - x.place != 1:
        return False
    if y.paragraph - x.paragraph > 1 or not (says_something(a) and says_something(b)):
        return False
    if Stance.DENY in {a.stance, b.stance} or (a.hedged and b.hedged):
        return False
    if ClaimKind.OWN_VOICE is a.kind is b.kind or is_anybody(a) or is_anybody(b):
        return False
    if is_survey(a) or is_survey(b) or one_camp(a, b):
        return False
    if "?" in y.before:
        # "Two, she says. And when did he leave? On Friday": another question.
        return False
    if (_ALLOWED.search(a.quote) is None) != (_ALLOWED.search(b.quote) is None):
        return False
    if is_nationwide(a) != is_nationwide(b):
        return False
    return not (_THEN.search(b.quote) or _THEN.search(y.before) or _other_places(a, b))


def _of_other_times(a: Claim, b: Claim) -> bool:
    """Each is of a time of its own, or the second one of long ago."""
    left, right = ([t for t in c.times if t.bound in {"at", "about"}] for c in (a, b))
    if not left:
        return bool(right) and all(b.said_at - t.ends_at > _LONG_AGO for t in right)
    return bool(right) and not any(t.meets(u) for t in left for u in right)


def _other_places(a: Claim, b: Claim) -> bool:
    here, there = (set(_PLACE.findall(c.quote + _behind(c))) for c in (a, b))
    return bool(here and there and not here & there)


def _clash(
    a: Claim, b: Claim, p: Measure, q: Measure, left: tuple[Measure, ...], right: tuple[Measure, ...]
) -> bool:
    if q.negated and not p.negated:
        # "It was 12, not 21": said against the figure before.
        return p.low == q.low and q.kind in {"", p.kind}
    if p.part or q.part or p.negated or not _disjoint(p, q):
        return False
    if "" not in {p.kind, q.kind} and p.kind != q.kind:
        return False
    if p.kind != YEAR and _of_other_times(a, b):
        return False
    if any(m is not one and m.kind == one.kind for one, side in ((p, left), (q, right)) for m in side):
        # Two figures of a kind: nobody knows which of them is meant.
        return False
    if any(m.span() == one.span() for one, side in ((p, right), (q, left)) for m in side):
        # "9,300, of whom 3,100 here" agrees with 3,100.
        return False
    if not p.kind or not q.kind:
        # A bare number counts what was counted last: there must be one thing only.
        others = left if not q.kind else right
        if len({m.kind for m in others if not m.part}) > 1 or YEAR in {p.kind, q.kind}:
            return False
    if bool(_OVER.match(_rest(a, p))) != bool(_OVER.match(_rest(b, q))):
        return False
    return _set_against(a, b, p, q)


def _rest(claim: Claim, m: Measure) -> str:
    """What stands behind the figure, in the claim and after it."""
    return words_with_verb(claim)[m.end :] + _behind(claim)


def _behind(claim: Claim) -> str:
    """What stands behind the claim in its sentence."""
    return re.split(r"[.!?;]", claim.setting.after, maxsplit=1)[0] if claim.setting else ""


def _set_against(a: Claim, b: Claim, p: Measure, q: Measure) -> bool:
    """Whether one does little more than give its figure, and of what the other tells."""
    x, y = a.setting, b.setting
    near = x is not None and y is not None and x.paragraph == y.paragraph
    left, right = _thing(a, p), _thing(b, q)
    said = words_with_verb(b)
    told = content_words(said[: q.start] + said[q.end :])
    mine = content_words(words_with_verb(a))
    if not q.kind and _DOES.match(said[q.end :]) and not told & mine:
        # "Sixty-one were detained": what some of them did.
        return False
    if not p.kind and q.kind and left is None and not _is_only(a, p):
        return False
    if right is not None and not right - _LIGHT - mine:
        return near or bool(p.kind)
    if _is_only(b, q):
        # In a paragraph of its own "there were four" may be four of anything.
        return near or (bool(q.kind) and p.kind == q.kind)
    if not near:
        return False
    if left is not None and (not q.kind or left & told):
        return True
    if not q.kind:
        return _AGAINST.search(said[: q.start]) is not None
    if p.kind in _MEASURED and _REFERS.match(b.quote):
        low, high = sorted((p.high, q.high))
        return high >= _FAR * low
    # "Died in 1993", "died in 1996".
    fewer, more = sorted(
        (content_words(words_with_verb(a)[: p.start] + words_with_verb(a)[p.end :]), told), key=len
    )
    return bool(fewer) and fewer <= more


def words_with_verb(claim: Claim) -> str:
    """The claim, with the verb before it that says how a figure was come by: "puts | the march at 900"."""
    before = _CUE.match(claim.cue) is not None and claim.cue not in claim.quote
    return f"{claim.cue} {claim.quote}" if before else claim.quote


def _is_only(claim: Claim, m: Measure) -> bool:
    """'Three weeks', 'it is 260 and rising', 'the figure was 17': nothing but a figure."""
    said = words_with_verb(claim)
    # "It was 30,000, a loan": what stands behind a comma says more of the same.
    behind = re.split(r"[,;:(–—]", said[m.end :], maxsplit=1)[0]
    return not content_words(f"{said[: m.start]} {behind}") - _LIGHT - content_words(claim.cue)


def _thing(claim: Claim, m: Measure) -> frozenset[str] | None:
    """What the figure is said to be of, by whoever gives it; None: the words tell more than a figure."""
    return given(words_with_verb(claim)[: m.start])


def given(before: str) -> frozenset[str] | None:
    """The words for what a figure or an hour is of, where a verb that gives it stands before it: "puts the
    start at"; None: no such verb.
    """
    found = _GIVES.search(before)
    return content_words(found["thing"] or "") if found is not None else None


def _disjoint(p: Measure, q: Measure) -> bool:
    """Whether no value satisfies both, by more than rounding."""
    (a, b), (c, d) = p.span(), q.span()
    if not (b < c or d < a):
        return False
    # A bare number is in the unit of the other: 34 after 18 mph.
    if not p.kind or not q.kind:
        return True
    gap = max(c - b, a - d)
    rounded = p.kind in _MEASURED or p.kind.startswith("money")
    return gap > (_TOLERANCE * max(p.high, q.high) if rounded else 0)
