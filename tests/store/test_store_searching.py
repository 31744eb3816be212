"""One search over articles, claims and contradictions of a real ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ledger import AT
from test_store_queries import fill

from monitor.core.searching import marked
from monitor.core.types import PairStatus
from monitor.errors import QueryError
from monitor.store.database import Database
from monitor.store.feedback import give_feedback
from monitor.store.feedback_subjects import find_subjects
from monitor.store.filters import Filters
from monitor.store.searching import SearchKind, search


def found(db: Database, query: str, *kinds: SearchKind, **filters: Any) -> list[tuple[str, list[str]]]:
    """Kind and marked snippets of each."""
    asked = Filters(query=query, **filters)
    return [
        (one.kind, [marked(part) for part in one.snippets]) for one in search(db, asked, kinds or SearchKind)
    ]


def test_articles_claims_and_contradictions_come_together_newest_first(database: Database) -> None:
    fill(database)
    every = list(search(database, Filters(query="dam")))
    assert [one.at for one in every] == sorted((one.at for one in every), reverse=True)
    assert [(one.kind, len(one.articles), len(one.speakers)) for one in every] == [
        ("article", 1, 0),
        ("claim", 1, 1),
        ("article", 1, 0),
        ("claim", 1, 1),
        ("contradiction", 2, 2),
        ("article", 1, 0),
        ("claim", 1, 1),
        ("article", 1, 0),
    ]
    assert found(database, "ünlü -flood") == [
        ("claim", ["the dam", "Mayor [Ünlü]"]),
        ("contradiction", ["the dam", "the dam", "Mayor [Ünlü]"]),
    ]
    assert found(database, "дамба minister", SearchKind.ARTICLE) == [
        ("article", ["[Дамба] цела", "«[Дамба] цела» the dam, the [minister]"])
    ]


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({"limit": 2}, ["article", "claim"]),
        ({"publisher": "Herald"}, ["article", "claim", "contradiction"]),
        ({"speaker": "nobody"}, []),
        ({"rule": "mayors", "since": AT + timedelta(minutes=1)}, ["article", "claim", "contradiction"]),
    ],
)
def test_the_common_filters_hold(database: Database, filters: dict[str, Any], kinds: list[str]) -> None:
    fill(database)
    assert [one.kind for one in search(database, Filters(query="dam", **filters))] == kinds


def test_noise_is_not_found(database: Database) -> None:
    fill(database)
    (subject,) = find_subjects(database, "contradiction:1")
    give_feedback(database, subject, PairStatus.NOISE, by="eva")
    assert found(database, "dam", SearchKind.CONTRADICTION) == []


def test_a_search_for_nothing_is_refused(database: Database) -> None:
    for query in ("", "  ", "-dam", 'dam "'):
        with pytest.raises(QueryError):
            search(database, Filters(query=query))
