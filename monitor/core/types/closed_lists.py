"""The closed lists: every word that a stored row, a label or a rule file may hold."""

from __future__ import annotations

from enum import StrEnum


class ArticleField(StrEnum):
    """The parts of an article that carry text."""

    TITLE = "title"
    SUMMARY = "summary"
    TEXT = "text"

    # By its letters, as it is compared: the enum's own hash is written in Python, and every place has one.
    __hash__ = str.__hash__


class FullText(StrEnum):
    """When the page of an entry is read for its text."""

    NEVER = "never"
    WHEN_SUMMARY_ONLY = "when-summary-only"
    ALWAYS = "always"


class Suppression(StrEnum):
    """Why a notification was recorded but not sent, or waits to be sent."""

    SILENCE = "silence"
    DUPLICATE = "duplicate"
    # Over the limit of its rule.
    THROTTLED = "throttled"
    # Its receiver gets too much of all rules together.
    STORM = "storm"
    TOO_OLD = "too_old"
    BACKFILL = "backfill"
    NO_ROUTE = "no_route"
    DRAFT_RULE = "draft_rule"
    # Somebody marked as noise or outdated what it tells, before it was sent.
    DISMISSED = "dismissed"

    # Fewer independent origins have said it than the rule wants.
    WAITING_FOR_ORIGINS = "waiting_for_origins"
    # Waits to go out in one message with others of its group.
    GROUPED = "grouped"
    # Waits until its conflict may be told of again.
    REPEATED = "repeated"
    # Waits for the time of its route's next digest.
    DIGEST = "digest"
    # Waits for the end of its route's quiet hours.
    QUIET_HOURS = "quiet_hours"
    # Waits because its receiver has refused or not answered several times running.
    RECEIVER_AWAY = "receiver_away"
    # Another alert is out that makes it needless (`inhibit` in routes.yml).
    INHIBITED = "inhibited"
    # Waits for somebody to acknowledge the alert, and goes out if nobody does.
    ESCALATION = "escalation"
    # Somebody has acknowledged the alert, or its conflict, and nothing reopened it.
    ACKNOWLEDGED = "acknowledged"


class ClaimKind(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    OWN_VOICE = "own_voice"


class Stance(StrEnum):
    ASSERT = "assert"
    DENY = "deny"
    ACCUSE = "accuse"
    CONFIRM = "confirm"
    RETRACT = "retract"
    QUESTION = "question"


class ContradictionKind(StrEnum):
    DENIAL = "denial"
    RESPONSIBILITY = "responsibility"
    NUMERIC = "numeric"
    PLACE = "place"
    TIME = "time"
    CAUSE = "cause"
    REVERSAL = "reversal"
    IDENTITY = "identity"
    OTHER = "other"


class Scope(StrEnum):
    """Between whom: different speakers, one speaker, two of one side, two versions of an article."""

    CROSS = "cross"
    SELF = "self"
    SAME_SIDE = "same_side"
    REVISION = "revision"


class Relation(StrEnum):
    CONTRADICTION = "contradiction"
    UPDATE = "update"


class Grade(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"
    SOFT = "soft"


class PairStatus(StrEnum):
    OPEN = "open"
    REAL = "real"
    NOISE = "noise"
    OUTDATED = "outdated"


class AlertKind(StrEnum):
    MATCH = "match"
    NEW_CLAIM = "new_claim"
    CORROBORATION = "corroboration"
    CONTRADICTION = "contradiction"
    UPDATE = "update"
    REVERSAL = "reversal"
    REVISION = "revision"
    # The service's own state: a queue, a delivery, the rule files, a feed. No rule asks for it.
    HEALTH = "health"


class GroupBy(StrEnum):
    """What alerts have in common that go out in one message."""

    RULE = "rule"
    GROUP = "group"
    ENTITY = "entity"
    PUBLISHER = "publisher"
    SEVERITY = "severity"
    STORY = "story"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RuleStatus(StrEnum):
    """draft: stored, never alerts; test: sandbox route only."""

    DRAFT = "draft"
    TEST = "test"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class EntityType(StrEnum):
    PERSON = "person"
    ORG = "org"
    PLACE = "place"
    EVENT = "event"
    OTHER = "other"
