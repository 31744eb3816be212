"""Fit the weights of monitor/core/contradictions/signs.py to the neighbours of labelled stories.

`python scripts/weigh_signs.py [STORIES…]` (our *tune* half where none is named) prints each sign with how
many neighbours show it, how many of those are labelled as in conflict, the weight in the table and the fitted
one; then how precise the fitted weights are on stories that were left out of the fit. It changes nothing:
whoever carries weights over rounds them, and raises COMPARATORS_VERSION.

Logistic regression by Newton's method with a small ridge; stories are left out by twelfths.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.config import Settings
from monitor.core.claims import extract_claims
from monitor.core.contradictions import likeness_of
from monitor.core.contradictions.camps import one_camp
from monitor.core.contradictions.candidates import following
from monitor.core.contradictions.counters import only_points
from monitor.core.contradictions.pairs import says_something
from monitor.core.contradictions.signs import ANY_NEIGHBOURS, SIGNS, signs_of
from monitor.core.evaluation.gold import Story, StoryArticle
from monitor.core.evaluation.locating import MIN_OVERLAP, overlap
from monitor.core.matching import match
from monitor.core.rules import RuleSet
from monitor.core.types import Article, ArticleField, Claim
from monitor.models import LoadedParsers, load_parsers
from monitor.models.embedder import packaged_embedder
from workers.evaluation import read_stories, rules_for_all

ROOT = Path(__file__).resolve().parent.parent
RIDGE = 2.0
FOLDS = 12
#: Thresholds of likelihood whose precision is shown.
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)

Numbers = NDArray[np.float64]


class Neighbours(NamedTuple):
    """Two claims that stand side by side: their story, the signs that hold, and whether they conflict."""

    story: str
    signs: frozenset[str]
    conflict: bool


def neighbours(story: Story, rules: RuleSet, parsers: LoadedParsers) -> Iterator[Neighbours]:
    """Those of two camps in the story's articles, without copies and without what readers differ on."""
    conflicts = {frozenset((pair.left, pair.right)) for pair in story.implied_contradictions}
    conflicts |= {frozenset((p.left, p.right)) for p in story.contradictions if p.grade != "soft"}
    open_to_doubt = {frozenset((pair.left, pair.right)) for pair in story.unjudged}
    embedder, seen = packaged_embedder(), set[tuple[str, str]]()
    for number, told in enumerate(story.articles, 1):
        (reading,) = match([_article(told, number)], rules)
        (claims,) = extract_claims([reading], rules, parsers)
        likeness = likeness_of(claims, embedder)
        for a, b in following(claims):
            if a.setting is None or b.setting is None or a.setting.paragraph != b.setting.paragraph:
                continue
            if (a.quote, b.quote) in seen or one_camp(a, b) or only_points(a):
                continue
            if not (says_something(a) and says_something(b)):
                continue
            seen.add((a.quote, b.quote))
            pairs = {frozenset((x, y)) for x in _labels(story, told, a) for y in _labels(story, told, b)}
            if not pairs & open_to_doubt:
                signs = frozenset(sign.name for sign in signs_of(a, b, likeness.between(a, b)))
                yield Neighbours(story.name, signs, bool(pairs & conflicts))


def _article(told: StoryArticle, number: int) -> Article:
    return Article(
        id=number,
        version=1,
        version_id=number,
        feed_id=None,
        url=told.url,
        publisher=told.outlet,
        tags=(),
        title=told.title,
        summary="",
        text=told.body,
        lang=told.lang,
        published_at=told.published_at,
        fetched_at=told.published_at,
    )


def _labels(story: Story, told: StoryArticle, claim: Claim) -> list[str]:
    """The labelled claims that a claim stands on."""
    where = "title" if claim.field is ArticleField.TITLE else "body"
    return [
        gold.id
        for gold in story.claims
        if (gold.article, gold.where) == (told.id, where)
        and overlap(claim.start, claim.end, gold.start, gold.end) >= MIN_OVERLAP
    ]


# ---------------------------------------------------------------- the fit


def fitted(signs: Numbers, conflict: Numbers) -> Numbers:
    """A weight for each column of signs, and last that of neighbours of whom nothing is known."""
    given = np.hstack([signs, np.ones((len(signs), 1))])
    ridge = RIDGE * np.append(np.ones(signs.shape[1]), 0.0)
    weights = np.zeros(given.shape[1])
    for _ in range(50):
        likely = _likely(given, weights)
        slope = given.T @ (likely - conflict) + ridge * weights
        curve = (given * (likely * (1 - likely))[:, None]).T @ given + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _likely(given: Numbers, weights: Numbers) -> Numbers:
    likely: Numbers = 1 / (1 + np.exp(-given @ weights))
    return likely


def left_out(signs: Numbers, conflict: Numbers, stories: Sequence[str]) -> Numbers:
    """The likelihood of each row by weights that were fitted without its story."""
    likely = np.zeros(len(conflict))
    for fold in np.array_split(np.array(sorted(set(stories))), FOLDS):
        out = np.isin(stories, fold)
        if out.any():
            weights = fitted(signs[~out], conflict[~out])
            likely[out] = _likely(np.hstack([signs[out], np.ones((out.sum(), 1))]), weights)
    return likely


def main(arguments: list[str]) -> int:
    """Read, fit, print; 0."""
    folders = [Path(name) for name in arguments] or [ROOT / "tests" / "data" / "stories" / "tune"]
    rules, parsers = rules_for_all(Settings(rules=ROOT / "rules")), load_parsers()
    rows: list[Neighbours] = []
    for story in read_stories(folders):
        print(f"\r{len(rows)} neighbours, reading {story.name} ", end="", file=sys.stderr, flush=True)
        rows += neighbours(story, rules, parsers)
    print(file=sys.stderr)
    names = [sign.name for sign in SIGNS]
    signs = np.array([[float(name in row.signs) for name in names] for row in rows])
    conflict = np.array([float(row.conflict) for row in rows])
    weights = fitted(signs, conflict)
    print(f"{'sign':14}{'shown':>7}{'conflict':>10}{'weight':>9}{'fitted':>9}")
    for column, (sign, weight) in enumerate(zip(SIGNS, weights, strict=False)):
        shown = signs[:, column] > 0
        share = f"{conflict[shown].mean():.0%}" if shown.any() else "–"
        print(f"{sign.name:14}{shown.sum():7}{share:>10}{sign.weight:9.2f}{weight:9.2f}")
    print(f"{'(any)':14}{len(rows):7}{conflict.mean():>10.0%}{ANY_NEIGHBOURS:9.2f}{weights[-1]:9.2f}")
    likely = left_out(signs, conflict, [row.story for row in rows])
    print("\nof stories left out of the fit:")
    for least in THRESHOLDS:
        told = likely >= least
        share = f"{conflict[told].mean():.0%}" if told.any() else "–"
        print(f"  likelihood {least:.2f} and more: {told.sum():5} neighbours, {share} in conflict")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
