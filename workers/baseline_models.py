"""The baselines that need a model's weights: embedding similarity, and an NLI model over all pairs."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.config import Settings
from monitor.core.evaluation.baselines import PAIR_BASELINES, PairScorer
from monitor.core.language_models import Embedder, Scorer
from monitor.models import load_embedder, load_scorer

_PAIRS_AT_ONCE = 256


def pair_scorers(settings: Settings) -> tuple[dict[str, PairScorer], tuple[str, ...]]:
    """All ways of ranking pairs that can be had here, by name; and why others are left out, in words.

    Raises ConfigError where a model that the settings name cannot be loaded.
    """
    scorers, left_out = dict(PAIR_BASELINES), []
    embedder = load_embedder(settings)
    if embedder is None:
        left_out.append("no embedding model is installed: embedding similarity is left out")
    else:
        scorers[f"embedding similarity ({embedder.name})"] = by_similarity(embedder)
    scorer = load_scorer(settings)
    if scorer is None:
        left_out.append("no NLI model is configured: NLI over all pairs is left out")
    elif not scorer.is_local:
        left_out.append(f"{scorer.name} is a service: it is not asked about every pair")
    else:
        scorers[f"NLI over all pairs ({scorer.name})"] = by_entailment(scorer)
    return scorers, tuple(left_out)


def by_similarity(embedder: Embedder) -> PairScorer:
    """The cosine of the two texts' points."""

    def score(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        points = embedder.embed(list(texts))
        return [sum(x * y for x, y in zip(points[a], points[b], strict=True)) for a, b in pairs]

    return score


def by_entailment(scorer: Scorer) -> PairScorer:
    """The model's word on each pair, the first text as the premise; no answer counts as no contradiction."""

    def score(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        answers: list[float] = []
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            some = [(texts[a], texts[b]) for a, b in pairs[start : start + _PAIRS_AT_ONCE]]
            answers += [value or 0.0 for value in scorer.score(some)]
        return answers

    return score
