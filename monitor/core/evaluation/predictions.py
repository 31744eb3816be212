"""What the service found in the articles of a story, in the words of the story's own articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedClaim:
    """A claim as stored. Spans are half-open offsets in code points into the article's field."""

    id: int
    # Id of the story's article version.
    article: str
    where: Literal["title", "body"]
    start: int
    end: int
    quote: str
    # Canonical name.
    speaker: str
    # "direct" | "indirect" | "own_voice"
    kind: str
    thread: str
    # One sentence without the attribution; empty: not known.
    proposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedPair:
    """A stored contradiction or update between two predicted claims; left was said first."""

    # Ids of predicted claims.
    left: int
    right: int
    relation: Literal["contradiction", "update"]
    # "strong" | "medium" | "soft"
    grade: str
    # "denial" | "numeric" | …
    kind: str
    group: str
    # Why, in words.
    reason: str = ""
    # Between 0 and 1; by it pairs are ranked.
    score: float = 0.0
    # Which comparator found it; empty: not known.
    comparator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """Everything that was found in one story."""

    claims: tuple[PredictedClaim, ...]
    pairs: tuple[PredictedPair, ...]
    # CPU time from the first match to the last contradiction.
    cpu_seconds: float = 0.0
