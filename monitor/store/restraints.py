"""A notification's restraint as columns, and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from monitor.core.types import DigestTimes, QuietHours, Restraint
from monitor.store.columns import index_key


def restraint_columns(asked: Restraint) -> dict[str, Any]:
    """Columns of `notification`."""
    kept: dict[str, Any] = {}
    if asked.group_wait:
        kept["group_wait_s"] = asked.group_wait.total_seconds()
    if asked.group_interval:
        kept["group_interval_s"] = asked.group_interval.total_seconds()
    if asked.not_before is not None:
        kept["not_before"] = asked.not_before.isoformat()
    if asked.max_per_hour is not None:
        kept["max_per_hour"] = asked.max_per_hour
    if asked.escalate_after is not None:
        kept["escalate_after_s"] = asked.escalate_after.total_seconds()
    if asked.quiet:
        kept["quiet"] = [
            [f"{one.begins:%H:%M}", f"{one.ends:%H:%M}", one.zone, list(one.days)] for one in asked.quiet
        ]
    if asked.digest is not None:
        every = asked.digest.every
        kept["digest"] = [
            every.total_seconds() if every else None,
            [f"{at:%H:%M}" for at in asked.digest.at],
            asked.digest.zone,
        ]
    return {
        "rule": asked.rule or None,
        "group_key": index_key(asked.group_key) if asked.group_key else None,
        "restraint": kept or None,
    }


def restraint_of(row: Any) -> Restraint:
    """Of a row of `notification`; rows from before there were restraints have none."""
    kept = row.restraint or {}
    not_before, after = kept.get("not_before"), kept.get("escalate_after_s")
    return Restraint(
        rule=row.rule or "",
        group_key=row.group_key or "",
        group_wait=timedelta(seconds=kept.get("group_wait_s", 0)),
        group_interval=timedelta(seconds=kept.get("group_interval_s", 0)),
        not_before=datetime.fromisoformat(not_before) if not_before else None,
        max_per_hour=kept.get("max_per_hour"),
        escalate_after=timedelta(seconds=after) if after is not None else None,
        quiet=tuple(
            QuietHours(
                begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=zone, days=tuple(days)
            )
            for begins, ends, zone, days in kept.get("quiet", ())
        ),
        digest=_digest(kept.get("digest")),
    )


def _digest(kept: Any) -> DigestTimes | None:
    if kept is None:
        return None
    every, at, zone = kept
    return DigestTimes(
        every=timedelta(seconds=every) if every else None,
        at=tuple(map(time.fromisoformat, at)),
        zone=zone,
    )
