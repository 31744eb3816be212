"""What becomes of each reported pair of claims, by the labels; the same for ours and for every baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from monitor.core.evaluation.gold import GoldPair, Story
from monitor.core.evaluation.locating import Located
from monitor.core.evaluation.predictions import PredictedPair

#: Two ids of labelled claims.
Pair = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one reported contradiction."""

    pair: PredictedPair
    # "right" | "unjudged" | "look-alike" | "update" | "same claims" | "unrelated" | "unlabelled"
    outcome: str
    # Ids of the labelled pairs that it found.
    labels: tuple[str, ...] = ()


def reported(pairs: Iterable[PredictedPair]) -> tuple[PredictedPair, ...]:
    """Those that precision is counted over: contradictions that would be alerted."""
    return tuple(p for p in pairs if p.relation == "contradiction" and p.grade != "soft")


def verdicts_on(story: Story, pairs: Iterable[PredictedPair], located: Located) -> tuple[Verdict, ...]:
    """One for each pair, in order; of the same labelled claims found in two copies the first is judged."""
    tables, threads = _tables(story), story.thread_of()
    verdicts: dict[tuple[Pair, ...] | tuple[int, int], Verdict] = {}
    for pair in pairs:
        on = gold_pairs(pair, located)
        key = tuple(sorted(set(on), key=sorted)) if on else (pair.left, pair.right)
        if key not in verdicts:
            verdicts[key] = _verdict(pair, on, located, tables, threads)
    return tuple(verdicts.values())


def gold_pairs(pair: PredictedPair, located: Located) -> list[Pair]:
    """The pairs of labelled claims that the two sides stand on; empty where a side is on none."""
    return [_pair(a, b) for a, b in product(located.on[pair.left], located.on[pair.right])]


def labelled(pairs: Iterable[GoldPair]) -> dict[Pair, str]:
    """Pair → its label's id, or the ids of its claims where it has none."""
    return {_pair(p.left, p.right): p.id or f"{p.left} {p.right}" for p in pairs}


def _tables(story: Story) -> dict[str, dict[Pair, str]]:
    """Outcome → the labelled pairs that have it; pair → id of the label."""
    threads = story.thread_of()
    by_threads = {_pair(threads[p.left], threads[p.right]): p.id for p in story.contradictions}
    implied = {
        _pair(p.left, p.right): by_threads.get(_pair(threads[p.left], threads[p.right]), "implied")
        for p in story.implied_contradictions
    }
    return {
        "right": implied | {_pair(p.left, p.right): p.id for p in story.contradictions},
        "unjudged": labelled(story.unjudged),
        "look-alike": labelled(story.non_contradictions),
        "update": labelled((*story.updates, *story.implied_updates)),
    }


def _verdict(
    pair: PredictedPair,
    on: list[Pair],
    located: Located,
    tables: Mapping[str, Mapping[Pair, str]],
    threads: Mapping[str, str],
) -> Verdict:
    for outcome, pairs in tables.items():
        labels = tuple(dict.fromkeys(pairs[one] for one in on if one in pairs))
        if labels:
            return Verdict(pair=pair, outcome=outcome, labels=labels)
    if not on:
        return Verdict(pair=pair, outcome="unlabelled")
    same = any(threads[a] == threads[b] for a, b in product(located.on[pair.left], located.on[pair.right]))
    return Verdict(pair=pair, outcome="same claims" if same else "unrelated")


def _pair(a: str, b: str) -> Pair:
    return frozenset((a, b))
