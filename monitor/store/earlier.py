"""What becomes of earlier findings when a version is judged again.

Matches that no longer hold are ended, not deleted. Claims stay, because threads, pairs and alerts rest on
them, and are filed under the rules that match now. What people were told is neither told nor recorded anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from monitor.core.types import Findings, Match, Suppression
from monitor.store.bulk import chunks, insert_new
from monitor.store.tables import alert, article_version, claim, claim_rule, match, match_entity

_SUFFIX = f":{Suppression.BACKFILL}"


def end_earlier(
    connection: Connection, version_ids: Collection[int], matches: Iterable[Match], now: datetime
) -> None:
    """Before `matches` are saved: ends what these versions matched, until saving finds it anew."""
    if not version_ids:
        return
    rules: dict[int, list[str]] = {version_id: [] for version_id in version_ids}
    for one in matches:
        if one.version_id in rules:
            rules[one.version_id].append(one.rule_id)
    for some in chunks(sorted(version_ids)):
        connection.execute(
            update(match).where(match.c.version_id.in_(some), match.c.ended_at.is_(None)).values(ended_at=now)
        )
        connection.execute(delete(match_entity).where(match_entity.c.version_id.in_(some)))
    _file_claims(connection, rules)


def _file_claims(connection: Connection, rules: dict[int, list[str]]) -> None:
    """The claims of each version belong to these rules now."""
    moved: dict[int, list[str]] = {}
    for some in chunks(sorted(rules)):
        rows = connection.execute(
            select(claim.c.id, claim.c.version_id, claim.c.rules)
            .where(claim.c.version_id.in_(some))
            .order_by(claim.c.id)
        )
        moved |= {
            row.id: rules[row.version_id] for row in rows if set(row.rules) != set(rules[row.version_id])
        }
    if not moved:
        return
    connection.execute(
        update(claim).where(claim.c.id == bindparam("its_id")).values(rules=bindparam("its_rules")),
        [{"its_id": id, "its_rules": list(dict.fromkeys(now))} for id, now in moved.items()],
    )
    for some in chunks(moved):
        connection.execute(delete(claim_rule).where(claim_rule.c.claim_id.in_(some)))
    insert_new(
        connection,
        claim_rule,
        [{"claim_id": id, "rule_id": rule} for id, now in moved.items() for rule in sorted(set(now))],
    )


def beside_earlier(connection: Connection, findings: Findings) -> Findings:
    """The findings without alerts that were raised when it was news, under the origin known then.

    Copies are looked for among the texts of the last days: later, an old text would seem to be its own.
    """
    origin = connection.scalar(
        select(article_version.c.origin).where(article_version.c.id == findings.article.version_id)
    )
    plain = {
        one.fingerprint: one.fingerprint.removesuffix(_SUFFIX)
        for one in findings.alerts
        if one.suppressed is Suppression.BACKFILL
    }
    raised: set[str] = set()
    for some in chunks(sorted(set(plain.values()))):
        raised |= set(connection.scalars(select(alert.c.fingerprint).where(alert.c.fingerprint.in_(some))))
    told = {fingerprint for fingerprint, news in plain.items() if news in raised}
    return replace(
        findings,
        origin=origin or findings.origin,
        alerts=tuple(one for one in findings.alerts if one.fingerprint not in told),
        notifications=tuple(one for one in findings.notifications if one.alert not in told),
    )
