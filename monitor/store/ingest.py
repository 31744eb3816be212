"""Article versions and the tasks that they make, from feeds and from archives (`claimwatch import`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from monitor.core.types import PlannedVersion
from monitor.store.bulk import chunks, insert_new
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
    ordered = sorted(planned, key=lambda version: (index_key(version.identity), version.version))
    ids = _article_ids(connection, ordered, now, feed_ids)
    rows = [
        _version_row(version, ids[index_key(version.identity)], now=now, backfill=backfill)
        for version in ordered
    ]
    stored: dict[tuple[int, int], int] = {}
    for some in chunks(rows, 100):  # these rows carry texts
        for version_id, article_id, number in insert_new(
            connection, article_version, some, "id", "article_id", "version"
        ):
            stored[article_id, number] = version_id
    new = [
        row | {"id": stored[key]} for row in rows if (key := (row["article_id"], row["version"])) in stored
    ]
    _make_current(connection, new)
    in_order = {
        (version.identity, version.version): stored[key]
        for version in planned
        if (key := (ids[index_key(version.identity)], version.version)) in stored
    }
    made = dict.fromkeys(in_order.values())
    insert_new(connection, task, [_task_row(version_id, now) for version_id in made])
    return in_order


def _article_ids(
    connection: Connection, planned: Sequence[PlannedVersion], now: datetime, feed_ids: Mapping[str, int]
) -> dict[str, int]:
    """The id of each article by its identity's key; those that are not there yet are added."""
    new: dict[str, dict[str, Any]] = {}
    for version in planned:
        key = index_key(version.identity)
        if version.article_id is None and key not in new:
            new[key] = {
                "identity": key,
                "feed_id": feed_ids.get(version.identity),
                "version": 0,
                "at": version.entry.published_at or now,
                "publisher": index_key(version.publisher),
                "first_seen_at": now,
            }
    insert_new(connection, article, list(new.values()))
    ids: dict[str, int] = {}
    for some in chunks({index_key(version.identity) for version in planned}):
        found = select(article.c.identity, article.c.id).where(article.c.identity.in_(some))
        ids |= {row.identity: row.id for row in connection.execute(found)}
    return ids


def _version_row(
    version: PlannedVersion, article_id: int, *, now: datetime, backfill: bool
) -> dict[str, Any]:
    entry = version.entry
    return {
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
