"""What `claimwatch eval` shows: a table of stories, the same as JSON, and what was missed or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.core.evaluation.gold import Story
from monitor.core.evaluation.predictions import PredictedClaim, Predictions
from monitor.core.evaluation.scoring import SHARES, Share, StoryScore
from monitor.core.evaluation.verdicts import Verdict

Scored = tuple[Story, Predictions, StoryScore]

#: Heading → share, in the order of the table.
COLUMNS = {
    "core": "core_recall",
    "prec": "claim_precision",
    "strong": "strong_recall",
    "medium": "medium_recall",
    "right": "precision",
    "alike": "look_alikes_fired",
    "upd": "updates_found",
    "confl": "groups_found",
}
_LONGEST_QUOTE = 160


def as_table(scored: Sequence[Scored], whole: StoryScore) -> Iterator[str]:
    """One line a story and one for all; what each column counts stands below."""
    width = max([len("all stories"), *(len(story.name) for story, _, _ in scored)])
    yield "  ".join([f"{'story':<{width}}", *(f"{name:>6}" for name in COLUMNS), "thread", "  sec"])
    for name, score in [*((story.name, score) for story, _, score in scored), ("all stories", whole)]:
        cells = [f"{_percent(score.shares[share]):>6}" for share in COLUMNS.values()]
        yield "  ".join(
            [f"{name:<{width}}", *cells, f"{_per_cent(score.threads_f1):>6}", f"{score.cpu_seconds:>5.1f}"]
        )
    yield ""
    for name, share in whole.shares.items():
        counted = f"{share.hits:g} of {share.of:g}" if isinstance(share.hits, int) else f"of {share.of:g}"
        yield f"{_percent(share):>6}  {SHARES[name]} ({counted})"
    yield f"{_per_cent(whole.threads_f1):>6}  threads, B-cubed F1"
    per_second = whole.articles / whole.cpu_seconds if whole.cpu_seconds else 0
    yield (
        f"{len(scored)} stories, {whole.articles} articles, {whole.words} words; "
        f"{whole.cpu_seconds:.1f} s of CPU, {per_second:.1f} articles a second"
    )


def as_misses(story: Story, predictions: Predictions, score: StoryScore) -> Iterator[str]:
    """What a person looks at to make it better: what nobody found, and what was reported wrongly."""
    gold = story.claims_by_id()
    claims = {claim.id: claim for claim in predictions.claims}
    yield f"\n{story.name}"
    for name in score.missed_claims:
        one = gold[name]
        yield f"  claim missed {name} ({one.kind}, {one.article}): {one.speaker}: {_short(one.quote)}"
    pairs = {pair.id: pair for pair in story.contradictions}
    for name in score.missed_pairs:
        pair = pairs[name]
        yield f"  {pair.grade} {pair.type} missed {name}: {pair.why}"
        for side in (gold[pair.left], gold[pair.right]):
            yield f"      {side.id} {side.speaker}: {_short(side.quote)}"
    for verdict in score.verdicts:
        if verdict.outcome not in {"right", "unjudged"}:
            yield from _wrong(verdict, claims)


def _wrong(verdict: Verdict, claims: dict[int, PredictedClaim]) -> Iterator[str]:
    labels = f" {', '.join(verdict.labels)}" if verdict.labels else ""
    pair = verdict.pair
    yield f"  wrong: {verdict.outcome}{labels} ({pair.grade} {pair.kind}): {pair.reason}"
    for side in (claims[pair.left], claims[pair.right]):
        yield f"      {side.article} {side.speaker}: {_short(side.quote)}"


def as_objects(scored: Sequence[Scored], whole: StoryScore) -> Iterator[dict[str, Any]]:
    """One object a story, then one for all, without names of claims."""
    for story, _, score in scored:
        yield {
            "story": story.name,
            **_numbers(score),
            "missed_claims": list(score.missed_claims),
            "missed_pairs": list(score.missed_pairs),
        }
    yield {"story": None, **_numbers(whole)}


def _numbers(score: StoryScore) -> dict[str, Any]:
    return {
        **{name: {"value": share.value, "of": share.of} for name, share in score.shares.items()},
        "threads_f1": score.threads_f1,
        "articles": score.articles,
        "words": score.words,
        "cpu_seconds": round(score.cpu_seconds, 3),
    }


def _percent(share: Share) -> str:
    return _per_cent(share.value)


def _per_cent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return f"“{words}”" if len(words) <= _LONGEST_QUOTE else f"“{words[:_LONGEST_QUOTE]}…”"
