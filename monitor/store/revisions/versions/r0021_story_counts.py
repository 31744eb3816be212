"""How many articles a story has, and how many of them carry each of its names.

Of a story that is open already nobody knows which names its articles had: all count for all of them, as they
did before, until it is over.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("story", "story_name"):
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column("articles", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE story SET articles = (SELECT count(*) FROM story_article "
        "WHERE story_article.story_id = story.id)"
    )
    op.execute(
        "UPDATE story_name SET articles = (SELECT count(*) FROM story_article "
        "WHERE story_article.story_id = story_name.story_id)"
    )
    for table in ("story", "story_name"):
        with op.batch_alter_table(table) as altered:
            altered.alter_column("articles", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
