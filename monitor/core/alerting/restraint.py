"""May a notification go out now, or what does it wait for? A line of stages, as in Alertmanager's pipeline.

Each stage looks at one notification and at what its receiver was sent lately, and lets it pass or holds it
until a time, with the reason. The first that holds decides; what all let pass goes out.
Nothing is dropped here: what is held goes out later, with others in one message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from monitor.core.types import Restraint, Suppression

#: In which the messages of a rule to a receiver are counted, and in which one receiver gets one digest.
WINDOW = timedelta(hours=1)


class MessageKind(StrEnum):
    """What one message carries: one alert, alerts that belong together, what was over a limit."""

    ALERT = "alert"
    GROUP = "group"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A notification that could be sent."""

    receiver: str
    raised_at: datetime
    restraint: Restraint


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What receivers were sent in the last hour; messages are counted from their first attempt."""

    # (rule, receiver) → times of messages, digests aside, in any order.
    messages: Mapping[tuple[str, str], Sequence[datetime]] = field(default_factory=dict)
    # Receiver → its last digest.
    digests: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """It is not sent before."""

    reason: Suppression
    until: datetime
    # In words, with the rule that asks for it.
    detail: str


Stage = Callable[[Candidate, Past, datetime], Hold | None]


def wait_to_tell_again(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """A conflict that people know is told of again at its time (`repeat_every`)."""
    at = candidate.restraint.not_before
    if at is None or at <= now:
        return None
    detail = f"rule {candidate.restraint.rule}: repeat_every, until {_shown(at)}"
    return Hold(reason=Suppression.REPEATED, until=at, detail=detail)


def wait_for_acknowledgement(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """Somebody else is told when nobody has acknowledged it (`escalate` of a route)."""
    after = candidate.restraint.escalate_after
    if after is None or candidate.raised_at + after <= now:
        return None
    at = candidate.raised_at + after
    return Hold(reason=Suppression.ESCALATION, until=at, detail=f"unless acknowledged by {_shown(at)}")


def wait_for_group(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """The first of a group waits for others (`group_wait`)."""
    at = candidate.raised_at + candidate.restraint.group_wait
    if at <= now:
        return None
    detail = f"rule {candidate.restraint.rule}: group_wait, until {_shown(at)}"
    return Hold(reason=Suppression.GROUPED, until=at, detail=detail)


def limit_messages(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """Over `max_per_hour`, it waits for a digest: when one more could be sent, one an hour at most."""
    asked, receiver = candidate.restraint, candidate.receiver
    if asked.max_per_hour is None:
        return None
    recent = sorted(at for at in past.messages.get((asked.rule, receiver), ()) if at > now - WINDOW)
    if len(recent) < asked.max_per_hour:
        return None
    at = recent[-asked.max_per_hour] + WINDOW
    if receiver in past.digests:
        at = max(at, past.digests[receiver] + WINDOW)
    detail = f"rule {asked.rule}: max_per_hour {asked.max_per_hour} reached, in a digest at {_shown(at)}"
    return Hold(reason=Suppression.THROTTLED, until=at, detail=detail)


#: Asked in this order. To add a stage: a function above, a row here, its reason in `Suppression`.
STAGES: tuple[Stage, ...] = (
    wait_to_tell_again,
    wait_for_acknowledgement,
    wait_for_group,
    limit_messages,
)


def hold(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """What the notification waits for; None: it goes out now."""
    return next((held for stage in STAGES if (held := stage(candidate, past, now)) is not None), None)


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
