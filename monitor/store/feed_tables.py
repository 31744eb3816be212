"""What is remembered of a feed beside its row, so that taking a feed and giving it back stays cheap.

feed ──  feed_reading             by what the entries of its last document are recognised, unread
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Table
from sqlmodel import Field

from monitor.store.columns import Id, SafeText
from monitor.store.tables import Row, metadata


class FeedReadingRow(Row, table=True):
    __tablename__ = "feed_reading"

    feed_id: int = Field(sa_type=Id, sa_column_args=[ForeignKey("feed.id")], primary_key=True)
    # Digests of the entries that were read, as `monitor.feeds.cutting` packs them.
    digests: str = Field(sa_type=SafeText)


feed_reading: Table = metadata.tables["feed_reading"]
