"""Which kinds of alerts there were lately, and what the articles that raised them tell of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from monitor.core.types import Suppression
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.story_tables import story, story_article

#: Alerts that are counted, the newest: what a count costs does not grow with the ledger.
COUNTED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LateKinds:
    """The newest alerts by kind, those left out that only say that another one told the same."""

    # By value of AlertKind, the most first; kinds without any are left out.
    counts: Mapping[str, int]
    # When the oldest of them was raised; None: there are none.
    since: datetime | None
    # These are all there are.
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one article version is written in, and the story that it tells."""

    lang: str
    # Its id and title; None: judged before stories were told apart.
    story: int | None
    title: str


def late_kinds(db: Database) -> LateKinds:
    """What was raised lately."""
    al = t.alert
    newest = (
        select(al.c.kind, al.c.created_at)
        .where(al.c.suppressed.is_distinct_from(Suppression.DUPLICATE.value))
        .order_by(al.c.created_at.desc(), al.c.id.desc())
        .limit(COUNTED)
        .subquery()
    )
    counted = select(
        newest.c.kind, func.count().label("alerts"), func.min(newest.c.created_at).label("since")
    )
    with db.read() as connection:
        rows = connection.execute(counted.group_by(newest.c.kind)).all()
    ordered = sorted(rows, key=lambda row: (-row.alerts, row.kind))
    return LateKinds(
        counts={row.kind: row.alerts for row in ordered},
        since=min((row.since for row in rows), default=None),
        whole=sum(row.alerts for row in rows) < COUNTED,
    )


def tellings(db: Database, versions: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], Telling]:
    """By article id and number of the version."""
    v, held = t.article_version, story_article
    found: dict[tuple[int, int], Telling] = {}
    asked = select(v.c.article_id, v.c.version, v.c.lang, story.c.id, story.c.title)
    asked = asked.outerjoin(held, held.c.article_id == v.c.article_id).outerjoin(
        story, story.c.id == held.c.story_id
    )
    with db.read() as connection:
        for some in chunks({id for id, _ in versions}):
            for row in connection.execute(asked.where(v.c.article_id.in_(some))):
                found[row.article_id, row.version] = Telling(
                    lang=row.lang, story=row.id, title=row.title or ""
                )
    return found
