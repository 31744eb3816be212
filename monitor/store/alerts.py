"""Alerts and their notifications, written once: an alert whose fingerprint is taken is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from monitor.core.alerting import Candidate, Past, hold
from monitor.core.alerting.lifecycle import REOPENS
from monitor.core.types import Alert, AlertKind, Notification, Severity, Suppression
from monitor.store import tables as t
from monitor.store.bulk import chunks, insert_new, insert_numbered
from monitor.store.database import Database, database_now
from monitor.store.lifecycle import end_reopened
from monitor.store.restraints import restraint_columns
from monitor.store.standing import keep_waiting


def raise_own(
    db: Database, alert: Alert, notifications: Sequence[Notification], *, version_id: int | None = None
) -> int | None:
    """An alert that no judgement raised (a test, our own health); its id, or None where there is one already.

    `alert.claims` are fingerprints that the ledger knows; `version_id`: an article version that it is about.
    """
    with db.write() as connection:
        claims: dict[str, int] = {}
        for some in chunks(sorted(set(alert.claims))):
            named = select(t.claim.c.fingerprint, t.claim.c.id).where(t.claim.c.fingerprint.in_(some))
            claims |= {row.fingerprint: row.id for row in connection.execute(named)}
        now = database_now(connection)
        return save_alerts(connection, [alert], notifications, claims, version_id, now).get(alert.fingerprint)


def alert_as_raised(db: Database, id: int) -> Alert | None:
    """A stored alert as the value that it was raised as; None: there is none."""
    with db.read() as connection:
        row = connection.execute(select(t.alert).where(t.alert.c.id == id)).first()
        if row is None:
            return None
        shown = (
            select(t.claim.c.fingerprint)
            .join(t.alert_claim, t.alert_claim.c.claim_id == t.claim.c.id)
            .where(t.alert_claim.c.alert_id == id)
            .order_by(t.alert_claim.c.place)
        )
        return Alert(
            fingerprint=row.fingerprint,
            kind=AlertKind(row.kind),
            severity=Severity(row.severity),
            headline=row.headline,
            rules=tuple(row.rules),
            labels=dict(row.labels),
            claims=tuple(connection.scalars(shown)),
            reason=row.reason,
            group=row.conflict,
            suppressed=Suppression(row.suppressed) if row.suppressed else None,
            not_before=row.not_before,
        )


def save_alerts(
    connection: Connection,
    raised: Sequence[Alert],
    notifications: Sequence[Notification],
    claims: Mapping[str, int],
    version_id: int | None,
    now: datetime,
) -> dict[str, int]:
    """Alerts that are new, with their notifications; the ids of those, by fingerprint.

    `claims`: fingerprint → id, of all that they show. `version_id`: the article version that raised them;
    None: no article did.
    """
    alerts = {alert.fingerprint: alert for alert in raised}
    rows = [_alert_row(alerts[name], version_id, now) for name in sorted(alerts)]
    # Only an alert that is new makes notifications: one that exists was planned for when it was raised.
    new = {row["fingerprint"]: row["id"] for row in insert_numbered(connection, t.alert, rows)}
    ordered = sorted(new)
    insert_new(
        connection,
        t.alert_claim,
        [
            {"alert_id": new[name], "claim_id": claims[fingerprint], "place": place}
            for name in ordered
            for place, fingerprint in enumerate(alerts[name].claims)
        ],
    )
    insert_new(
        connection,
        t.alert_rule,
        [{"alert_id": new[name], "rule_id": rule} for name in ordered for rule in alerts[name].rules],
    )
    keep_waiting(connection, alerts, new)
    for name in ordered:
        if alerts[name].group and REOPENS in alerts[name].labels and not alerts[name].suppressed:
            end_reopened(connection, alerts[name].group, alerts[name].labels[REOPENS], now)
    insert_new(
        connection,
        t.notification,
        [
            _notification_row(one, new[one.alert], alerts[one.alert], now)
            for one in notifications
            if one.alert in new
        ],
    )
    return new


def _alert_row(alert: Alert, version_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "fingerprint": alert.fingerprint,
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "headline": alert.headline,
        "reason": alert.reason,
        "rules": list(alert.rules),
        "labels": dict(alert.labels),
        "conflict": alert.group,
        "suppressed": alert.suppressed.value if alert.suppressed else None,
        "not_before": alert.not_before,
        "version_id": version_id,
        "created_at": now,
    }


def _notification_row(one: Notification, alert_id: int, alert: Alert, now: datetime) -> dict[str, Any]:
    # What must not be sent is not sent, even where the plan forgot to say so.
    suppressed = one.suppressed or alert.suppressed or (None if one.receiver else Suppression.NO_ROUTE)
    candidate = Candidate(receiver=one.receiver, raised_at=now, restraint=one.restraint)
    # What its receiver was sent lately is looked up when it is due.
    held = None if suppressed else hold(candidate, Past(), now)
    reason = suppressed or (held.reason if held else None)
    return restraint_columns(one.restraint) | {
        "alert_id": alert_id,
        "receiver": one.receiver,
        "template": one.template or None,
        # Random: an id could come again after a restored backup, and receivers remember keys.
        "idempotency_key": uuid4().hex,
        "state": "suppressed" if suppressed else "waiting",
        "reason": reason.value if reason else None,
        "detail": held.detail if held else one.detail,
        "attempts": 0,
        "unrecorded": 0,
        "due_at": held.until if held else now,
        "created_at": now,
    }
