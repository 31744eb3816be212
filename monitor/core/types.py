"""The nouns of the product, as frozen values (docs/glossary.md defines the words).

Sequences are tuples; times are aware and in UTC, and their names end in `_at`; spans are half-open
offsets in Unicode code points into the stored text; a `score` lies in 0–1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.errors import FetchReason

# ---------------------------------------------------------------- closed lists


class ArticleField(StrEnum):
    """The parts of an article that carry text."""

    TITLE = "title"
    SUMMARY = "summary"
    TEXT = "text"


class Suppression(StrEnum):
    """Why a notification was recorded but not sent, or waits to be sent."""

    SILENCE = "silence"
    DUPLICATE = "duplicate"
    THROTTLED = "throttled"
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


class GroupBy(StrEnum):
    """What alerts have in common that go out in one message."""

    RULE = "rule"
    GROUP = "group"
    ENTITY = "entity"
    PUBLISHER = "publisher"
    SEVERITY = "severity"


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


# ---------------------------------------------------------------- feeds → entries → articles


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as somebody asks for it: a line of feeds.yml, `feeds add`, an OPML outline."""

    url: str
    # Who publishes it; empty: the feed's own title, once read.
    publisher: str = ""
    tags: tuple[str, ...] = ()
    # BCP 47 primary subtag; empty: as the feed or the text says.
    lang: str = ""
    interval: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a publisher wants to see again to be able to answer 304 (RFC 9110 §8.8); verbatim, or empty."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the ledger knows it."""

    id: int
    url: str
    publisher: str
    title: str
    tags: tuple[str, ...]
    lang: str
    interval: timedelta
    # "active", or "gone" when the publisher said so (410): never polled again.
    state: str
    validators: Validators
    # blake2b of the last body that was read, hex; empty before the first.
    body_hash: str
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    # Failures in a row; 0 after a success.
    failures: int
    last_status: int | None
    last_reason: FetchReason | None
    last_detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing a feed lists (RFC 4287 §4.1.2), as plain text: no markup, no control characters, NFC."""

    # As given; empty where the feed has none.
    guid: str
    # Absolute, or empty.
    url: str
    title: str
    summary: str
    # The longest text the feed carries; equal to the summary where it carries no more.
    text: str
    author: str
    lang: str
    # None where the feed does not say or says nonsense; never later than the fetch by over five minutes.
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSnapshot:
    """A feed's body, read."""

    # "rss20", "atom10", "json11"…: feedparser's names, and ours for JSON Feed.
    format: str
    title: str
    link: str
    lang: str
    # In document order, at most the reader's limit.
    entries: tuple[Entry, ...]
    # Entries that were left out, with the reason, as "count × reason"; empty: none.
    dropped: tuple[str, ...] = ()
    # What was wrong with the document, in words, where it could be read all the same.
    complaint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What the ledger remembers of an entry that it has seen: enough to tell new, changed and same apart."""

    article_id: int
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVersion:
    """One article version to be stored: a new article (`article_id` None) or a new version of one."""

    article_id: int | None
    # Unique per article: "feed:<id>|guid:<guid>", "…|url:<url>" or "…|hash:<hash>"; "import|…" for archives.
    identity: str
    version: int
    # Hash of what a reader would call the text (title, summary, text); decides what is a change.
    content_hash: str
    publisher: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """What one successful poll changes: decided in the core, stored whole."""

    versions: tuple[PlannedVersion, ...]
    # Entries that were known already.
    unchanged: int
    next_poll_at: datetime
    validators: Validators
    body_hash: str
    feed_title: str
    # The feed's address after permanent redirects only.
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of an article, as stored: what all judgement is about."""

    id: int
    version: int
    # Names this version alone; tasks, matches and claims refer to it.
    version_id: int
    # None: imported from an archive.
    feed_id: int | None
    url: str
    publisher: str
    # Tags of the feed it came from.
    tags: tuple[str, ...]
    title: str
    summary: str
    text: str
    lang: str
    published_at: datetime | None
    # When we saw this version.
    fetched_at: datetime
    # Recorded from an archive, or judged again: alerts are suppressed.
    backfill: bool = False
    # Address of its feed as somebody asked for it, also after a move; empty: imported from an archive.
    feed_url: str = ""

    def field(self, name: ArticleField) -> str:
        """The text of one part."""
        match name:
            case ArticleField.TITLE:
                return self.title
            case ArticleField.SUMMARY:
                return self.summary
            case ArticleField.TEXT:
                return self.text

    @property
    def at(self) -> datetime:
        """When it was published, or seen where the publisher does not say."""
        return self.published_at or self.fetched_at


