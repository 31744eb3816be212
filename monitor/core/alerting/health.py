"""Alerts about the service itself: what ails it, who is told, and that it is over.

A trouble has one alert from its beginning to its end. All its alerts, one for each time it came back, are
one conflict to whoever acknowledges them or is paged: the group is the trouble's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.alerting.asking import LABEL_LIMIT, Rules
from monitor.core.alerting.headlines import HEADLINE_LIMIT
from monitor.core.alerting.lifecycle import REOPENS
from monitor.core.alerting.routing import plan_notifications
from monitor.core.lines import shorten
from monitor.core.terminal import clean
from monitor.core.types import Alert, AlertKind, Notification, Routing, Severity, Suppression

#: The label that names what is ill.
ABOUT = "about"
#: Who is told by nobody's rule but our own.
OURSELVES = "claimwatch"


class About(StrEnum):
    """What can be ill. To add one: a row here, what finds it (see `workers.own_health`), docs/alerts.md."""

    QUEUE = "queue"
    DELIVERY = "delivery"
    RULES = "rules"
    FEED = "feed"
    NETWORK = "network"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that keeps the service from its work now."""

    about: About
    # Which one of its kind: a receiver's name, a feed's id; with `about` it is known again by this.
    subject: str
    # One sentence.
    headline: str
    # What people can do about it.
    reason: str
    severity: Severity = Severity.HIGH
    # The receiver that cannot be told of it, because it is what is ill.
    receiver: str = ""
    # False: it is no news any more; an alert about it stays, and none begins.
    begins: bool = True
    # Whose it is: a label to route by; empty: nobody's in particular.
    owner: str = ""

    @property
    def group(self) -> str:
        return f"health:{self.about}:{self.subject}"


def health_alert(trouble: Trouble, *, number: int, back: bool) -> Alert:
    """The alert of the trouble's `number`th time; `back`: somebody, or we, had called it resolved."""
    labels = {
        "kind": AlertKind.HEALTH.value,
        "severity": trouble.severity.value,
        ABOUT: trouble.about.value,
        "receiver": trouble.receiver,
        "owner": clean(trouble.owner),
        REOPENS: "it is back" if back else "",
    }
    return Alert(
        fingerprint=f"{trouble.group}:{number}",
        kind=AlertKind.HEALTH,
        severity=trouble.severity,
        headline=shorten(clean(trouble.headline), HEADLINE_LIMIT),
        rules=(),
        labels={name: shorten(value, LABEL_LIMIT) for name, value in labels.items() if value},
        reason=clean(trouble.reason),
        group=trouble.group,
    )


def plan_health(alert: Alert, routing: Routing, rules: Rules) -> tuple[Notification, ...]:
    """As the routes say, but never to the receiver that is what is ill.

    Where the routes name nobody else, those of the root hear of it; where these are nobody else either, it
    is recorded as NO_ROUTE, with the words for why.
    """
    ill = alert.labels.get("receiver", "")
    planned = plan_notifications([alert], routing, rules)
    others = tuple(one for one in planned if one.receiver and one.receiver != ill)
    if others or not ill:
        return others or planned
    root = routing.root.receivers if routing.root is not None else ()
    named = [name for name in root if name != ill]
    if named:
        return tuple(replace(planned[0], receiver=name, suppressed=None) for name in named)
    detail = f"the routes tell nobody but {ill} of it, and that is what is ill"
    nobody = Notification(
        alert=alert.fingerprint, receiver="", suppressed=Suppression.NO_ROUTE, detail=detail
    )
    return (nobody,)


def news_of(troubles: Iterable[Trouble], open_groups: Iterable[str]) -> tuple[Sequence[Trouble], set[str]]:
    """(troubles that begin, groups of those that are over): what is there now beside what was there."""
    now = {trouble.group: trouble for trouble in troubles}
    known = set(open_groups)
    begun = [trouble for group, trouble in now.items() if group not in known and trouble.begins]
    return begun, known - set(now)


#: The label of an alert that only says that another one, of this number, is resolved.
RESOLVED = "resolved"


def resolved_alert(alert: Alert, *, alert_id: int, acknowledgement: int, receiver: str, by: str) -> Alert:
    """What tells one receiver that keeps incidents that the alert's is over."""
    said = f"Resolved{f' by {by}' if by else ''}: {alert.headline}"
    return replace(
        alert,
        fingerprint=f"{RESOLVED}:{acknowledgement}:{receiver}",
        headline=shorten(clean(said), HEADLINE_LIMIT),
        # No rule asked for it.
        rules=(),
        labels=dict(alert.labels) | {RESOLVED: str(alert_id)},
        suppressed=None,
        detail="",
        not_before=None,
    )
