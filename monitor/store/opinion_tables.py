"""The table of questions to a model outside, one row each; the rest of the schema stands in `tables`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Double, Index, Table
from sqlmodel import Field

from monitor.store.columns import Id, SafeText, UtcDateTime
from monitor.store.tables import Row, metadata


class OpinionRow(Row, table=True):
    __tablename__ = "opinion"
    __table_args__ = (Index(None, "key", "id"), Index(None, "asked_at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    # Hash of model, version and the two texts: the same question again.
    key: str = Field(sa_type=SafeText)
    model: str = Field(sa_type=SafeText)
    version: str = Field(sa_type=SafeText)
    # As they were sent.
    first: str = Field(sa_type=SafeText)
    second: str = Field(sa_type=SafeText)
    # "asked" until it ends; then how it ended ("answered", "timeout", …).
    outcome: str = Field(sa_type=SafeText)
    # 0 to 1; None: no answer.
    score: float | None = Field(default=None, sa_type=Double, nullable=True)
    # The model's own words.
    why: str = Field(sa_type=SafeText)
    # What went wrong.
    detail: str = Field(sa_type=SafeText)
    asked_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=True)


opinion: Table = metadata.tables["opinion"]
