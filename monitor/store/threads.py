"""Threads in the ledger: the same claim, said again, from its first claim to its last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, select, tuple_

from monitor.core.types import Relation
from monitor.errors import UsageError
from monitor.store import loading
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.filters import CURRENT
from monitor.store.records import (
    AppearanceRecord,
    SpeakerRecord,
    ThreadHistoryRecord,
    ThreadPairRecord,
    ThreadRecord,
)
from monitor.store.stories import stories_of

_CONFLICT = Relation.CONTRADICTION.value
#: Characters of a name that are enough to ask for.
LEAST_NAME = 4


def newest_of_thread(claim: FromClause) -> ColumnElement[bool]:
    """Nobody has said the same since: every thread has one such claim, found by an index alone."""
    later = t.claim.alias("later")
    since = tuple_(later.c.said_at, later.c.id) > tuple_(claim.c.said_at, claim.c.id)
    return ~select(later.c.id).where(later.c.thread == claim.c.thread, since).correlate(claim).exists()


def first_claim_id(thread: ColumnElement[str]) -> Any:
    """The claim of the thread that was said first, as a subquery."""
    c = t.claim.alias("earliest")
    first = select(c.c.id).where(c.c.thread == thread).order_by(c.c.said_at, c.c.id).limit(1)
    return first.scalar_subquery()


def threads(connection: Connection, ids: Iterable[int]) -> dict[int, ThreadRecord]:
    """By the id of any claim of theirs."""
    c = t.claim
    names: dict[int, str] = {}
    first: dict[str, int] = {}
    for some in chunks(set(ids)):
        asked = select(c.c.id, c.c.thread, first_claim_id(c.c.thread).label("first_id"))
        for row in connection.execute(asked.where(c.c.id.in_(some))):
            names[row.id], first[row.thread] = row.thread, row.first_id
    claims = loading.claims(connection, first.values())
    speakers, publishers = _voices(connection, first, c.c.speaker), _voices(connection, first, c.c.publisher)
    last, disputed = _last_said(connection, first), _contradictions(connection, first)
    told = stories_of(connection, (claim.article.id for claim in claims.values()))
    made = {
        name: ThreadRecord(
            id=name,
            claim=claims[id],
            speakers=speakers[name],
            publishers=publishers[name],
            status=claims[id].status,
            first_seen_at=claims[id].first_seen_at,
            last_seen_at=last[name],
            appearances=claims[id].appearances,
            origins=claims[id].origins,
            story=told.get(claims[id].article.id),
            contradictions=disputed.get(name, 0),
        )
        for name, id in first.items()
    }
    return {id: made[name] for id, name in names.items()}


def thread_history(connection: Connection, name: str) -> ThreadHistoryRecord | None:
    """The thread of this name, or of the only name that begins so, with all its appearances and pairs.

    None: there is none. Raises UsageError where several begin so.
    """
    c = t.claim
    known = _whole_name(connection, name)
    if known is None:
        return None
    rows = connection.execute(select(c).where(c.c.thread == known).order_by(c.c.said_at, c.c.id)).all()
    if not rows:
        return None
    thread = threads(connection, [rows[0].id])[rows[0].id]
    shared = {field: getattr(thread, field) for field in ThreadRecord.__dataclass_fields__}
    return ThreadHistoryRecord(**shared, history=_history(connection, rows), pairs=_pairs(connection, known))


def _history(connection: Connection, rows: Sequence[Any]) -> tuple[AppearanceRecord, ...]:
    """The claims of one thread, in their order."""
    refs = loading.article_refs(connection, (row.version_id for row in rows))
    # Origin → the article that carried it first.
    carried: dict[str, int] = {}
    heard: set[str] = set()
    history: list[AppearanceRecord] = []
    for row in rows:
        article = refs[row.version_id]
        fresh = row.origin not in carried
        original = carried.setdefault(row.origin, article.id)
        history.append(
            AppearanceRecord(
                claim=row.id,
                at=row.said_at,
                article=article,
                quote=row.quote,
                field=row.field,
                start=row.span_start,
                end=row.span_end,
                speaker=SpeakerRecord(
                    name=row.speaker, surface=row.speaker_surface, entity=row.speaker_entity or None
                ),
                stance=row.stance,
                copy_of=None if original == article.id else original,
                new_origin=bool(history) and fresh,
                new_speaker=bool(history) and row.speaker not in heard,
            )
        )
        heard.add(row.speaker)
    return tuple(history)


def _whole_name(connection: Connection, name: str) -> str | None:
    names = t.thread.c.fingerprint
    exact = connection.scalar(select(names).where(names == name))
    if exact is not None or len(name) < LEAST_NAME:
        return exact
    begun = select(names).where(names.startswith(name, autoescape=True)).order_by(names).limit(2)
    found = connection.scalars(begun).all()
    if len(found) > 1:
        raise UsageError(
            f"several threads begin with {name!r}: {found[0]}, {found[1]}…",
            remedy="give more of the name; `claimwatch threads list --json` has it whole",
        )
    return found[0] if found else None


def _voices(
    connection: Connection, names: Iterable[str], column: ColumnElement[str]
) -> Mapping[str, tuple[str, ...]]:
    """Of each thread the speakers, or the publishers, in the order in which they came to it."""
    c = t.claim
    found: dict[str, list[str]] = defaultdict(list)
    for some in chunks(names):
        first = func.min(c.c.said_at)
        rows = connection.execute(
            select(c.c.thread, column.label("voice"))
            .where(c.c.thread.in_(some))
            .group_by(c.c.thread, column)
            .order_by(first, func.min(c.c.id))
        )
        for row in rows:
            found[row.thread].append(row.voice)
    return {name: tuple(voices) for name, voices in found.items()}


def _last_said(connection: Connection, names: Iterable[str]) -> Mapping[str, datetime]:
    c = t.claim
    return {
        row.thread: row.last
        for some in chunks(names)
        for row in connection.execute(
            select(c.c.thread, func.max(c.c.said_at).label("last"))
            .where(c.c.thread.in_(some))
            .group_by(c.c.thread)
        )
    }


def _contradictions(connection: Connection, names: Iterable[str]) -> Mapping[str, int]:
    """How many contradictions stand in which a claim of the thread is a side; those within it count once."""
    c, x = t.claim, t.contradiction
    found: dict[str, set[int]] = defaultdict(set)
    for some in chunks(names):
        # Two statements, each on an index: an OR over two columns would read every pair.
        for side in (x.c.left_id, x.c.right_id):
            rows = connection.execute(
                select(c.c.thread, x.c.id)
                .join(x, side == c.c.id)
                .where(c.c.thread.in_(some), x.c.relation == _CONFLICT, x.c.status.in_(CURRENT))
            )
            for row in rows:
                found[row.thread].add(row.id)
    return {name: len(ids) for name, ids in found.items()}


def _pairs(connection: Connection, name: str) -> tuple[ThreadPairRecord, ...]:
    """Contradictions and updates of one thread whatever was said of them, oldest first."""
    c, x = t.claim, t.contradiction
    ours: dict[int, int] = {}
    for side in (x.c.left_id, x.c.right_id):
        rows = connection.execute(
            select(x.c.id, c.c.id.label("claim")).join(x, side == c.c.id).where(c.c.thread == name)
        )
        for row in rows:
            ours.setdefault(row.id, row.claim)
    found = loading.contradictions(connection, ours)
    made = (
        ThreadPairRecord(
            id=pair.id,
            relation=pair.relation,
            kind=pair.kind,
            grade=pair.grade,
            status=pair.status,
            group=pair.group,
            reason=pair.reason,
            claim=ours[pair.id],
            other=pair.right if pair.left.id == ours[pair.id] else pair.left,
            created_at=pair.created_at,
        )
        for pair in found.values()
    )
    return tuple(sorted(made, key=lambda pair: (pair.created_at, pair.id)))
