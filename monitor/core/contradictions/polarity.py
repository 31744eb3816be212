"""The same sentence with and without a 'not', for what no frame knows."""

from __future__ import annotations

import re

from monitor.core.contradictions.counters import is_bare
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
# "X said Y denied it" is about Y's words; "if it was not X" says nothing of X.
_ELSEWHERE = re.compile(r"(?i)\b(?:den(?:y|ies|ied|ying)|if|unless|whether)\b")


def compare_polarity(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where nearly all content words agree and exactly one of the two is negated."""
    if not (says_something(a) and says_something(b)) or denies(a) == denies(b):
        return None
    if is_bare(a) or is_bare(b):
        # What "that account" was is read into it.
        return None
    if a.hedged or b.hedged or set(NUMBER.findall(a.proposition)) != set(NUMBER.findall(b.proposition)):
        return None
    if _ELSEWHERE.search(a.proposition) or _ELSEWHERE.search(b.proposition):
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
