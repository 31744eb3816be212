"""Alerts on one claim: it is new, or another origin says it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.core.alerting.asking import (
    Request,
    Rules,
    by_origins,
    fingerprint,
    known_rules,
    labels,
    plain_fingerprint,
    request,
)
from monitor.core.alerting.headlines import claim_headline, corroboration_headline, origins_reason
from monitor.core.alerting.pairs import lacking
from monitor.core.alerting.standing import Said
from monitor.core.types import Alert, AlertKind, Reading, ThreadedClaim


def new_claim_alerts(
    reading: Reading, claims: Sequence[ThreadedClaim], said: Said, rules: Rules, now: datetime
) -> list[Alert]:
    """One for each thread that this article opens, if the claim gives enough to check (`Claim.score`).

    Rules that wait for more origins have one of their own: when the last origin that they want has come,
    and until then one that is recorded as waiting.
    """
    alerts = []
    for threaded in claims:
        waited_for = [
            rule_id
            for waiting in said.standing.waiting
            if waiting.alert.kind is AlertKind.NEW_CLAIM and threaded.thread in waiting.threads
            for rule_id in waiting.alert.rules
        ]
        asking = [
            rule
            for rule in known_rules([*_matched(reading), *waited_for], rules)
            if AlertKind.NEW_CLAIM in rule.alert.on and threaded.claim.score >= rule.alert.min_score
        ]
        for origins, some in by_origins(asking).items():
            waits = ""
            if origins == 1:
                if not threaded.is_new:
                    continue
            else:
                before, after = said.before(threaded.thread), said.after(threaded.thread)
                promised = any(rule.id in waited_for for rule in some)
                if after >= origins and before >= origins and not promised:
                    continue
                waits = lacking([after], origins)
            asked = request(some, reading.article, now, origins=origins, waits=waits)
            if asked is not None:
                alerts.append(_new_claim_alert(threaded, asked, reading, said))
    return alerts


def _new_claim_alert(threaded: ThreadedClaim, asked: Request, reading: Reading, said: Said) -> Alert:
    claim, thread = threaded.claim, threaded.thread
    plain = plain_fingerprint(AlertKind.NEW_CLAIM, thread, asked.origins)
    reached = asked.origins > 1 and not asked.suppressed
    return Alert(
        fingerprint=fingerprint(plain, asked.suppressed),
        kind=AlertKind.NEW_CLAIM,
        severity=asked.severity,
        headline=claim_headline(claim, reading.article),
        rules=tuple(rule.id for rule in asked.rules),
        labels=labels(
            AlertKind.NEW_CLAIM,
            asked,
            reading.article,
            speaker=claim.speaker.name,
            entity=claim.speaker.entity,
            stance=claim.stance,
            voice=claim.kind,
        ),
        claims=(claim.fingerprint,),
        reason=origins_reason(said.after(thread), [*said.publishers(thread).values()]) if reached else "",
        suppressed=asked.suppressed,
        detail=asked.detail,
    )


def corroboration_alerts(
    reading: Reading, claims: Sequence[ThreadedClaim], said: Said, rules: Rules, now: datetime
) -> Iterator[Alert]:
    """One when a known claim reaches its second independent origin, its fourth, its eighth and so on."""
    for threaded in claims:
        claim, thread = threaded.claim, threaded.thread
        before, after = said.before(thread), said.after(thread)
        if threaded.is_new or not before or after == before or not _is_milestone(after):
            continue
        asking = [
            rule
            for rule in known_rules([*_matched(reading), *said.standing.rules.get(thread, ())], rules)
            if AlertKind.CORROBORATION in rule.alert.on
            and claim.score >= rule.alert.min_score
            and after >= rule.alert.min_origins
        ]
        asked = request(asking, reading.article, now)
        if asked is None:
            continue
        plain = plain_fingerprint(AlertKind.CORROBORATION, f"{thread}:{after}")
        yield Alert(
            fingerprint=fingerprint(plain, asked.suppressed),
            kind=AlertKind.CORROBORATION,
            severity=asked.severity,
            headline=corroboration_headline(claim, after),
            rules=tuple(rule.id for rule in asked.rules),
            labels=labels(
                AlertKind.CORROBORATION,
                asked,
                reading.article,
                speaker=claim.speaker.name,
                entity=claim.speaker.entity,
                stance=claim.stance,
                voice=claim.kind,
                origins=str(after),
            ),
            claims=(claim.fingerprint,),
            reason=origins_reason(after, [*said.publishers(thread).values()]),
            suppressed=asked.suppressed,
        )


def _is_milestone(origins: int) -> bool:
    """2, 4, 8, 16…"""
    return origins >= 2 and origins & (origins - 1) == 0


def _matched(reading: Reading) -> list[str]:
    return [match.rule_id for match in reading.matches]
