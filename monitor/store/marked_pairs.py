"""The contradictions that people spoke about, with all that measuring and exporting them needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from monitor.core.types import PairStatus
from monitor.store import loading
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.feedback_effects import pair_key, standing_words
from monitor.store.records import ArticleRecord, ContradictionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPair:
    """One stored pair and the word that stands about its two claims; `word` "open": nobody spoke of it."""

    word: str
    pair: ContradictionRecord
    # What is disputed, in words.
    disputed: str
    # Frames that both claims evoke.
    frames: tuple[str, ...]


def marked_pairs(db: Database, *, since: datetime | None = None) -> tuple[MarkedPair, ...]:
    """One pair for each word about two claims, the oldest that was found of them; words alone decide.

    A pair that is dismissed with a claim or its conflict is not among them: nobody spoke of this pair.
    `since`: pairs of the news since then.
    """
    x, left, right = t.contradiction, t.claim.alias("left_side"), t.claim.alias("right_side")
    rows = (
        select(x.c.id, x.c.disputed, left.c.thread.label("one"), right.c.thread.label("other"))
        .join(left, left.c.id == x.c.left_id)
        .join(right, right.c.id == x.c.right_id)
        # A word gives its pairs a status, so the rows that nobody spoke of are never read.
        .where(x.c.status != PairStatus.OPEN.value)
        .order_by(x.c.id)
    )
    if since is not None:
        rows = rows.where(x.c.at >= since)
    with db.read() as connection:
        found = connection.execute(rows).all()
        words = standing_words(connection, "contradiction", (pair_key(r.one, r.other) for r in found))
        spoken: dict[str, Any] = {}
        for row in found:
            key = pair_key(row.one, row.other)
            if key in words:
                spoken.setdefault(key, row)
        return _loaded(connection, [(words[key], row.id, row.disputed) for key, row in spoken.items()])


def pairs_between(db: Database, articles: Iterable[int]) -> tuple[MarkedPair, ...]:
    """All pairs between these articles, each with what was said of its two claims, wherever it was said."""
    wanted = sorted(set(articles))
    x, left, right = t.contradiction, t.claim.alias("left_side"), t.claim.alias("right_side")
    found: list[Any] = []
    with db.read() as connection:
        for some in chunks(wanted):
            rows = connection.execute(
                select(
                    x.c.id,
                    x.c.disputed,
                    right.c.article_id,
                    left.c.thread.label("one"),
                    right.c.thread.label("other"),
                )
                .join(left, left.c.id == x.c.left_id)
                .join(right, right.c.id == x.c.right_id)
                .where(left.c.article_id.in_(some))
                .order_by(x.c.id)
            )
            found += [row for row in rows if row.article_id in set(wanted)]
        words = standing_words(connection, "contradiction", (pair_key(r.one, r.other) for r in found))
        return _loaded(
            connection,
            [(words.get(pair_key(r.one, r.other), "open"), r.id, r.disputed) for r in found],
        )


def versions_of(db: Database, pairs: Iterable[MarkedPair]) -> dict[tuple[int, int], ArticleRecord]:
    """The article versions that these pairs stand in, by article id and version."""
    wanted = {
        (side.article.id, side.article.version) for one in pairs for side in (one.pair.left, one.pair.right)
    }
    v = t.article_version
    with db.read() as connection:
        ids: list[int] = []
        for some in chunks(sorted({id for id, _ in wanted})):
            rows = connection.execute(
                select(v.c.id, v.c.article_id, v.c.version).where(v.c.article_id.in_(some))
            )
            ids += [row.id for row in rows if (row.article_id, row.version) in wanted]
        found = loading.articles(connection, ids).values()
    return {(one.id, one.version): one for one in found}


def _loaded(connection: Connection, rows: Sequence[tuple[str, int, str]]) -> tuple[MarkedPair, ...]:
    records = loading.contradictions(connection, [id for _, id, _ in rows])
    sides = {side.id for pair in records.values() for side in (pair.left, pair.right)}
    frames: dict[int, frozenset[str]] = {}
    for some in chunks(sorted(sides)):
        for row in connection.execute(select(t.claim.c.id, t.claim.c.frames).where(t.claim.c.id.in_(some))):
            frames[row.id] = frozenset(use["frame"] for use in row.frames)
    return tuple(
        MarkedPair(
            word=word,
            pair=records[id],
            disputed=disputed,
            frames=tuple(sorted(frames[records[id].left.id] & frames[records[id].right.id])),
        )
        for word, id, disputed in rows
    )
