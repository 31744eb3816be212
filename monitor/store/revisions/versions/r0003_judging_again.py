"""Judging again: matches that no longer hold are ended, and news is taken before the past.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.add_column("match", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("match", sa.Column("backfill", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        'UPDATE "match" SET backfill ='
        ' (SELECT v.backfill FROM article_version v WHERE v.id = "match".version_id)'
    )
    op.drop_index("ix_task_due", table_name="task")
    op.create_index(
        "ix_task_due",
        "task",
        ["kind", "due_at", "id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    raise NotImplementedError("what was judged again cannot be told from the first judgement any more")
