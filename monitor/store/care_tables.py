"""The tables of what people do about alerts: acknowledgements and silences; nothing in them is deleted.

acknowledgement       one conflict or alert, from somebody's word until it ends; one stands at a time
silence ──< notification   what it holds
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Table, text

from monitor.store.rows import Row, json, key, metadata, ref, time, words

_STANDING = text("ended_at IS NULL")


class AcknowledgementRow(Row, table=True):
    __tablename__ = "acknowledgement"
    __table_args__ = (
        Index(
            "uq_acknowledgement_standing",
            "subject",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index(None, "subject", "id"),
    )

    id: int | None = key()
    # "group:…" or "alert:12".
    subject: str = words()
    # The alert that it was said of.
    alert_id: int = ref("alert.id")
    # "acknowledged" | "resolved"
    status: str = words()
    owner: str = words()
    note: str = words()
    severity: str = words()
    speakers: list[str] = json()
    created_at: datetime = time()
    expires_at: datetime | None = time(nullable=True)
    ended_at: datetime | None = time(nullable=True)
    # Why it ended: in words.
    ended: str = words()


class SilenceRow(Row, table=True):
    __tablename__ = "silence"
    __table_args__ = (Index(None, "ends_at"),)

    id: int | None = key()
    # As written.
    matchers: list[str] = json()
    author: str = words()
    comment: str = words()
    starts_at: datetime = time()
    # When it ends, or when somebody ended it.
    ends_at: datetime = time()
    # Who ended it before its time; empty: nobody.
    expired_by: str = words()
    created_at: datetime = time()


acknowledgement: Table = metadata.tables["acknowledgement"]
silence: Table = metadata.tables["silence"]
