"""Pages of articles and of feeds: when they are read, what finds the entries, which versions came from one.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("full_text", sa.Text(), nullable=False, server_default="never"))
    # The selectors of a page without a feed; an empty object: it is a feed.
    op.add_column("feed", sa.Column("page", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "article_version", sa.Column("from_page", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "article_page",
        sa.Column("article_id", BIG, nullable=False, autoincrement=False),
        sa.Column("feed_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_page_article_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_article_page_feed_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_page")),
    )
    op.create_index(op.f("ix_article_page_feed_id_state"), "article_page", ["feed_id", "state"])
    op.create_index(
        "ix_article_page_due",
        "article_page",
        ["due_at", "article_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
