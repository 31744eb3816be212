"""One search over articles, claims and contradictions, with the words that were found.

Newest first, not ranked: people search the news for what was said last, all lists go so, and a rank would
have to read everything that fits before it could show the first.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from monitor.core.searching import Query, Snippet, read_query, snippets
from monitor.errors import QueryError
from monitor.store.database import Database
from monitor.store.filters import CURRENT, Filters
from monitor.store.queries import dated_records
from monitor.store.records import ArticleRecord, ArticleRef, ClaimRecord, ContradictionRecord

Searched = ArticleRecord | ClaimRecord | ContradictionRecord


class SearchKind(StrEnum):
    """What can be searched for."""

    ARTICLE = "article"
    CLAIM = "claim"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """Something stored in which the words of a query stand."""

    # A SearchKind; `id` is that of its list.
    kind: str
    id: int
    # The news' own time, by which it is ordered.
    at: datetime
    # The article; of a contradiction both, the earlier side's first.
    articles: tuple[ArticleRef, ...]
    # Who speaks, in the same order; none of an article.
    speakers: tuple[str, ...]
    # Where the words stand: as few as show them all.
    snippets: tuple[Snippet, ...]


def search(
    db: Database, filters: Filters, kinds: Collection[SearchKind] = tuple(SearchKind)
) -> Iterator[FoundRecord]:
    """What has the words of `filters.query` and passes the filters, newest first, at most `limit` of it.

    Claims and contradictions marked as noise or outdated are left out; updates are contradictions here.
    Raises QueryError, where the query names no word that must stand there too.
    """
    query = read_query(filters.query)
    if not query.wanted:
        raise QueryError(
            "the query names nothing that must be found" if filters.query.strip() else "the query is empty",
            position=1,
            remedy='give words that must all stand there, such as dam "the dam held" -flood',
        )
    asked = replace(filters, statuses=CURRENT)
    lists = [dated_records(db, kind, asked) for kind in dict.fromkeys(kinds)]
    merged = heapq.merge(*lists, key=lambda dated: dated[0], reverse=True)
    return (_found(query, at, record) for at, record in islice(merged, filters.limit or None))


def _found(query: Query, at: datetime, record: Searched) -> FoundRecord:
    sides: tuple[ClaimRecord, ...] = ()
    match record:
        case ArticleRecord():
            kind, fields = SearchKind.ARTICLE, {"title": record.title, "text": record.text}
        case ClaimRecord():
            kind, sides = SearchKind.CLAIM, (record,)
            fields = {**_words(record), "proposition": record.proposition}
        case ContradictionRecord():
            kind, sides = SearchKind.CONTRADICTION, (record.left, record.right)
            fields = {
                **_words(record.left, "left."),
                **_words(record.right, "right."),
                "reason": record.reason,
            }
    return FoundRecord(
        kind=kind.value,
        id=record.id,
        at=at,
        articles=tuple(side.article for side in sides) or (_reference(record),),
        speakers=tuple(side.speaker.name for side in sides),
        snippets=snippets(
            query, fields, [name for name in fields if name == "title" or name.endswith("quote")]
        ),
    )


def _words(claim: ClaimRecord, side: str = "") -> dict[str, str]:
    """By the name that each text has in the JSON of its record."""
    return {
        f"{side}quote": claim.quote,
        f"{side}speaker.name": claim.speaker.name,
        f"{side}article.title": claim.article.title,
    }


def _reference(record: Searched) -> ArticleRef:
    assert isinstance(record, ArticleRecord), "the others have sides"
    return ArticleRef(**{name: getattr(record, name) for name in ArticleRef.__dataclass_fields__})
