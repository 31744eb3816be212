"""What people said about what was found.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# 64 bits on both databases; SQLite numbers rows itself only in columns that are INTEGER by name.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("state = 'standing'")


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("article_id", BIG, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_feedback_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(
        "uq_feedback_standing",
        "feedback",
        ["kind", "key"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(op.f("ix_feedback_kind_key_id"), "feedback", ["kind", "key", "id"], unique=False)
    op.create_index(op.f("ix_feedback_at"), "feedback", ["at"], unique=False)
    op.create_table(
        "feedback_rule",
        sa.Column("feedback_id", BIG, nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_rule_feedback_id")),
        sa.PrimaryKeyConstraint("feedback_id", "rule_id", name=op.f("pk_feedback_rule")),
    )
    op.create_index(
        op.f("ix_feedback_rule_rule_id_feedback_id"),
        "feedback_rule",
        ["rule_id", "feedback_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("feedback_rule")
    op.drop_table("feedback")
