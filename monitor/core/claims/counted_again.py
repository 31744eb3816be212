"""A count that leaves out what is counted: 'Norvik put the figure at 40', 'the hospital said it was nine'.

It counts what somebody else counted right before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.claims.keys import claim_keys
from monitor.core.claims.pointing import follows
from monitor.core.claims.quantities import FIGURE_WORDS
from monitor.core.numerals import BOUND, bound_of, number
from monitor.core.types import Article, Claim, Frame, Quantity
from monitor.core.wording import count_key

_FIGURE = rf"(?:{'|'.join(sorted(FIGURE_WORDS))}|sum)"
_ONLY_A_COUNT = re.compile(
    rf"(?i)\W*(?:(?:(?:the|a|its|their) (?:\w+ )?{_FIGURE}|it|there|they|those)\b)?"
    r"(?: ?\b(?:is|was|were|are|had been|has been|stands|stood|at|of|as|to|be|in fact|actually)\b)*"
    rf"(?: ?{BOUND})? ?(?P<count>[$€£]?\d[\d,.]*\d|\d|[a-z]+(?:-[a-z]+)?)"
    r"(?P<times> (?:hundred|thousand|million|billion))?"
    r"(?: (?:were|was|are|had|have|did|people|persons|of them))?\W*"
)
# "Some 400 people" counts anybody.
_ANYBODY = frozenset({"people", "person"})
# "She dropped that number; it is 12": the same speaker counts the same thing again.
_TAKEN_BACK = re.compile(
    r"(?i)\b(?:withdr[ae]w\w*|retract\w*|t[ao]ok? (?:it|that|this|the figure|the number|the count) back|"
    r"(?:took|takes|taken) back|correct(?:ed|s)\b|miscount\w*|counted (?:\w+ ){1,3}twice|misread\w*|"
    r"misspoke\w*|(?:had been|was|were) wrong|(?:a|his|her|its|their) (?:mistake|error|slip)|"
    r"climb(?:ed|s) down|backtrack\w*)\b"
)
# Longer than this it says more than a count.
_MAX_CHARS = 50
# "Seventeen in two years": of a stretch of its own.
_OVER = re.compile(
    r"(?i)\s+(?:in|over|within|during)\s+(?:the (?:last|past)\s+)?\w+\s+(?:days|weeks|months|years)\b"
)
# What is taken back is told right before.
_SOON_CHARS = 250


def with_counts(
    claims: Sequence[Claim], article: Article, about: Sequence[str], frames: Mapping[str, Frame]
) -> list[Claim]:
    """The claims in the same order; one that says nothing but a number counts what the claim right
    before it counts, where that is one thing and somebody else's, or taken back, and shares a key with it.
    """
    found: list[Claim] = []
    counted: set[str] = set()
    for claim in claims:
        again = _again(claim)
        before = _counted_before(claim, claims, article) if again is not None else None
        if again is not None and before is not None:
            first, what = before
            amounts = (replace(again, unit=what.unit),)
            keys = (*claim.keys, count_key(first.fingerprint), *claim_keys((), amounts, "", about, frames))
            claim = replace(claim, quantities=amounts, keys=tuple(dict.fromkeys(keys)))
            counted.add(first.fingerprint)
        found.append(claim)
    return [
        replace(c, keys=(*c.keys, count_key(c.fingerprint))) if c.fingerprint in counted else c for c in found
    ]


def _again(claim: Claim) -> Quantity | None:
    """The number, where the claim is nothing else."""
    # "The police speak of seven": what stands behind the verb.
    shown = bool(claim.cue) and claim.cue in claim.quote
    words = claim.quote.partition(claim.cue)[2] if shown else claim.quote
    told = _ONLY_A_COUNT.fullmatch(words) if len(words) <= _MAX_CHARS else None
    if told is None or not {q.unit for q in claim.quantities} <= _ANYBODY:
        return None
    surface = told["count"] + (told["times"] or "")
    value = number(surface)
    if value is None:
        return None
    lead = words[: told.start("count")]
    return Quantity(value=value, bound=bound_of(lead), unit="", surface=surface)


def _counted_before(claim: Claim, claims: Sequence[Claim], article: Article) -> tuple[Claim, Quantity] | None:
    """The claim right before it that counts one thing, and what it counts."""
    before = [c for c in claims if c.field is claim.field and c.end <= claim.start and c.quantities]
    last = max(before, key=lambda c: c.end, default=None)
    text = article.field(claim.field)
    if last is None or _OVER.match(text, claim.end):
        return None
    if last.speaker.name == claim.speaker.name:
        back = _TAKEN_BACK.search(text, last.end, claim.start) is not None
        near = back and claim.start - last.end <= _SOON_CHARS
    else:
        near = follows(claim, last, text)
    counted = [q for q in last.quantities if not q.unit.startswith(("some ", "more "))]
    return (last, counted[0]) if near and len(counted) == 1 else None
