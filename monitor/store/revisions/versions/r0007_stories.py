"""Stories: which articles tell of one event.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["article.id"], name=op.f("fk_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_index(op.f("ix_story_last_at_id"), "story", ["last_at", "id"])
    op.create_table(
        "story_article",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("story_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_story_article_article_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_article_story_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_article")),
    )
    op.create_index(op.f("ix_story_article_story_id_article_id"), "story_article", ["story_id", "article_id"])
    op.create_table(
        "story_name",
        sa.Column("story_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_name_story_id")),
        sa.PrimaryKeyConstraint("story_id", "name", name=op.f("pk_story_name")),
    )
    op.create_index(op.f("ix_story_name_name_last_at"), "story_name", ["name", "last_at"])
