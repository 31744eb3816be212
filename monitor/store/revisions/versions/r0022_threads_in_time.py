"""The first and the last claim of a thread are found by the index that finds its claims.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_claim_thread_said_at_id"), "claim", ["thread", "said_at", "id"])
    op.drop_index(op.f("ix_claim_thread"), "claim")


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
