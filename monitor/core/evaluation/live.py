"""What people said of the ledger's own contradictions, as precision with its uncertainty.

Only pairs that somebody looked at are counted, and people look at what was alerted first: this measures
what is shown, and says nothing about what was missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.core.rules.stats import Share, wilson

#: By what pairs are told apart, in the order shown.
GROUPINGS = ("comparator", "kind", "grade", "scope", "frame", "rule", "extractor")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOf:
    """One pair that somebody spoke about."""

    # "real" | "noise" | "outdated"
    word: str
    # Grouping → what it is there; several for frames and rules.
    traits: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePrecision:
    """The pairs of one kind."""

    # A name of GROUPINGS; empty: all pairs.
    grouping: str
    name: str
    real: int
    noise: int
    # Neither right nor wrong: it was so once, and is not counted.
    outdated: int
    # Real among real and noise, with Wilson's interval; None: neither was said.
    precision: Share | None


def live_precision(pairs: Iterable[SpokenOf]) -> tuple[LivePrecision, ...]:
    """All pairs first, then each grouping, most spoken of first; a pair counts under each of its traits."""
    words: dict[tuple[str, str], Counter[str]] = {("", "all"): Counter()}
    for pair in pairs:
        words["", "all"][pair.word] += 1
        for grouping in GROUPINGS:
            for name in pair.traits.get(grouping, ()):
                words.setdefault((grouping, name), Counter())[pair.word] += 1
    places = {grouping: place for place, grouping in enumerate(("", *GROUPINGS))}
    ordered = sorted(words.items(), key=lambda row: (places[row[0][0]], -row[1].total(), row[0][1]))
    return tuple(
        LivePrecision(
            grouping=grouping,
            name=name,
            real=said["real"],
            noise=said["noise"],
            outdated=said["outdated"],
            precision=wilson(said["real"], said["real"] + said["noise"]),
        )
        for (grouping, name), said in ordered
    )
