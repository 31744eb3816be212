"""Reading what was stored, for people and programs. Newest first; nothing here writes.

The records' field names are the JSON contract of the product (docs/json.md): `as_json` gives exactly it.
"Newest" goes by the news' own time: an article's is when it was published (or seen, where the publisher
does not say), a claim's and a match's that of its article, a contradiction's that of its later side.
Alerts go by when they were raised.
Lists are read page by page (keyset, never OFFSET), each page in a short transaction of its own, so that a
slow reader holds nothing open; what is stored meanwhile may or may not appear.
Words of `query` (`core.searching`) are compared in their normal form here and not in the database, which
folds ASCII only; that reads the text of every row that the other filters leave, until a search index takes
over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, literal, select, tuple_

from monitor.core.searching import fits, read_query
from monitor.store import loading
from monitor.store import tables as t
from monitor.store.columns import index_key
from monitor.store.conditions import (
    about_articles,
    about_claims,
    alert_conditions,
    contradiction_conditions,
    match_conditions,
    thread_conditions,
)
from monitor.store.database import Database
from monitor.store.filters import Filters
from monitor.store.records import (
    AlertRecord,
    ArticleRecord,
    ArticleRef,
    ClaimRecord,
    ContradictionRecord,
    MatchRecord,
    NotificationRecord,
    Record,
    SpeakerRecord,
    StoryRecord,
    ThreadHistoryRecord,
    ThreadRecord,
    as_json,
)
from monitor.store.stories import stories
from monitor.store.story_tables import story, story_article
from monitor.store.threads import first_claim_id, newest_of_thread, thread_history, threads

__all__ = [
    "AlertRecord",
    "ArticleRecord",
    "ArticleRef",
    "ClaimRecord",
    "ContradictionRecord",
    "Filters",
    "MatchRecord",
    "NotificationRecord",
    "Record",
    "SpeakerRecord",
    "StoryRecord",
    "ThreadHistoryRecord",
    "ThreadRecord",
    "as_json",
    "get_alert",
    "get_article",
    "get_claim",
    "get_contradiction",
    "get_match",
    "get_story",
    "get_thread",
    "list_alerts",
    "list_articles",
    "list_claims",
    "list_contradictions",
    "list_matches",
    "list_stories",
    "list_threads",
]

R = TypeVar("R", bound=Record)

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """One kind of record: which rows, in which order, and how they become records."""

    # Selects `id`, and what `texts` wants.
    rows: Select[Any]
    at: Any
    id: Any
    load: Callable[[Connection, list[int]], Mapping[int, Any]]


def list_articles(db: Database, filters: Filters) -> Iterator[ArticleRecord]:
    """Current versions; `get_article(db, id, version=…)` reads older ones. `query`: title and text."""
    return _listed(db, filters, _articles(filters))


def _articles(filters: Filters) -> _Listing:
    a, v = t.article, t.article_version
    rows = select(v.c.id, a.c.at, a.c.id.label("last"), *_texts(filters, v.c.title, v.c.text))
    rows = rows.join(v, v.c.id == a.c.current_id).select_from(a).where(*about_articles(filters))
    if filters.publisher:
        # Says the same again where there is an index for it.
        rows = rows.where(a.c.publisher == index_key(filters.publisher))
    return _Listing(rows=rows, at=a.c.at, id=a.c.id, load=loading.articles)


def get_article(db: Database, id: int, *, version: int | None = None) -> ArticleRecord | None:
    """The current version, or the given one; None: there is none."""
    wanted = t.article_version.c.version == (t.article.c.version if version is None else version)
    with db.read() as connection:
        version_id = connection.scalar(
            select(t.article_version.c.id)
            .join(t.article, t.article.c.id == t.article_version.c.article_id)
            .where(t.article.c.id == id, wanted)
        )
        return None if version_id is None else loading.articles(connection, [version_id])[version_id]


def list_matches(db: Database, filters: Filters) -> Iterator[MatchRecord]:
    """`query`: the article's title and text."""
    m, a, v = t.match, t.article, t.article_version
    rows = select(m.c.id, m.c.at, m.c.id.label("last"), *_texts(filters, v.c.title, v.c.text))
    rows = rows.join(v, v.c.id == m.c.version_id).join(a, a.c.id == v.c.article_id).select_from(m)
    rows = rows.where(*match_conditions(filters))
    return _listed(db, filters, _Listing(rows=rows, at=m.c.at, id=m.c.id, load=loading.matches))


