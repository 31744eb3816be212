"""Baselines that need a model: what they ask of it, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.config import Settings
from workers.baseline_models import by_entailment, by_similarity, pair_scorers

TEXTS = ("the dam held", "the dam broke", "it rained")
PAIRS = [(0, 1), (0, 2), (1, 2)]


class Points:
    name = "points"

    def embed(self, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
        return tuple((1.0, 0.0) if "dam" in text else (0.0, 1.0) for text in texts)


class Words:
    name = "words"

    def __init__(self, *, local: bool = True) -> None:
        self.is_local = local
        self.asked: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> tuple[float | None, ...]:
        self.asked += pairs
        return tuple(0.9 if {a, b} == set(TEXTS[:2]) else None for a, b in pairs)


def test_similarity_is_the_cosine_of_the_two_points() -> None:
    assert by_similarity(Points())(TEXTS, PAIRS) == [1.0, 0.0, 0.0]


def test_a_model_is_asked_for_each_pair_in_order_and_no_answer_is_no_contradiction() -> None:
    model = Words()
    many = PAIRS * 200
    assert by_entailment(model)(TEXTS, many) == [0.9, 0.0, 0.0] * 200
    assert model.asked == [(TEXTS[a], TEXTS[b]) for a, b in many]


@pytest.mark.parametrize(
    ("embedder", "scorer", "names", "told"),
    [
        (None, None, ["word overlap"], ["no embedding model", "no NLI model"]),
        (
            Points(),
            Words(),
            ["word overlap", "embedding similarity (points)", "NLI over all pairs (words)"],
            [],
        ),
        (
            Points(),
            Words(local=False),
            ["word overlap", "embedding similarity (points)"],
            ["words is a service"],
        ),
    ],
)
def test_what_is_not_there_is_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch, embedder: object, scorer: object, names: list[str], told: list[str]
) -> None:
    monkeypatch.setattr("workers.baseline_models.load_embedder", lambda settings: embedder)
    monkeypatch.setattr("workers.baseline_models.load_scorer", lambda settings: scorer)
    scorers, left_out = pair_scorers(Settings())
    assert list(scorers) == names
    assert [why for why, start in zip(left_out, told, strict=True) if why.startswith(start)] == list(left_out)
