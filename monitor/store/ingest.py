"""Article versions and the tasks that they make, from feeds and from archives (`claimwatch import`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from monitor.core.types import PlannedVersion
from monitor.store.bulk import chunks, insert_new, inserted, next_ids
from monitor.store.columns import index_key
from monitor.store.database import Database, database_now
from monitor.store.tables import article, article_version, task
from monitor.store.tasks import JUDGE

_NO_FEEDS: Mapping[str, int] = {}


def save_imported(db: Database, versions: Iterable[PlannedVersion], *, backfill: bool) -> tuple[int, ...]:
    """Store article versions and their tasks in one transaction; ids of those that were new."""
    planned = tuple(versions)
    with db.write() as connection:
        stored = save_versions(connection, planned, now=database_now(connection), backfill=backfill)
        return tuple(stored.values())


def save_versions(
    connection: Connection,
    planned: Sequence[PlannedVersion],
    *,
    now: datetime,
    feed_ids: Mapping[str, int] = _NO_FEEDS,
    backfill: bool = False,
) -> dict[tuple[str, int], int]:
    """Store versions with their articles and tasks; the ids of the new ones, in the order of the plan.

    They are given by identity and version. `feed_ids` says by identity which feed an article comes from.

    A version that is there already (same article, same number) is left alone and makes no task.
    """
    if not planned:
        return {}
    # Sorted, so that two that store the same articles wait for each other instead of deadlocking.
    by_key = [((index_key(version.identity), version.version), version) for version in planned]
    keyed = sorted(_once_each(by_key).items())
    version_ids = next_ids(connection, article_version, len(keyed))
    drafts = [
        _Draft(key, version, version_id)
        for ((key, _), version), version_id in zip(keyed, version_ids, strict=True)
    ]
    ids, added = _articles(connection, drafts, now, feed_ids)
    rows = [_version_row(draft, ids[draft.key], now=now, backfill=backfill) for draft in drafts]
    new = inserted(connection, article_version, rows)
    stored = {(draft.key, draft.version.version): draft.id for draft in drafts if draft.id in new}
    _make_current(connection, [row for row in rows if row["id"] in new and row["article_id"] not in added])
    in_order = {(version.identity, version.version): stored[key] for key, version in by_key if key in stored}
    made = dict.fromkeys(in_order.values())
    insert_new(connection, task, [_task_row(version_id, now) for version_id in made])
    return in_order


class _Draft(NamedTuple):
    """A version to be, under the id that it has where it is new; `key` is its identity's."""

    key: str
    version: PlannedVersion
    id: int


def _once_each(
    planned: Sequence[tuple[tuple[str, int], PlannedVersion]],
) -> dict[tuple[str, int], PlannedVersion]:
    """By the identity's key and number; of two that are the same the first."""
    once: dict[tuple[str, int], PlannedVersion] = {}
    for key, version in planned:
        once.setdefault(key, version)
    return once


def _articles(
    connection: Connection, drafts: Sequence[_Draft], now: datetime, feed_ids: Mapping[str, int]
) -> tuple[Mapping[str, int], Set[int]]:
    """The id of each article by its identity's key; and which are new, with their newest version."""
    ids = {draft.key: draft.version.article_id for draft in drafts if draft.version.article_id is not None}
    # Sorted by number: the last one is the current one.
    newest = {draft.key: draft for draft in drafts if draft.key not in ids}
    fresh = dict(zip(newest, next_ids(connection, article, len(newest)), strict=True))
    rows = [_article_row(draft, fresh[key], now, feed_ids) for key, draft in newest.items()]
    if insert_new(connection, article, rows) < len(rows):
        # Some are there already; their versions will be looked at as those of any other.
        for some in chunks(sorted(fresh)):
            found = select(article.c.identity, article.c.id).where(article.c.identity.in_(some))
            ids |= {row.identity: row.id for row in connection.execute(found)}
    added = {fresh[key] for key in fresh if ids.setdefault(key, fresh[key]) == fresh[key]}
    return ids, added


def _article_row(
    draft: _Draft, article_id: int, now: datetime, feed_ids: Mapping[str, int]
) -> dict[str, Any]:
    version = draft.version
    return {
        "id": article_id,
        "identity": draft.key,
        "feed_id": feed_ids.get(version.identity),
        "version": version.version,
        "current_id": draft.id,
        "at": version.entry.published_at or now,
        "publisher": index_key(version.publisher),
        "first_seen_at": now,
    }


def _version_row(draft: _Draft, article_id: int, *, now: datetime, backfill: bool) -> dict[str, Any]:
    version, entry = draft.version, draft.version.entry
    return {
        "id": draft.id,
        "article_id": article_id,
        "version": version.version,
        "content_hash": version.content_hash,
        "url": entry.url,
        "publisher": version.publisher,
        "title": entry.title,
        "summary": entry.summary,
        "text": entry.text,
        "author": entry.author,
        "lang": entry.lang,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "fetched_at": now,
        "at": entry.published_at or now,
        "backfill": backfill,
        "from_page": version.from_page,
    }


def _make_current(connection: Connection, versions: Sequence[dict[str, Any]]) -> None:
    if not versions:
        return
    statement = (
        update(article)
        .where(article.c.id == bindparam("its_article"), article.c.version < bindparam("its_version"))
        .values(
            version=bindparam("its_version"),
            current_id=bindparam("its_id"),
            at=bindparam("its_at"),
            publisher=bindparam("its_publisher"),
        )
    )
    connection.execute(
        statement,
        [
            {
                "its_article": row["article_id"],
                "its_version": row["version"],
                "its_id": row["id"],
                "its_at": row["at"],
                "its_publisher": index_key(row["publisher"]),
            }
            for row in versions
        ],
    )


def _task_row(version_id: int, now: datetime) -> dict[str, Any]:
    return {
        "kind": JUDGE,
        "version_id": version_id,
        "state": "waiting",
        "attempts": 0,
        "due_at": now,
        "error": "",
        "created_at": now,
    }