# ---------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One name of an entity with every written form to look for."""

    text: str
    lang: str = ""
    # All forms, the text itself included; a form that ends in "*" stands for any ending.
    forms: tuple[str, ...] = ()
    # True: the capitals must be as written.
    exact_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A known thing and its names."""

    id: str
    type: EntityType
    # The canonical display name, the same in all languages.
    name: str
    aliases: tuple[Alias, ...]
    # How reporters call a person: "FSB chief".
    roles: tuple[str, ...] = ()
    # Whose side a speaker is on; empty: nobody's.
    side: str = ""
    # Weak hints: they raise confidence, never match alone.
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A node of a rule's tree."""

    # A key of monitor.core.operators.OPERATORS: "all", "any", "none", "keyword", "phrase", "entity"…
    operator: str
    # Written forms, or the entity's id; empty for a node with children.
    terms: tuple[str, ...] = ()
    children: tuple[Condition, ...] = ()
    # Where to look; None: everywhere.
    field: ArticleField | None = None
    # Settings of the operator ("within": "8"), in writing.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Cheap filters on the article itself; empty means any."""

    languages: tuple[str, ...] = ()
    # "tag:wire", "domain:bbc.co.uk", "feed:<url>", or a publisher's name.
    include_publishers: tuple[str, ...] = ()
    exclude_publishers: tuple[str, ...] = ()
    # An older article is stored, not alerted.
    published_within: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """What a rule wants to be told."""

    on: tuple[AlertKind, ...] = (AlertKind.NEW_CLAIM, AlertKind.CONTRADICTION)
    # New claims and contradictions below it are stored, not alerted.
    min_score: float = 0.5
    # Names of receivers; empty: as routes.yml decides.
    routes: tuple[str, ...] = ()
    # Independent origins of each side of it, before it is told.
    min_origins: int = 1
    # What alerts of one message have in common; empty: the rule.
    group_by: tuple[GroupBy, ...] = ()
    # How long the first alert of a message waits for others; zero: each goes out alone.
    group_wait: timedelta = timedelta(0)
    # A conflict is told of again after this, then after twice as long and so on; None: never again.
    repeat_every: timedelta | None = None
    # Messages to one receiver; what is more goes into a digest. None: no limit.
    max_per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    # Hash over everything that changes what it matches, its lists and entities resolved.
    version: str
    title: str
    condition: Condition
    where: Where = Where()
    alert: AlertSettings = AlertSettings()
    status: RuleStatus = RuleStatus.STABLE
    severity: Severity = Severity.MEDIUM
    owner: str = ""
    tags: tuple[str, ...] = ()
    runbook: str = ""
    # The rule as written in its file, for the record of versions.
    source_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameWording:
    """How another language than English says what a frame is about."""

    # BCP 47 primary subtag: "ru".
    lang: str
    phrases: tuple[str, ...]
    denials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A way to say one kind of thing, that makes claims comparable (docs/claims.md).

    `phrases` and `denials` are patterns over the words of a proposition; which syntax they have
    is documented with the loader of rules/frames/*.yml.
    """

    id: str
    # The contradiction kind that rival fillers of an exclusive role are.
    kind: ContradictionKind
    phrases: tuple[str, ...]
    denials: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    # Roles that two different fillers cannot both hold.
    exclusive: tuple[str, ...] = ()
    # What a group of such contradictions is about, with {role} in it: "who is responsible for {event}".
    question: str = ""
    # Words of one row may name one and the same thing, the first stands for all: ("attack", "assault").
    same: tuple[tuple[str, ...], ...] = ()
    # Counts of this frame only grow: a later higher one is an update, not a contradiction.
    grows: bool = False
    # Its phrases in other languages.
    wordings: tuple[FrameWording, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSpan:
    """Where one term of a rule stands in the stored text."""

    field: ArticleField
    start: int
    end: int
    # The term or alias form of the rule file.
    term: str
    # The entity's id, where an entity was meant.
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Rule × article version."""

    article_id: int
    version_id: int
    rule_id: str
    rule_version: str
    # In order of field and place; never empty.
    spans: tuple[MatchSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where an entity of the rule files is named, whether or not a rule asks for it."""

    entity: str
    field: ArticleField
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What matching found in one article."""

    article: Article
    # One for each rule that matched; empty: none.
    matches: tuple[Match, ...]
    # In order of field and place.
    mentions: tuple[Mention, ...]
    # Ids of rules with a pattern that ran out of time here: it counts as not found.
    timed_out: tuple[str, ...] = ()


# ---------------------------------------------------------------- claims


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
class FrameUse:
    """One frame that a claim evokes."""

    frame: str
    # False: the claim denies it.
    affirmed: bool
    # Role → filler: an entity's id where known, else normalised words.
    roles: tuple[tuple[str, str], ...] = ()


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


# ---------------------------------------------------------------- alerts


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
class Receiver:
    """Where notifications go: a name and a URL whose scheme picks the channel."""

    name: str
    # Secrets resolved; never shown, logged or stored.
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The first route whose labels all agree takes the alert."""

    receivers: tuple[str, ...]
    # Label → exact value; empty: everything.
    matchers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    receivers: tuple[Receiver, ...] = ()
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What a rule asks for, so that a receiver is not flooded."""

    # The rule that asks; the messages that it sends to a receiver are counted together.
    rule: str = ""
    # Equal for notifications that may go out in one message; empty: alone.
    group_key: str = ""
    group_wait: timedelta = timedelta(0)
    not_before: datetime | None = None
    max_per_hour: int | None = None


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
    # EXTRACTOR_VERSION of the code that found the claims.
    extractor: str = ""
