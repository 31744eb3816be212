"""Reading what was stored, for people and programs. Newest first; nothing here writes.

The records' field names are the JSON contract of the product (docs/json.md): `as_json` gives exactly it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What all reading commands share; empty means any."""

    rule: str = ""
    feed: str = ""
    publisher: str = ""
    # An entity's id.
    entity: str = ""
    speaker: str = ""
    lang: str = ""
    since: datetime | None = None
    until: datetime | None = None
    # Words that must all stand in the text shown (case aside).
    query: str = ""
    # Contradictions: "contradiction" (default of the command) or "update"; empty: both.
    relation: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    id: int
    url: str
    title: str
    publisher: str
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRecord:
    name: str
    surface: str
    entity: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    id: int
    article: ArticleRef
    quote: str
    start: int
    end: int
    field: str
    kind: str
    speaker: SpeakerRecord
    stance: str
    hedged: bool
    cue: str
    proposition: str
    quantities: tuple[dict[str, Any], ...]
    thread: str
    first_seen_at: datetime
    # Articles that carry the thread, copies counted.
    appearances: int
    # Independent origins among them.
    origins: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionRecord:
    id: int
    kind: str
    scope: str
    relation: str
    grade: str
    score: float
    left: ClaimRecord
    right: ClaimRecord
    reason: str
    status: str
    group: str
    story: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    id: int
    url: str
    title: str
    publisher: str
    published_at: datetime | None
    version: int
    versions: int
    lang: str
    feed: str | None
    first_seen_at: datetime
    # "waiting" | "judged" | "stuck"
    state: str
    error: str
    origin: str | None
    rules: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    id: int
    article: ArticleRef
    rule: str
    rule_version: str
    spans: tuple[dict[str, Any], ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRecord:
    id: int
    receiver: str
    # "waiting" | "sent" | "suppressed" | "dead"
    state: str
    # A Suppression or the last DeliveryReason.
    reason: str | None
    attempts: int
    sent_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    id: int
    kind: str
    severity: str
    headline: str
    reason: str
    rules: tuple[str, ...]
    labels: dict[str, str]
    group: str | None
    # One for a new claim, two (left said first) for a contradiction, none for a match.
    claims: tuple[ClaimRecord, ...]
    created_at: datetime
    notifications: tuple[NotificationRecord, ...]


Record = ArticleRecord | MatchRecord | ClaimRecord | ContradictionRecord | AlertRecord


def as_json(record: Record) -> dict[str, Any]:
    """The record as JSON-ready values: times RFC 3339 in UTC with Z, tuples as lists, optional `entity` left out
    where unknown."""
    raise NotImplementedError


def list_articles(db: Database, filters: Filters) -> Iterator[ArticleRecord]:
    """Current versions; `get_article(db, id, version=…)` reads older ones."""
    raise NotImplementedError


def get_article(db: Database, id: int, *, version: int | None = None) -> ArticleRecord | None:
    raise NotImplementedError


def list_matches(db: Database, filters: Filters) -> Iterator[MatchRecord]:
    raise NotImplementedError


def get_match(db: Database, id: int) -> MatchRecord | None:
    raise NotImplementedError


def list_claims(db: Database, filters: Filters) -> Iterator[ClaimRecord]:
    raise NotImplementedError


def get_claim(db: Database, id: int) -> ClaimRecord | None:
    raise NotImplementedError


def list_contradictions(db: Database, filters: Filters) -> Iterator[ContradictionRecord]:
    raise NotImplementedError


def get_contradiction(db: Database, id: int) -> ContradictionRecord | None:
    raise NotImplementedError


def list_alerts(db: Database, filters: Filters) -> Iterator[AlertRecord]:
    raise NotImplementedError


def get_alert(db: Database, id: int) -> AlertRecord | None:
    raise NotImplementedError
