"""Pages that are to be read, or were, for the text of an article.

article ──  article_page            a work row: leased like a task
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Table
from sqlmodel import Field

from monitor.store.columns import Id
from monitor.store.rows import Row, metadata, partial, ref, time, words


class ArticlePageRow(Row, table=True):
    __tablename__ = "article_page"
    __table_args__ = (
        partial("ix_article_page_due", "due_at", "article_id", where="state = 'waiting'"),
        Index(None, "feed_id", "state"),
    )

    article_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("article.id")], primary_key=True)
    feed_id: int = ref("feed.id")
    # The version whose entry asked for it.
    version: int = Field()
    url: str = words()
    # "waiting" | "read" | "failed"
    state: str = words()
    # Takes that were not given back.
    tries: int = Field()
    due_at: datetime = time()
    token: str | None = words(nullable=True)
    # A FetchReason, or "no_more" where the page has no more words than the feed; empty: none.
    reason: str = words()
    detail: str = words()
    created_at: datetime = time()
    closed_at: datetime | None = time(nullable=True)


article_page: Table = metadata.tables["article_page"]
