"""Baselines and rankings: the arithmetic, by hand-counted examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from monitor.core.evaluation.baselines import (
    OURS,
    OVER_GOLD,
    OVER_OURS,
    PAIR_BASELINES,
    compare,
    quotation_marks,
    word_overlap,
)
from monitor.core.evaluation.gold import GoldClaim, GoldContradiction, GoldPair, Story, StoryArticle
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.ranking import AT_TOP, RankedPair, rank

BODY = "“It was the valve,” said Ada Brook.\nThe crew called it “a rumour”. Nine men were hurt."


def ranked(*pairs: tuple[float, str]) -> list[RankedPair]:
    """Score and the listed contradiction that is found; "": wrong."""
    return [RankedPair(score=s, is_right=bool(n), finds=frozenset({n} - {""})) for s, n in pairs]


@pytest.mark.parametrize(
    ("pairs", "listed", "average", "recall"),
    [
        ([], 4, 0.0, 0.0),
        ([(0.9, "a"), (0.8, "b")], 2, 1.0, 1.0),
        ([(0.9, ""), (0.8, "a")], 1, 0.5, 0.0),
        ([(0.9, "a"), (0.8, ""), (0.7, "b")], 4, 0.25 + 0.25 * 2 / 3, 0.25),
        # A second pair for what was found already gains no recall.
        ([(0.9, "a"), (0.8, "a")], 2, 0.5, 0.5),
        # Of equal scores none comes first.
        ([(0.5, ""), (0.5, "a")], 1, 0.5, 0.0),
        ([(0.5, "a")], 0, 0.0, 0.0),
    ],
)
def test_average_precision_and_recall_are_counted_at_every_threshold(
    pairs: list[tuple[float, str]], listed: int, average: float, recall: float
) -> None:
    ranking = rank(ranked(*pairs), listed=listed)
    assert ranking.average_precision == pytest.approx(average)
    assert ranking.recall_at_precision == pytest.approx(recall)


def test_recall_is_the_largest_at_which_precision_still_holds() -> None:
    # One wrong pair in front spoils the start, and eight right ones after it make up for it.
    pairs = [(1.0, ""), *((0.9 - n / 100, f"x{n}") for n in range(8)), (0.1, ""), (0.1, "last")]
    assert rank(ranked(*pairs), listed=10).recall_at_precision == 0.9


def test_a_tie_across_the_line_counts_in_part() -> None:
    sure = [(1.0, f"x{n}") for n in range(AT_TOP - 10)]
    tied = [(0.5, "y") for _ in range(5)] + [(0.5, "") for _ in range(15)]
    assert rank(ranked(*sure, *tied), listed=99).precision_at_top == pytest.approx(
        (AT_TOP - 10 + 2.5) / AT_TOP
    )
    assert rank(ranked((1.0, "a")), listed=1).precision_at_top is None


def test_words_in_common_are_a_share_of_all_words() -> None:
    texts = ("The valve burst", "The valve did not burst", "It rained")
    assert word_overlap(texts, [(0, 1), (0, 2)]) == [1.0, 0.0]


def story() -> Story:
    def claim(id: str, quote: str, speaker: str) -> GoldClaim:
        start = BODY.index(quote)
        return GoldClaim(
            id=id,
            article="a1",
            tier=1,
            speaker=speaker,
            kind="direct",
            polarity="assert",
            claim=quote,
            quote=quote,
            start=start,
            end=start + len(quote),
        )

    return Story(
        name="valve",
        articles=(
            StoryArticle(
                id="a1",
                outlet="Post",
                url="https://news.example/1",
                title="Valve",
                body=BODY,
                lang="en",
                published_at=datetime(2019, 3, 2, tzinfo=UTC),
            ),
        ),
        claims=(
            claim("valve", "It was the valve", "Ada Brook"),
            claim("rumour", "a rumour", "crew"),
            claim("hurt", "Nine men were hurt", "Post"),
        ),
        contradictions=(
            GoldContradiction(
                id="x1", left="valve", right="rumour", type="cause", grade="strong", scope="cross"
            ),
        ),
        unjudged=(GoldPair(left="valve", right="hurt"),),
    )


def test_quotation_marks_take_the_nearest_name_for_the_speaker() -> None:
    claims = quotation_marks(story())
    assert [(c.quote, c.speaker) for c in claims] == [
        ("It was the valve", "Ada Brook"),
        ("a rumour", "Nine"),
    ]
    assert all(BODY[c.start : c.end] == c.quote for c in claims)


def predictions() -> Predictions:
    claims = tuple(
        PredictedClaim(
            id=n,
            article="a1",
            where="body",
            start=BODY.index(quote),
            end=BODY.index(quote) + len(quote),
            quote=quote,
            speaker=speaker,
            kind="direct",
            thread=str(n),
        )
        for n, (quote, speaker) in enumerate(
            [("It was the valve", "Ada Brook"), ("called it “a rumour", "crew"), ("men were hurt", "Post")]
        )
    )
    pair = PredictedPair(
        left=0, right=1, relation="contradiction", grade="strong", kind="cause", group="g", score=0.9
    )
    return Predictions(claims=claims, pairs=(pair,))


def test_all_ways_are_counted_with_one_arithmetic() -> None:
    asked: list[int] = []

    def backwards(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        asked.append(len(pairs))
        return [float(a + b) for a, b in pairs]

    compared = compare([(story(), predictions())], {**PAIR_BASELINES, "backwards": backwards})
    by_claims = {row.method: row.shares for row in compared.claims}
    assert by_claims[OURS]["core_recall"].value == 1.0
    assert by_claims["quotation marks alone"]["core_recall"].value == pytest.approx(1 / 3)
    rows = {(row.method, row.over): row.ranking for row in compared.pairs}
    assert rows[OURS, OVER_OURS].average_precision == 1.0
    # Pairs: valve-rumour (1, right), valve-hurt (2, not counted), rumour-hurt (3, wrong).
    assert asked == [3, 3]
    assert rows["backwards", OVER_OURS].average_precision == pytest.approx(0.5)
    assert rows["backwards", OVER_GOLD].average_precision == pytest.approx(0.5)
    assert rows["backwards", OVER_GOLD].pairs == 2
