"""Findings → alerts: all kinds, put together, each fingerprint once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.alerting.asking import (
    Rules,
    fingerprint,
    known_rules,
    labels,
    plain_fingerprint,
    request,
)
from monitor.core.alerting.headlines import match_headline, match_reason, origins_reason
from monitor.core.alerting.lifecycle import hold_acknowledged
from monitor.core.alerting.pairs import PAIR_KINDS, Side, lacking, pair_alerts
from monitor.core.alerting.standing import Said, Standing, WaitingAlert
from monitor.core.alerting.statements import corroboration_alerts, new_claim_alerts
from monitor.core.types import (
    Alert,
    AlertKind,
    Contradiction,
    PriorClaim,
    Reading,
    Suppression,
    ThreadedClaim,
)

ALONE = Standing()


def raise_alerts(
    reading: Reading,
    claims: Sequence[ThreadedClaim],
    contradictions: Sequence[Contradiction],
    prior: Sequence[PriorClaim],
    rules: Rules,
    *,
    now: datetime,
    standing: Standing = ALONE,
    story: int | None = None,
) -> tuple[Alert, ...]:
    """The alerts of one article, each fingerprint once: on pairs of claims, on claims, on matches.

    `prior` holds the stored claims that the contradictions may name; a contradiction whose sides are not
    both given is left out, and so are rules that the set no longer has.
    `standing`: what the ledger knows of the claims' threads and the conflicts' groups; needed where
    `needs_standing` says so, and for the alerts that wait for these threads.
    """
    article = reading.article
    sides = {
        known.claim.fingerprint: Side(
            claim=known.claim, publisher=known.publisher, thread=known.thread, is_new=False
        )
        for known in prior
    }
    for threaded in claims:
        sides[threaded.claim.fingerprint] = Side(
            claim=threaded.claim,
            publisher=article.publisher,
            thread=threaded.thread,
            is_new=threaded.is_new,
        )
    said = Said(
        standing=standing,
        threads=frozenset(threaded.thread for threaded in claims),
        publisher=article.publisher,
    )
    found = [
        *pair_alerts(article, contradictions, sides, said, rules, now),
        *new_claim_alerts(reading, claims, said, rules, now),
        *corroboration_alerts(reading, claims, said, rules, now),
        *_match_alerts(reading, rules, now),
    ]
    exist = {one.fingerprint for told in standing.told.values() for one in told}
    found = [*hold_acknowledged(found, standing.acknowledged, exist)]
    alerts = {alert.fingerprint: alert for alert in reversed(found)}
    ripe = [_ripe(waiting, said, rules, alerts, backfill=article.backfill) for waiting in standing.waiting]
    raised = (*reversed(alerts.values()), *(alert for alert in ripe if alert is not None))
    if story is None:
        return raised
    return tuple(replace(alert, labels={**alert.labels, "story": str(story)}) for alert in raised)


def tell_once(alerts: Sequence[Alert], exist: Collection[str]) -> tuple[Alert, ...]:
    """The same, with what another of them tells the same people in the same moment as duplicates.

    An alert on two claims takes over new claims that it shows; a new claim that waited for its origins
    takes over the corroboration. `exist`: those of the fingerprints that the ledger has already; what they
    told was told before. Duplicates are recorded, not sent.
    """
    telling = [
        alert
        for alert in alerts
        if alert.suppressed is None and alert.not_before is None and alert.fingerprint not in exist
    ]
    return tuple(_taken_over(alert, telling) for alert in alerts)


def _taken_over(alert: Alert, telling: Iterable[Alert]) -> Alert:
    told = any(
        _takes_over(other, alert)
        and set(alert.claims) <= set(other.claims)
        and set(alert.rules) <= set(other.rules)
        for other in telling
    )
    return replace(alert, suppressed=Suppression.DUPLICATE) if told and not alert.suppressed else alert


def _takes_over(one: Alert, other: Alert) -> bool:
    if other.kind is AlertKind.NEW_CLAIM:
        return one.kind in PAIR_KINDS
    # One that waited says itself how many origins there are.
    waited = one.kind is AlertKind.NEW_CLAIM and "min_origins" in one.labels
    return waited and other.kind is AlertKind.CORROBORATION


def _ripe(
    waiting: WaitingAlert, said: Said, rules: Rules, raised: Collection[str], *, backfill: bool
) -> Alert | None:
    """What waited for origins, once they have come; None: it still waits, or nobody wants it any more."""
    alert = waiting.alert
    publishers = [said.publishers(thread) for thread in waiting.threads]
    counts = [len(each) for each in publishers]
    wanted = [rule for rule in known_rules(alert.rules, rules) if alert.kind in rule.alert.on]
    if backfill or not wanted or alert.fingerprint in raised or lacking(counts, waiting.origins):
        return None
    grown = {origin: name for each in publishers for origin, name in each.items()}
    why = alert.reason if alert.kind in PAIR_KINDS else origins_reason(counts[0], [*grown.values()])
    return replace(alert, reason=why, rules=tuple(rule.id for rule in wanted))


def _match_alerts(reading: Reading, rules: Rules, now: datetime) -> list[Alert]:
    """One for each rule that asks to hear of every article it matches."""
    alerts = []
    for match in reading.matches:
        asking = [rule for rule in known_rules([match.rule_id], rules) if AlertKind.MATCH in rule.alert.on]
        asked = request(asking, reading.article, now)
        if asked is None:
            continue
        rule = asked.rules[0]
        plain = plain_fingerprint(AlertKind.MATCH, f"{rule.id}:{reading.article.id}")
        named = next((span.entity for span in match.spans if span.entity), "")
        alerts.append(
            Alert(
                fingerprint=fingerprint(plain, asked.suppressed),
                kind=AlertKind.MATCH,
                severity=asked.severity,
                headline=match_headline(reading.article),
                rules=(rule.id,),
                labels=labels(AlertKind.MATCH, asked, reading.article, entity=named),
                reason=match_reason(rule, tuple(span.term for span in match.spans)),
                suppressed=asked.suppressed,
            )
        )
    return alerts
