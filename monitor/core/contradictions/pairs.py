"""What comparators are given and what they give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.core.contradictions.subjects import Frames
from monitor.core.lines import quoted
from monitor.core.types import Claim, ContradictionKind, Grade, Relation, Stance

#: A figure as it is written.
NUMBER = re.compile(r"\d[\d,.]*")
#: Code points of a quote in a reason.
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """That two claims cannot both be true, as far as one comparator can see."""

    kind: ContradictionKind
    grade: Grade
    score: float
    reason: str
    # Identity of what is disputed; joins the pairs of one conflict. Empty: the two threads themselves.
    about: str
    # The same in words.
    disputed: str
    relation: Relation = Relation.CONTRADICTION
    # The claim that was given second was said before the first.
    later_first: bool = False
    # The report says itself that this is another account: "tells another story".
    announced: bool = False


#: The earlier claim, the later one, what the rules know → a finding, or None.
Comparator = Callable[[Claim, Claim, Frames], Finding | None]


def says_something(claim: Claim) -> bool:
    """Whether the claim commits its speaker to anything: no question, no retraction."""
    return claim.stance is not Stance.QUESTION and claim.stance is not Stance.RETRACT


def whether(claim: Claim) -> str:
    """What is disputed, where it is the claim as a whole."""
    return f"whether {claim.proposition.strip(' .”“')}"


def shown(claim: Claim) -> str:
    """The claim's exact words, in quotation marks; "…" where they are long."""
    return quoted(claim.quote, _SHOWN)


def grade_for(a: Claim, b: Claim) -> tuple[Grade, float]:
    """Strong where both are said flatly; a hedged one needs a reader's step."""
    if a.hedged and b.hedged:
        return Grade.SOFT, 0.4
    if a.hedged or b.hedged:
        return Grade.MEDIUM, 0.65
    return Grade.STRONG, 0.9
