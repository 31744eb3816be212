"""How alerts of each kind reach people where a rule says nothing about it: at once, or collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.types import AlertKind, AlertSettings, GroupBy

#: Messages of one rule to one receiver in an hour; the rest comes in one digest.
MAX_PER_HOUR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """The settings of `alert:` that decide when something goes out."""

    # Empty: alone.
    group_by: tuple[GroupBy, ...] = ()
    group_wait: timedelta = timedelta(0)
    group_interval: timedelta = timedelta(0)
    max_per_hour: int | None = MAX_PER_HOUR


#: Two accounts that cannot both be true are what people are interrupted for.
AT_ONCE = Manner()
#: What one side says first is worth reading, together with what else is said about the event.
COLLECTED = Manner(
    group_by=(GroupBy.STORY,), group_wait=timedelta(minutes=2), group_interval=timedelta(hours=1)
)

#: A kind without a row is told at once.
MANNERS: Mapping[AlertKind, Manner] = {
    AlertKind.NEW_CLAIM: COLLECTED,
    AlertKind.CORROBORATION: COLLECTED,
}


def manner_of(kind: AlertKind, asked: AlertSettings) -> Manner:
    """What a rule's settings mean for alerts of this kind.

    A rule that says by what or how long to group decides that for all kinds it asks for.
    """
    usual = MANNERS.get(kind, AT_ONCE)
    limit = usual.max_per_hour if asked.max_per_hour is None else asked.max_per_hour
    if asked.group_by or asked.group_wait is not None:
        wait = asked.group_wait or timedelta(0)
        by = asked.group_by or ((GroupBy.RULE,) if wait else ())
        return Manner(
            group_by=by,
            group_wait=wait,
            group_interval=asked.group_interval or timedelta(0),
            max_per_hour=limit,
        )
    interval = usual.group_interval if asked.group_interval is None else asked.group_interval
    return Manner(
        group_by=usual.group_by,
        group_wait=usual.group_wait,
        group_interval=interval,
        max_per_hour=limit,
    )
