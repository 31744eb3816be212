"""Scores of a story: what is found, what is right, what is counted and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.core.evaluation.gold import (
    GoldClaim,
    GoldContradiction,
    GoldGroup,
    GoldPair,
    Story,
    StoryArticle,
)
from monitor.core.evaluation.locating import folded_name, is_speaker, overlap
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.scoring import Share, score_story, total

BODY = (
    "Nobody lit it, the mayor said. The cook lit it, sailors said. Two were hurt. It rained. The dock is old."
)
COPY = "FROM THE WIRE. " + BODY


def article(id_: str, body: str, **more: str) -> StoryArticle:
    return StoryArticle(
        id=id_,
        outlet=id_,
        url=f"https://news.example/{id_}",
        title="Dock fire",
        body=body,
        lang="en",
        published_at=datetime(2019, 3, 2, tzinfo=UTC),
        **more,
    )


def gold(id_: str, quote: str, speaker: str, *, tier: int = 1, thread: str = "") -> GoldClaim:
    start = BODY.index(quote)
    return GoldClaim(
        id=id_,
        article="a1",
        tier=1 if tier == 1 else 2,
        speaker=speaker,
        speaker_aliases=(f"{speaker} of the port",),
        kind="indirect",
        polarity="assert",
        claim=quote,
        quote=quote,
        start=start,
        end=start + len(quote),
        thread=thread,
    )


STORY = Story(
    name="dock",
    articles=(article("a1", BODY), article("a2", COPY, syndicated_from="a1")),
    claims=(
        gold("mayor", "Nobody lit it", "Mayor", thread="t1"),
        gold("cook", "The cook lit it", "Sailors", thread="t2"),
        gold("hurt", "Two were hurt", "a1", thread="t3"),
        gold("rain", "It rained", "a1", tier=2),
        gold("old", "The dock is old", "a1", tier=2),
    ),
    contradictions=(
        GoldContradiction(id="x1", left="mayor", right="cook", type="denial", grade="strong", scope="cross"),
        GoldContradiction(id="x2", left="cook", right="hurt", type="other", grade="medium", scope="cross"),
    ),
    non_contradictions=(GoldPair(left="mayor", right="rain"), GoldPair(left="cook", right="rain")),
    updates=(GoldPair(id="u1", left="hurt", right="rain"),),
    unjudged=(GoldPair(left="rain", right="old"),),
    syndication=(("a1", "a2"),),
    expected_alert_groups=(
        GoldGroup(id="g1", contradictions=("x1",)),
        GoldGroup(id="g2", contradictions=("x2",)),
    ),
)


def found(id_: int, quote: str, speaker: str, *, article_id: str = "a1", thread: str = "") -> PredictedClaim:
    start = (BODY if article_id == "a1" else COPY).index(quote)
    return PredictedClaim(
        id=id_,
        article=article_id,
        where="body",
        start=start,
        end=start + len(quote),
        quote=quote,
        speaker=speaker,
        kind="indirect",
        thread=thread or str(id_),
    )


MAYOR = found(1, "Nobody lit it, the mayor said", "The Mayor")
COOK = found(2, "The cook lit it", "sailors of the port")
HURT = found(3, "Two were hurt", "a1")
RAIN = found(4, "It rained", "a1")
OLD = found(5, "The dock is old", "a1")
ALL = (MAYOR, COOK, HURT, RAIN, OLD)


def pair(left: PredictedClaim, right: PredictedClaim, **more: str) -> PredictedPair:
    relation = "update" if more.get("relation") == "update" else "contradiction"
    return PredictedPair(
        left=left.id,
        right=right.id,
        relation="update" if relation == "update" else "contradiction",
        grade=more.get("grade", "strong"),
        kind="denial",
        group=more.get("group", "g"),
    )


def shares(claims: tuple[PredictedClaim, ...], *pairs: PredictedPair) -> dict[str, Share]:
    return dict(score_story(STORY, Predictions(claims=claims, pairs=pairs)).shares)


@pytest.mark.parametrize(
    ("mine", "theirs", "share"),
    [((0, 10), (5, 30), 0.5), ((0, 10), (10, 20), 0.0), ((2, 4), (0, 100), 1.0), ((0, 0), (0, 5), 0.0)],
)
def test_overlap_is_the_share_of_the_shorter(
    mine: tuple[int, int], theirs: tuple[int, int], share: float
) -> None:
    assert overlap(*mine, *theirs) == share
    assert overlap(*theirs, *mine) == share


def test_names_agree_without_case_accents_articles_and_marks() -> None:
    assert folded_name("The  Emergencies-Ministry") == folded_name("emergencies ministry")
    assert folded_name("José Ibáñez") == "jose ibanez"
    assert folded_name("Пётр") == folded_name("петр")
    assert is_speaker("the mayor", STORY.claims[0])
    assert is_speaker("Mayor of the port", STORY.claims[0])
    assert not is_speaker("Deputy mayor", STORY.claims[0])


def test_a_claim_is_found_by_overlap_and_right_speaker() -> None:
    got = shares((MAYOR, replace(COOK, speaker="The cook")))
    assert got["core_recall"] == Share(hits=1, of=3)
    assert got["core_recall_any_speaker"] == Share(hits=2, of=3)
    assert got["all_recall"] == Share(hits=1, of=5)
    assert got["claim_precision"] == Share(hits=1, of=2)


def test_what_is_labelled_counts_in_a_listed_copy_too() -> None:
    got = shares((found(1, "Nobody lit it", "Mayor", article_id="a2"),))
    assert got["core_recall"] == Share(hits=1, of=3)
    assert got["claim_precision"] == Share(hits=1, of=1)


@pytest.mark.parametrize(
    ("pairs", "outcomes"),
    [
        ([pair(MAYOR, COOK)], ["right"]),
        ([pair(COOK, MAYOR)], ["right"]),
        ([pair(MAYOR, RAIN)], ["look-alike"]),
        ([pair(HURT, RAIN)], ["update"]),
        ([pair(RAIN, OLD)], ["unjudged"]),
        ([pair(MAYOR, OLD)], ["unrelated"]),
        ([pair(MAYOR, COOK, grade="soft")], []),
        ([pair(MAYOR, COOK, relation="update")], []),
    ],
)
def test_each_reported_contradiction_gets_one_verdict(
    pairs: list[PredictedPair], outcomes: list[str]
) -> None:
    score = score_story(STORY, Predictions(claims=ALL, pairs=tuple(pairs)))
    assert [verdict.outcome for verdict in score.verdicts] == outcomes


def test_a_side_outside_every_label_and_two_appearances_of_one_claim_are_wrong() -> None:
    outside = found(6, "sailors said", "Sailors")
    again = found(7, "Nobody lit it", "Mayor", article_id="a2")
    score = score_story(
        STORY, Predictions(claims=(*ALL, outside, again), pairs=(pair(MAYOR, outside), pair(MAYOR, again)))
    )
    assert [verdict.outcome for verdict in score.verdicts] == ["unlabelled", "same claims"]
    assert score.shares["precision"] == Share(hits=0, of=2)


def test_precision_leaves_out_what_readers_differ_on_and_counts_copies_once() -> None:
    again = found(7, "Nobody lit it", "Mayor", article_id="a2")
    got = shares((*ALL, again), pair(MAYOR, COOK), pair(again, COOK), pair(RAIN, OLD), pair(MAYOR, RAIN))
    assert got["precision"] == Share(hits=1, of=2)
    assert got["strong_recall"] == Share(hits=1, of=1)
    assert got["medium_recall"] == Share(hits=0, of=1)
    assert got["look_alikes_fired"] == Share(hits=1, of=2)


def test_updates_told_apart_from_conflicts() -> None:
    as_update = shares(ALL, pair(HURT, RAIN, relation="update"))
    assert (as_update["updates_found"].hits, as_update["updates_confused"].hits) == (1, 0)
    as_conflict = shares(ALL, pair(HURT, RAIN))
    assert (as_conflict["updates_found"].hits, as_conflict["updates_confused"].hits) == (0, 1)


def test_threads_are_scored_by_b_cubed() -> None:
    lumped = tuple(replace(claim, thread="one") for claim in (MAYOR, COOK))
    got = shares(lumped)
    assert got["threads_precision"].value == 0.5
    assert got["threads_recall"].value == 1.0
    score = score_story(STORY, Predictions(claims=lumped, pairs=()))
    assert score.threads_f1 == pytest.approx(2 / 3)


def test_groups_found_split_and_merged() -> None:
    merged = shares(ALL, pair(MAYOR, COOK, group="a"), pair(COOK, HURT, group="a"))
    assert merged["groups_found"] == Share(hits=2, of=2)
    assert merged["groups_merged"] == Share(hits=1, of=1)
    apart = shares(ALL, pair(MAYOR, COOK, group="a"), pair(COOK, HURT, group="b"))
    assert apart["groups_merged"] == Share(hits=0, of=2)
    assert apart["groups_split"] == Share(hits=0, of=2)


def test_an_empty_story_has_no_shares_and_totals_add_up() -> None:
    empty = score_story(replace(STORY, claims=(), contradictions=()), Predictions(claims=(), pairs=()))
    assert empty.shares["core_recall"].value is None
    assert empty.threads_f1 is None
    whole = total([empty, score_story(STORY, Predictions(claims=ALL, pairs=(pair(MAYOR, COOK),)))])
    assert whole.shares["precision"] == Share(hits=1, of=1)
    assert whole.articles == 4
