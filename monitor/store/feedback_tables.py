"""The tables of what people said about what was found; the rest of the schema stands in `tables`.

    feedback ──< feedback_rule        one word of one person, and the rules it counts for

`key` names what was judged by what does not change when an article is judged again: rule and article for
a match, the two threads for a contradiction, the thread itself. One word a key is `standing`; a later one
makes it `replaced`, and taking it back `undone`, so that nothing that was said is lost.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Table, text
from sqlmodel import Field

from monitor.store.columns import Id, SafeText, UtcDateTime
from monitor.store.rows import Row, metadata

_STANDING = text("state = 'standing'")


class FeedbackRow(Row, table=True):
    __tablename__ = "feedback"
    __table_args__ = (
        Index(
            "uq_feedback_standing",
            "kind",
            "key",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index(None, "kind", "key", "id"),
        Index(None, "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    # "match" | "contradiction" | "thread" | "group"
    kind: str = Field(sa_type=SafeText)
    key: str = Field(sa_type=SafeText)
    # "real" | "noise" | "outdated"
    word: str = Field(sa_type=SafeText)
    # "standing" | "replaced" | "undone"
    state: str = Field(sa_type=SafeText)
    # Who said it; empty: not known.
    person: str = Field(sa_type=SafeText)
    note: str = Field(sa_type=SafeText)
    # What made the finding, as it was then: the rule's version (a match), or extractor and comparator.
    rule_version: str = Field(sa_type=SafeText)
    extractor: str = Field(sa_type=SafeText)
    comparator: str = Field(sa_type=SafeText)
    # As people named it then: "match:12".
    name: str = Field(sa_type=SafeText)
    # In words: the article's title, or what is disputed.
    subject: str = Field(sa_type=SafeText)
    # The article, of a match.
    article_id: int | None = Field(sa_type=Id, sa_column_args=[ForeignKey("article.id")], nullable=True)
    # The finding's own time, by which statistics count it.
    at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    created_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    # When it stopped standing.
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=True)


class FeedbackRuleRow(Row, table=True):
    __tablename__ = "feedback_rule"
    __table_args__ = (Index(None, "rule_id", "feedback_id"),)

    feedback_id: int = Field(
        sa_type=Id, sa_column_args=[ForeignKey("feedback.id")], nullable=False, primary_key=True
    )
    rule_id: str = Field(sa_type=SafeText, primary_key=True)


feedback: Table = metadata.tables["feedback"]
feedback_rule: Table = metadata.tables["feedback_rule"]
