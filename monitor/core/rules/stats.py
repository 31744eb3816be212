"""The arithmetic of `rules stats`: shares with intervals, overlaps, terms, days as a line of bars."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from monitor.core.types import Condition, Entity

#: 95 % of a normal distribution lie within so many standard deviations.
Z_95 = 1.959963984540054
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole, with the interval in which the true share lies 95 times in 100."""

    part: int
    whole: int
    # 0 to 1.
    share: float
    low: float
    high: float


def wilson(part: int, whole: int) -> Share | None:
    """The share and its score interval; None where there is nothing to share.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
    American Statistical Association 22 (1927) 209–212. It stays within 0 and 1, and means something for
    ten observations, where the usual p ± 1.96·σ does not.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if not whole:
        return None
    p, z2 = part / whole, Z_95 * Z_95
    centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z_95 * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    # Rounding must not push an end past the share itself.
    low, high = max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half))
    return Share(part=part, whole=whole, share=p, low=low, high=high)


def log_likelihood(part: float, whole: float, other_part: float, other_whole: float) -> float:
    """How surprising it is that two shares differ this much: G²; 0: equal, 6.63: by chance once in 100.

    T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics
    19 (1993) 61–74: it stays true for rare words, where χ² overstates.
    """
    total, rows = whole + other_whole, ((part, whole), (other_part, other_whole))
    have = part + other_part
    surprise = 0.0
    for seen, size in rows:
        for count, column in ((seen, have), (size - seen, total - have)):
            if count:
                surprise += count * log(count * total / (size * column))
    return max(0.0, 2 * surprise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another rule that matches the same article versions."""

    rule: str
    both: int
    # Of all that either matches, the part that both do (Jaccard).
    jaccard: float
    # Of what this rule matches, the part that the other one matches too.
    covered: float


def overlaps(
    own: int, shared: Mapping[str, int], sizes: Mapping[str, int], top: int = 3
) -> tuple[Overlap, ...]:
    """The rules that overlap most, by Jaccard; `shared` and `sizes` count versions by rule."""
    found = [
        Overlap(rule=rule, both=both, jaccard=both / (own + sizes[rule] - both), covered=both / own)
        for rule, both in shared.items()
        if both and own
    ]
    return tuple(sorted(found, key=lambda one: (-one.jaccard, -one.both, one.rule))[:top])


# ---------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class Asked:
    """Something by which a rule can match: a word, a pattern, or one name of an entity."""

    # As the rule file writes it.
    term: str
    # The entity whose name it is; empty for words.
    entity: str = ""


def asked_terms(condition: Condition, entities: Mapping[str, Entity]) -> tuple[Asked, ...]:
    """Everything by which a condition can match, once each, in the order written; exclusions left out."""
    return tuple(dict.fromkeys(_asked(condition, entities)))


def _asked(condition: Condition, entities: Mapping[str, Entity]) -> Iterator[Asked]:
    if condition.operator == "none":
        return
    for term in condition.terms:
        if condition.operator != "entity":
            yield Asked(term)
            continue
        for alias in entities[term].aliases if term in entities else ():
            yield Asked(alias.text, term)
    for child in condition.children:
        yield from _asked(child, entities)


def dead_terms(
    asked: Sequence[Asked], found: Collection[tuple[str, str]], entities: Mapping[str, Entity]
) -> tuple[Asked, ...]:
    """What never made a match; `found` holds (term, entity) as matches keep them.

    An alias lives while one of its forms does; an entity with no living alias is one dead term.
    """
    seen = set(found)
    forms = {
        Asked(alias.text, entity.id): alias.forms or (alias.text,)
        for entity in entities.values()
        for alias in entity.aliases
    }
    dead = [
        one for one in asked if not any((form, one.entity) in seen for form in forms.get(one, (one.term,)))
    ]
    living = {entity for _, entity in seen}
    whole = {one.entity for one in dead if one.entity and one.entity not in living}
    return tuple(dict.fromkeys(Asked("", one.entity) if one.entity in whole else one for one in dead))


# ---------------------------------------------------------------- days


def sparkline(counts: Sequence[int]) -> str:
    """One character for each count: "·" for none, bars of eight heights for the rest, the highest full."""
    top = max(counts, default=0)
    return "".join("·" if not count else _BARS[(count * len(_BARS) - 1) // top] for count in counts)


def binned(counts: Sequence[int], most: int = 31) -> tuple[int, ...]:
    """The counts summed into at most so many equal stretches; the first may be shorter."""
    size = max(1, -(-len(counts) // most))
    # From the end, so that the latest stretch is a whole one.
    ends = range(len(counts), 0, -size)
    return tuple(sum(counts[max(0, end - size) : end]) for end in reversed(ends))
