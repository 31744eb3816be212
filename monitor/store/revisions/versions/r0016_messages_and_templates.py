"""Why a message is a digest, and the template it is written with.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("message_why", sa.Text(), nullable=True))
    op.add_column("notification", sa.Column("template", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
