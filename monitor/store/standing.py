"""How often claims were said, which alerts wait for them to be said again, which conflicts were told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from monitor.core.alerting import Standing, ToldAlert, WaitingAlert
from monitor.core.types import Alert, AlertKind, Severity, Suppression
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.feedback_effects import dismissed_groups, dismissed_threads
from monitor.store.lifecycle import of_groups

_WAITING = f":{Suppression.WAITING_FOR_ORIGINS}"


def read_standing(
    connection: Connection,
    threads: Collection[str],
    groups: Collection[str],
    *,
    origin: str,
    whole: bool,
    now: datetime,
) -> Standing:
    """What alerts of an article with claims of these threads depend on; `origin` is the article's own.

    `whole` False: only alerts that wait for these threads, and what these need.
    """
    waiting = _waiting(connection, threads)
    acknowledged = of_groups(connection, groups, now)
    if not whole and not waiting and not acknowledged:
        return Standing(origin=origin)
    wanted = {*threads, *(thread for one in waiting for thread in one.threads)}
    return Standing(
        origin=origin,
        origins=_origins(connection, wanted),
        rules=_rules(connection, wanted) if whole else {},
        waiting=waiting,
        told=_told(connection, groups if whole else acknowledged),
        acknowledged=acknowledged,
    )


def keep_waiting(connection: Connection, alerts: Mapping[str, Alert], new: Mapping[str, int]) -> None:
    """Remember new alerts that wait for origins by their threads, and forget those that wait no longer.

    `alerts` and `new` (ids of those that were not in the ledger before): by fingerprint.
    """
    for name in sorted(new):
        alert = alerts[name]
        if alert.suppressed is Suppression.WAITING_FOR_ORIGINS:
            _remember(connection, new[name], int(alert.labels["min_origins"]))
        elif "min_origins" in alert.labels:
            _told_now(connection, name, new[name])


def _remember(connection: Connection, alert_id: int, origins: int) -> None:
    threads = (
        select(t.claim.c.thread, literal(alert_id), literal(origins))
        .join(t.alert_claim, t.alert_claim.c.claim_id == t.claim.c.id)
        .where(t.alert_claim.c.alert_id == alert_id)
        .distinct()
    )
    w = t.alert_waiting
    connection.execute(insert(w).from_select([w.c.thread, w.c.alert_id, w.c.origins], threads))


def _told_now(connection: Connection, fingerprint: str, told_by: int) -> None:
    waited = connection.scalar(select(t.alert.c.id).where(t.alert.c.fingerprint == fingerprint + _WAITING))
    if waited is None:
        return
    connection.execute(delete(t.alert_waiting).where(t.alert_waiting.c.alert_id == waited))
    n = t.notification
    connection.execute(
        update(n).where(n.c.alert_id == waited).values(detail=f"the origins came: told as alert {told_by}")
    )


# ---------------------------------------------------------------- reading


_WAIT_FOR = select(t.alert_waiting.c.alert_id).where(
    t.alert_waiting.c.thread.in_(bindparam("threads", expanding=True))
)


def _waiting(connection: Connection, threads: Iterable[str]) -> tuple[WaitingAlert, ...]:
    """Alerts that wait for one of these threads, the oldest first."""
    w, al = t.alert_waiting, t.alert
    ids: set[int] = set()
    for some in chunks(sorted(set(threads))):
        ids |= set(connection.scalars(_WAIT_FOR, {"threads": some}))
    needs: dict[int, dict[str, int]] = {}
    claims: dict[int, list[str]] = {}
    rows: list[Any] = []
    for some in chunks(sorted(ids)):
        for row in connection.execute(select(w).where(w.c.alert_id.in_(some)).order_by(w.c.thread)):
            needs.setdefault(row.alert_id, {})[row.thread] = row.origins
        shown = (
            select(t.alert_claim.c.alert_id, t.claim.c.fingerprint)
            .join(t.claim, t.claim.c.id == t.alert_claim.c.claim_id)
            .where(t.alert_claim.c.alert_id.in_(some))
            .order_by(t.alert_claim.c.alert_id, t.alert_claim.c.place)
        )
        for row in connection.execute(shown):
            claims.setdefault(row.alert_id, []).append(row.fingerprint)
        rows += connection.execute(select(al).where(al.c.id.in_(some)).order_by(al.c.id))
    dismissed = dismissed_threads(connection, (tuple(needs[row.id]) for row in rows))
    closed = dismissed_groups(connection, (row.conflict for row in rows if row.conflict))
    return tuple(
        WaitingAlert(
            alert=_as_it_will_be(row, claims[row.id]),
            threads=tuple(needs[row.id]),
            origins=max(needs[row.id].values()),
        )
        for row in rows
        # Whatever else happened to it meanwhile, it is not ours to tell.
        if row.fingerprint.endswith(_WAITING)
        and tuple(needs[row.id]) not in dismissed
        and row.conflict not in closed
    )


def _as_it_will_be(row: Any, claims: Iterable[str]) -> Alert:
    return Alert(
        fingerprint=row.fingerprint.removesuffix(_WAITING),
        kind=AlertKind(row.kind),
        severity=Severity(row.severity),
        headline=row.headline,
        rules=tuple(row.rules),
        labels=dict(row.labels),
        claims=tuple(claims),
        reason=row.reason,
        group=row.conflict,
    )


def _origins(connection: Connection, threads: Iterable[str]) -> dict[str, dict[str, str]]:
    c = t.claim
    found: dict[str, dict[str, str]] = {}
    for some in chunks(sorted(set(threads))):
        first = func.min(c.c.id).label("first")
        rows = connection.execute(
            select(c.c.thread, c.c.origin, c.c.publisher, first)
            .where(c.c.thread.in_(some))
            .group_by(c.c.thread, c.c.origin, c.c.publisher)
            .order_by(first)
        )
        for row in rows:
            found.setdefault(row.thread, {}).setdefault(row.origin, row.publisher)
    return found


def _rules(connection: Connection, threads: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for some in chunks(sorted(set(threads))):
        rows = connection.execute(
            select(t.claim.c.thread, t.claim_rule.c.rule_id)
            .join(t.claim_rule, t.claim_rule.c.claim_id == t.claim.c.id)
            .where(t.claim.c.thread.in_(some))
            .distinct()
            .order_by(t.claim.c.thread, t.claim_rule.c.rule_id)
        )
        for row in rows:
            found.setdefault(row.thread, []).append(row.rule_id)
    return found


def _told(connection: Connection, groups: Iterable[str]) -> dict[str, list[ToldAlert]]:
    al = t.alert
    found: dict[str, list[ToldAlert]] = {}
    for some in chunks(sorted(set(groups))):
        rows = connection.execute(
            select(al.c.conflict, al.c.fingerprint, al.c.created_at, al.c.not_before)
            .where(al.c.conflict.in_(some), al.c.suppressed.is_(None))
            .order_by(al.c.id)
        )
        for row in rows:
            at = row.not_before or row.created_at
            found.setdefault(row.conflict, []).append(ToldAlert(fingerprint=row.fingerprint, at=at))
    return found
