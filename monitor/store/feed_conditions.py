"""Feeds that may be ill, and when our own network was away, from the ledger."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from monitor.core.alerting.feed_troubles import (
    NEWS_FOR,
    POLLED_WITHIN,
    SPEAKS_AGAINST_US,
    FeedCondition,
    Look,
    Outage,
    PolledLately,
    look_at_feeds,
)
from monitor.core.alerting.health import OURSELVES, About
from monitor.core.feed_health import LEAST_SILENCE
from monitor.core.types import AlertKind, Rhythm
from monitor.store import tables as t
from monitor.store.bulk import state_is
from monitor.store.care_tables import acknowledgement as ack
from monitor.store.database import Database, database_now
from monitor.store.tables import feed


def look_at_ledger(db: Database) -> Look:
    """What ails the feeds now. Reads every feed's row once, and fetches those that may be ill."""
    with db.read() as connection:
        now = database_now(connection)
        active, lately = state_is(feed, "active"), feed.c.last_polled_at > now - POLLED_WITHIN
        well_at = func.coalesce(feed.c.last_success_at, feed.c.created_at)
        counted = connection.execute(
            select(
                func.count().label("feeds"), func.count().filter(well_at > now - NEWS_FOR).label("alive")
            ).where(active, lately)
        ).one()
        maybe_silent = and_(feed.c.quiet_s.is_not(None), feed.c.last_new_at < now - LEAST_SILENCE)
        gone = and_(state_is(feed, "gone"), feed.c.last_polled_at > now - NEWS_FOR)
        rows = connection.execute(
            select(*_COLUMNS)
            .where(or_(and_(active, or_(feed.c.failures >= SPEAKS_AGAINST_US, maybe_silent)), gone))
            .order_by(feed.c.id)
        )
        conditions = [
            FeedCondition(
                id=row.id,
                url=row.url,
                publisher=row.publisher or row.title,
                state=row.state,
                created_at=row.created_at,
                last_success_at=row.last_success_at,
                last_polled_at=row.last_polled_at,
                failures=row.failures,
                last_detail=row.last_detail,
                rhythm=Rhythm(
                    quiet=None if row.quiet_s is None else timedelta(seconds=row.quiet_s),
                    last_new_at=row.last_new_at,
                ),
            )
            for row in rows
        ]
        outages = [
            # One that nobody has called over is judged to be so, or not, only now.
            Outage(since=row.since, until=row.until or now)
            for row in connection.execute(_OUTAGES.where(t.alert.c.created_at > now - 4 * NEWS_FOR))
        ]
    polled = PolledLately(feeds=counted.feeds, alive=counted.alive)
    return look_at_feeds(conditions, polled, outages, now=now)


_COLUMNS: tuple[ColumnElement[object], ...] = tuple(
    feed.c[name]
    for name in (
        "id",
        "url",
        "publisher",
        "title",
        "state",
        "created_at",
        "last_success_at",
        "last_polled_at",
        "failures",
        "last_detail",
        "quiet_s",
        "last_new_at",
    )
)
#: From when we said it until we said that it is over.
_OUTAGES = (
    select(t.alert.c.created_at.label("since"), func.max(ack.c.created_at).label("until"))
    .outerjoin(ack, and_(ack.c.alert_id == t.alert.c.id, ack.c.owner == OURSELVES))
    .where(
        t.alert.c.kind == AlertKind.HEALTH.value,
        t.alert.c.conflict == f"health:{About.NETWORK}:feeds",
    )
    .group_by(t.alert.c.id, t.alert.c.created_at)
)
