"""Stored articles for trying rules on: those that a rule matched, with what was said of it; the newest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from monitor.core.types import Article
from monitor.store import tables as t
from monitor.store.bulk import chunks, state_is
from monitor.store.database import Database
from monitor.store.feedback_tables import feedback, feedback_rule
from monitor.store.stored import article_of, with_article


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedArticle:
    """An article version that a rule matched once; the rule may have changed since."""

    match_id: int
    rule_version: str
    article: Article
    # The independent text that it is or copies.
    origin: str
    # What was said of the match: "open" | "real" | "noise" | "outdated".
    status: str


def matched_article(db: Database, match_id: int) -> tuple[str, MatchedArticle] | None:
    """One match by its id, with the id of its rule; None: there is none."""
    with db.read() as connection:
        rule = connection.scalar(select(t.match.c.rule_id).where(t.match.c.id == match_id))
        if rule is None:
            return None
        words = _words(connection, rule)
        (found,) = _load(connection, _matches().where(t.match.c.id == match_id), words)
        return rule, found


def matched_articles(db: Database, rule: str, *, unmarked: int) -> tuple[MatchedArticle, ...]:
    """All articles of a rule that people spoke about, and the newest others: the latest versions.

    `unmarked`: at most so many of the others. Newest first within each of the two.
    """
    m, v = t.match, t.article_version
    with db.read() as connection:
        words = _words(connection, rule)
        marked: list[MatchedArticle] = []
        for some in chunks(sorted(words)):
            wanted = _matches().where(v.c.article_id.in_(some), m.c.rule_id == rule, m.c.ended_at.is_(None))
            marked += _load(connection, wanted, words)
        newest = _matches().where(m.c.rule_id == rule, m.c.ended_at.is_(None))
        newest = newest.order_by(m.c.at.desc(), m.c.id.desc())
        # Some of the newest are among the marked ones, or versions of one article.
        others = _load(connection, newest.limit(unmarked + len(marked)), words)
    return (
        *_latest(marked),
        *_latest(one for one in others if one.article.id not in words)[:unmarked],
    )


def newest_articles(db: Database, limit: int) -> tuple[Article, ...]:
    """The current versions of the newest articles."""
    a, v = t.article, t.article_version
    wanted = with_article(select().select_from(a).join(v, v.c.id == a.c.current_id))
    with db.read() as connection:
        rows = connection.execute(wanted.order_by(a.c.at.desc(), a.c.id.desc()).limit(limit))
        return tuple(article_of(row) for row in rows)


# ---------------------------------------------------------------- rows


def _words(connection: Connection, rule: str) -> dict[int, str]:
    """Article id → what was said of the rule's match in it."""
    f, r = feedback, feedback_rule
    rows = connection.execute(
        select(f.c.article_id, f.c.word)
        .join(r, r.c.feedback_id == f.c.id)
        .where(r.c.rule_id == rule, f.c.kind == "match", state_is(f, "standing"))
    )
    return {row.article_id: row.word for row in rows}


def _matches() -> Select[Any]:
    m, a, v = t.match, t.article, t.article_version
    tables = select(m.c.id.label("match_id"), m.c.rule_version, v.c.origin).select_from(m)
    return with_article(tables.join(v, v.c.id == m.c.version_id).join(a, a.c.id == v.c.article_id))


def _load(connection: Connection, wanted: Select[Any], words: dict[int, str]) -> list[MatchedArticle]:
    return [
        MatchedArticle(
            match_id=row.match_id,
            rule_version=row.rule_version,
            article=article_of(row),
            origin=row.origin or f"article:{row.article_id}",
            status=words.get(row.article_id, "open"),
        )
        for row in connection.execute(wanted)
    ]


def _latest(found: Iterable[MatchedArticle]) -> list[MatchedArticle]:
    latest: dict[int, MatchedArticle] = {}
    for one in found:
        known = latest.get(one.article.id)
        if known is None or known.article.version < one.article.version:
            latest[one.article.id] = one
    return sorted(latest.values(), key=lambda one: (one.article.at, one.article.id), reverse=True)
