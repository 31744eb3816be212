"""What reading the ledger gives: flat values whose field names are the JSON contract (docs/json.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


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
    # What people said about the thread: "open" | "real" | "noise" | "outdated".
    status: str = "open"
    first_seen_at: datetime
    # Articles that carry the thread, copies counted.
    appearances: int
    # Independent origins among them.
    origins: int
    rules: tuple[str, ...]
    # What found it, by name: "extractor", "frames", "parser"; empty: found before versions were kept.
    versions: dict[str, str] = dataclasses.field(default_factory=dict)


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
    comparator: str = ""
    # What found it, by name: "comparators", "frames"; empty: found before versions were kept.
    versions: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRecord:
    """The same claim, said again: all its appearances as one."""

    # The fingerprint of the claim that opened it: `thread` of its claims.
    id: str
    # As it was said first.
    claim: ClaimRecord
    # Who said it, by canonical name, first ones first.
    speakers: tuple[str, ...]
    publishers: tuple[str, ...]
    # What people said about it: "open" | "real" | "noise" | "outdated".
    status: str
    # The news' own time of its first appearance and its last.
    first_seen_at: datetime
    last_seen_at: datetime
    # Articles that carry it, copies counted.
    appearances: int
    # Independent origins among them.
    origins: int
    # The story of its first appearance; None: told before stories were told apart.
    story: str | None
    # Contradictions it takes part in, without updates and what was marked as noise or outdated.
    contradictions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppearanceRecord:
    """One time that the claim of a thread was said, or printed again."""

    # Id of the claim.
    claim: int
    at: datetime
    article: ArticleRef
    quote: str
    field: str
    start: int
    end: int
    speaker: SpeakerRecord
    stance: str
    # The first article of the thread with the same text, which this one copies; None: it copies none.
    copy_of: int | None
    # It is the first of another independent origin, or of another speaker. Of the very first both are False.
    new_origin: bool
    new_speaker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPairRecord:
    """A contradiction or an update that a claim of the thread takes part in."""

    id: int
    relation: str
    kind: str
    grade: str
    status: str
    group: str
    reason: str
    # Id of the claim of the thread.
    claim: int
    # What stands against it.
    other: ClaimRecord
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadHistoryRecord(ThreadRecord):
    """A thread with everything that was ever said in it, oldest first."""

    history: tuple[AppearanceRecord, ...]
    pairs: tuple[ThreadPairRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """The articles that tell of one event."""

    id: int
    # Of the article that opened it.
    title: str
    # The news' own time of its first article and its last.
    first_at: datetime
    last_at: datetime
    articles: int
    # Independent origins among them.
    origins: int
    publishers: tuple[str, ...]
    claims: int
    contradictions: int
    # The newest twenty.
    latest: tuple[ArticleRef, ...]


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
    # What people said about it: "open" | "real" | "noise" | "outdated".
    status: str = "open"
    created_at: datetime
    # Found in an archive, or when stored articles were judged again: not alerted.
    backfill: bool
    # When a later judgement no longer found it; None: it holds.
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRecord:
    id: int
    receiver: str
    # "waiting" | "joined" | "sent" | "suppressed" | "dead"
    state: str
    # A Suppression or the last DeliveryReason.
    reason: str | None
    attempts: int
    sent_at: datetime | None
    detail: str
    # "alert" (alone) | "group" | "digest"; None: no message has it yet.
    message_kind: str | None = None
    # The notification that its message is known by; its own id, unless it joined another's.
    message_id: int | None = None
    # When it may be sent, while it waits; None: it does not wait.
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementRecord:
    # "acknowledged" | "resolved"
    status: str
    # Who takes care of it; empty: not said.
    owner: str
    note: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One try to deliver one message."""

    notification: int
    alert: int
    receiver: str
    # 1 for the first.
    number: int
    # A DeliveryReason.
    reason: str
    # The HTTP status; None where there was none.
    status: int | None
    latency_s: float
    # The beginning of the answer, or what went wrong.
    detail: str
    # What the notification is now.
    state: str
    # "alert" | "group" | "digest"
    message_kind: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRecord:
    id: int
    # "pending" | "active" | "expired"
    state: str
    # As written.
    matchers: tuple[str, ...]
    author: str
    comment: str
    starts_at: datetime
    ends_at: datetime
    # Who ended it before its time; empty: nobody.
    expired_by: str
    # Notifications that it held.
    held: int
    # Alerts of the last day that it fits; None: it is over.
    would_hold: int | None
    created_at: datetime


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
    # "new" | "acknowledged" | "resolved": of the whole conflict, where it belongs to one.
    status: str = "new"
    # What stands; None: nobody has said anything, or it ended.
    acknowledgement: AcknowledgementRecord | None = None


Record = (
    ArticleRecord | MatchRecord | ClaimRecord | ThreadRecord | ContradictionRecord | StoryRecord | AlertRecord
)


def as_json(record: Record) -> dict[str, Any]:
    """The record as JSON-ready values: times RFC 3339 in UTC with Z, tuples as lists, None as null.

    Only an unknown `entity` (of a speaker, of a span) is left out.
    """
    made = ready(record)
    assert isinstance(made, dict)
    return made


def ready(value: object) -> Any:
    """Any value of this room as JSON-ready values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Mapping():
            return {str(name): ready(inner) for name, inner in value.items() if name != "entity" or inner}
        case list() | tuple():
            return [ready(inner) for inner in value]
        case _:
            return value
