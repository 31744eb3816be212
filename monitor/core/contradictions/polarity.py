"""The same sentence with and without a 'not', for what no frame knows."""

from __future__ import annotations

import re

from monitor.core.contradictions.pairs import (
    NUMBER,
    Finding,
    grade_for,
    says_something,
    shown,
    whether,
)
from monitor.core.contradictions.subjects import Frames
from monitor.core.types import Claim, ContradictionKind
from monitor.core.wording import content_words, denies, jaccard

_MIN_JACCARD = 0.7
_MIN_SHARED = 3
_DENYING = re.compile(r"(?i)\bden(?:y|ies|ied|ying)\b")


def compare_polarity(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where nearly all content words agree and exactly one of the two is negated."""
    if not (says_something(a) and says_something(b)) or denies(a) == denies(b):
        return None
    if a.hedged or b.hedged or set(NUMBER.findall(a.proposition)) != set(NUMBER.findall(b.proposition)):
        return None
    if _DENYING.search(a.proposition) or _DENYING.search(b.proposition):
        # "X said Y denied it" is about Y's words.
        return None
    left, right = content_words(a.proposition), content_words(b.proposition)
    if len(left & right) < _MIN_SHARED or jaccard(left, right) < _MIN_JACCARD:
        return None
    grade, score = grade_for(a, b)
    yes, no = (b, a) if denies(a) else (a, b)
    subject = " ".join(sorted(left & right))
    return Finding(
        kind=ContradictionKind.DENIAL,
        grade=grade,
        score=score - 0.1,
        reason=f"{no.speaker.name} denies what {yes.speaker.name} asserts: {shown(yes)}.",
        about=f"polarity|{subject}",
        disputed=whether(yes),
    )
