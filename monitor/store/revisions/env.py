"""Alembic runs this for every command; the connection comes from monitor.store.migrations."""

from __future__ import annotations

from alembic import context

# Their tables belong to the schema.
from monitor.store import (  # noqa: F401  # see above
    care_tables,
    feed_tables,
    feedback_tables,
    kept_rules,
    opinion_tables,
    page_tables,
    story_tables,
)
from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place.
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
