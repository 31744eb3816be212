"""What finds a claim is a number, and on SQLite one tree instead of three.

The keys were texts beside times, with an index that held both again: more than half of a ledger.
The database numbers what it has as `columns.key_number` numbers what comes.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# In the order of the tree, which then grows at its end.
NUMBERED = {
    "sqlite": """
        INSERT INTO claim_key (key, said_second, claim_id)
        SELECT DISTINCT key_number(key), CAST(strftime('%s', said_at) AS INTEGER), claim_id
        FROM claim_key_in_words ORDER BY 1, 2, 3
    """,
    "postgresql": """
        INSERT INTO claim_key (key, said_second, claim_id)
        SELECT DISTINCT
            ('x' || encode(substring(sha256(convert_to(key, 'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint,
            floor(extract(epoch FROM said_at))::bigint,
            claim_id
        FROM claim_key_in_words ORDER BY 1, 2, 3
    """,
}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.create_function("key_number", 1, _number, deterministic=True)
    else:
        op.execute("ALTER INDEX pk_claim_key RENAME TO pk_claim_key_in_words")
    op.rename_table("claim_key", "claim_key_in_words")
    op.create_table(
        "claim_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("said_second", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "said_second", "claim_id", name=op.f("pk_claim_key")),
        sqlite_with_rowid=False,
    )
    connection.exec_driver_sql(NUMBERED[connection.dialect.name])
    op.drop_table("claim_key_in_words")


def _number(key: str) -> int:
    return int.from_bytes(sha256(key.encode()).digest()[:8], signed=True)


def downgrade() -> None:
    raise NotImplementedError("a ledger does not go back; restore the backup made before the upgrade")
