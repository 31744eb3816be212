"""`claimwatch matches`: which rule found which article, and at which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.cli.output import Column, when, write_facts, write_heading
from monitor.cli.quoting import article_facts
from monitor.cli.reading import Noun
from monitor.cli.statuses import StatusChoice, status_app

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import Filters, MatchRecord


def _rows(db: Database, filters: Filters) -> Iterable[MatchRecord]:
    from monitor.store.queries import list_matches

    return list_matches(db, filters)


def _find(db: Database, id: int) -> MatchRecord | None:
    from monitor.store.queries import get_match

    return get_match(db, id)


def _terms(match: MatchRecord) -> str:
    terms = dict.fromkeys(str(span.get("entity") or span.get("term") or "") for span in match.spans)
    return ", ".join(term for term in terms if term)


def _sheet(match: MatchRecord) -> None:
    write_heading(f"Match {match.id}: {match.rule}")
    places = [
        f"{span.get('field')} {span.get('start')}–{span.get('end')}: {span.get('term')}"
        + (f" ({span['entity']})" if span.get("entity") else "")
        for span in match.spans
    ]
    write_facts(
        [
            *article_facts(match.article),
            ("rule version", match.rule_version),
            ("marked", match.status if match.status != "open" else ""),
            ("found", f"{when(match.created_at)} UTC{', not alerted (backfill)' * match.backfill}"),
            ("ended", f"{when(match.ended_at)} UTC: the rule no longer matches" if match.ended_at else ""),
            *(("at" if not number else " ", place) for number, place in enumerate(places)),
        ]
    )


NOUN: Noun[MatchRecord] = Noun(
    one="match",
    many="matches",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda match: str(match.id), right=True),
        Column(title="found (UTC)", cell=lambda match: when(match.created_at)),
        Column(title="rule", cell=lambda match: match.rule, style="bold"),
        Column(title="title", cell=lambda match: match.article.title, ratio=4),
        Column(title="publisher", cell=lambda match: match.article.publisher, ratio=2),
        Column(title="terms", cell=_terms, ratio=2),
    ),
    sheet=_sheet,
)

app = status_app(
    NOUN, help_text="Which rule found which article, and at which words.", default=StatusChoice.ALL
)
