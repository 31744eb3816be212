"""A figure that whoever gave it takes back for another one: 'The union had said that 30 jobs would be cut. It
withdrew the figure on Monday: it is 12.'
"""

from __future__ import annotations

from monitor.core.contradictions.camps import one_voice
from monitor.core.contradictions.pairs import Finding, says_something, shown, whether
from monitor.core.contradictions.subjects import Frames
from monitor.core.types import Claim, ContradictionKind, Grade
from monitor.core.wording import count_key


def compare_withdrawn(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where the report has one speaker take a figure back and give another for the same thing."""
    if not one_voice(a, b) or a.version_id != b.version_id or not (says_something(a) and says_something(b)):
        return None
    first, second = (a, b) if a.start <= b.start else (b, a)
    # claims/counted_again.py: so only what counts the very thing that was counted before.
    if count_key(first.fingerprint) not in second.keys:
        return None
    values = [{q.value for q in c.quantities} for c in (first, second)]
    if not all(values) or values[0] & values[1]:
        return None
    return Finding(
        kind=ContradictionKind.REVERSAL,
        grade=Grade.MEDIUM,
        score=0.7,
        reason=f"The report has {second.speaker.name} take a figure back: {shown(first)}, then "
        f"{shown(second)}.",
        about="",
        disputed=whether(first),
        later_first=first is b,
    )
