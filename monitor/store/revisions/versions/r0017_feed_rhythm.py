"""How often each feed is asked: its learned pace, its publisher's wishes, redirects not yet believed.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import SafeText, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("learned", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("pace_s", sa.Double(), nullable=True),
        sa.Column("quiet_s", sa.Double(), nullable=True),
        sa.Column("last_new_at", UtcDateTime(), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("move_url", SafeText(), nullable=False, server_default=""),
        sa.Column("move_since", UtcDateTime(), nullable=True),
        sa.Column("move_times", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("feed", column)


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
