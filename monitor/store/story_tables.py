"""The tables of stories: which articles tell of one event; the rest of the schema stands in `tables`.

story ──< story_article          an article tells one story
      ──< story_name             the names by which a later article finds it
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Table
from sqlmodel import Field

from monitor.store.columns import Id, SafeText, UtcDateTime
from monitor.store.tables import Row, metadata


class StoryRow(Row, table=True):
    __tablename__ = "story"
    __table_args__ = (Index(None, "last_at", "id"),)

    # That of the article that opened it, whose title it bears.
    id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("article.id")], primary_key=True)
    title: str = Field(sa_type=SafeText)
    # The news' own time of its first article and its last.
    first_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    last_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    # How many it has.
    articles: int


class StoryArticleRow(Row, table=True):
    __tablename__ = "story_article"
    __table_args__ = (Index(None, "story_id", "article_id"),)

    article_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("article.id")], primary_key=True)
    story_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("story.id")], nullable=False)


class StoryNameRow(Row, table=True):
    __tablename__ = "story_name"
    __table_args__ = (Index(None, "name", "last_at"),)

    story_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("story.id")], primary_key=True)
    name: str = Field(sa_type=SafeText, primary_key=True)
    # When an article of the story last carried it: names fade out with their articles.
    last_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    # How many of its articles carry it.
    articles: int


# The same as Core tables, which all statements are written with.
story: Table = metadata.tables["story"]
story_article: Table = metadata.tables["story_article"]
story_name: Table = metadata.tables["story_name"]
