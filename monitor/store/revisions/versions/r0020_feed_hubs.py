"""The hub that a feed offers, and our subscription there.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import SafeText, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed_hub",
        sa.Column("feed_id", BIG, nullable=False, autoincrement=False),
        sa.Column("hub", SafeText(), nullable=False),
        sa.Column("topic", SafeText(), nullable=False),
        sa.Column("state", SafeText(), nullable=False),
        sa.Column("nonce", SafeText(), nullable=False),
        sa.Column("token_digest", SafeText(), nullable=True),
        sa.Column("identity", SafeText(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("live_until", UtcDateTime(), nullable=True),
        sa.Column("pushed_at", UtcDateTime(), nullable=True),
        sa.Column("pushes", BIG, nullable=False),
        sa.Column("refused", BIG, nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("detail", SafeText(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_hub_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_hub")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_feed_hub_token_digest")),
    )
    op.create_index(op.f("ix_feed_hub_due_at"), "feed_hub", ["due_at"])


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
