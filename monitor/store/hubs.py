"""Subscriptions to hubs (W3C WebSub), in the ledger: what feeds offer, what was asked, what hubs said.

The token of a subscription is all that lets somebody speak for its hub, and the secret signs what it sends.
Neither is in the ledger: both are made from a nonce there and a key that only the settings have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, delete, or_, select, update

from monitor.core.types import Feed, Hub, PollPlan, Push
from monitor.core.websub import (
    PUSH_SPACING,
    RENEWED_AFTER,
    Identity,
    has_missed,
    lease_of,
    token_digest,
    wait_after,
)
from monitor.store.bulk import insert_or_renew
from monitor.store.database import Database, database_now
from monitor.store.feed_tables import feed_hub
from monitor.store.tables import feed

#: A hub that does not let go is not asked again.
MOST_FAREWELLS = 3
#: A hub that said no is asked again after this.
AFTER_DENIAL = timedelta(days=1)

#: What `push_of` reads, for statements that join `feed_hub`.
PUSH_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(
    feed_hub.c[name].label(f"hub_{name}")
    for name in (
        "hub",
        "topic",
        "state",
        "live_until",
        "pushed_at",
        "pushes",
        "refused",
        "missed",
        "detail",
    )
)


def push_of(row: Row[*tuple[Any, ...]]) -> Push | None:
    """How it stands with the hub of a feed; None: it never offered one."""
    if row.hub_hub is None:
        return None
    return Push(
        hub=Hub(row.hub_hub, row.hub_topic),
        state=row.hub_state,
        live_until=row.hub_live_until,
        pushed_at=row.hub_pushed_at,
        pushes=row.hub_pushes,
        refused=row.hub_refused,
        missed=row.hub_missed,
        detail=row.hub_detail,
    )


# ---------------------------------------------------------------- with the polls


def follow_hubs(connection: Connection, plans: Sequence[tuple[Feed, PollPlan]], now: datetime) -> None:
    """Keep what documents offer now, and count news that hubs did not tell of."""
    offered = []
    for one, plan in plans:
        push = one.push
        known = None if push is None or push.state == "leaving" else push.hub
        if plan.hub.url and plan.hub != known:
            offered.append(_offered_row(one.id, plan.hub, now))
        elif known is not None and not plan.hub.url:
            leaving = update(feed_hub).where(feed_hub.c.feed_id == one.id)
            connection.execute(leaving.values(state="leaving", tries=0, due_at=now, live_until=None))
        elif push is not None and _is_missed(push, one, plan, now):
            grown = update(feed_hub).where(feed_hub.c.feed_id == one.id)
            connection.execute(grown.values(missed=feed_hub.c.missed + 1))
    if offered:
        insert_or_renew(
            connection, feed_hub, offered, key=["feed_id"], renewed=set(offered[0]) - {"pushes", "refused"}
        )


def _is_missed(push: Push, one: Feed, plan: PollPlan, now: datetime) -> bool:
    found = any(version.article_id is None for version in plan.versions)
    return found and has_missed(push, last_polled_at=one.last_polled_at, now=now)


def _offered_row(feed_id: int, hub: Hub, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "hub": hub.url,
        "topic": hub.topic,
        "state": "offered",
        "nonce": "",
        "token_digest": None,
        "identity": "",
        "tries": 0,
        "due_at": now,
        "live_until": None,
        "pushed_at": None,
        "pushes": 0,
        "refused": 0,
        "missed": 0,
        "detail": "",
    }


def poll_again_after_pushes(
    connection: Connection, polled: Iterable[tuple[Feed, datetime]], now: datetime
) -> None:
    """Feeds whose hub told of news while they were polled (since the moment given) are due again soon."""
    rows = [{"its_id": one.id, "since": since, "its_next": now + PUSH_SPACING} for one, since in polled]
    if rows:
        connection.execute(_DUE_AGAIN, rows)


_DUE_AGAIN = (
    update(feed)
    .where(
        feed.c.id == bindparam("its_id"),
        feed.c.next_poll_at > bindparam("its_next"),
        select(feed_hub.c.feed_id)
        .where(feed_hub.c.feed_id == feed.c.id, feed_hub.c.pushed_at > bindparam("since"))
        .exists(),
    )
    .values(next_poll_at=bindparam("its_next"))
)


# ---------------------------------------------------------------- asking hubs


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequest:
    """What a hub is to be asked."""

    feed_id: int
    hub: Hub
    # "subscribe" | "unsubscribe"
    mode: str
    # Behind our public address.
    token: str = field(repr=False)
    secret: str = field(repr=False)


def take_hub_requests(db: Database, us: Identity, *, limit: int) -> tuple[HubRequest, ...]:
    """What hubs are to be asked now, longest due first: new subscriptions, renewals, farewells.

    A subscription that was made with another identity than `us` is made anew. The attempt is counted, and
    the next one set, before it is made: whoever dies over it only waits longer.
    """
    asked: list[HubRequest] = []
    with db.write() as connection:
        now = database_now(connection)
        h, active = feed_hub.c, feed.c.state == "active"
        moved = and_(h.token_digest.is_not(None), h.identity != us.mark)
        due = or_(
            and_(active, h.state != "leaving", or_(h.due_at <= now, moved)),
            and_(~active, h.state.in_(("asked", "live"))),
            and_(h.state == "leaving", h.due_at <= now),
        )
        rows = connection.execute(
            select(feed_hub, active.label("is_active"))
            .join(feed, feed.c.id == h.feed_id)
            .where(due)
            .order_by(h.due_at, h.feed_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=feed_hub)
        ).all()
        for row in rows:
            request = _farewell if row.state == "leaving" or not row.is_active else _subscription
            made = request(connection, row, us, now)
            if made is not None:
                asked.append(made)
    return tuple(asked)


def _subscription(
    connection: Connection, row: Row[*tuple[Any, ...]], us: Identity, now: datetime
) -> HubRequest | None:
    fresh = row.token_digest is None or row.identity != us.mark
    nonce = token_urlsafe(32) if fresh else row.nonce
    token = us.token(nonce)
    live = row.state == "live" and not fresh and row.live_until > now
    connection.execute(
        update(feed_hub)
        .where(feed_hub.c.feed_id == row.feed_id)
        .values(
            state="live" if live else "asked",
            live_until=row.live_until if live else None,
            nonce=nonce,
            token_digest=token_digest(token),
            identity=us.mark,
            tries=row.tries + 1,
            due_at=now + wait_after(row.tries + 1),
        )
    )
    return HubRequest(
        feed_id=row.feed_id,
        hub=Hub(row.hub, row.topic),
        mode="subscribe",
        token=token,
        secret=us.secret(nonce),
    )


def _farewell(
    connection: Connection, row: Row[*tuple[Any, ...]], us: Identity, now: datetime
) -> HubRequest | None:
    tries = row.tries + 1 if row.state == "leaving" else 1
    this = feed_hub.c.feed_id == row.feed_id
    if row.token_digest is None or row.identity != us.mark or tries > MOST_FAREWELLS:
        connection.execute(delete(feed_hub).where(this))
        return None
    due_at = now + wait_after(tries)
    connection.execute(
        update(feed_hub).where(this).values(state="leaving", live_until=None, tries=tries, due_at=due_at)
    )
    return HubRequest(
        feed_id=row.feed_id,
        hub=Hub(row.hub, row.topic),
        mode="unsubscribe",
        token=us.token(row.nonce),
        secret="",
    )


def keep_refusal(db: Database, request: HubRequest, detail: str) -> None:
    """Why a hub could not be asked, in words; when it is asked again is set already."""
    with db.write() as connection:
        same = feed_hub.c.token_digest == token_digest(request.token)
        this = and_(feed_hub.c.feed_id == request.feed_id, same)
        connection.execute(update(feed_hub).where(this).values(detail=detail))


# ---------------------------------------------------------------- what hubs say


def confirm(db: Database, token: str, *, mode: str, topic: str, lease_seconds: str, reason: str) -> bool:
    """A hub asks whether we meant it, or tells that it will not (`mode` "denied"); False: we did not.

    `reason` is what it gives for a denial, already safe to show.
    """
    with db.write() as connection:
        now = database_now(connection)
        known = feed_hub.c.token_digest == token_digest(token)
        found = select(feed_hub).where(known, feed_hub.c.topic == topic)
        row = connection.execute(found.with_for_update()).first()
        if row is None:
            return False
        this = feed_hub.c.feed_id == row.feed_id
        if mode == "unsubscribe" and row.state == "leaving":
            connection.execute(delete(feed_hub).where(this))
            return True
        if row.state not in ("asked", "live") or mode not in ("subscribe", "denied"):
            return False
        told: dict[str, Any]
        if mode == "denied":
            told = {"state": "denied", "live_until": None, "due_at": now + AFTER_DENIAL, "detail": reason}
        else:
            lease = lease_of(lease_seconds)
            told = {"state": "live", "live_until": now + lease, "due_at": now + RENEWED_AFTER * lease}
            told |= {"tries": 0, "missed": 0, "detail": ""}
        connection.execute(update(feed_hub).where(this).values(**told))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pusher:
    """A hub that may push."""

    feed_id: int
    secret: str = field(repr=False)


def pusher(db: Database, us: Identity, token: str) -> Pusher | None:
    """Who is behind a token; None: nobody who may push."""
    h = feed_hub.c
    with db.read() as connection:
        found = select(h.feed_id, h.nonce).where(
            h.token_digest == token_digest(token), h.identity == us.mark, h.state.in_(("asked", "live"))
        )
        row = connection.execute(found).first()
    return None if row is None else Pusher(feed_id=row.feed_id, secret=us.secret(row.nonce))


def take_push(db: Database, feed_id: int) -> None:
    """A feed has news: it is due now, or shortly after its last poll; nothing else of the push is kept."""
    with db.write() as connection:
        now = database_now(connection)
        told = update(feed_hub).where(feed_hub.c.feed_id == feed_id)
        connection.execute(told.values(pushed_at=now, pushes=feed_hub.c.pushes + 1, missed=0))
        last = connection.execute(select(feed.c.last_polled_at).where(feed.c.id == feed_id)).scalar_one()
        at = now if last is None else max(now, last + PUSH_SPACING)
        # One that is being polled stays leased; its poll sees `pushed_at` when it ends.
        held = and_(feed.c.lease_until.is_not(None), feed.c.lease_until > now)
        due = case((or_(held, feed.c.next_poll_at < at), feed.c.next_poll_at), else_=at)
        connection.execute(
            update(feed).where(feed.c.id == feed_id, feed.c.state == "active").values(next_poll_at=due)
        )


def refuse_push(db: Database, feed_id: int) -> None:
    """Something came that the hub did not sign."""
    with db.write() as connection:
        this = update(feed_hub).where(feed_hub.c.feed_id == feed_id)
        connection.execute(this.values(refused=feed_hub.c.refused + 1))