def get_match(db: Database, id: int) -> MatchRecord | None:
    with db.read() as connection:
        return loading.matches(connection, [id]).get(id)


def list_claims(db: Database, filters: Filters) -> Iterator[ClaimRecord]:
    """`query`: quote, proposition, speaker and the article's title."""
    return _listed(db, filters, _claims(filters))


def _claims(filters: Filters) -> _Listing:
    c, a, v = t.claim, t.article, t.article_version
    texts = _texts(filters, c.c.quote, c.c.proposition, c.c.speaker, v.c.title)
    rows = select(c.c.id, c.c.said_at.label("at"), c.c.id.label("last"), *texts)
    rows = rows.join(v, v.c.id == c.c.version_id).join(a, a.c.id == v.c.article_id).select_from(c)
    rows = rows.where(*about_claims(filters))
    return _Listing(rows=rows, at=c.c.said_at, id=c.c.id, load=loading.claims)


def get_claim(db: Database, id: int) -> ClaimRecord | None:
    with db.read() as connection:
        return loading.claims(connection, [id]).get(id)


def list_threads(db: Database, filters: Filters) -> Iterator[ThreadRecord]:
    """Those of which one claim passes all filters, by when they were last said.

    `query`: quote, proposition, speaker and title of the first claim and of the last.
    """
    last, first, v = t.claim.alias("last_said"), t.claim.alias("first_said"), t.article_version
    rows = select(last.c.id, last.c.said_at.label("at"), last.c.id.label("last"))
    rows = rows.select_from(last).where(newest_of_thread(last), *thread_conditions(filters, last))
    if filters.query:
        spoken = ("quote", "proposition", "speaker")
        texts = [side.c[name] for side in (first, last) for name in spoken]
        titles = [v.alias("first_version"), v.alias("last_version")]
        rows = rows.add_columns(*_texts(filters, *texts, *(one.c.title for one in titles)))
        rows = rows.join(first, first.c.id == first_claim_id(last.c.thread))
        for side, title in zip((first, last), titles, strict=True):
            rows = rows.join(title, title.c.id == side.c.version_id)
    return _listed(db, filters, _Listing(rows=rows, at=last.c.said_at, id=last.c.id, load=threads))


def get_thread(db: Database, name: str) -> ThreadHistoryRecord | None:
    """The thread of this name, or of the only name that begins so; None: there is none.

    Raises UsageError where several begin so.
    """
    with db.read() as connection:
        return thread_history(connection, name)


def list_contradictions(db: Database, filters: Filters) -> Iterator[ContradictionRecord]:
    """Those of which one side passes all filters. `query`: both quotes and speakers, and the reason."""
    return _listed(db, filters, _contradictions(filters))


def _contradictions(filters: Filters) -> _Listing:
    x, left, right = t.contradiction, t.claim.alias("left_side"), t.claim.alias("right_side")
    texts = _texts(
        filters, x.c.reason, left.c.quote, right.c.quote, left.c.speaker, right.c.speaker, x.c.disputed
    )
    rows = select(x.c.id, x.c.at, x.c.id.label("last"), *texts)
    rows = rows.join(left, left.c.id == x.c.left_id).join(right, right.c.id == x.c.right_id).select_from(x)
    rows = rows.where(*contradiction_conditions(filters))
    return _Listing(rows=rows, at=x.c.at, id=x.c.id, load=loading.contradictions)


def get_contradiction(db: Database, id: int) -> ContradictionRecord | None:
    with db.read() as connection:
        return loading.contradictions(connection, [id]).get(id)


