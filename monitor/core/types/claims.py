"""Who said what, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.core.types.closed_lists import (
    ArticleField,
    ClaimKind,
    ContradictionKind,
    Grade,
    Relation,
    Scope,
    Stance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    # Canonical: one name for all the ways reporters have of calling them.
    name: str
    # As in the text; the publisher's name for own voice.
    surface: str
    # The entity's id, where known.
    entity: str = ""
    # Whose side they are on, where known.
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    value: float
    # "exactly" | "at_least" | "at_most" | "more_than" | "less_than" | "about"
    bound: str
    # What is counted or measured: "killed", "USD", "km"; as lemmas.
    unit: str
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTime:
    """When something is said to have been or to come: a half-open interval on the article's own calendar."""

    # UTC as if the article's clock were that; a minute, an hour, a part of a day, a day or longer.
    begins_at: datetime
    ends_at: datetime
    # "at" | "about" | "before" | "after" | "since" | "until"
    bound: str
    surface: str

    def meets(self, other: ClaimTime) -> bool:
        """Whether the two have a moment in common."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPlace:
    """Where something is said to be, or to come from or go to."""

    # The entity's name or the words as written, in the nominative, without an article: "Leilek", "gym".
    name: str
    # The entity's id, where known.
    entity: str
    # "in" | "at" | "near" | "from" | "to" | "toward" | "through" | "over" | "off" | "outside" |
    # "north_of" and the other points of the compass
    relation: str
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameUse:
    """One frame that a claim evokes."""

    frame: str
    # False: the claim denies it.
    affirmed: bool
    # Role → filler: an entity's id where known, else normalised words.
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a claim stands among the claims of its article: reporters set rival accounts side by side."""

    # Number of the line (paragraph) of the field.
    paragraph: int
    # Its place among the claims of the field, in the order of the text; one inside another shares its place.
    place: int
    # The text since the claim before, of the same paragraph, and what follows up to the next one.
    before: str
    after: str
    # Words that the article has for the speaker, small: {"its", "spokesman", "airline"}.
    called: frozenset[str]
    # The words have a subject and a finite verb: "a fairy tale" is cut out of somebody's sentence.
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A checkable statement, attributed, in the exact words of one article version."""

    # Unique for (version, field, span, speaker, stance); stable over reruns.
    fingerprint: str
    article_id: int
    version_id: int
    # TITLE or TEXT.
    field: ArticleField
    start: int
    end: int
    # Exactly the article's field [start:end].
    quote: str
    kind: ClaimKind
    speaker: Speaker
    stance: Stance
    hedged: bool
    # The words that attribute: "said", "denied"; empty for own voice.
    cue: str
    # One sentence without the attribution.
    proposition: str
    quantities: tuple[Quantity, ...]
    frames: tuple[FrameUse, ...]
    # What it is about, as candidate keys: only claims that share one are ever compared.
    keys: tuple[str, ...]
    # When it was said as far as known: the article's time.
    said_at: datetime
    # Ids of the rules that matched the article.
    rules: tuple[str, ...]
    # How much there is to check and to compare (docs/claims.md): names, numbers and frames against
    # opinions and plans.
    score: float = 1.0
    # Not stored: it serves the judgement of its own article version.
    setting: Setting | None = None
    # What it says about when and where, in the order of the quote; empty: nothing.
    times: tuple[ClaimTime, ...] = ()
    places: tuple[ClaimPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorClaim:
    """A claim from the ledger, with what the ledger adds to it."""

    id: int
    claim: Claim
    # Fingerprint of its thread.
    thread: str
    # Copies of one text share an origin.
    origin: str
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadedClaim:
    """A claim and the thread it belongs to: all appearances of one claim."""

    claim: Claim
    thread: str
    # Opens the thread: nobody of this side said it before.
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two claims very unlikely to be true together, or a later one that replaces an earlier (`update`)."""

    # Fingerprints of the claims; left was said first.
    left: str
    right: str
    kind: ContradictionKind
    scope: Scope
    relation: Relation
    grade: Grade
    score: float
    # A sentence a person understands.
    reason: str
    comparator: str
    # Joins the pairs that are one conflict.
    group: str
    # What is disputed, in words: "who is responsible for the attack".
    disputed: str
