"""One side that now says something else, where the report itself says so: 'Until Tuesday the line had
maintained that its papers were complete.'

Only neighbours are compared, and only where the words around them set an earlier saying against a later one:
most of what one speaker says twice is said on.
"""

from __future__ import annotations

import re

from monitor.core.contradictions.camps import one_camp
from monitor.core.contradictions.counters import only_points
from monitor.core.contradictions.juxtaposed import neighbours
from monitor.core.contradictions.pairs import Finding, grade_for, says_something, shown, whether
from monitor.core.contradictions.signs import AGREEMENT, SENTENCE_END, introduction
from monitor.core.contradictions.subjects import Frames
from monitor.core.types import Claim, ContradictionKind, Stance

_SAID = (
    r"(?:said|told|insisted|maintained|denied|claimed|promised|announced|vowed|assured|stated|declared|"
    r"dismissed|argued|sworn|pledged|spoken|written|ruled|put (?:it|the \w+) (?:at|down)|"
    r"called (?:it|the|that|this))"
)
_SPANS = r"(?:days?|hours?|weeks?|months?)"
# "Six weeks before the day on which she heard": no word of hers.
_WHICH = r"(?:the|an?|this|that|his|her|its|their)"
# "On Tuesday he had told parents that", "until the weekend the firm had insisted".
_EARLIER = re.compile(
    rf"(?i)(?:\bhad|,\s+having)\s+(?:\w+\s+){{0,2}}{_SAID}\b|"
    r"\buntil\s+(?:then|now|recently|the|last|this|yesterday|\w+day)\b|"
    r"\b(?:initially|at first|originally|previously)\b|"
    rf"\b{_SPANS}\s+(?:earlier|ago)\b|\b{_SPANS}\s+before\b(?!\s+{_WHICH}\b)|"
    rf"\b{_SPANS} after (?:\w+ ){{0,3}}(?:{_SAID}|saying|denying|insisting|telling|claiming|promising)\b|"
    r"\bafter (?:saying|denying|insisting|telling|claiming|promising)\b|"
    r"(?<!чем )\b(?:ранее|прежде|раньше|накануне|сначала|поначалу|первоначально|до этого|ещё вчера|"
    r"еще вчера)\b"
)
# "Had said on the radio, placing it at noon": in one breath with what was said before.
_SAID_ALONG = re.compile(r",\s(?!having\b)\w+ing\b[^,;]*$")
# "He had never mentioned a lamp": the later word is about the earlier one, and explains it.
_ABOUT_SPEECH = re.compile(r"(?i)\bhad (?:\w+ ){0,2}(?:said|mentioned|spoken|claimed|meant|told|written)\b")
# "That is untrue, she had said on Monday, and she stood by it".
_STANDS_BY = re.compile(r"(?i)\bst(?:ood|ands|icks|uck) (?:by|to)\b")
# "He had sworn that he was at home; he withdrew that yesterday": what stands before is of something else.
_TAKEN_BACK = re.compile(
    r"(?i)\b(?:withdr[ea]w\w*|retract\w*|recant\w*|t(?:ook|akes?|aken) (?:it |that )?back)\b"
)
# Code points before a claim that say when it was said.
_JUST_BEFORE = 70


def compare_turned(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where one side says two things next to each other and the report calls one the earlier."""
    if not (says_something(a) or a.stance is Stance.RETRACT) or a.setting is None or b.setting is None:
        return None
    first, second = (a, b) if a.setting.place <= b.setting.place else (b, a)
    if not neighbours(first, second) or not one_camp(first, second) or (a.hedged and b.hedged):
        return None
    if only_points(first) or only_points(second):
        # "The group denies it. It had said that it had no part": the same again.
        return None
    if _ABOUT_SPEECH.search(first.proposition) or any(_STANDS_BY.search(c.quote) for c in (a, b)):
        return None
    if second.setting is not None and _TAKEN_BACK.search(second.setting.after):
        return None
    # "On Monday she had said X. Y is so": what stands after may just as well be about something else.
    if told_as_earlier(first) or not told_as_earlier(second) or AGREEMENT.search(introduction(second)):
        return None
    grade, score = grade_for(a, b)
    return Finding(
        kind=ContradictionKind.REVERSAL,
        grade=grade,
        score=score - 0.1,
        reason=f"The report sets an earlier word of {second.speaker.name} against a later one: "
        f"{shown(second)}, then {shown(first)}.",
        about="",
        disputed=whether(second),
        later_first=second is b,
    )


def told_as_earlier(claim: Claim) -> bool:
    """Whether the report says that this was said before what it has just told: 'on Tuesday he had said'."""
    if claim.setting is None:
        return False
    # What the sentence before it tells of earlier days brings in nothing here.
    brings_in = SENTENCE_END.split(claim.setting.before[-_JUST_BEFORE:])[-1]
    found = _EARLIER.search(brings_in)
    return found is not None and _SAID_ALONG.search(brings_in, found.start()) is None
