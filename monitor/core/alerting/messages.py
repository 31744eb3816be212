"""Which notifications go out together, and which wait: decided here, for the ledger and for simulations.

The ledger (`monitor.store.messages`) and the simulated clock (`monitor.core.alerting.simulating`) find the
notifications that are open and carry out what is decided; neither decides anything by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.core.alerting.restraint import (
    GATHERING,
    WINDOW,
    Candidate,
    Failing,
    Hold,
    MessageKind,
    Past,
    hold,
)
from monitor.core.types import Suppression

#: What is so long overdue waited for a deliverer that was not there.
OVERDUE = timedelta(minutes=10)
#: So many that are overdue go out as one digest.
FLOOD = 3


_OVER_A_LIMIT = frozenset({Suppression.THROTTLED, Suppression.STORM})


class Alike(StrEnum):
    """Which open notifications of a receiver another one takes along."""

    # The same group.
    GROUP = "group"
    # Gathered for the same reason.
    GATHERED = "gathered"
    # Anything overdue.
    OVERDUE = "overdue"
    # Held back alike, without a group, not gathered: what one waits for, they all wait for.
    ALONE = "alone"
    # The group, and what else is due and restrained alike whatever its group: it waits for the receiver.
    RECEIVER = "receiver"


#: Why a digest was put together, in words that stand after the number of its alerts.
WHY: Mapping[Suppression | Alike, str] = {
    Suppression.THROTTLED: "over the limit",
    Suppression.STORM: "of a storm",
    Suppression.QUIET_HOURS: "of quiet hours",
    Suppression.DIGEST: "in this digest",
    Suppression.RECEIVER_AWAY: "from while you could not be reached",
    Alike.OVERDUE: "from while nothing was delivered",
}


@dataclass(slots=True)
class Memory:
    """What receivers were sent, kept up to date: `past` is always as of now."""

    messages: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    digests: dict[str, datetime] = field(default_factory=dict)
    groups: dict[tuple[str, str], datetime] = field(default_factory=dict)
    failing: dict[str, Failing] = field(default_factory=dict)

    def past(self) -> Past:
        return Past(messages=self.messages, digests=self.digests, groups=self.groups, failing=self.failing)

    def add(self, kind: str, receiver: str, rule: str, key: str, at: datetime) -> None:
        """A message of this rule went out; `key`: its group, empty: none."""
        if key:
            self.groups[receiver, key] = max(at, self.groups.get((receiver, key), at))
        if kind == MessageKind.DIGEST:
            self.digests[receiver] = max(at, self.digests.get(receiver, at))
        else:
            known = self.messages.setdefault((rule, receiver), [])
            known[:] = [one for one in known if one > at - WINDOW]
            known.append(at)


class Open(Protocol):
    """The notifications that no message has yet."""

    def alike(self, one: Candidate, how: Alike) -> Sequence[int]:
        """Ids of the others that `is_alike` agrees with and nothing keeps back, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """It goes out now, and these others with it."""

    kind: MessageKind
    others: tuple[int, ...] = ()
    # Of a digest, why there is one.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """It waits, and these others with it, for the same reason."""

    hold: Hold
    others: tuple[int, ...] = ()


def decide(one: Candidate, open: Open, past: Past, now: datetime) -> Together | Waits:
    """What becomes of a notification that is due, that nothing keeps back, and that no message has yet."""
    held = hold(one, past, now)
    key = one.restraint.group_key
    if held is not None:
        if one.waited in GATHERING:
            return Waits(hold=held, others=tuple(open.alike(one, Alike.GATHERED)))
        if held.reason in GATHERING:
            # A storm may have thousands of groups: all that waits for the same is held at once.
            return Waits(hold=held, others=tuple(open.alike(one, Alike.RECEIVER)))
        return Waits(hold=held, others=tuple(open.alike(one, Alike.GROUP if key else Alike.ALONE)))
    if one.waited in GATHERING:
        others = tuple(open.alike(one, Alike.GATHERED))
        return _several(MessageKind.DIGEST, others, WHY[one.waited])
    if one.due_at is not None and now - one.due_at >= OVERDUE:
        others = tuple(open.alike(one, Alike.OVERDUE))
        if len(others) + 1 >= FLOOD:
            return _several(MessageKind.DIGEST, others, WHY[Alike.OVERDUE])
    return _several(MessageKind.GROUP, tuple(open.alike(one, Alike.GROUP)) if key else ())


def _several(kind: MessageKind, others: tuple[int, ...], why: str = "") -> Together:
    return Together(kind=kind, others=others, why=why) if others else Together(kind=MessageKind.ALERT)


def is_alike(one: Candidate, other: Candidate, how: Alike, now: datetime) -> bool:
    """Does `one` take this other open notification along?"""
    if one.id == other.id or one.receiver != other.receiver:
        return False
    gathered = other.waited in GATHERING
    key = one.restraint.group_key
    of_group = key != "" and other.restraint.group_key == key
    due = other.due_at is None or other.due_at <= now
    match how:
        case Alike.GROUP:
            return not gathered and of_group
        case Alike.ALONE:
            return not gathered and not one.restraint.group_key and one.restraint == other.restraint
        case Alike.GATHERED:
            # What is over a limit empties the queue; the rest has its own time.
            return other.waited is one.waited and (due or one.waited in _OVER_A_LIMIT)
        case Alike.RECEIVER:
            alike = replace(other.restraint, group_key=key) == one.restraint
            return not gathered and (of_group or (due and alike))
        case Alike.OVERDUE:
            return other.due_at is not None and now - other.due_at >= OVERDUE
