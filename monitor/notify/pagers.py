"""The JSON bodies of pagers: one incident for each conflict, by a key that its alerts share."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from monitor.core.alerting.health import RESOLVED
from monitor.core.lines import shorten
from monitor.core.terminal import clean
from monitor.notify.card import Card
from monitor.notify.message import payload
from monitor.store.notifications import TakenNotification

_PAGERDUTY = {"low": "info", "medium": "warning", "high": "error", "critical": "critical"}
_OPSGENIE = {"low": "P5", "medium": "P4", "high": "P2", "critical": "P1"}


def dedup_key(taken: TakenNotification) -> str:
    """The same for all alerts of a conflict; what belongs to none has its own."""
    alert = taken.alert
    if taken.count > 1:
        own = f"message:{taken.idempotency_key}"
    elif alert.group:
        own = f"group:{alert.group}"
    else:
        own = f"alert:{alert.labels.get(RESOLVED, alert.id)}"
    return f"claimwatch-{blake2b(own.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def is_resolved(taken: TakenNotification) -> bool:
    """Does it only say that an incident is over?"""
    return taken.count == 1 and RESOLVED in taken.alert.labels


def pagerduty(card: Card, taken: TakenNotification, options: dict[str, str]) -> dict[str, Any]:
    """An event of the Events API v2."""
    if is_resolved(taken):
        return {
            "routing_key": options.get("routing_key", ""),
            "event_action": "resolve",
            "dedup_key": dedup_key(taken),
        }
    links = [{"href": one.url, "text": one.host} for one in card.sides if one.url]
    return {
        "routing_key": options.get("routing_key", ""),
        "event_action": "trigger",
        "dedup_key": dedup_key(taken),
        "client": "Claimwatch",
        "links": links,
        "payload": {
            "summary": shorten(f"{card.kind}: {card.title}", 1000),
            "severity": _PAGERDUTY.get(card.severity, "warning"),
            "source": "claimwatch",
            "component": ", ".join(map(clean, taken.alert.rules))[:200],
            "class": card.kind,
            "timestamp": payload(taken)["created_at"],
            "custom_details": _details(card),
        },
    }


def opsgenie(card: Card, taken: TakenNotification, options: dict[str, str]) -> dict[str, Any]:
    """An alert of the Alert API; the key goes as a header."""
    if is_resolved(taken):
        return {"source": "claimwatch", "note": shorten(card.title, 1000)}
    lines = [f"{name}: {value}" for name, value in _details(card).items()]
    return {
        "message": shorten(f"{card.kind}: {card.title}", 130),
        "alias": dedup_key(taken),
        "description": "\n".join(lines)[:14_000],
        "priority": _OPSGENIE.get(card.severity, "P3"),
        "source": "claimwatch",
        "tags": [shorten(clean(rule), 50) for rule in taken.alert.rules[:20]],
        "details": {"alert": str(taken.alert.id), "kind": card.kind},
    }


def _details(card: Card) -> dict[str, str]:
    told = {"why": card.reason} | {
        one.letter or "claim": f"{one.who}: “{one.quote}” {one.url}".strip() for one in card.sides
    }
    told |= {f"alert {number}": line for number, line in enumerate(card.lines, 1)}
    return {name: value for name, value in (told | {"about": card.foot}).items() if value}
