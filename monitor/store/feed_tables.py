"""What is remembered of a feed beside its row, so that taking a feed and giving it back stays cheap.

feed ──  feed_reading             by what the entries of its last document are recognised, unread
     ──  feed_tally               how many of its entries were new, known, edited or repeated
     ──< feed_drop                what was left out of its documents, by reason
     ──  feed_hub                 the hub that it offers, and our subscription there
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Table
from sqlmodel import Field

from monitor.store.columns import Id, SafeText
from monitor.store.rows import Row, metadata, time, words


class FeedReadingRow(Row, table=True):
    __tablename__ = "feed_reading"

    feed_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("feed.id")], primary_key=True)
    # Digests of the entries that were read, as `monitor.feeds.cutting` packs them.
    digests: str = Field(sa_type=SafeText)


class FeedTallyRow(Row, table=True):
    __tablename__ = "feed_tally"

    feed_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("feed.id")], primary_key=True)
    # When the counting began.
    since: datetime = time()
    # Documents that were read; an unchanged one is not.
    documents: int = Field(sa_type=Id)
    new: int = Field(sa_type=Id)
    edited: int = Field(sa_type=Id)
    known: int = Field(sa_type=Id)
    repeated: int = Field(sa_type=Id)
    # What was wrong with the last document; empty: nothing.
    complaint: str = words()


class FeedDropRow(Row, table=True):
    __tablename__ = "feed_drop"

    feed_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("feed.id")], primary_key=True)
    reason: str = Field(sa_type=SafeText, primary_key=True)
    count: int = Field(sa_type=Id)
    last_at: datetime = time()


class FeedHubRow(Row, table=True):
    __tablename__ = "feed_hub"
    __table_args__ = (Index(None, "due_at"),)

    feed_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("feed.id")], primary_key=True)
    hub: str = words()
    topic: str = words()
    # "offered" | "asked" | "live" | "denied" | "leaving": `core.types.Push`
    state: str = words()
    # What the token in our address and the secret were made from, with a key that is not in the ledger.
    nonce: str = words()
    # Of that token; None: the hub was never asked.
    token_digest: str | None = words(nullable=True, unique=True)
    # Of our public address and key when the hub was asked.
    identity: str = words()
    # Asked without success.
    tries: int = Field()
    # When the hub is asked next.
    due_at: datetime = time()
    live_until: datetime | None = time(nullable=True)
    pushed_at: datetime | None = time(nullable=True)
    pushes: int = Field(sa_type=Id)
    refused: int = Field(sa_type=Id)
    missed: int = Field()
    detail: str = words()


feed_hub: Table = metadata.tables["feed_hub"]
feed_tally: Table = metadata.tables["feed_tally"]
feed_drop: Table = metadata.tables["feed_drop"]
feed_reading: Table = metadata.tables["feed_reading"]
