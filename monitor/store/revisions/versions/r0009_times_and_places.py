"""When and where a claim says that it was.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Claims found before say neither; judging again finds them.
    for name in ("times", "places"):
        op.add_column("claim", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
