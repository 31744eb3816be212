"""Two hours or days for one thing that a report sets side by side: 'The gates were opened at two, she said.
The log gives 05.40.'

As with figures (figures.py) the rival hour mostly comes with nothing but a word on who gives it. What both
tell out in full, phase by phase, is the business of timings.py.
"""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.core.contradictions.figures import given, rival_finding, rivals, words_with_verb
from monitor.core.contradictions.pairs import Finding
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.timings import clocks_apart
from monitor.core.types import Claim, ClaimTime, ContradictionKind
from monitor.core.wording import content_words, stem_set

_DAY = timedelta(days=1)
# Words that say nothing of what the hour is of.
_LIGHT = stem_set(
    """
    time hour date day moment entry clock only just shortly exactly about around early late soon first local
    morning afternoon evening night
    """
)
# One phase in many words: "the exchange began", "the first shot".
_BEGINNING = re.compile(
    r"(?i)\b(?:beg[aiu]n\w*|start\w*|broke out|outbreak|opened up|opening|went off|set off|first)\b"
)
# "That was at 6.15": of what was told right before.
_THAT_WAS = re.compile(
    r"(?i)^\W*(?:(?:that|it|this)\b[^.]{0,25}\s)?(?:was|were|is|came|happened|occurred|took place|fell)\s+"
    r"(?:only |just |not until |shortly |at |on |about |around |after |before |closer to |nearer )*$"
)
# "Arrived at eleven" gives no hour of what was told before.
_COMES = re.compile(r"(?i)\b(?:arriv\w*|com\w*|came)\s+(?:at|to)\s*$")


def compare_hours(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where two camps next to each other put one thing at two hours, or on two days."""
    ordered = rivals(a, b)
    if ordered is None:
        return None
    a, b = ordered
    when, other = _only_time(a), _only_time(b)
    if when is None or other is None or _is_day(when) != _is_day(other):
        return None
    if not clocks_apart(a, when, b, other) or not _set_against(a, b, when, other):
        return None
    return rival_finding(a, when.surface, b, other.surface, ContradictionKind.TIME, "when it was")


def _only_time(claim: Claim) -> ClaimTime | None:
    """The one hour or day that the claim names."""
    near = [t for t in claim.times if t.ends_at - t.begins_at <= _DAY]
    return near[0] if len(near) == 1 == len(claim.times) else None


def _is_day(when: ClaimTime) -> bool:
    return when.ends_at - when.begins_at == _DAY


def _set_against(a: Claim, b: Claim, when: ClaimTime, other: ClaimTime) -> bool:
    said = words_with_verb(b)
    before, _, after = said.partition(other.surface)
    mine = content_words(words_with_verb(a).replace(when.surface, ""))
    told = content_words(f"{before} {after}") - content_words(b.cue) - _LIGHT
    thing = given(before) if not _COMES.search(before) else None
    if not told or (thing is not None and not thing - _LIGHT - mine):
        return True
    if a.setting is None or b.setting is None or a.setting.paragraph != b.setting.paragraph:
        return _both_begin(a, b)
    return _THAT_WAS.match(before) is not None or told <= mine or _both_begin(a, b)


def _both_begin(a: Claim, b: Claim) -> bool:
    return all(_BEGINNING.search(claim.quote) for claim in (a, b))
