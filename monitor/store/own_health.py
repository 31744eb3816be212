"""What ails the service, from the ledger; its alerts, and telling receivers that an alert is resolved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from monitor.core.alerting import AlertStatus, subject_of
from monitor.core.alerting.health import OURSELVES, RESOLVED, About, Trouble, health_alert, news_of
from monitor.core.types import Alert, AlertKind, Notification
from monitor.store import lifecycle
from monitor.store import tables as t
from monitor.store.alerts import save_alerts
from monitor.store.bulk import state_is, written_is
from monitor.store.care_tables import acknowledgement as ack
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now

#: Who gets these resolved by then is not told any more: the deliverer was away for days.
RESOLVES_WITHIN = timedelta(days=3)
#: Attempts without success after which people should hear that a receiver takes nothing.
MANY_ATTEMPTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingReceiver:
    """A receiver that has accepted nothing since it failed."""

    receiver: str
    # Given up since its last acceptance.
    dead: int
    # Still tried, again and again.
    waiting: int
    # The last outcome, in words.
    last: str


def failing_receivers(db: Database, *, since: timedelta = timedelta(days=7)) -> tuple[FailingReceiver, ...]:
    """Receivers to which notifications died, or wait after many attempts, and that accepted nothing since."""
    n, a = t.notification, t.attempt
    with db.read() as connection:
        now = database_now(connection)
        ill = connection.execute(
            select(
                n.c.receiver,
                n.c.state,
                func.count().label("number"),
                func.max(n.c.id).label("latest"),
            )
            .where(
                (state_is(n, "dead") & (n.c.created_at > now - since))
                | (state_is(n, "waiting") & (n.c.attempts >= MANY_ATTEMPTS)),
                n.c.receiver != "",
            )
            .group_by(n.c.receiver, n.c.state)
        ).all()
        found = []
        for receiver in sorted({row.receiver for row in ill}):
            last = connection.execute(
                select(a.c.reason, a.c.detail)
                .join(n, n.c.id == a.c.notification_id)
                .where(n.c.receiver == receiver, n.c.created_at > now - since)
                .order_by(a.c.created_at.desc(), a.c.number.desc())
                .limit(1)
            ).first()
            if last is not None and last.reason == "accepted":
                continue
            said = f"{last.reason}: {last.detail}" if last is not None else "no attempt was recorded"
            counts = {row.state: row.number for row in ill if row.receiver == receiver}
            found.append(
                FailingReceiver(
                    receiver=receiver,
                    dead=counts.get("dead", 0),
                    waiting=counts.get("waiting", 0),
                    last=said,
                )
            )
        return tuple(found)


def oldest_due_article(db: Database) -> timedelta | None:
    """How long the article that has waited longest has been due; None: none is."""
    with db.read() as connection:
        now = database_now(connection)
        at: datetime | None = connection.scalar(
            select(func.min(t.task.c.due_at)).where(state_is(t.task, "waiting"), t.task.c.due_at <= now)
        )
        return None if at is None else now - at


def tell_troubles(
    db: Database,
    troubles: Sequence[Trouble],
    abouts: Collection[About],
    plan: Callable[[Alert], tuple[Notification, ...]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(groups of troubles that began, of those that are over): the first are raised, the others resolved.

    `abouts`: what was looked at; troubles about anything else stay as they are. What people have resolved
    while it goes on is raised again only when it had been over in between.
    """
    troubles = [_keyed(trouble) for trouble in troubles]
    with db.write() as connection:
        now = database_now(connection)
        known = _episodes(connection, abouts)
        care = lifecycle.standing(connection, (_subject(group) for group in known), now)
        ours = {
            group
            for group in known
            if (said := care.get(_subject(group))) is not None
            and said.status is AlertStatus.RESOLVED
            and said.owner == OURSELVES
        }
        begun, over = news_of(troubles, set(known) - ours)
        for trouble in begun:
            number = known[trouble.group][0] + 1 if trouble.group in known else 1
            alert = health_alert(trouble, number=number, back=trouble.group in known)
            save_alerts(connection, [alert], plan(alert), {}, None, now)
    for group in sorted(over):
        lifecycle.acknowledge(db, known[group][1], AlertStatus.RESOLVED, owner=OURSELVES, note="it is over")
    return tuple(trouble.group for trouble in begun), tuple(sorted(over))


def _keyed(trouble: Trouble) -> Trouble:
    """The same under a name that the ledger gives back as it was: one may hold a path of any length."""
    group = index_key(trouble.group)
    if group == trouble.group:
        return trouble
    return replace(trouble, subject=group.removeprefix(f"health:{trouble.about}:"))


def _episodes(connection: Connection, abouts: Collection[About]) -> dict[str, tuple[int, int]]:
    """Group → (how many alerts it had, the last of them)."""
    al = t.alert
    if not abouts:
        return {}
    rows = connection.execute(
        select(al.c.conflict, func.count().label("number"), func.max(al.c.id).label("latest"))
        .where(
            written_is(al.c.kind, AlertKind.HEALTH.value),
            or_(*(al.c.conflict.like(f"health:{about}:%") for about in sorted(abouts))),
            ~al.c.fingerprint.like(f"{RESOLVED}:%"),
        )
        .group_by(al.c.conflict)
    )
    return {index_key(row.conflict): (row.number, row.latest) for row in rows}


def _subject(group: str) -> str:
    return subject_of(index_key(group), 0)


# ---------------------------------------------------------------- telling that it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An alert that a receiver has and that is resolved."""

    alert_id: int
    acknowledgement: int
    receiver: str
    by: str


def resolved_untold(db: Database, receivers: Iterable[str]) -> tuple[Resolved, ...]:
    """Of these receivers, which have accepted an alert of what is resolved by now, and were not told so.

    One for each resolution and receiver: the last alert that it accepted.
    """
    names = sorted(set(receivers))
    if not names:
        return ()
    al, n = t.alert, t.notification
    found = []
    with db.read() as connection:
        now = database_now(connection)
        standing = connection.execute(
            select(ack).where(
                ack.c.status == AlertStatus.RESOLVED.value,
                ack.c.ended_at.is_(None),
                ack.c.created_at > now - RESOLVES_WITHIN,
            )
        ).all()
        for said in standing:
            conflict = connection.scalar(select(al.c.conflict).where(al.c.id == said.alert_id))
            same = al.c.conflict == conflict if conflict else al.c.id == said.alert_id
            told = connection.execute(
                select(n.c.receiver, func.max(al.c.id).label("alert_id"))
                .join(al, al.c.id == n.c.alert_id)
                .where(
                    same,
                    n.c.receiver.in_(names),
                    n.c.state == "sent",
                    ~al.c.fingerprint.like(f"{RESOLVED}:%"),
                )
                .group_by(n.c.receiver)
            )
            for row in told:
                mark = f"{RESOLVED}:{said.id}:{row.receiver}"
                if connection.scalar(select(al.c.id).where(al.c.fingerprint == mark)) is None:
                    found.append(
                        Resolved(
                            alert_id=row.alert_id,
                            acknowledgement=said.id,
                            receiver=row.receiver,
                            by=said.owner,
                        )
                    )
    return tuple(found)
