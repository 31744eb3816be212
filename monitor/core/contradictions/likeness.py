"""How alike the contents of two claims are, where an embedding model is at hand: one voice among others.

Alike contents are about one thing; whether they agree, no embedding can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.language_models import Embedder, Vector, cosine
from monitor.core.types import Claim
from monitor.core.wording import is_cyrillic


@dataclass(frozen=True, slots=True)
class Likeness:
    """The contents of some claims as points. Empty: nothing is known to be like anything."""

    points: Mapping[str, Vector] = field(default_factory=dict)

    def between(self, a: Claim, b: Claim) -> float | None:
        """-1 to 1, about 0 for contents with nothing in common; None: no model has read them both."""
        left, right = self.points.get(a.proposition), self.points.get(b.proposition)
        return None if left is None or right is None else cosine(left, right)


def likeness_of(claims: Sequence[Claim], embedder: Embedder | None) -> Likeness:
    """How alike these claims are, each to each; takes milliseconds a claim, so it comes before any lock.

    Contents in Cyrillic are left out: the embedding model at hand reads English.
    """
    texts = (
        [] if embedder is None else sorted({c.proposition for c in claims if not is_cyrillic(c.proposition)})
    )
    if embedder is None or not texts:
        return Likeness()
    return Likeness(dict(zip(texts, embedder.embed(texts), strict=True)))
