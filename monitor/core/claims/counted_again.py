"""A count that leaves out what is counted: 'Norvik put the figure at 40', 'the hospital said it was nine'.

It counts what somebody else counted right before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.claims.keys import claim_keys
from monitor.core.claims.pointing import follows
from monitor.core.claims.quantities import bound_of, number
from monitor.core.types import Article, Claim, Frame, Quantity

_FIGURE = r"(?:figure|number|total|count|toll|tally|sum)"
_BOUND = (
    r"(?:at least|no fewer than|more than|over|less than|fewer than|nearly|almost|up to|no more than|only|"
    r"just|about|around|roughly|some|approximately|an estimated|close to|exactly|as many as)"
)
_ONLY_A_COUNT = re.compile(
    rf"(?i)\W*(?:(?:(?:the|a|its|their) (?:\w+ )?{_FIGURE}|it|there|they|those)\b)?"
    r"(?: ?\b(?:is|was|were|are|had been|has been|stands|stood|at|of|as|to|be|in fact|actually)\b)*"
    rf"(?: ?{_BOUND})? ?(?P<count>[$€£]?\d[\d,.]*\d|\d|[a-z]+(?:-[a-z]+)?)"
    r"(?P<times> (?:hundred|thousand|million|billion))?(?: (?:were|was|are|had|have|did))?\W*"
)
# Longer than this it says more than a count.
_MAX_CHARS = 50


def with_counts(
    claims: Sequence[Claim], article: Article, about: Sequence[str], frames: Mapping[str, Frame]
) -> list[Claim]:
    """The claims in the same order; one that says nothing but a number counts what the claim of somebody
    else right before it counts, where that is one thing.
    """
    found: list[Claim] = []
    for claim in claims:
        again = _again(claim)
        before = _counted_before(claim, claims, article) if again is not None else None
        if again is not None and before is not None:
            amounts = (replace(again, unit=before.unit),)
            keys = dict.fromkeys((*claim.keys, *claim_keys((), amounts, "", about, frames)))
            claim = replace(claim, quantities=amounts, keys=tuple(keys))
        found.append(claim)
    return found


def _again(claim: Claim) -> Quantity | None:
    """The number, where the claim is nothing else."""
    # "The police speak of seven": what stands behind the verb.
    shown = bool(claim.cue) and claim.cue in claim.quote
    words = claim.quote.partition(claim.cue)[2] if shown else claim.quote
    told = _ONLY_A_COUNT.fullmatch(words) if len(words) <= _MAX_CHARS else None
    if told is None or claim.quantities:
        return None
    surface = told["count"] + (told["times"] or "")
    value = number(surface)
    if value is None:
        return None
    lead = words[: told.start("count")]
    return Quantity(value=value, bound=bound_of(lead), unit="", surface=surface)


def _counted_before(claim: Claim, claims: Sequence[Claim], article: Article) -> Quantity | None:
    before = [c for c in claims if c.field is claim.field and c.end <= claim.start and c.quantities]
    last = max(before, key=lambda c: c.end, default=None)
    if last is None or last.speaker.name == claim.speaker.name:
        return None
    counted = [q for q in last.quantities if not q.unit.startswith(("some ", "more "))]
    one = counted[0] if len(counted) == 1 else None
    return one if one is not None and follows(claim, last, article.field(claim.field)) else None
