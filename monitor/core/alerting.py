"""Findings → alerts → notifications: what people are told, and to whom it goes (docs/alerts.md).

An alert is raised where a rule asks for its kind. The ledger keeps one alert per fingerprint, ever,
so a conflict that goes on, or an article that is judged again, raises nothing new.
What was found but must not be sent is an alert too, with the reason; its fingerprint carries the reason,
so that it never stands in the way of the one that may be sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from monitor.core.lines import quoted, shorten
from monitor.core.terminal import clean
from monitor.core.types import (
    Alert,
    AlertKind,
    Article,
    Claim,
    ClaimKind,
    Contradiction,
    Grade,
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
    Suppression,
    ThreadedClaim,
)

# Code points of a headline at most; each quote in it gets its share.
HEADLINE_LIMIT = 280
_NAME_LIMIT = 48
_LABEL_LIMIT = 120

_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
_GRADES = {Grade.STRONG: 2, Grade.MEDIUM: 1}
# Rules of the first tier that asks decide alone: a rule under test never raises the severity of a real alert.
_TIERS = {RuleStatus.STABLE: 0, RuleStatus.DEPRECATED: 0, RuleStatus.TEST: 1, RuleStatus.DRAFT: 2}


class Rules(Protocol):
    """What alerting needs of a rule set (`monitor.core.rules.RuleSet`)."""

    @property
    def rules(self) -> Mapping[str, Rule]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One claim as an alert shows it."""

    claim: Claim
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The rules that ask for an alert, most severe first, and why it must not be sent, if so."""

    rules: tuple[Rule, ...]
    suppressed: Suppression | None

    @property
    def severity(self) -> Severity:
        return self.rules[0].severity


def raise_alerts(
    reading: Reading,
    claims: Sequence[ThreadedClaim],
    contradictions: Sequence[Contradiction],
    prior: Sequence[PriorClaim],
    rules: Rules,
    *,
    now: datetime,
    sent: Collection[str] | None = None,
) -> tuple[Alert, ...]:
    """The alerts of one article: contradictions first, then new claims, then matches; each fingerprint once.

    `prior` holds the stored claims that the contradictions may name; a contradiction whose sides are not
    both given is left out, and so are rules that the set no longer has.
    `sent` (fingerprints that exist in the ledger) lets a contradiction that is told for the first time
    take over the new-claim alerts of its own two claims, which are then recorded as duplicates;
    None: not known, both are sent.
    """
    sides = {known.claim.fingerprint: _Side(claim=known.claim, publisher=known.publisher) for known in prior}
    for threaded in claims:
        sides[threaded.claim.fingerprint] = _Side(claim=threaded.claim, publisher=reading.article.publisher)
    disputes = _contradiction_alerts(reading.article, contradictions, sides, rules, now)
    news = _new_claim_alerts(reading, claims, rules, now)
    if sent is not None:
        news = [_taken_over(alert, disputes, sent) for alert in news]
    alerts = [*disputes, *news, *_match_alerts(reading, rules, now)]
    return tuple({alert.fingerprint: alert for alert in reversed(alerts)}.values())[::-1]


def contradiction_fingerprints(contradictions: Iterable[Contradiction]) -> frozenset[str]:
    """The fingerprints that alerts on these would have: what to ask the ledger for, as `sent`."""
    return frozenset(f"{AlertKind.CONTRADICTION}:{found.group}" for found in contradictions)


def plan_notifications(alerts: Sequence[Alert], routing: Routing, rules: Rules) -> tuple[Notification, ...]:
    """Who is told what: each alert for each receiver once, in order.

    Every rule of an alert sends it where that rule alone would: to the receivers its `alert.routes` names,
    else by the first route that agrees with the alert's labels, `rule` and `owner` being this rule's.
    An alert that goes nowhere gets one notification without receiver, suppressed: NO_ROUTE.
    The notifications of a suppressed alert are suppressed for the same reason.
    """
    return tuple(notification for alert in alerts for notification in _notify(alert, routing, rules))


# ---------------------------------------------------------------- kinds


def _contradiction_alerts(
    article: Article,
    contradictions: Sequence[Contradiction],
    sides: Mapping[str, _Side],
    rules: Rules,
    now: datetime,
) -> list[Alert]:
    """One for each group, about its best pair that a rule asks for."""
    best: dict[str, tuple[tuple[int, float], Alert]] = {}
    for found in contradictions:
        left, right = sides.get(found.left), sides.get(found.right)
        if left is None or right is None or not _worth_an_alert(found):
            continue
        matched = [*right.claim.rules, *left.claim.rules]
        request = _request(AlertKind.CONTRADICTION, matched, rules, article, now, score=found.score)
        if request is None:
            continue
        rank = (_GRADES[found.grade], found.score)
        if found.group not in best or rank > best[found.group][0]:
            best[found.group] = (rank, _contradiction_alert(found, left, right, request, article))
    return [alert for _, alert in best.values()]


def _worth_an_alert(found: Contradiction) -> bool:
    return found.relation is Relation.CONTRADICTION and found.grade in _GRADES


def _contradiction_alert(
    found: Contradiction, left: _Side, right: _Side, request: _Request, article: Article
) -> Alert:
    return Alert(
        fingerprint=_fingerprint(AlertKind.CONTRADICTION, found.group, request),
        kind=AlertKind.CONTRADICTION,
        severity=request.severity,
        headline=_dispute_headline(found, left, right),
        rules=tuple(rule.id for rule in request.rules),
        labels=_labels(
            AlertKind.CONTRADICTION,
            request,
            article,
            speaker=right.claim.speaker.name,
            other_speaker=left.claim.speaker.name,
            other_publisher=left.publisher,
            conflict=found.kind,
            scope=found.scope,
            grade=found.grade,
            disputed=found.disputed,
        ),
        claims=(found.left, found.right),
        reason=clean(found.reason),
        group=found.group,
        suppressed=request.suppressed,
    )


def _new_claim_alerts(
    reading: Reading, claims: Sequence[ThreadedClaim], rules: Rules, now: datetime
) -> list[Alert]:
    """One for each thread that this article opens, if the claim gives enough to check (`Claim.score`)."""
    matched = [match.rule_id for match in reading.matches]
    alerts = []
    for threaded in claims:
        score = threaded.claim.score
        request = _request(AlertKind.NEW_CLAIM, matched, rules, reading.article, now, score=score)
        if request is not None and threaded.is_new:
            alerts.append(_new_claim_alert(threaded, request, reading.article))
    return alerts


def _new_claim_alert(threaded: ThreadedClaim, request: _Request, article: Article) -> Alert:
    claim = threaded.claim
    return Alert(
        fingerprint=_fingerprint(AlertKind.NEW_CLAIM, threaded.thread, request),
        kind=AlertKind.NEW_CLAIM,
        severity=request.severity,
        headline=_claim_headline(claim, article),
        rules=tuple(rule.id for rule in request.rules),
        labels=_labels(
            AlertKind.NEW_CLAIM,
            request,
            article,
            speaker=claim.speaker.name,
            stance=claim.stance,
            voice=claim.kind,
        ),
        claims=(claim.fingerprint,),
        suppressed=request.suppressed,
    )


def _match_alerts(reading: Reading, rules: Rules, now: datetime) -> list[Alert]:
    """One for each rule that asks to hear of every article it matches."""
    alerts = []
    for match in reading.matches:
        request = _request(AlertKind.MATCH, [match.rule_id], rules, reading.article, now)
        if request is None:
            continue
        rule = request.rules[0]
        title = shorten(reading.article.title or reading.article.url or "untitled", 180)
        publisher = shorten(reading.article.publisher, _NAME_LIMIT)
        alerts.append(
            Alert(
                fingerprint=_fingerprint(AlertKind.MATCH, f"{rule.id}:{reading.article.id}", request),
                kind=AlertKind.MATCH,
                severity=request.severity,
                headline=shorten(f"{publisher}: {title}" if publisher else title, HEADLINE_LIMIT),
                rules=(rule.id,),
                labels=_labels(AlertKind.MATCH, request, reading.article),
                reason=_match_reason(rule, tuple(span.term for span in match.spans)),
                suppressed=request.suppressed,
            )
        )
    return alerts


def _taken_over(alert: Alert, disputes: Iterable[Alert], sent: Collection[str]) -> Alert:
    """The new-claim alert, a duplicate where a first contradiction alert tells the same people of it."""
    told = any(
        dispute.suppressed is None
        and dispute.fingerprint not in sent
        and set(alert.claims) <= set(dispute.claims)
        and set(alert.rules) <= set(dispute.rules)
        for dispute in disputes
    )
    return replace(alert, suppressed=Suppression.DUPLICATE) if told and not alert.suppressed else alert


# ---------------------------------------------------------------- which rules ask, and may it be sent


def _request(
    kind: AlertKind,
    rule_ids: Iterable[str],
    rules: Rules,
    article: Article,
    now: datetime,
    *,
    score: float = 1.0,
) -> _Request | None:
    """The rules that ask for this kind of alert; None: nobody does."""
    asking = [
        rule
        for rule in (rules.rules.get(rule_id) for rule_id in dict.fromkeys(rule_ids))
        if rule is not None and kind in rule.alert.on and score >= rule.alert.min_score
    ]
    if not asking:
        return None
    tier = min(_TIERS[rule.status] for rule in asking)
    deciding = [rule for rule in asking if _TIERS[rule.status] == tier]
    fresh = [rule for rule in deciding if not _too_old(rule, article, now)]
    suppressed = None
    if article.backfill:
        suppressed = Suppression.BACKFILL
    elif deciding[0].status is RuleStatus.DRAFT:
        suppressed = Suppression.DRAFT_RULE
    elif not fresh:
        suppressed = Suppression.TOO_OLD
    ordered = sorted(fresh or deciding, key=lambda rule: (-_SEVERITIES[rule.severity], rule.id))
    return _Request(rules=tuple(ordered), suppressed=suppressed)


def _too_old(rule: Rule, article: Article, now: datetime) -> bool:
    within = rule.where.published_within
    return within is not None and now - article.at > within


def _fingerprint(kind: AlertKind, subject: str, request: _Request) -> str:
    plain = f"{kind}:{subject}"
    return f"{plain}:{request.suppressed}" if request.suppressed else plain


# ---------------------------------------------------------------- words


def _dispute_headline(found: Contradiction, left: _Side, right: _Side) -> str:
    names = [shorten(side.claim.speaker.name, _NAME_LIMIT) for side in (left, right)]
    if found.scope is Scope.REVISION:
        names = [f"{names[0]}, before", f"{names[1]}, after an edit"]
    elif found.scope is Scope.SELF or names[0] == names[1]:
        names = [f"{names[0]}, earlier", f"{names[1]}, later"]
    # Two names with ": “" and "”", and " — " between them; the quotes share what is left.
    room = (HEADLINE_LIMIT - sum(map(len, names)) - len("— ") - 2 * len(": “” ")) // 2
    left_quote, right_quote = (quoted(side.claim.quote, room) for side in (left, right))
    return f"{names[0]}: {left_quote} — {names[1]}: {right_quote}"


def _claim_headline(claim: Claim, article: Article) -> str:
    name = shorten(claim.speaker.name, _NAME_LIMIT)
    publisher = shorten(article.publisher, _NAME_LIMIT)
    told = f" ({publisher})" if publisher and claim.kind is not ClaimKind.OWN_VOICE else ""
    room = HEADLINE_LIMIT - len(name) - len(told) - len(": “”")
    return f"{name}: {quoted(claim.quote, room)}{told}"


def _match_reason(rule: Rule, terms: tuple[str, ...]) -> str:
    shown = [quoted(term, 40) for term in dict.fromkeys(terms)]
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return shorten(f"{rule.title or rule.id}: found {', '.join(shown[:5])}{more}", HEADLINE_LIMIT)


def _labels(kind: AlertKind, request: _Request, article: Article, **more: str) -> dict[str, str]:
    """What routes match on; labels without a value are left out."""
    rule = request.rules[0]
    labels = {
        "kind": str(kind),
        "rule": rule.id,
        "severity": str(request.severity),
        "status": str(rule.status),
        "owner": rule.owner,
        "publisher": article.publisher,
        "lang": article.lang,
        **{name: str(value) for name, value in more.items()},
    }
    return {name: shorten(value, _LABEL_LIMIT) for name, value in labels.items() if value.strip()}


# ---------------------------------------------------------------- routing


def _notify(alert: Alert, routing: Routing, rules: Rules) -> list[Notification]:
    names: list[str] = []
    for rule_id in alert.rules:
        rule = rules.rules.get(rule_id)
        if rule is not None and rule.alert.routes:
            names.extend(rule.alert.routes)
            continue
        labels = dict(alert.labels) | {"rule": rule_id}
        if rule is not None:
            labels |= {"owner": rule.owner}
        route = _first_route(labels, routing)
        names.extend(route.receivers if route else ())
    if not names:
        nowhere = alert.suppressed or Suppression.NO_ROUTE
        return [Notification(alert=alert.fingerprint, receiver="", suppressed=nowhere)]
    return [
        Notification(alert=alert.fingerprint, receiver=name, suppressed=alert.suppressed)
        for name in dict.fromkeys(names)
    ]


def _first_route(labels: Mapping[str, str], routing: Routing) -> Route | None:
    """The first route whose matchers all agree; rules under test take only those for `status: test`."""
    under_test = labels.get("status") == RuleStatus.TEST
    for route in routing.routes:
        if under_test and route.matchers.get("status") != RuleStatus.TEST:
            continue
        if all(labels.get(name, "") == value for name, value in route.matchers.items()):
            return route
    return None
