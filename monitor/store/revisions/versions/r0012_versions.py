"""Claims and pairs are kept with the versions of everything that found them.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("claim", "contradiction"):
        op.add_column(table, sa.Column("versions", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
