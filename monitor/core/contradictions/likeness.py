"""What models say of two claims that stand side by side, where there are any: one voice among others.

Alike contents are about one thing; whether they agree, no embedding can tell.
A scorer can tell a little more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.contradictions.statements import statement
from monitor.core.language_models import Embedder, Vector, cosine
from monitor.core.types import Claim
from monitor.core.wording import is_cyrillic


@dataclass(frozen=True, slots=True)
class Likeness:
    """The contents of some claims as points, and how surely some contradict each other. Empty: no model has
    read anything.
    """

    points: Mapping[str, Vector] = field(default_factory=dict)
    # Statements (statements.py) of two claims, in their order in the text → 0 to 1.
    contrary: Mapping[tuple[str, str], float] = field(default_factory=dict)
    # The scorer that says so.
    scorer: str = ""

    def between(self, a: Claim, b: Claim) -> float | None:
        """-1 to 1, about 0 for contents with nothing in common; None: no model has read them both."""
        left, right = self.points.get(a.proposition), self.points.get(b.proposition)
        return None if left is None or right is None else cosine(left, right)

    def contradicting(self, a: Claim, b: Claim) -> float | None:
        """How surely a scorer reads them as contradicting, a before b in the text; None: none was asked."""
        return self.contrary.get((statement(a), statement(b)))


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
