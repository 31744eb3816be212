"""The page of an article as it was kept: any version, and what the edit that made it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from monitor.api.ledger import Ledger
from monitor.core.terminal import clean, clean_block
from monitor.core.word_diff import excerpt
from monitor.store import queries
from monitor.store.changes import ArticleChanges, article_changes
from monitor.web import views
from monitor.web.pages import render

#: Words of the unchanged text on each side of a change.
WORDS_AROUND = 25
#: Older versions that a page links to.
_VERSIONS_SHOWN = 30

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part of an article that an edit changed."""

    # "Title" or "Text"
    part: str
    # ("same" | "removed" | "added", words), in order; white space counts.
    pieces: tuple[tuple[str, str], ...]


@router.get("/articles/{id}")
def article(request: Request, id: int, version: int | None = None) -> HTMLResponse:
    """One article in one of its versions, the current one if none is named."""
    ledger: Ledger = request.app.state.ledger
    db, now = ledger.database(), datetime.now(UTC)
    known = 0 < id < 2**63 and (version is None or 0 < version < 2**31)
    found = queries.get_article(db, id, version=version) if known else None
    if found is None:
        named = f"article {id}" if version is None else f"version {version} of article {id}"
        raise HTTPException(404, f"There is no {named}.")
    changes = article_changes(db, id, later=found.version) if found.version > 1 else None
    return render(
        "article.html",
        article=found,
        title=clean(found.title) or "untitled",
        publisher=clean(found.publisher) or "unknown publisher",
        paragraphs=[line for line in clean_block(found.text).splitlines() if line.strip()],
        url=views.safe_link(found.url),
        published=None if found.published_at is None else views.moment(found.published_at, now),
        first_seen=views.moment(found.first_seen_at, now),
        rules=tuple(map(clean, found.rules)),
        changes=_changes(changes),
        compared=changes is not None,
        versions=range(found.versions, max(found.versions - _VERSIONS_SHOWN, 0), -1),
    )


def _changes(found: ArticleChanges | None) -> tuple[Change, ...]:
    return tuple(
        Change(
            part=field.value.capitalize(),
            pieces=tuple((piece.kind, clean_block(piece.text)) for piece in excerpt(pieces, WORDS_AROUND)),
        )
        for field, pieces in (found.fields if found else ())
    )
