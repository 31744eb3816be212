"""`pagerduty+https://…?routing_key=…`: an event of PagerDuty's Events API v2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.core.terminal import clean
from monitor.notify.card import Card
from monitor.notify.incidents import dedup_key, details, is_resolved
from monitor.notify.markup import plain
from monitor.notify.message import payload
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

_SEVERITIES = {"low": "info", "medium": "warning", "high": "error", "critical": "critical"}


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
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
            "summary": plain(f"{card.kind}: {card.title}", 1000),
            "severity": _SEVERITIES.get(card.severity, "warning"),
            "source": "claimwatch",
            "component": ", ".join(map(clean, taken.alert.rules))[:200],
            "class": card.kind,
            "timestamp": payload(taken)["created_at"],
            "custom_details": details(card),
        },
    }


SERVICE = Service(
    body=body,
    example="https://events.pagerduty.example/v2/enqueue?routing_key=x",
    options=("routing_key",),
    resolves=True,
)
