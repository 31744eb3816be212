"""What simple and off-the-shelf ways find in the same stories, counted with the same arithmetic as ours.

To add a way of finding claims or of ranking pairs: a function here and a row in its table; one that needs
a model's weights is handed in by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from monitor.core.claims.quotes import quotations
from monitor.core.evaluation.gold import Story
from monitor.core.evaluation.locating import Located, locate
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.ranking import RankedPair, Ranking, rank
from monitor.core.evaluation.scoring import Share, claim_shares
from monitor.core.evaluation.verdicts import reported, verdicts_on
from monitor.core.wording import content_words, jaccard

#: A story → the claims that a way of finding them finds.
ClaimFinder = Callable[[Story], tuple[PredictedClaim, ...]]
#: Texts, and pairs of their places → for each pair a number: the higher, the likelier a contradiction.
PairScorer = Callable[[Sequence[str], Sequence[tuple[int, int]]], Sequence[float]]

OURS = "Claimwatch"
#: What the pairs are made of.
OVER_OURS = "our claims"
OVER_GOLD = "labelled propositions"
_NAME = re.compile(r"[^\W\d_a-zа-яё][\w’'\-]*(?: [^\W\d_a-zа-яё][\w’'\-]*)*")
# A name further from its quotation than this is not taken for its speaker.
_NEAR_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """How many claims one way finds."""

    method: str
    # Shares of `scoring.SHARES`, by name.
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """How well one way ranks pairs."""

    method: str
    # OVER_OURS | OVER_GOLD
    over: str
    ranking: Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ours first, then the others, in the order of the tables."""

    claims: tuple[ClaimRow, ...]
    pairs: tuple[PairRow, ...]


def compare(
    found: Sequence[tuple[Story, Predictions]],
    scorers: Mapping[str, PairScorer],
    show: Callable[[int, int], None] = lambda done, total: None,
) -> Comparison:
    """All ways over the same stories; `scorers`: PAIR_BASELINES and whatever needs a model."""
    stories = [story for story, _ in found]
    claims = [ClaimRow(method=OURS, shares=_claims_found((story, p.claims) for story, p in found))]
    for name, find in CLAIM_BASELINES.items():
        shares = _claims_found((story, find(story)) for story in stories)
        claims.append(ClaimRow(method=name, shares=shares))
    ours = [pair for story, predictions in found for pair in _our_ranking(story, predictions)]
    rows = [PairRow(method=OURS, over=OVER_OURS, ranking=rank(ours, listed=_listed(stories)))]
    steps, done = 2 * len(scorers) * len(found), 0
    for name, score in scorers.items():
        for over, ground in ((OVER_OURS, _on_ours), (OVER_GOLD, _on_gold)):
            ranked: list[RankedPair] = []
            for story, predictions in found:
                show(done, steps)
                ranked += _all_pairs(story, *ground(story, predictions), score)
                done += 1
            rows.append(PairRow(method=name, over=over, ranking=rank(ranked, listed=_listed(stories))))
    show(steps, steps)
    return Comparison(claims=tuple(claims), pairs=tuple(rows))


# ---------------------------------------------------------------- claims


def quotation_marks(story: Story) -> tuple[PredictedClaim, ...]:
    """Whatever stands between quotation marks, said by the name that stands nearest."""
    claims: list[PredictedClaim] = []
    for article in story.articles:
        parts: tuple[tuple[Literal["title", "body"], str], ...] = (
            ("title", article.title),
            ("body", article.body),
        )
        for where, text in parts:
            for quote in quotations(text):
                claims.append(
                    PredictedClaim(
                        id=len(claims),
                        article=article.id,
                        where=where,
                        start=quote.start,
                        end=quote.end,
                        quote=text[quote.start : quote.end],
                        speaker=_name_beside(text, quote.start, quote.end) or article.outlet,
                        kind="direct",
                        thread=f"{len(claims)}",
                    )
                )
    return tuple(claims)


def _name_beside(text: str, start: int, end: int) -> str:
    """The first name behind the quotation, else the last before it, in the same line; empty: none is near."""
    after = text[end : end + _NEAR_CHARS].partition("\n")[0]
    before = text[max(0, start - _NEAR_CHARS) : start].rpartition("\n")[2]
    behind = _NAME.search(after)
    if behind:
        return behind.group()
    return next((found.group() for found in reversed(list(_NAME.finditer(before)))), "")


#: Ways of finding claims.
CLAIM_BASELINES: Mapping[str, ClaimFinder] = {"quotation marks alone": quotation_marks}


def _claims_found(found: Iterable[tuple[Story, tuple[PredictedClaim, ...]]]) -> Mapping[str, Share]:
    total: dict[str, Share] = {}
    for story, claims in found:
        for name, share in claim_shares(story, locate(story, claims)).items():
            total[name] = total.get(name, Share()) + share
    return total


# ---------------------------------------------------------------- pairs


def word_overlap(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
    """The share of content words that both have (Jaccard)."""
    words = [content_words(text) for text in texts]
    return [jaccard(words[a], words[b]) for a, b in pairs]


#: Ways of ranking pairs that need no model.
PAIR_BASELINES: Mapping[str, PairScorer] = {"word overlap": word_overlap}

_Ground = tuple[tuple[str, ...], tuple[int, ...], Located]


def _on_ours(story: Story, predictions: Predictions) -> _Ground:
    """Texts and ids of the claims that we found, and the labelled claims that they stand on."""
    claims = predictions.claims
    texts = tuple(c.proposition or c.quote for c in claims)
    return texts, tuple(c.id for c in claims), locate(story, claims)


def _on_gold(story: Story, predictions: Predictions) -> _Ground:
    """The same of the labelled claims themselves: extraction without a fault."""
    ids = tuple(range(len(story.claims)))
    on = {n: (claim.id,) for n, claim in enumerate(story.claims)}
    return tuple(c.claim for c in story.claims), ids, Located(on=on, found=on)


def _all_pairs(
    story: Story, texts: Sequence[str], ids: Sequence[int], located: Located, score: PairScorer
) -> Iterator[RankedPair]:
    places = list(combinations(range(len(texts)), 2))
    pairs = (
        PredictedPair(
            left=ids[a],
            right=ids[b],
            relation="contradiction",
            grade="strong",
            kind="other",
            group="",
            score=value,
        )
        for (a, b), value in zip(places, score(texts, places), strict=True)
    )
    yield from _judged(story, pairs, located)


def _our_ranking(story: Story, predictions: Predictions) -> Iterator[RankedPair]:
    yield from _judged(story, reported(predictions.pairs), locate(story, predictions.claims))


def _judged(story: Story, pairs: Iterable[PredictedPair], located: Located) -> Iterator[RankedPair]:
    listed = {pair.id for pair in story.contradictions if pair.grade != "soft"}
    best_first = sorted(pairs, key=lambda pair: -pair.score)
    for verdict in verdicts_on(story, best_first, located):
        if verdict.outcome == "unjudged":
            continue
        is_right = verdict.outcome == "right"
        found = (f"{story.name} {label}" for label in verdict.labels if is_right and label in listed)
        yield RankedPair(score=verdict.pair.score, is_right=is_right, finds=frozenset(found))


def _listed(stories: Iterable[Story]) -> int:
    return sum(pair.grade != "soft" for story in stories for pair in story.contradictions)
