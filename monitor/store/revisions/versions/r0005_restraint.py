"""Alerts that wait for origins, and messages that carry several notifications.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("alert", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "alert_waiting",
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("alert_id", BIG, nullable=False),
        sa.Column("origins", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_waiting_alert_id")),
        sa.PrimaryKeyConstraint("thread", "alert_id", name=op.f("pk_alert_waiting")),
    )
    op.create_index(op.f("ix_alert_waiting_alert_id"), "alert_waiting", ["alert_id"], unique=False)
    for column in (
        sa.Column("restraint", sa.JSON(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("group_key", sa.Text(), nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("message_kind", sa.Text(), nullable=True),
        sa.Column("message_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("notification", column)
    op.create_index(op.f("ix_notification_message_id"), "notification", ["message_id"], unique=False)
    op.create_index(
        op.f("ix_notification_receiver_message_kind_message_at"),
        "notification",
        ["receiver", "message_kind", "message_at"],
        unique=False,
    )
    op.create_index(
        "ix_notification_open",
        "notification",
        ["receiver", "group_key"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
