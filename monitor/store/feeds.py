"""Feeds in the ledger: what is due, who has it, and what a poll changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, and_, bindparam, case, func, or_, select, update

from monitor.core.types import (
    Feed,
    FeedSpec,
    FullText,
    KnownEntry,
    Move,
    PageSelectors,
    Rhythm,
    Validators,
    Wishes,
)
from monitor.errors import FetchReason, LeaseLostError
from monitor.store.bulk import chunks, insert_new, state_is
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now
from monitor.store.feed_tables import feed_hub, feed_reading
from monitor.store.hubs import PUSH_COLUMNS, push_of
from monitor.store.tables import article, article_version, feed


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedFeed:
    feed: Feed
    # Fencing token: only the holder's results are written.
    token: str
    # When it was taken, by the database's clock.
    leased_at: datetime
    # What its last poll left to recognise entries by (`PollPlan.digests`).
    digests: str = ""


def add_feeds(db: Database, specs: Iterable[FeedSpec]) -> tuple[int, int]:
    """Add feeds that are new by URL and bring the others' settings up to date: (added, changed).

    New ones are due at once. A removed or paused feed comes back; one that is gone stays gone (`poll_now`
    by its URL tries it again). A feed that has moved is known by its old URL and by its new one.
    """
    added = changed = 0
    with db.write() as connection:
        now = database_now(connection)
        for spec in sorted(specs, key=lambda spec: spec.url):
            known = connection.execute(select(feed).where(_has_url(spec.url)).order_by(feed.c.id)).first()
            if known is None:
                # Somebody else may add it at this moment.
                added += insert_new(connection, feed, [_new_feed(spec, now)])
            else:
                changed += _bring_up_to_date(connection, known, spec, now)
    return added, changed


def sync_feeds(db: Database, specs: Iterable[FeedSpec]) -> tuple[int, int, tuple[str, ...]]:
    """Make the feeds of feeds.yml those of the ledger: (added, changed, addresses of those now paused).

    Paused are the feeds that an earlier list held and this one does not; what only `add_feeds` named goes on.
    One that is listed again is polled again.
    """
    listed = tuple(specs)
    added, changed = add_feeds(db, listed)
    urls = {spec.url for spec in listed}
    with db.write() as connection:
        rows = connection.execute(
            select(feed.c.id, feed.c.url, feed.c.asked_url, feed.c.listed, feed.c.state)
        )
        here, left = [], {}
        for row in rows:
            if row.url in urls or row.asked_url in urls:
                here += [] if row.listed else [row.id]
            elif row.listed:
                left[row.id] = row.url if row.state == "active" else ""
        for some in chunks(here):
            connection.execute(update(feed).where(feed.c.id.in_(some)).values(listed=True))
        for some in chunks(left):
            gone = update(feed).where(feed.c.id.in_(some))
            connection.execute(gone.values(listed=False))
            paused = gone.where(feed.c.state == "active")
            connection.execute(paused.values(state="paused", token=None, lease_until=None))
    return added, changed, tuple(sorted(url for url in left.values() if url))


def remove_feed(db: Database, url: str) -> bool:
    """Stop polling a feed; its articles stay. False: there is none with this URL."""
    with db.write() as connection:
        removed = connection.execute(
            update(feed)
            .where(_has_url(url), feed.c.state != "removed")
            .values(state="removed", token=None, lease_until=None)
        )
        return removed.rowcount > 0


def list_feeds(db: Database) -> tuple[Feed, ...]:
    """All feeds, by URL."""
    with db.read() as connection:
        rows = connection.execute(
            select(feed, *PUSH_COLUMNS)
            .outerjoin(feed_hub, feed_hub.c.feed_id == feed.c.id)
            .where(feed.c.state != "removed")
            .order_by(feed.c.url)
        )
        return tuple(_feed(row) for row in rows)


def poll_now(db: Database, url: str | None = None) -> int:
    """Make one feed, or all, due at once; how many. By its URL, also one that is gone."""
    wanted = state_is(feed, "active") if url is None else and_(_has_url(url), feed.c.state != "removed")
    with db.write() as connection:
        now = database_now(connection)
        # One that is being polled is due again when its lease ends, unless its poller is done before.
        at = case((feed.c.lease_until > now, feed.c.lease_until), else_=now)
        due = connection.execute(update(feed).where(wanted).values(next_poll_at=at, state="active"))
        return due.rowcount


def lease_due_feeds(db: Database, *, limit: int, lease_for: timedelta) -> tuple[LeasedFeed, ...]:
    """Take up to `limit` feeds that are due and nobody holds, longest overdue first.

    A feed that is held is due when its lease ends: one index has both who is due and who was left behind by
    a poller that died, and neither question reads more rows than it answers with.
    """
    with db.write() as connection:
        now = database_now(connection)
        rows = connection.execute(
            select(feed, feed_reading.c.digests, *PUSH_COLUMNS)
            .outerjoin(feed_reading, feed_reading.c.feed_id == feed.c.id)
            .outerjoin(feed_hub, feed_hub.c.feed_id == feed.c.id)
            .where(state_is(feed, "active"), feed.c.next_poll_at <= now)
            .order_by(feed.c.next_poll_at, feed.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=feed)
        ).all()
        token = uuid4().hex
        connection.execute(
            update(feed)
            .where(feed.c.id.in_([row.id for row in rows]))
            .values(token=token, lease_until=now + lease_for, next_poll_at=now + lease_for)
        )
        return tuple(
            LeasedFeed(feed=_feed(row), token=token, leased_at=now, digests=row.digests or "") for row in rows
        )


def known_entries(db: Database, identities: Iterable[str]) -> Mapping[str, KnownEntry]:
    """What the ledger remembers of these identities; absent: never seen."""
    keys = {index_key(identity): identity for identity in identities}
    known: dict[str, KnownEntry] = {}
    with db.read() as connection:
        for some in chunks(keys):
            rows = connection.execute(
                select(article.c.identity, article.c.id, article.c.version, article_version.c.content_hash)
                .join(article_version, article_version.c.id == article.c.current_id)
                .where(article.c.identity.in_(some))
            )
            for row in rows:
                known[keys[row.identity]] = KnownEntry(
                    article_id=row.id, version=row.version, content_hash=row.content_hash
                )
    return known


def save_poll_failure(
    db: Database,
    leased: LeasedFeed,
    *,
    reason: FetchReason,
    detail: str,
    status: int | None,
    next_poll_at: datetime | None,
) -> None:
    """Keep the failure on the feed. `next_poll_at` None: the feed is gone. Raises LeaseLostError."""
    values: dict[str, Any] = {"state": "gone"} if next_poll_at is None else {"next_poll_at": next_poll_at}
    with db.write() as connection:
        _finish(
            connection,
            leased,
            database_now(connection),
            failures=feed.c.failures + 1,
            last_status=status,
            last_reason=reason.value,
            last_detail=detail,
            **values,
        )


def release_feeds(db: Database, leased: Iterable[LeasedFeed]) -> None:
    """Give feeds back unpolled, at a shutdown; due as before."""
    postpone_feeds(db, ((one, one.feed.next_poll_at) for one in leased))


def postpone_feeds(db: Database, leased: Iterable[tuple[LeasedFeed, datetime]]) -> None:
    """Give feeds back unpolled, each due at its moment; those that are no longer ours are left alone."""
    rows = [
        {"its_id": one.feed.id, "its_token": one.token, "its_next": at}
        for one, at in sorted(leased, key=lambda pair: pair[0].feed.id)
    ]
    if rows:
        with db.write() as connection:
            connection.execute(_GIVE_BACK, rows)


_GIVE_BACK = (
    update(feed)
    .where(feed.c.id == bindparam("its_id"), feed.c.token == bindparam("its_token"))
    .values(token=None, lease_until=None, next_poll_at=bindparam("its_next"))
)


def next_due_at(db: Database) -> datetime | None:
    """When the next feed is due, or its lease runs out where somebody has it; None: there are no feeds."""
    with db.read() as connection:
        due: datetime | None = connection.execute(
            select(func.min(feed.c.next_poll_at)).where(state_is(feed, "active"))
        ).scalar_one()
        return due


# ---------------------------------------------------------------- rows


def _has_url(url: str) -> Any:
    return or_(feed.c.url == url, feed.c.asked_url == url)


def _ours(leased: LeasedFeed) -> tuple[Any, Any]:
    return feed.c.id == leased.feed.id, feed.c.token == leased.token


def _finish(connection: Connection, leased: LeasedFeed, now: datetime, **values: Any) -> None:
    """End the lease with what the poll changed; the fence."""
    ended = connection.execute(
        update(feed).where(*_ours(leased)).values(token=None, lease_until=None, last_polled_at=now, **values)
    )
    if ended.rowcount != 1:
        raise LeaseLostError(f"feed {leased.feed.url}: another poller took it over, or it was removed")


def _settings(spec: FeedSpec) -> dict[str, Any]:
    return {
        "publisher": spec.publisher,
        "tags": list(spec.tags),
        "lang": spec.lang,
        "interval_s": spec.interval.total_seconds(),
        "learned": spec.learned,
        "full_text": spec.full_text.value,
        "page": asdict(spec.page) if spec.page else {},
    }


def _new_feed(spec: FeedSpec, now: datetime) -> dict[str, Any]:
    return {
        "url": spec.url,
        "asked_url": spec.url,
        "title": "",
        "state": "active",
        "etag": "",
        "last_modified": "",
        "body_hash": "",
        "next_poll_at": now,
        "failures": 0,
        "last_detail": "",
        "created_at": now,
        "wishes": {},
        "move_url": "",
        "move_times": 0,
        **_settings(spec),
    }


def _bring_up_to_date(
    connection: Connection, known: Row[*tuple[Any, ...]], spec: FeedSpec, now: datetime
) -> int:
    values = {name: value for name, value in _settings(spec).items() if getattr(known, name) != value}
    if known.state in ("removed", "paused"):
        values |= {"state": "active", "next_poll_at": now, "failures": 0}
    if "page" in values:
        # Read by other selectors it is another document.
        values |= {"body_hash": "", "next_poll_at": now}
    if values:
        connection.execute(update(feed).where(feed.c.id == known.id).values(**values))
    return 1 if values else 0


def _feed(row: Row[*tuple[Any, ...]]) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        publisher=row.publisher or row.title,
        title=row.title,
        tags=tuple(row.tags),
        lang=row.lang,
        interval=timedelta(seconds=row.interval_s),
        state=row.state,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        failures=row.failures,
        last_status=row.last_status,
        last_reason=FetchReason(row.last_reason) if row.last_reason else None,
        last_detail=row.last_detail,
        learned=row.learned,
        rhythm=Rhythm(pace=_seconds(row.pace_s), quiet=_seconds(row.quiet_s), last_new_at=row.last_new_at),
        wishes=_wishes(row.wishes),
        move=Move(url=row.move_url, since=row.move_since, times=row.move_times) if row.move_url else None,
        full_text=FullText(row.full_text),
        page=PageSelectors(**row.page) if row.page else None,
        push=push_of(row),
    )


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def stored_wishes(wishes: Wishes) -> dict[str, Any]:
    """As the ledger keeps them; what a publisher does not wish is left out."""
    every = wishes.every.total_seconds() if wishes.every else None
    found = {"every_s": every, "skip_hours": wishes.skip_hours, "skip_days": wishes.skip_days}
    return {name: value for name, value in found.items() if value}


def _wishes(stored: Mapping[str, Any]) -> Wishes:
    return Wishes(
        every=_seconds(stored.get("every_s")),
        skip_hours=tuple(stored.get("skip_hours", ())),
        skip_days=tuple(stored.get("skip_days", ())),
    )
