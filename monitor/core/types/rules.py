"""Rules, entities and frames as loaded, and what matching finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.core.types.articles import Article
from monitor.core.types.closed_lists import (
    AlertKind,
    ArticleField,
    ContradictionKind,
    EntityType,
    GroupBy,
    RuleStatus,
    Severity,
)


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
    # What alerts of one message have in common; empty: as the alert's kind has it
    # (`monitor.core.alerting.manners`), or the rule where there is a `group_wait`.
    group_by: tuple[GroupBy, ...] = ()
    # How long the first alert of a message waits for others; zero: each goes out alone.
    # None: as the kind has it.
    group_wait: timedelta | None = None
    # How long after a message the next of the same group goes out; None: as the kind has it.
    group_interval: timedelta | None = None
    # A conflict is told of again after this, then after twice as long and so on; None: never again.
    repeat_every: timedelta | None = None
    # Messages to one receiver; what is more goes into a digest. None: as the kind has it.
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
    # Roles that only people fill: a shot that is fired loses no office.
    people: tuple[str, ...] = ()
    # Roles that only something of a kind in `same` fills: a search goes on, a speaker goes on to say.
    kinds: tuple[str, ...] = ()
    # Roles that one side may leave open: "no force was used" is said of everybody in the report.
    open: tuple[str, ...] = ()
    # What a group of such contradictions is about, with {role} in it: "who is responsible for {event}".
    question: str = ""
    # Words of one row may name one and the same thing, the first stands for all: ("attack", "assault").
    same: tuple[tuple[str, ...], ...] = ()
    # Counts of this frame only grow: a later higher one is an update, not a contradiction.
    grows: bool = False
    # Whether the outlet's own sentences are read for it as well.
    own_voice: bool = True
    # Its phrases in other languages.
    wordings: tuple[FrameWording, ...] = ()

    def __hash__(self) -> int:
        # Frames are looked up for every claim: not by all their phrases.
        return hash(self.id)


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
