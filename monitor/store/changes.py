"""What the publisher changed between two stored versions of an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitor.core.types import ArticleField
from monitor.core.word_diff import Piece, word_diff
from monitor.store.database import Database
from monitor.store.queries import ArticleRecord, get_article


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChanges:
    earlier: ArticleRecord
    later: ArticleRecord
    # The parts that differ, in order; empty: nothing but white space does.
    fields: tuple[tuple[ArticleField, tuple[Piece, ...]], ...]


def article_changes(
    db: Database, id: int, *, earlier: int | None = None, later: int | None = None
) -> ArticleChanges | None:
    """Between two versions; by default the current one and the one before it. None: one is not there."""
    after = get_article(db, id, version=later)
    if after is None:
        return None
    before = get_article(db, id, version=after.version - 1 if earlier is None else earlier)
    if before is None:
        return None
    fields = []
    for field in (ArticleField.TITLE, ArticleField.TEXT):
        pieces = word_diff(getattr(before, field.value), getattr(after, field.value))
        if any(piece.kind != "same" for piece in pieces):
            fields.append((field, pieces))
    return ArticleChanges(earlier=before, later=after, fields=tuple(fields))


def changes_json(found: ArticleChanges) -> dict[str, Any]:
    """As `articles diff --json` and the API give it."""
    return {
        "article": found.later.id,
        "from": found.earlier.version,
        "to": found.later.version,
        "changes": [
            {"field": field.value, "kind": piece.kind, "text": piece.text}
            for field, pieces in found.fields
            for piece in pieces
        ],
    }
