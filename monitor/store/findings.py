"""Write what one judgement found. Everything is inserted where it is not there yet, in one order for all
judges (fingerprints sorted), so that two that find the same alert wait for each other instead of deadlocking.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from monitor.core.types import Findings
from monitor.store import tables as t
from monitor.store.alerts import save_alerts
from monitor.store.bulk import chunks, insert_new, insert_numbered
from monitor.store.claims import claim_row
from monitor.store.columns import index_key, key_number, second_of
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
    claims = _save_claims(connection, findings, origin, now)
    named = {side for pair in findings.contradictions for side in (pair.left, pair.right)}
    named |= {fingerprint for alert in findings.alerts for fingerprint in alert.claims}
    claims |= _known_claims(connection, named.difference(claims))
    _save_contradictions(connection, findings, claims, now)
    ids = {name: claim.id for name, claim in claims.items()}
    save_alerts(connection, findings.alerts, findings.notifications, ids, article.version_id, now)


_ITS_ORIGIN = (
    update(t.article_version)
    .where(t.article_version.c.id == bindparam("its_version"))
    .values(origin=bindparam("its_origin"))
)
_BY_FINGERPRINT = select(t.claim.c.fingerprint, t.claim.c.id, t.claim.c.said_at, t.claim.c.thread).where(
    t.claim.c.fingerprint.in_(bindparam("fingerprints", expanding=True))
)


def _save_origin(connection: Connection, findings: Findings, origin: str, now: datetime) -> None:
    version_id = findings.article.version_id
    connection.execute(_ITS_ORIGIN, {"its_version": version_id, "its_origin": origin})
    rows = [
        {"key": key, "version_id": version_id, "origin": origin, "created_at": now}
        for key in sorted({index_key(key) for key in findings.origin_keys})
    ]
    insert_new(connection, t.origin_key, rows)


class _Stored(NamedTuple):
    """What pairs and alerts need of a stored claim."""

    id: int
    said_at: datetime
    thread: str


def _save_claims(
    connection: Connection, findings: Findings, origin: str, now: datetime
) -> dict[str, _Stored]:
    """Those that are new, by fingerprint."""
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
    new = insert_numbered(connection, t.claim, [rows[name] for name in sorted(rows)])
    insert_new(
        connection,
        t.claim_key,
        [
            {"key": key, "said_second": second_of(row["said_at"]), "claim_id": row["id"]}
            for row in new
            for key in sorted({key_number(key) for key in row["keys"]})
        ],
    )
    insert_new(
        connection,
        t.claim_rule,
        [{"claim_id": row["id"], "rule_id": rule} for row in new for rule in sorted(set(row["rules"]))],
    )
    return {row["fingerprint"]: _Stored(row["id"], row["said_at"], row["thread"]) for row in new}


def _known_claims(connection: Connection, wanted: Set[str]) -> dict[str, _Stored]:
    """Claims in the ledger by fingerprint. Raises ValueError for one that is not there."""
    found: dict[str, _Stored] = {}
    for some in chunks(wanted):
        rows = connection.execute(_BY_FINGERPRINT, {"fingerprints": some})
        found |= {row.fingerprint: _Stored(row.id, row.said_at, row.thread) for row in rows}
    if missing := sorted(wanted - set(found)):
        raise ValueError(f"claims {missing} are neither in these findings nor in the ledger")
    return found


def _save_contradictions(
    connection: Connection,
    findings: Findings,
    claims: Mapping[str, _Stored],
    now: datetime,
) -> None:
    rows = []
    threads = {
        (pair.left, pair.right): (claims[pair.left].thread, claims[pair.right].thread, pair.group)
        for pair in findings.contradictions
    }
    # People may have spoken about these very claims before.
    statuses = pair_statuses(connection, threads.values())
    for pair in findings.contradictions:
        left, right = claims[pair.left], claims[pair.right]
        rows.append(
            {
                "left_id": left.id,
                "right_id": right.id,
                "low_id": min(left.id, right.id),
                "high_id": max(left.id, right.id),
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
                "at": max(left.said_at, right.said_at),
                "created_at": now,
            }
        )
    insert_new(connection, t.contradiction, sorted(rows, key=lambda row: (row["low_id"], row["high_id"])))