def list_stories(db: Database, filters: Filters) -> Iterator[StoryRecord]:
    """Those of which one article passes all filters, by when they were last told of. `query`: their title."""
    s, held = story, story_article
    rows = select(s.c.id, s.c.last_at.label("at"), s.c.id.label("last"), *_texts(filters, s.c.title))
    if conditions := about_articles(filters):
        a, v = t.article, t.article_version
        told = select(held.c.story_id).join(a, a.c.id == held.c.article_id).join(v, v.c.id == a.c.current_id)
        rows = rows.where(told.where(held.c.story_id == s.c.id, *conditions).correlate(s).exists())
    return _listed(db, filters, _Listing(rows=rows, at=s.c.last_at, id=s.c.id, load=stories))


def get_story(db: Database, id: int) -> StoryRecord | None:
    with db.read() as connection:
        return stories(connection, [id]).get(id)


def list_alerts(db: Database, filters: Filters) -> Iterator[AlertRecord]:
    """`query`: headline and reason."""
    al = t.alert
    rows = select(
        al.c.id,
        al.c.created_at.label("at"),
        al.c.id.label("last"),
        *_texts(filters, al.c.headline, al.c.reason),
    )
    rows = rows.where(*alert_conditions(filters))
    return _listed(db, filters, _Listing(rows=rows, at=al.c.created_at, id=al.c.id, load=loading.alerts))


def get_alert(db: Database, id: int) -> AlertRecord | None:
    with db.read() as connection:
        return loading.alerts(connection, [id]).get(id)


# ---------------------------------------------------------------- pages


#: What is searched through, by what one of each is called.
_SEARCHED = {"article": _articles, "claim": _claims, "contradiction": _contradictions}


def dated_records(
    db: Database, kind: str, filters: Filters
) -> Iterator[tuple[datetime, ArticleRecord | ClaimRecord | ContradictionRecord]]:
    """As the list of that kind ("article", "claim", "contradiction"), each with the time it is ordered by."""
    return _dated(db, filters, _SEARCHED[kind](filters))


def _texts(filters: Filters, *columns: Any) -> list[Any]:
    """The columns that the words of the query are looked for in; none without a query."""
    return [column.label(f"text_{place}") for place, column in enumerate(columns)] if filters.query else []


def _listed(db: Database, filters: Filters, listing: _Listing) -> Iterator[Any]:
    return (record for _, record in _dated(db, filters, listing))


def _dated(db: Database, filters: Filters, listing: _Listing) -> Iterator[tuple[datetime, Any]]:
    """The records with the time that they are ordered by."""
    rows = listing.rows
    if filters.since is not None:
        rows = rows.where(listing.at >= filters.since)
    if filters.until is not None:
        rows = rows.where(listing.at < filters.until)
    query = read_query(filters.query) if filters.query else None
    left = filters.limit or None  # 0: all
    last: tuple[datetime, int] | None = None
    while left is None or left > 0:
        size = _PAGE if left is None or query else min(left, _PAGE)
        page = rows.order_by(listing.at.desc(), listing.id.desc()).limit(size)
        if last is not None:
            page = page.where(tuple_(listing.at, listing.id) < tuple_(*_bound(listing, last)))
        with db.read() as connection:
            found = connection.execute(page).all()
            chosen = [row for row in found if query is None or fits(query, _texts_of(row))][:left]
            loaded = listing.load(connection, [row.id for row in chosen])
        yield from ((row.at, loaded[row.id]) for row in chosen)
        if len(found) < size:
            return
        left = None if left is None else left - len(chosen)
        last = (found[-1].at, found[-1].last)


def _bound(listing: _Listing, last: tuple[datetime, int]) -> tuple[Any, Any]:
    return literal(last[0], listing.at.type), literal(last[1], listing.id.type)


def _texts_of(row: Any) -> list[str]:
    return [value for name, value in row._mapping.items() if name.startswith("text_")]
