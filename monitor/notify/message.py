"""A message as programs receive it: the versioned payload of webhooks and files (docs/alerts.md)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from monitor.core.alerting import MessageKind
from monitor.core.terminal import clean
from monitor.core.types import AlertKind
from monitor.store.notifications import TakenNotification
from monitor.store.queries import AlertRecord, as_json

#: Raised when a field changes meaning or goes; new fields come without a new version.
VERSION = 1

_RULES_NAMED = 4
_SPEAKERS_NAMED = 4
_FIELDS = (
    "id",
    "kind",
    "severity",
    "headline",
    "reason",
    "rules",
    "labels",
    "group",
    "claims",
    "created_at",
)


def payload(taken: TakenNotification) -> dict[str, Any]:
    """What is sent: the alert's own payload where the message carries one, else all that it shows.

    Of several, `kind` is "group" or "digest", `count` how many there are, `alerts` the payloads of the most
    severe (at most 20). What belongs to one alert alone (`reason`, `claims`, `group`) is empty; `labels` are
    those that all shown alerts share.
    """
    if taken.count == 1:
        return message(taken.alert)
    shown = (taken.alert, *taken.others)
    shared = dict(taken.alert.labels)
    for alert in taken.others:
        shared = {name: value for name, value in shared.items() if alert.labels.get(name) == value}
    return {
        "version": VERSION,
        "id": taken.alert.id,
        "kind": taken.kind,
        "severity": taken.alert.severity,
        "headline": summary(taken),
        "reason": "",
        "rules": [rule for rule, _ in taken.rules if rule],
        "labels": shared,
        "group": None,
        "claims": [],
        "created_at": message(taken.alert)["created_at"],
        "count": taken.count,
        "alerts": [message(alert) for alert in shown],
    }


def summary(taken: TakenNotification) -> str:
    """A message of several alerts in one line: how many, of which rules and kinds, or of new claims whose."""
    speakers = _speakers(taken)
    if speakers:
        return clean(f"{taken.count:,} new claims by {speakers}")
    kinds = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in taken.kinds)
    named = [(rule, count) for rule, count in taken.rules if rule]
    if len(named) == 1:
        of = f" of rule {named[0][0]}"
    else:
        listed = ", ".join(f"{rule} {count}" for rule, count in named[:_RULES_NAMED])
        more = f" and {len(named) - _RULES_NAMED} more" if len(named) > _RULES_NAMED else ""
        of = f" of {len(named)} rules ({listed}{more})" if named else ""
    how = f" {taken.why}" if taken.why else ""
    return clean(f"{taken.count:,} alerts{of}{how}, the most severe first: {kinds}")


def _speakers(taken: TakenNotification) -> str:
    """Of a group of new claims, who makes them, the most talkative first; empty: it is something else."""
    if taken.kind != MessageKind.GROUP or [kind for kind, _ in taken.kinds] != [AlertKind.NEW_CLAIM.value]:
        return ""
    told = Counter(alert.labels.get("speaker", "") for alert in (taken.alert, *taken.others))
    named = [name for name, _ in told.most_common() if name]
    more = len(named) - _SPEAKERS_NAMED
    unseen = taken.count > len(taken.others) + 1
    if more > 0 or unseen:
        rest = "others" if unseen else f"{more} more"
        return f"{', '.join(named[:_SPEAKERS_NAMED])} and {rest}"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else ""


def message(alert: AlertRecord) -> dict[str, Any]:
    """The payload of one alert.

    `claims` holds whole claim objects, the one said first in front; none for a match.
    """
    shown = as_json(alert)
    return {"version": VERSION} | {name: shown.get(name) for name in _FIELDS}


def message_line(taken: TakenNotification) -> str:
    """The payload as one line of JSON; what is not ASCII is escaped, so that no terminal or log obeys it."""
    return json.dumps(payload(taken), ensure_ascii=True, separators=(",", ":"))
