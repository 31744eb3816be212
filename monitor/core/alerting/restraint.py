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
from itertools import chain

from monitor.core.alerting.day_times import next_digest, quiet_until
from monitor.core.types import Restraint, Suppression

#: In which the messages of a rule to a receiver are counted, and in which one receiver gets one digest.
WINDOW = timedelta(hours=1)
#: So many messages of all rules together reach a receiver in so long (one rule that allows itself more in an
#: hour may send as many); what comes beside them is one digest when that is over.
STORM, STORM_WINDOW = 20, timedelta(minutes=10)
#: How far back messages of a group are remembered: the longest `group_interval`.
GROUP_MEMORY = timedelta(days=1)
#: A receiver that refused so many attempts running, or did not answer, gets no new message for a while.
AWAY_AFTER = 5
#: How long it is left alone then, at first; doubled with each further failure.
AWAY_FIRST = timedelta(seconds=30)
AWAY_AT_MOST = timedelta(minutes=15)


class MessageKind(StrEnum):
    """What one message carries: one alert, alerts that belong together, what was held back for a while."""

    ALERT = "alert"
    GROUP = "group"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A notification that could be sent."""

    receiver: str
    raised_at: datetime
    restraint: Restraint
    # Its place among notifications; only equality and order count.
    id: int = 0
    # Since when it could have gone out, or until when it was held.
    due_at: datetime | None = None
    # Why it was held; None: it was not, or a group and a telling again count as nothing new.
    waited: Suppression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A receiver that has not accepted anything for a while."""

    # Attempts that failed since the last that was accepted.
    attempts: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What receivers were sent lately; messages are counted from their first attempt."""

    # (rule, receiver) → times of messages of the last hour, digests aside, in any order.
    messages: Mapping[tuple[str, str], Sequence[datetime]] = field(default_factory=dict)
    # Receiver → its last digest over a limit.
    digests: Mapping[str, datetime] = field(default_factory=dict)
    # (receiver, group key) → the last message of the group.
    groups: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    failing: Mapping[str, Failing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """It is not sent before."""

    reason: Suppression
    until: datetime
    # In words, with the rule that asks for it.
    detail: str


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


def leave_alone(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """A receiver that failed again and again is tried now and then, with one message of all that waits."""
    failing = past.failing.get(candidate.receiver)
    if failing is None or failing.attempts < AWAY_AFTER:
        return None
    wait = min(AWAY_AT_MOST, AWAY_FIRST * 2 ** min(failing.attempts - AWAY_AFTER, 16))
    at = failing.last_at + wait
    if at <= now:
        return None
    detail = f"{failing.attempts} attempts failed running; next at {_shown(at)}"
    return Hold(reason=Suppression.RECEIVER_AWAY, until=at, detail=detail)


def keep_quiet(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """In its route's quiet hours nothing goes out; what came is told together when they are over."""
    at = quiet_until(candidate.restraint.quiet, now)
    if at is None:
        return None
    return Hold(reason=Suppression.QUIET_HOURS, until=at, detail=f"quiet hours until {_shown(at)}")


def wait_for_digest(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """What its route collects for a digest waits for the digest's time."""
    if candidate.restraint.digest is None:
        return None
    at = next_digest(candidate.restraint.digest, candidate.raised_at)
    if at <= now:
        return None
    return Hold(reason=Suppression.DIGEST, until=at, detail=f"in the digest at {_shown(at)}")


def wait_for_group(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """The first of a group waits for others (`group_wait`), the next ones longer (`group_interval`)."""
    asked = candidate.restraint
    at, setting = candidate.raised_at + asked.group_wait, "group_wait"
    last = past.groups.get((candidate.receiver, asked.group_key)) if asked.group_key else None
    if last is not None and last + asked.group_interval > at:
        at, setting = last + asked.group_interval, "group_interval"
    if at <= now:
        return None
    detail = f"rule {asked.rule}: {setting}, until {_shown(at)}"
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


def sit_out_storm(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """Rules that each keep their own limit can be too many together: then their receiver gets a digest."""
    asked, receiver = candidate.restraint, candidate.receiver
    if asked.max_per_hour is None:
        return None
    limit = max(STORM, asked.max_per_hour)
    of_all = chain.from_iterable(times for (_, name), times in past.messages.items() if name == receiver)
    recent = sorted(at for at in of_all if at > now - STORM_WINDOW)
    if len(recent) < limit:
        return None
    at = recent[-limit] + STORM_WINDOW
    minutes = STORM_WINDOW // timedelta(minutes=1)
    detail = f"{len(recent)} messages in {minutes} minutes, so the rest is a digest at {_shown(at)}"
    return Hold(reason=Suppression.STORM, until=at, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One question about a notification."""

    asks: Callable[[Candidate, Past, datetime], Hold | None]
    # What it holds goes out as one digest, without asking again those stages that are only for new ones.
    gathers: bool = False
    # Asked again of what another stage has gathered: it is about the moment, not about how much there is.
    always: bool = False


#: Asked in this order; each has a reason of its own. To add one: a function above, a row here, its reason in
#: `Suppression`, and if it gathers, why in `monitor.core.alerting.messages`.
STAGES: Mapping[Suppression, Stage] = {
    Suppression.REPEATED: Stage(asks=wait_to_tell_again),
    Suppression.ESCALATION: Stage(asks=wait_for_acknowledgement),
    Suppression.RECEIVER_AWAY: Stage(asks=leave_alone, gathers=True, always=True),
    Suppression.QUIET_HOURS: Stage(asks=keep_quiet, gathers=True, always=True),
    Suppression.DIGEST: Stage(asks=wait_for_digest, gathers=True),
    Suppression.GROUPED: Stage(asks=wait_for_group),
    Suppression.THROTTLED: Stage(asks=limit_messages, gathers=True),
    Suppression.STORM: Stage(asks=sit_out_storm, gathers=True),
}
#: Reasons of what goes out as one digest.
GATHERING = frozenset(reason for reason, stage in STAGES.items() if stage.gathers)


def hold(candidate: Candidate, past: Past, now: datetime) -> Hold | None:
    """What the notification waits for; None: it goes out now."""
    gathered = candidate.waited in GATHERING
    asked = (stage for stage in STAGES.values() if stage.always or not gathered)
    return next((held for stage in asked if (held := stage.asks(candidate, past, now)) is not None), None)


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
