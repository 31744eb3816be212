"""Which rules ask for an alert, and may it be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.lines import shorten
from monitor.core.types import AlertKind, Article, Rule, RuleStatus, Severity, Suppression

LABEL_LIMIT = 120

SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
# Rules of the first tier that asks decide alone: a rule under test never raises the severity of a real alert.
_TIERS = {RuleStatus.STABLE: 0, RuleStatus.DEPRECATED: 0, RuleStatus.TEST: 1, RuleStatus.DRAFT: 2}


class Rules(Protocol):
    """What alerting needs of a rule set (`monitor.core.rules.RuleSet`)."""

    @property
    def rules(self) -> Mapping[str, Rule]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The rules that ask for an alert, most severe first, and why it must not be sent, if so."""

    rules: tuple[Rule, ...]
    suppressed: Suppression | None
    # Independent origins that it takes; more than one: the fingerprint says so.
    origins: int = 1
    # More on why it is suppressed, in words.
    detail: str = ""

    @property
    def severity(self) -> Severity:
        return self.rules[0].severity


def known_rules(rule_ids: Iterable[str], rules: Rules) -> list[Rule]:
    """The rules of these ids, each once, without those that the set no longer has."""
    found = (rules.rules.get(rule_id) for rule_id in dict.fromkeys(rule_ids))
    return [rule for rule in found if rule is not None]


def request(
    asking: Iterable[Rule], article: Article, now: datetime, *, origins: int = 1, waits: str = ""
) -> Request | None:
    """What rules that want it ask for together; None: nobody wants it.

    `waits`: in words, why it has too few origins yet; empty: it has enough.
    """
    listed = list(asking)
    if not listed:
        return None
    tier = min(_TIERS[rule.status] for rule in listed)
    deciding = [rule for rule in listed if _TIERS[rule.status] == tier]
    fresh = [rule for rule in deciding if not _too_old(rule, article, now)]
    suppressed = None
    if article.backfill:
        suppressed = Suppression.BACKFILL
    elif deciding[0].status is RuleStatus.DRAFT:
        suppressed = Suppression.DRAFT_RULE
    elif not fresh:
        suppressed = Suppression.TOO_OLD
    elif waits:
        suppressed = Suppression.WAITING_FOR_ORIGINS
    ordered = sorted(fresh or deciding, key=lambda rule: (-SEVERITIES[rule.severity], rule.id))
    return Request(
        rules=tuple(ordered),
        suppressed=suppressed,
        origins=origins,
        detail=waits if suppressed is Suppression.WAITING_FOR_ORIGINS else "",
    )


def by_origins(asking: Iterable[Rule]) -> dict[int, list[Rule]]:
    """The rules by how many origins they wait for, fewest first: each number is an alert of its own."""
    grouped: dict[int, list[Rule]] = {}
    for rule in asking:
        grouped.setdefault(rule.alert.min_origins, []).append(rule)
    return dict(sorted(grouped.items()))


def _too_old(rule: Rule, article: Article, now: datetime) -> bool:
    within = rule.where.published_within
    return within is not None and now - article.at > within


def plain_fingerprint(kind: AlertKind, subject: str, origins: int = 1) -> str:
    """The fingerprint of what may be sent."""
    plain = f"{kind}:{subject}"
    return f"{plain}:origins={origins}" if origins > 1 else plain


def fingerprint(plain: str, suppressed: Suppression | None) -> str:
    return f"{plain}:{suppressed}" if suppressed else plain


def labels(kind: AlertKind, asked: Request, article: Article, **more: str) -> dict[str, str]:
    """What routes match on; labels without a value are left out."""
    rule = asked.rules[0]
    named = {
        "kind": str(kind),
        "rule": rule.id,
        "severity": str(asked.severity),
        "status": str(rule.status),
        "owner": rule.owner,
        "publisher": article.publisher,
        "lang": article.lang,
        "min_origins": str(asked.origins) if asked.origins > 1 else "",
        **{name: str(value) for name, value in more.items()},
    }
    return {name: shorten(value, LABEL_LIMIT) for name, value in named.items() if value.strip()}
