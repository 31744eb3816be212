"""How well pairs are ranked: average precision, recall where precision is still high, precision at the top.

Rankings are counted over all stories together. What ties is taken in together: no order within it is earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

#: Recall is given at this precision, and precision for so many pairs at the top.
AT_PRECISION = 0.8
AT_TOP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPair:
    """One reported pair, judged; pairs that careful readers differ on are left out before."""

    # The higher, the likelier a contradiction.
    score: float
    is_right: bool
    # Names of the listed contradictions that it finds; empty also where it is right by implication only.
    finds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a ranking is worth; shares are 0 to 1."""

    average_precision: float
    # The largest share of the listed contradictions at a precision of at least AT_PRECISION.
    recall_at_precision: float
    # Of the first AT_TOP pairs, the share that is right; None: fewer were reported.
    precision_at_top: float | None
    # Pairs that were ranked, and listed contradictions that there are.
    pairs: int
    listed: int


def rank(pairs: Iterable[RankedPair], *, listed: int) -> Ranking:
    """The worth of these pairs, best score first, where `listed` contradictions are to be found.

    Average precision is the sum over all thresholds of precision times the recall that is gained there,
    without interpolation (as in Manning, Raghavan & Schütze, Introduction to Information Retrieval, 8.4).
    """
    ordered = sorted(pairs, key=lambda pair: -pair.score)
    average = recall_at = 0.0
    for precision, recall, gained in _thresholds(ordered, listed):
        average += precision * gained
        if precision >= AT_PRECISION:
            recall_at = recall
    return Ranking(
        average_precision=average,
        recall_at_precision=recall_at,
        precision_at_top=_at_top(ordered),
        pairs=len(ordered),
        listed=listed,
    )


def _thresholds(ordered: Sequence[RankedPair], listed: int) -> Iterator[tuple[float, float, float]]:
    """Precision, recall and gain in recall below each distinct score, best first."""
    seen = right = 0
    found: set[str] = set()
    for _, tied in groupby(ordered, key=lambda pair: pair.score):
        before = len(found)
        for pair in tied:
            seen += 1
            right += pair.is_right
            found |= pair.finds
        gained = (len(found) - before) / listed if listed else 0.0
        yield right / seen, len(found) / listed if listed else 0.0, gained


def _at_top(ordered: Sequence[RankedPair]) -> float | None:
    """Of a tie across the line as many count as a random order would put above it on average."""
    if len(ordered) < AT_TOP:
        return None
    left, right = AT_TOP, 0.0
    for _, group in groupby(ordered, key=lambda pair: pair.score):
        tied = list(group)
        taken = min(left, len(tied))
        right += sum(pair.is_right for pair in tied) * taken / len(tied)
        left -= taken
        if not left:
            break
    return right / AT_TOP
