"""What the core may ask of language models beside a parser: how alike texts are, and whether they conflict.

The weights are loaded by `monitor.models` and passed in as arguments. Either may be None: everything works
without.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Protocol

#: A text as a point; of length 1, so that the cosine of two is their dot product.
Vector = Sequence[float]


class Embedder(Protocol):
    """Texts as points: the nearer, the more alike. Negation hardly moves a point."""

    @property
    def name(self) -> str:
        """Which model, for people and for the ledger."""
        ...

    @property
    def version(self) -> str:
        """Of the weights: the same version gives the same points."""
        ...

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """A unit vector for each text, in the same order, each of the same number of dimensions."""
        ...


class Scorer(Protocol):
    """Whether two texts contradict each other, as a model sees it."""

    @property
    def name(self) -> str:
        """Which model, for people and for the ledger."""
        ...

    @property
    def version(self) -> str:
        """Of the weights: the same version gives the same scores."""
        ...

    @property
    def is_local(self) -> bool:
        """Answers from this process, in milliseconds; else it asks a service, which may take seconds."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> tuple[float | None, ...]:
        """For each (premise, hypothesis) 0 to 1: 1, both cannot be true. None: there is no answer.

        In the same order. Never raises for what a text says.
        """
        ...


def cosine(a: Vector, b: Vector) -> float:
    """How alike two unit vectors are, -1 to 1."""
    return float(sum(map(mul, a, b)))
