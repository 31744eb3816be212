"""What became of the entries of each feed, counted: new, known, edited, repeated, and left out by reason.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import SafeText, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed_tally",
        sa.Column("feed_id", BIG, nullable=False, autoincrement=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        *(
            sa.Column(name, BIG, nullable=False)
            for name in ("documents", "new", "edited", "known", "repeated")
        ),
        sa.Column("complaint", SafeText(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_tally_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_tally")),
    )
    op.create_table(
        "feed_drop",
        sa.Column("feed_id", BIG, nullable=False, autoincrement=False),
        sa.Column("reason", SafeText(), nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_drop_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "reason", name=op.f("pk_feed_drop")),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
