"""A feed as the ledger knows it, for tests that need one and have no ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.types import Feed, Validators

#: A Sunday.
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

_NEW = Feed(
    id=7,
    url="http://paper.test/feed",
    publisher="",
    title="",
    tags=(),
    lang="",
    interval=timedelta(minutes=5),
    state="active",
    validators=Validators(),
    body_hash="",
    next_poll_at=NOW,
    last_polled_at=None,
    last_success_at=None,
    failures=0,
    last_status=None,
    last_reason=None,
    last_detail="",
)


def a_feed(**changes: object) -> Feed:
    """One that was never polled, but for the changes; its fields by name."""
    return replace(_NEW, **changes)  # type: ignore[arg-type]  # fields by name
