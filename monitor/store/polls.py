"""What polls changed, stored together: many feeds in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, null, select, update

from monitor.core.types import (
    Feed,
    FullText,
    Move,
    PlannedVersion,
    PollPlan,
    Rhythm,
    Validators,
)
from monitor.store.bulk import insert_or_renew, update_each
from monitor.store.database import Database, database_now
from monitor.store.feed_tables import feed_reading
from monitor.store.feed_tallies import count_readings
from monitor.store.feeds import LeasedFeed, stored_wishes
from monitor.store.hubs import follow_hubs, poll_again_after_pushes
from monitor.store.ingest import save_versions
from monitor.store.pages import carry_texts, wish_pages
from monitor.store.tables import feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A feed that has not changed (304), or sent the body that was read before."""

    leased: LeasedFeed
    status: int
    next_poll_at: datetime
    # May be new although the body is not.
    validators: Validators
    rhythm: Rhythm
    # Where it is asked from now on, and the permanent redirect that is not yet believed.
    url: str
    move: Move | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A feed that sent another body, and what that changes."""

    leased: LeasedFeed
    plan: PollPlan
    status: int


def save_polls(
    db: Database, *, unchanged: Sequence[Unchanged] = (), polled: Sequence[Polled] = ()
) -> Mapping[int, tuple[int, ...]]:
    """Store all of it in ONE transaction: articles, versions, their tasks, validators and next polls.

    Gives, by feed id, the ids of the new article versions. A feed that is missing there was no longer ours,
    and nothing of it was written. A version that somebody else stored meanwhile is skipped.
    """
    if not (unchanged or polled):
        return {}
    with db.write() as connection:
        now = database_now(connection)
        ours = _end_leases(
            connection,
            [_unchanged_row(one, now) for one in unchanged],
            [_polled_row(one, now) for one in polled],
        )
        kept = [one for one in polled if one.leased.feed.id in ours]
        _keep_readings(connection, kept)
        read = [(one.leased.feed, one.plan) for one in kept]
        count_readings(connection, read, now)
        follow_hubs(connection, read, now)
        leased = (*(one.leased for one in kept), *(one.leased for one in unchanged))
        pushed = [one for one in leased if one.feed.push is not None and one.feed.id in ours]
        poll_again_after_pushes(connection, [(one.feed, one.leased_at) for one in pushed], now)
        _move(connection, [(one.leased.feed, one.plan.url) for one in kept])
        _move(connection, [(one.leased.feed, one.url) for one in unchanged if one.leased.feed.id in ours])
        versions = [version for one in kept for version in _with_texts(connection, one, now)]
        feed_ids = {version.identity: one.leased.feed.id for one in kept for version in one.plan.versions}
        stored = save_versions(connection, versions, now=now, feed_ids=feed_ids)
        _wish_pages(connection, kept, versions, {identity for identity, _ in stored}, now)
        new: dict[int, list[int]] = {feed_id: [] for feed_id in ours}
        for (identity, _), version_id in stored.items():
            new[feed_ids[identity]].append(version_id)
        return {feed_id: tuple(ids) for feed_id, ids in new.items()}


def _with_texts(connection: Connection, one: Polled, now: datetime) -> Sequence[PlannedVersion]:
    full_text = one.leased.feed.full_text
    if full_text is FullText.NEVER:
        return one.plan.versions
    return carry_texts(connection, one.plan.versions, full_text, now)


def _wish_pages(
    connection: Connection,
    polled: Sequence[Polled],
    versions: Sequence[PlannedVersion],
    new: Set[str],
    now: datetime,
) -> None:
    feeds = {
        version.identity: one.leased.feed
        for one in polled
        if one.leased.feed.full_text is not FullText.NEVER
        for version in one.plan.versions
    }
    wanted = [(feeds[v.identity], v) for v in versions if v.identity in feeds and v.identity in new]
    wish_pages(connection, wanted, now)


def _unchanged_row(one: Unchanged, now: datetime) -> dict[str, Any]:
    return _row(one.leased, now, one.status, one.next_poll_at, one.validators) | _paced(one.rhythm, one.move)


def _polled_row(one: Polled, now: datetime) -> dict[str, Any]:
    plan = one.plan
    row = _row(one.leased, now, one.status, plan.next_poll_at, plan.validators)
    row |= _paced(plan.rhythm, plan.move)
    return row | {
        "its_title": plan.feed_title or one.leased.feed.title,
        "its_hash": plan.body_hash,
        "its_wishes": stored_wishes(plan.wishes),
    }


def _row(
    leased: LeasedFeed, now: datetime, status: int, next_poll_at: datetime, validators: Validators
) -> dict[str, Any]:
    return {
        "its_id": leased.feed.id,
        "its_token": leased.token,
        "now": now,
        "its_status": status,
        "its_next": next_poll_at,
        "its_etag": validators.etag,
        "its_last_modified": validators.last_modified,
    }


def _paced(rhythm: Rhythm, move: Move | None) -> dict[str, Any]:
    return {
        "its_pace": rhythm.pace.total_seconds() if rhythm.pace else None,
        "its_quiet": rhythm.quiet.total_seconds() if rhythm.quiet else None,
        "its_last_new": rhythm.last_new_at,
        "its_move_url": move.url if move else "",
        "its_move_since": move.since if move else None,
        "its_move_times": move.times if move else 0,
    }


# Written out where it is always the same: rows bind nothing but what they name.
_OF_ALL = {
    "token": null(),
    "lease_until": null(),
    "last_polled_at": bindparam("now"),
    "last_success_at": bindparam("now"),
    "last_status": bindparam("its_status"),
    "last_reason": null(),
    "last_detail": literal_column("''"),
    "failures": literal_column("0"),
    "next_poll_at": bindparam("its_next"),
    "etag": bindparam("its_etag"),
    "last_modified": bindparam("its_last_modified"),
    "pace_s": bindparam("its_pace"),
    "quiet_s": bindparam("its_quiet"),
    "last_new_at": bindparam("its_last_new"),
    "move_url": bindparam("its_move_url"),
    "move_since": bindparam("its_move_since"),
    "move_times": bindparam("its_move_times"),
}
_OURS = update(feed).where(feed.c.id == bindparam("its_id"), feed.c.token == bindparam("its_token"))
_END_UNCHANGED = _OURS.values(_OF_ALL)
_END_POLLED = _OURS.values(
    _OF_ALL
    | {
        "title": bindparam("its_title"),
        "body_hash": bindparam("its_hash"),
        "wishes": bindparam("its_wishes"),
    }
)


def _end_leases(
    connection: Connection, unchanged: Sequence[Mapping[str, Any]], polled: Sequence[Mapping[str, Any]]
) -> set[int]:
    """End the leases with what the polls changed; the ids of the feeds that were still ours."""
    tokens = {row["its_id"]: row["its_token"] for row in (*unchanged, *polled)}
    held = select(feed.c.id, feed.c.token).where(feed.c.id.in_(sorted(tokens))).order_by(feed.c.id)
    # Locked until the end of the transaction: nobody takes a feed over between this look and the update.
    # And in one order everywhere, so that two pollers wait for each other instead of deadlocking.
    found = connection.execute(held.with_for_update())
    ours = {row.id for row in found if row.token == tokens[row.id]}
    update_each(connection, _END_UNCHANGED, [row for row in unchanged if row["its_id"] in ours])
    update_each(connection, _END_POLLED, [row for row in polled if row["its_id"] in ours])
    return ours


def _keep_readings(connection: Connection, polled: Sequence[Polled]) -> None:
    rows = [
        {"feed_id": one.leased.feed.id, "digests": one.plan.digests}
        for one in polled
        if one.plan.digests != one.leased.digests
    ]
    insert_or_renew(connection, feed_reading, rows, key=["feed_id"], renewed=["digests"])


def _move(connection: Connection, asked_at: Sequence[tuple[Feed, str]]) -> None:
    """Feeds live where permanent redirects lead, unless another one lives there: then they stay."""
    for one, url in asked_at:
        if url and url != one.url:
            taken = select(feed.c.id).where(feed.c.url == url, feed.c.id != one.id).exists()
            connection.execute(update(feed).where(feed.c.id == one.id, ~taken).values(url=url))
