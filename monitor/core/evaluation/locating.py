"""Which claims of the labels a predicted claim finds.

A predicted claim finds a labelled one in the same article version where the spans overlap by at least half
of the shorter; who speaks is asked separately. What is labelled in an article also counts where its very
words stand in a listed copy of that article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.evaluation.gold import GoldClaim, Story
from monitor.core.evaluation.predictions import PredictedClaim

#: Share of the shorter span that two spans have in common where they mean the same words.
MIN_OVERLAP = 0.5
_ARTICLES = re.compile(r"^(?:the|a|an)\s+")


def overlap(start: int, end: int, other_start: int, other_end: int) -> float:
    """The share of the shorter stretch that both have in common; 0: nothing."""
    shared = min(end, other_end) - max(start, other_start)
    return max(0, shared) / max(1, min(end - start, other_end - other_start))


def folded_name(name: str) -> str:
    """A speaker's name without case, accents, articles and marks around it."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+", " ", bare.casefold().replace("ё", "е")).strip()
    return _ARTICLES.sub("", words)


def is_speaker(name: str, gold: GoldClaim) -> bool:
    """Whether the name is the labelled speaker's, or one of the other names that the label allows."""
    return folded_name(name) in {folded_name(known) for known in (gold.speaker, *gold.speaker_aliases)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Claims of the labels by the predicted claims that stand on their words."""

    # Predicted id → ids of gold claims, best overlap first; empty: on no labelled words.
    on: Mapping[int, tuple[str, ...]]
    # The same, of those with the right speaker.
    found: Mapping[int, tuple[str, ...]]


def locate(story: Story, predicted: tuple[PredictedClaim, ...]) -> Located:
    """Every predicted claim with the labelled claims it finds."""
    places = _places(story)
    gold = story.claims_by_id()
    on: dict[int, tuple[str, ...]] = {}
    found: dict[int, tuple[str, ...]] = {}
    for claim in predicted:
        near = places.get((claim.article, claim.where), [])
        shares = {name: overlap(claim.start, claim.end, start, end) for name, start, end in near}
        ranked = sorted((n for n, share in shares.items() if share >= MIN_OVERLAP), key=lambda n: -shares[n])
        on[claim.id] = tuple(ranked)
        found[claim.id] = tuple(name for name in ranked if is_speaker(claim.speaker, gold[name]))
    return Located(on=on, found=found)


def _places(story: Story) -> dict[tuple[str, str], list[tuple[str, int, int]]]:
    """(article, field) → (gold id, start, end), with the places of the same words in copies."""
    articles = story.articles_by_id()
    places: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for claim in story.claims:
        places.setdefault((claim.article, claim.where), []).append((claim.id, claim.start, claim.end))
        for copies in story.syndication:
            for name in copies if claim.article in copies else ():
                copy = articles[name]
                start = (copy.title if claim.where == "title" else copy.body).find(claim.quote)
                if name != claim.article and start >= 0:
                    place = (claim.id, start, start + len(claim.quote))
                    places.setdefault((name, claim.where), []).append(place)
    return places
