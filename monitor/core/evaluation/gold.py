"""Labelled stories as frozen values: what a careful reader finds in a set of articles (docs/stories.md).

Spans are half-open offsets in Unicode code points into an article's `title` or `body`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

#: What the closed lists of the format hold, where scoring goes on with another word too.
KNOWN_WORDS: Mapping[str, frozenset[str]] = {
    "kind": frozenset({"direct", "indirect", "narrator"}),
    "polarity": frozenset({"assert", "deny", "accuse", "confirm", "retract", "question"}),
    "type": frozenset({"denial", "numeric", "cause", "perpetrator", "place", "time", "reversal", "other"}),
    "severity": frozenset({"low", "medium", "high", "critical"}),
}

#: JSON's null means "none" wherever text is optional.
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda value: value.astimezone(UTC))]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """One version of one article."""

    id: str
    outlet: str
    url: str
    title: str
    body: str
    lang: str
    published_at: Moment
    # Id of the earlier version, at the same URL; empty: the first.
    version_of: Text = ""
    # Id of the article that this is another outlet's copy of; empty: none.
    syndicated_from: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldClaim:
    id: str
    # Id of the article version.
    article: str
    # 1: core, 2: extended.
    tier: Literal[1, 2]
    # Canonical name; the outlet's own for its own voice.
    speaker: Text = ""
    speaker_aliases: tuple[str, ...] = ()
    # "direct" | "indirect" | "narrator"
    kind: str
    # "assert" | "deny" | "accuse" | "confirm" | "retract" | "question"
    polarity: str
    # What is at issue, in a word or two.
    about: Text = ""
    # One sentence without attribution, in English.
    claim: str
    # Exactly the article's field [start:end].
    quote: str
    where: Literal["title", "body"] = "body"
    start: int
    end: int
    # Id of its thread; empty: nobody else says it.
    thread: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldThread:
    """The same claim, whoever's words."""

    id: str
    about: Text = ""
    summary: Text = ""
    # Id of the claim that was published first.
    first_claim: Text = ""
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldContradiction:
    id: str
    # Ids of two claims; their order means nothing.
    left: str
    right: str
    # One of KNOWN_WORDS["type"].
    type: str
    grade: Literal["strong", "medium", "soft"]
    scope: Literal["cross", "self", "revision"]
    # Names the conflict: pairs of one conflict share it.
    group: Text = ""
    why: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPair:
    """Two claims and what is known of them: an update (left is earlier), a look-alike, an implied pair."""

    left: str
    right: str
    id: Text = ""
    kind: Text = ""
    why: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldGroup:
    """A conflict that an operator should see."""

    id: str
    title: Text = ""
    severity: Text = ""
    # Ids of contradictions; never empty.
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles about one event, with everything that a careful reader found in them."""

    # As in the path of the files: "tune/ferry".
    name: str
    # In the order of the file.
    articles: tuple[StoryArticle, ...]
    claims: tuple[GoldClaim, ...]
    threads: tuple[GoldThread, ...] = ()
    contradictions: tuple[GoldContradiction, ...] = ()
    # To be reported as updates, not as contradictions.
    updates: tuple[GoldPair, ...] = ()
    # Look-alikes that must not fire.
    non_contradictions: tuple[GoldPair, ...] = ()
    # Careful readers differ: never counted either way.
    unjudged: tuple[GoldPair, ...] = ()
    # Follow from the listed ones through threads: right if found, not required.
    implied_contradictions: tuple[GoldPair, ...] = ()
    implied_updates: tuple[GoldPair, ...] = ()
    # Ids of articles that are copies of one text, the original among them.
    syndication: tuple[tuple[str, ...], ...] = ()
    expected_alert_groups: tuple[GoldGroup, ...] = ()

    def articles_by_id(self) -> dict[str, StoryArticle]:
        return {article.id: article for article in self.articles}

    def claims_by_id(self) -> dict[str, GoldClaim]:
        return {claim.id: claim for claim in self.claims}

    def thread_of(self) -> dict[str, str]:
        """Claim id → id of its thread, as the claims say; a claim without one stands for itself."""
        return {claim.id: claim.thread or f"only {claim.id}" for claim in self.claims}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryProblem:
    """One thing that is wrong with a story's files."""

    # "<story>/articles.json" or "<story>/gold.json".
    path: str
    # Which row, and which column of it where one is to blame: 'claims "c7", start'.
    row: str
    message: str
    remedy: str
    # The story cannot be scored; otherwise its labels disagree with each other.
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.row}: {self.message}; {self.remedy}"
