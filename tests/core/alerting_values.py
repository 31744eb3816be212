"""Small values for tests of alerting: rules, an article, two people who contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.alerting import (
    plan_notifications,
    raise_alerts,
    tell_once,
)
from monitor.core.types import (
    Alert,
    AlertKind,
    AlertSettings,
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    Condition,
    Contradiction,
    ContradictionKind,
    Grade,
    Match,
    MatchSpan,
    Notification,
    PriorClaim,
    Reading,
    Relation,
    Route,
    Routing,
    Rule,
    RuleStatus,
    Scope,
    Severity,
    Speaker,
    Stance,
    ThreadedClaim,
    Where,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Rules:
    """As much of a rule set as alerting asks for."""

    rules: Mapping[str, Rule] = field(default_factory=dict)


def rule(id: str = "dam", **changes: Any) -> Rule:
    return replace(
        Rule(id=id, version="v1", title="The dam", condition=Condition(operator="keyword", terms=("dam",))),
        **changes,
    )


def rules(*listed: Rule) -> Rules:
    return Rules({one.id: one for one in listed})


def asks(*kinds: AlertKind, **more: Any) -> AlertSettings:
    return AlertSettings(on=kinds, **more)


def article(**changes: Any) -> Article:
    given = Article(
        id=7,
        version=1,
        version_id=70,
        feed_id=1,
        url="https://river.example/dam",
        publisher="River Post",
        tags=(),
        title="Dam was safe, minister says",
        summary="",
        text="The dam was safe, the minister said.",
        lang="en",
        published_at=NOW - timedelta(hours=1),
        fetched_at=NOW,
    )
    return replace(given, **changes)


def reading(*rule_ids: str, **changes: Any) -> Reading:
    about = article(**changes)
    spans = (MatchSpan(field=ArticleField.TITLE, start=0, end=3, term="dam"),)
    return Reading(
        article=about,
        matches=tuple(
            Match(
                article_id=about.id, version_id=about.version_id, rule_id=id, rule_version="v1", spans=spans
            )
            for id in rule_ids
        ),
        mentions=(),
    )


def claim(fingerprint: str, speaker: str, quote: str, *rule_ids: str, **changes: Any) -> Claim:
    given = Claim(
        fingerprint=fingerprint,
        article_id=7,
        version_id=70,
        field=ArticleField.TEXT,
        start=0,
        end=len(quote),
        quote=quote,
        kind=ClaimKind.DIRECT,
        speaker=Speaker(name=speaker, surface=speaker),
        stance=Stance.ASSERT,
        hedged=False,
        cue="said",
        proposition=quote,
        quantities=(),
        frames=(),
        keys=("dam",),
        said_at=NOW,
        rules=rule_ids,
    )
    return replace(given, **changes)


def new(said: Claim, *, thread: str = "", is_new: bool = True) -> ThreadedClaim:
    return ThreadedClaim(claim=said, thread=thread or f"thread-{said.fingerprint}", is_new=is_new)


def known(said: Claim, publisher: str = "Valley News") -> PriorClaim:
    return PriorClaim(id=1, claim=said, thread=f"thread-{said.fingerprint}", origin="o", publisher=publisher)


def dispute(left: str, right: str, **changes: Any) -> Contradiction:
    given = Contradiction(
        left=left,
        right=right,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="The minister denies what the engineer asserts.",
        comparator="denial",
        group="dam-safe",
        disputed="whether the dam was safe",
    )
    return replace(given, **changes)


ENGINEER = claim("c1", "Ada Brook", "the dam was cracked for years", "dam")
MINISTER = claim("c2", "Carl Weir", "the dam was never cracked", "dam")


def raised(
    on: Rules, *, by: tuple[str, ...] = ("dam",), pairs: tuple[Contradiction, ...] = (), **changes: Any
) -> tuple[Alert, ...]:
    """The minister's claim comes in the article, the engineer's was known."""
    is_new = changes.pop("is_new", False)
    sent = changes.pop("sent", None)
    right = replace(MINISTER, rules=by)
    alerts = raise_alerts(
        reading(*by, **changes), [new(right, is_new=is_new)], pairs, [known(ENGINEER)], on, now=NOW
    )
    return alerts if sent is None else tell_once(alerts, sent)


DRAFT = rule("draft", status=RuleStatus.DRAFT, severity=Severity.CRITICAL)
TEST = rule("trial", status=RuleStatus.TEST, severity=Severity.HIGH)
FRESH = rule("fresh", where=Where(published_within=timedelta(hours=2)))


def planned_for(alerts: tuple[Alert, ...], on: Rules) -> tuple[Notification, ...]:
    """All to one desk."""
    return plan_notifications(alerts, Routing(root=Route(receivers=("desk",))), on)
