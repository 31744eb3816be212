"""The whole schema, for whoever wants all tables: a module's tables are only known once it is imported."""

from __future__ import annotations

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

__all__ = ["metadata"]
