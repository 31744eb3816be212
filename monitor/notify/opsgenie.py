"""`opsgenie+https://…?key=…`: an alert of Opsgenie's Alert API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.core.lines import shorten
from monitor.core.terminal import clean
from monitor.notify.card import Card
from monitor.notify.incidents import dedup_key, details, is_resolved
from monitor.notify.markup import plain
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

_PRIORITIES = {"low": "P5", "medium": "P4", "high": "P2", "critical": "P1"}


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """An alert of the Alert API; the key goes as a header."""
    if is_resolved(taken):
        return {"source": "claimwatch", "note": plain(card.title, 1000)}
    lines = [f"{name}: {value}" for name, value in details(card).items()]
    return {
        "message": plain(f"{card.kind}: {card.title}", 130),
        "alias": dedup_key(taken),
        "description": "\n".join(lines)[:14_000],
        "priority": _PRIORITIES.get(card.severity, "P3"),
        "source": "claimwatch",
        "tags": [shorten(clean(rule), 50) for rule in taken.alert.rules[:20]],
        "details": {"alert": str(taken.alert.id), "kind": card.kind},
    }


SERVICE = Service(
    body=body,
    example="https://api.opsgenie.example/v2/alerts?key=x",
    options=("key",),
    header=("key", "Authorization", "GenieKey {}"),
    resolves=True,
    close=("/{}/close", "identifierType=alias"),
)
