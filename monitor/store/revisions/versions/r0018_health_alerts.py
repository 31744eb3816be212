"""Alerts about the service itself are found without reading all the others.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    health = sa.text("kind = 'health'")
    op.create_index("ix_alert_health", "alert", ["conflict"], sqlite_where=health, postgresql_where=health)


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
