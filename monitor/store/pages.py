"""Pages to be read for the text of articles: asked for with the articles, taken by lease, kept with reasons.

The wish is stored in one transaction with the article, so that it is never lost; the article is judged as the
feed gave it, and again when the text of its page makes another version of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, func, select, update

from monitor.core.pages import MOST_TRIES, as_given, wants_page
from monitor.core.types import Entry, Feed, FullText, PlannedVersion
from monitor.errors import FetchReason, LeaseLostError
from monitor.store.bulk import chunks, insert_or_renew, state_is
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now
from monitor.store.ingest import save_versions
from monitor.store.page_tables import article_page
from monitor.store.tables import article, article_version, feed

#: Why a page brought nothing although it was read.
NO_MORE = "no_more"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage:
    """A page under a lease, and the version of the article that it may add words to."""

    article_id: int
    feed_id: int
    # Address of the feed, for logs.
    feed_url: str
    token: str
    # This one included.
    tries: int
    url: str
    # What a new version is made from.
    current: PlannedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCounts:
    """How the pages of a feed fare."""

    waiting: int = 0
    read: int = 0
    failed: int = 0
    # Of the last one that failed; empty: none did.
    last_reason: str = ""
    last_detail: str = ""


def carry_texts(
    connection: Connection, versions: Sequence[PlannedVersion], full_text: FullText, now: datetime
) -> tuple[PlannedVersion, ...]:
    """Edited entries with the text that their page gave before, until it is read again.

    Otherwise an edit of a headline would take all other words out of the article for a minute.
    """
    edited = {
        version.article_id: version
        for version in versions
        if version.article_id is not None and wants_page(full_text, version.entry, now=now)
    }
    texts: dict[int, tuple[str, str]] = {}
    for some in chunks(edited):
        rows = connection.execute(
            select(article.c.id, article_version.c.text, article_version.c.lang)
            .join(article_version, article_version.c.id == article.c.current_id)
            .where(article.c.id.in_(some), article_version.c.from_page)
        )
        texts |= {row.id: (row.text, row.lang) for row in rows}
    return tuple(
        replace(
            version,
            from_page=True,
            entry=replace(
                version.entry, text=texts[version.article_id][0], lang=texts[version.article_id][1]
            ),
        )
        if version.article_id in texts
        else version
        for version in versions
    )


def wish_pages(
    connection: Connection, versions: Sequence[tuple[Feed, PlannedVersion]], now: datetime
) -> None:
    """Ask for the pages of these versions, which are new, where their feeds want it."""
    wanted = {
        index_key(version.identity): (one, version)
        for one, version in versions
        if wants_page(one.full_text, as_given(version), now=now)
    }
    for some in chunks(sorted(wanted)):
        found = select(article.c.id, article.c.identity).where(article.c.identity.in_(some))
        rows = [_wish(row.id, *wanted[row.identity], now) for row in connection.execute(found)]
        renewed = set(rows[0]) - {"article_id", "created_at"}
        insert_or_renew(connection, article_page, rows, key=["article_id"], renewed=renewed)


def _wish(article_id: int, one: Feed, version: PlannedVersion, now: datetime) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "feed_id": one.id,
        "version": version.version,
        "url": version.entry.url,
        "state": "waiting",
        "tries": 0,
        "due_at": now,
        "token": None,
        "reason": "",
        "detail": "",
        "created_at": now,
        "closed_at": None,
    }


def take_pages(db: Database, *, limit: int, lease_for: timedelta) -> tuple[TakenPage, ...]:
    """Take up to `limit` pages that are due, longest due first; the try is counted before it begins."""
    with db.write() as connection:
        now = database_now(connection)
        due = and_(state_is(article_page, "waiting"), article_page.c.due_at <= now)
        exhausted = and_(due, article_page.c.tries >= MOST_TRIES)
        connection.execute(
            update(article_page)
            .where(exhausted)
            .values(
                state="failed",
                token=None,
                reason=FetchReason.PARSER_FAILED.value,
                detail=f"the poller died over it {MOST_TRIES} times",
                closed_at=now,
            )
        )
        picked = (
            select(article_page.c.article_id)
            .where(due)
            .order_by(article_page.c.due_at, article_page.c.article_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.article_id for row in connection.execute(picked)]
        if not ids:
            return ()
        token = uuid4().hex
        connection.execute(
            update(article_page)
            .where(article_page.c.article_id.in_(ids))
            .values(tries=article_page.c.tries + 1, due_at=now + lease_for, token=token)
        )
        return _taken(connection, ids, token)


def _taken(connection: Connection, ids: Sequence[int], token: str) -> tuple[TakenPage, ...]:
    version = article_version
    rows = connection.execute(
        select(article_page, article.c.identity, feed.c.url.label("feed_url"), version)
        .join(article, article.c.id == article_page.c.article_id)
        .join(version, version.c.id == article.c.current_id)
        .join(feed, feed.c.id == article_page.c.feed_id)
        .where(article_page.c.article_id.in_(ids))
        .with_only_columns(
            article_page.c.article_id,
            article_page.c.feed_id,
            article_page.c.tries,
            article_page.c.url.label("page_url"),
            article.c.identity,
            feed.c.url.label("feed_url"),
            *(version.c[name].label(f"v_{name}") for name in _VERSION),
        )
    )
    taken = {row.article_id: row for row in rows}
    return tuple(
        TakenPage(
            article_id=id,
            feed_id=row.feed_id,
            feed_url=row.feed_url,
            token=token,
            tries=row.tries,
            url=row.page_url,
            current=PlannedVersion(
                article_id=id,
                identity=row.identity,
                version=row.v_version,
                content_hash=row.v_content_hash,
                publisher=row.v_publisher,
                from_page=row.v_from_page,
                entry=Entry(guid="", **{name: getattr(row, f"v_{name}") for name in _ENTRY}),
            ),
        )
        for id in ids
        if (row := taken.get(id)) is not None
    )


_ENTRY = ("url", "title", "summary", "text", "author", "lang", "published_at", "updated_at")
_VERSION = ("version", "content_hash", "publisher", "from_page", *_ENTRY)


def save_page(db: Database, taken: TakenPage, entry: Entry | None) -> int | None:
    """Close a page that was read, with the version that its text makes; that version's id.

    None: no version, because `entry` is None (the page gave no more), is what is stored already, or the
    article was edited meanwhile, and its page is asked for anew. The version keeps the content hash of what
    the feed gave, so that the next poll finds the entry unchanged. Raises LeaseLostError.
    """
    with db.write() as connection:
        now = database_now(connection)
        _close(connection, taken, now, state="read", reason="" if entry else NO_MORE, detail="")
        if entry is None or (entry == taken.current.entry and taken.current.from_page):
            return None
        planned = replace(taken.current, version=taken.current.version + 1, entry=entry, from_page=True)
        feed_ids = {planned.identity: taken.feed_id}
        stored = save_versions(connection, [planned], now=now, feed_ids=feed_ids)
        return next(iter(stored.values()), None)


def save_page_failure(
    db: Database, taken: TakenPage, *, reason: FetchReason, detail: str, next_try_at: datetime | None
) -> None:
    """Keep why a page was not read; `next_try_at` None: it is not tried again. Raises LeaseLostError."""
    with db.write() as connection:
        now = database_now(connection)
        if next_try_at is None:
            _close(connection, taken, now, state="failed", reason=reason.value, detail=detail)
        else:
            _update(connection, taken, due_at=next_try_at, reason=reason.value, detail=detail)


def give_back_page(db: Database, taken: TakenPage, *, wait: timedelta) -> None:
    """Give a page back untried, due after this wait. One that is no longer ours is left alone."""
    with db.write() as connection:
        due_at = database_now(connection) + wait
        with suppress(LeaseLostError):
            _update(connection, taken, tries=article_page.c.tries - 1, due_at=due_at)


def next_page_due_at(db: Database) -> datetime | None:
    """When the next page is due, or its lease runs out where somebody has it; None: none waits."""
    with db.read() as connection:
        waiting = select(func.min(article_page.c.due_at)).where(state_is(article_page, "waiting"))
        due: datetime | None = connection.execute(waiting).scalar_one()
        return due


def page_counts(db: Database, feed_id: int) -> PageCounts:
    """How the pages of a feed fare, since it is polled."""
    of_feed = article_page.c.feed_id == feed_id
    with db.read() as connection:
        grouped = select(article_page.c.state, func.count().label("many")).where(of_feed)
        counts = {row.state: row.many for row in connection.execute(grouped.group_by(article_page.c.state))}
        failed = connection.execute(
            select(article_page.c.reason, article_page.c.detail)
            .where(of_feed, state_is(article_page, "failed"))
            .order_by(article_page.c.closed_at.desc(), article_page.c.article_id.desc())
            .limit(1)
        ).first()
    return PageCounts(
        **counts,
        last_reason=failed.reason if failed else "",
        last_detail=failed.detail if failed else "",
    )


def _close(connection: Connection, taken: TakenPage, now: datetime, **values: object) -> None:
    _update(connection, taken, closed_at=now, **values)


def _update(connection: Connection, taken: TakenPage, **values: object) -> None:
    """The fence: what the holder of the lease changes when it lets go."""
    ended = connection.execute(
        update(article_page)
        .where(article_page.c.article_id == taken.article_id, article_page.c.token == taken.token)
        .values(token=None, **values)
    )
    if ended.rowcount != 1:
        raise LeaseLostError(f"the page {taken.url}: another poller took it over, or its entry was edited")
