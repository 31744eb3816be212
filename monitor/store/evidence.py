"""What explaining a claim or a pair takes from the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from monitor.core.evidence import KnownClaim
from monitor.core.types import (
    Contradiction,
    ContradictionKind,
    Grade,
    Relation,
    Scope,
)
from monitor.store import loading
from monitor.store import tables as t
from monitor.store.claims import prior_claim
from monitor.store.columns import index_key
from monitor.store.database import Database
from monitor.store.feedback_effects import pair_key
from monitor.store.feedback_tables import feedback
from monitor.store.records import ContradictionRecord
from monitor.store.stored import article_of, with_article

#: Of a thread that was said again and again the first so many are looked at.
_MOST_EARLIER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPair:
    """A stored pair with all that explaining it needs."""

    record: ContradictionRecord
    pair: Contradiction
    left: KnownClaim
    right: KnownClaim
    in_group: int
    marks: tuple[str, ...]


def known_claim(db: Database, id: int) -> KnownClaim | None:
    """The claim with its article version and its thread; None: there is none with this number."""
    with db.read() as connection:
        return _claim(connection, id)


def known_pair(db: Database, id: int) -> KnownPair | None:
    """The pair with both claims; None: there is none with this number."""
    x = t.contradiction
    with db.read() as connection:
        row = connection.execute(select(x).where(x.c.id == id)).first()
        if row is None:
            return None
        left, right = _claim(connection, row.left_id), _claim(connection, row.right_id)
        assert left is not None
        assert right is not None
        in_group = select(func.count()).select_from(x).where(x.c.conflict == row.conflict)
        marks = [
            *_marks(connection, "contradiction", pair_key(left.thread, right.thread), "this pair"),
            *_marks(connection, "group", index_key(row.conflict), "the conflict"),
            *(mark for side in (left, right) for mark in side.marks),
        ]
        return KnownPair(
            record=loading.contradictions(connection, [id])[id],
            pair=Contradiction(
                left=left.claim.fingerprint,
                right=right.claim.fingerprint,
                kind=ContradictionKind(row.kind),
                scope=Scope(row.scope),
                relation=Relation(row.relation),
                grade=Grade(row.grade),
                score=row.score,
                reason=row.reason,
                comparator=row.comparator,
                group=row.conflict,
                disputed=row.disputed,
            ),
            left=left,
            right=right,
            in_group=connection.execute(in_group).scalar_one(),
            marks=tuple(marks),
        )


def _claim(connection: Connection, id: int) -> KnownClaim | None:
    c, v, a = t.claim, t.article_version, t.article
    row = connection.execute(select(c).where(c.c.id == id)).first()
    if row is None:
        return None
    article = with_article(select().select_from(v).join(a, a.c.id == v.c.article_id)).where(
        v.c.id == row.version_id
    )
    before = (
        select(c)
        .where(c.c.thread == row.thread, c.c.id != id)
        .where((c.c.said_at < row.said_at) | ((c.c.said_at == row.said_at) & (c.c.id < id)))
        .order_by(c.c.said_at, c.c.id)
        .limit(_MOST_EARLIER)
    )
    record = loading.claims(connection, [id])[id]
    return KnownClaim(
        claim=prior_claim(row).claim,
        article=article_of(connection.execute(article).one()),
        thread=row.thread,
        earlier=tuple(prior_claim(one) for one in connection.execute(before)),
        appearances=record.appearances,
        origins=record.origins,
        versions=record.versions,
        marks=tuple(_marks(connection, "thread", index_key(row.thread), f"claim {id} and its thread")),
    )


def _marks(connection: Connection, kind: str, key: str, about: str) -> list[str]:
    f = feedback
    rows = connection.execute(
        select(f.c.word, f.c.person, f.c.note, f.c.created_at).where(
            f.c.kind == kind, f.c.key == key, f.c.state == "standing"
        )
    )
    return [
        f"{about}: {row.word}{f', says {row.person}' if row.person else ''} "
        f"({row.created_at:%Y-%m-%d %H:%M} UTC){f': {row.note}' if row.note else ''}"
        for row in rows
    ]
