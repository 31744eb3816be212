"""Write what one judgement found. Everything is inserted where it is not there yet, in one order for all
judges (fingerprints sorted), so that two that find the same alert wait for each other instead of deadlocking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.core.types import Findings
from monitor.store import tables as t
from monitor.store.alerts import save_alerts
from monitor.store.bulk import chunks, insert_new
from monitor.store.claims import claim_row
from monitor.store.columns import index_key
from monitor.store.feedback_effects import pair_statuses
from monitor.store.stories import save_story
from monitor.store.tasks import save_matches


def save_findings(connection: Connection, findings: Findings, now: datetime) -> None:
    """All of it, in the caller's transaction."""
    article = findings.article
    origin = findings.origin or f"article:{article.id}"
    save_matches(connection, findings.matches, {article.version_id: article}, now)
    _save_origin(connection, findings, origin, now)
    save_story(connection, article, findings.story or article.id, findings.story_keys)
    _save_claims(connection, findings, origin, now)
    named = {side for pair in findings.contradictions for side in (pair.left, pair.right)}
    named |= {fingerprint for alert in findings.alerts for fingerprint in alert.claims}
    claims = _claims_by_fingerprint(connection, named)
    _save_contradictions(connection, findings, claims, now)
    ids = {name: row[0] for name, row in claims.items()}
    save_alerts(connection, findings.alerts, findings.notifications, ids, article.version_id, now)


def _save_origin(connection: Connection, findings: Findings, origin: str, now: datetime) -> None:
    version_id = findings.article.version_id
    connection.execute(
        update(t.article_version).where(t.article_version.c.id == version_id).values(origin=origin)
    )
    rows = [
        {"key": key, "version_id": version_id, "origin": origin, "created_at": now}
        for key in sorted({index_key(key) for key in findings.origin_keys})
    ]
    insert_new(connection, t.origin_key, rows)


def _save_claims(connection: Connection, findings: Findings, origin: str, now: datetime) -> None:
    threads = sorted({threaded.thread for threaded in findings.claims})
    insert_new(connection, t.thread, [{"fingerprint": name, "created_at": now} for name in threads])
    rows = {
        threaded.claim.fingerprint: claim_row(
            threaded,
            findings.article,
            origin=origin,
            extractor=findings.extractor,
            versions=findings.versions,
            now=now,
        )
        for threaded in findings.claims
    }
    new = insert_new(connection, t.claim, [rows[name] for name in sorted(rows)], "id", "fingerprint")
    insert_new(
        connection,
        t.claim_key,
        [
            {"key": key, "claim_id": id, "said_at": rows[name]["said_at"]}
            for id, name in new
            for key in sorted({index_key(key) for key in rows[name]["keys"]})
        ],
    )
    insert_new(
        connection,
        t.claim_rule,
        [{"claim_id": id, "rule_id": rule} for id, name in new for rule in sorted(set(rows[name]["rules"]))],
    )


def _claims_by_fingerprint(
    connection: Connection, fingerprints: Iterable[str]
) -> dict[str, tuple[int, datetime, str]]:
    """Id, time and thread of each. Raises ValueError for one that is not in the ledger."""
    wanted = set(fingerprints)
    found: dict[str, tuple[int, datetime, str]] = {}
    for some in chunks(wanted):
        rows = connection.execute(
            select(t.claim.c.fingerprint, t.claim.c.id, t.claim.c.said_at, t.claim.c.thread).where(
                t.claim.c.fingerprint.in_(some)
            )
        )
        found |= {row.fingerprint: (row.id, row.said_at, row.thread) for row in rows}
    if missing := sorted(wanted - set(found)):
        raise ValueError(f"claims {missing} are neither in these findings nor in the ledger")
    return found


def _save_contradictions(
    connection: Connection,
    findings: Findings,
    claims: Mapping[str, tuple[int, datetime, str]],
    now: datetime,
) -> None:
    rows = []
    threads = {
        (pair.left, pair.right): (claims[pair.left][2], claims[pair.right][2], pair.group)
        for pair in findings.contradictions
    }
    # People may have spoken about these very claims before.
    statuses = pair_statuses(connection, threads.values())
    for pair in findings.contradictions:
        left, left_at, _ = claims[pair.left]
        right, right_at, _ = claims[pair.right]
        rows.append(
            {
                "left_id": left,
                "right_id": right,
                "low_id": min(left, right),
                "high_id": max(left, right),
                "kind": pair.kind.value,
                "scope": pair.scope.value,
                "relation": pair.relation.value,
                "grade": pair.grade.value,
                "score": pair.score,
                "reason": pair.reason,
                "comparator": pair.comparator,
                "conflict": pair.group,
                "disputed": pair.disputed,
                "status": statuses[threads[pair.left, pair.right]],
                "versions": dict(findings.versions),
                "at": max(left_at, right_at),
                "created_at": now,
            }
        )
    insert_new(connection, t.contradiction, sorted(rows, key=lambda row: (row["low_id"], row["high_id"])))
