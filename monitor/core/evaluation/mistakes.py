"""What kinds of mistakes are left, one by one: for finding what to mend next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.core.evaluation.gold import GoldClaim, GoldContradiction, Story
from monitor.core.evaluation.locating import locate
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.scoring import StoryScore
from monitor.core.evaluation.verdicts import gold_pairs

#: Kind of mistake → what it means, in the order of the path.
KINDS: Mapping[str, str] = {
    "claim not found": "no claim of ours stands on the words of a core claim",
    "other speaker": "the words of a core claim were found, and somebody else was taken for their speaker",
    "side not found": "a contradiction was missed because one of its claims, or both, were not found",
    "not seen as a conflict": "both claims of a contradiction were found, and nothing was reported",
    "told as an update": "a contradiction was reported as a later value that replaces an earlier one",
    "only soft": "a contradiction was found, and graded too low to be told",
    "look-alike reported": "a pair that must not be reported was",
    "update told as a conflict": "a later value was reported as contradicting the one that it replaces",
    "same claim against itself": "two wordings of one claim were reported as contradicting each other",
    "unrelated pair": "two labelled claims that do not conflict were reported",
    "pair outside the labels": "a reported pair has a side that no careful reader called a claim",
}
_OF_OUTCOME = {
    "look-alike": "look-alike reported",
    "update": "update told as a conflict",
    "same claims": "same claim against itself",
    "unrelated": "unrelated pair",
    "unlabelled": "pair outside the labels",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One side of an example."""

    speaker: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake, with what a reader needs to see it."""

    # A key of KINDS.
    kind: str
    story: str
    sides: tuple[Quoted, ...]
    # What we took for the speaker, or why we reported it; else why it is one, as the label says.
    detail: str


def mistakes(story: Story, predictions: Predictions, score: StoryScore) -> Iterator[Mistake]:
    """Every mistake in one story: core claims, then contradictions, then wrong reports."""
    on = locate(story, predictions.claims).on
    standing: dict[str, list[PredictedClaim]] = {}
    for claim in predictions.claims:
        for name in on[claim.id]:
            standing.setdefault(name, []).append(claim)
    gold = story.claims_by_id()
    for name in score.missed_claims:
        near = standing.get(name, [])
        detail = f"taken for {near[0].speaker}" if near else f"{gold[name].kind} claim"
        kind = "other speaker" if near else "claim not found"
        yield Mistake(kind=kind, story=story.name, sides=(_gold(gold[name]),), detail=detail)
    missed = set(score.missed_pairs)
    for pair in story.contradictions:
        if pair.id in missed:
            yield _missed(pair, story, predictions, standing)
    claims = {claim.id: claim for claim in predictions.claims}
    for verdict in score.verdicts:
        if verdict.outcome in _OF_OUTCOME:
            sides = tuple(_ours(claims[id]) for id in (verdict.pair.left, verdict.pair.right))
            kind = _OF_OUTCOME[verdict.outcome]
            yield Mistake(kind=kind, story=story.name, sides=sides, detail=verdict.pair.reason)


def _missed(
    pair: GoldContradiction,
    story: Story,
    predictions: Predictions,
    standing: Mapping[str, list[PredictedClaim]],
) -> Mistake:
    gold = story.claims_by_id()
    kind = "side not found"
    if pair.left in standing and pair.right in standing:
        kind = _of_relation(_between(pair, story, predictions))
    sides = (_gold(gold[pair.left]), _gold(gold[pair.right]))
    return Mistake(kind=kind, story=story.name, sides=sides, detail=pair.why)


def _between(pair: GoldContradiction, story: Story, predictions: Predictions) -> list[PredictedPair]:
    """Whatever was reported of these two claims."""
    located = locate(story, predictions.claims)
    wanted = frozenset((pair.left, pair.right))
    return [one for one in predictions.pairs if wanted in gold_pairs(one, located)]


def _of_relation(found: Iterable[PredictedPair]) -> str:
    relations = {(one.relation, one.grade == "soft") for one in found}
    if not relations:
        return "not seen as a conflict"
    return "only soft" if ("contradiction", True) in relations else "told as an update"


def _gold(claim: GoldClaim) -> Quoted:
    return Quoted(speaker=claim.speaker, quote=claim.quote)


def _ours(claim: PredictedClaim) -> Quoted:
    return Quoted(speaker=claim.speaker, quote=claim.quote)
