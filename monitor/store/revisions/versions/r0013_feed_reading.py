"""What the entries of a feed's last document are recognised by.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed_reading",
        sa.Column("feed_id", BIG, nullable=False, autoincrement=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_reading_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_reading")),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
