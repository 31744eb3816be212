"""What people are told, and through which receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.types.articles import Article
from monitor.core.types.claims import Contradiction, ThreadedClaim
from monitor.core.types.closed_lists import AlertKind, Severity, Suppression
from monitor.core.types.routes import DigestTimes, QuietHours
from monitor.core.types.rules import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something people asked to be told. One per fingerprint, ever."""

    fingerprint: str
    kind: AlertKind
    severity: Severity
    # One sentence.
    headline: str
    # The rules it came through, most severe first.
    rules: tuple[str, ...]
    # What routes and silences match on: kind, rule, severity, speaker, publisher, lang, status…
    labels: Mapping[str, str]
    # Fingerprints of the claims it shows: none for a match, one for a new claim, two for a contradiction.
    claims: tuple[str, ...] = ()
    # Why, in words, for a contradiction.
    reason: str = ""
    # The conflict's fingerprint, for a contradiction.
    group: str = ""
    # Set where it is recorded but must not be sent to anybody.
    suppressed: Suppression | None = None
    # More on why it is suppressed or waits, in words.
    detail: str = ""
    # It is not sent before; None: at once.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What a rule and a route ask for, so that a receiver is not flooded."""

    # The rule that asks; the messages that it sends to a receiver are counted together.
    rule: str = ""
    # Equal for notifications that may go out in one message; empty: alone.
    group_key: str = ""
    group_wait: timedelta = timedelta(0)
    # So long after the last message of its group, at the earliest.
    group_interval: timedelta = timedelta(0)
    not_before: datetime | None = None
    max_per_hour: int | None = None
    # It goes out so long after the alert was raised, if nobody has acknowledged that; None: without asking.
    escalate_after: timedelta | None = None
    quiet: tuple[QuietHours, ...] = ()
    digest: DigestTimes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One alert for one receiver."""

    alert: str
    # The receiver's name; empty where no route takes the alert.
    receiver: str
    suppressed: Suppression | None = None
    # More on why, in words.
    detail: str = ""
    restraint: Restraint = Restraint()
    # Name of the route's template; empty: the built-in text.
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that judging one article version decided; stored whole or not at all."""

    article: Article
    matches: tuple[Match, ...] = ()
    claims: tuple[ThreadedClaim, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notifications: tuple[Notification, ...] = ()
    # The article's origin: its own, or the one of the text that it copies.
    origin: str = ""
    # Hashes by which later copies find this text.
    origin_keys: tuple[str, ...] = ()
    # The story that the article tells, named by the article that opened it, and the names it is found by.
    # 0: it opens one.
    story: int = 0
    story_keys: tuple[str, ...] = ()
    # EXTRACTOR_VERSION of the code that found the claims.
    extractor: str = ""
    # What else found them and the pairs, by name: "comparators", "frames", "parser" and other models.
    versions: Mapping[str, str] = field(default_factory=dict)
