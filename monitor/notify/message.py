"""An alert as programs receive it: the versioned payload of webhooks and files (docs/alerts.md)."""

from __future__ import annotations

import json
from typing import Any

from monitor.store.queries import AlertRecord, as_json

#: Raised when a field changes meaning or goes; new fields come without a new version.
VERSION = 1

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


def message(alert: AlertRecord) -> dict[str, Any]:
    """The payload. `claims` holds whole claim objects, the one said first in front; none for a match."""
    shown = as_json(alert)
    return {"version": VERSION} | {name: shown.get(name) for name in _FIELDS}


def message_line(alert: AlertRecord) -> str:
    """The payload as one line of JSON; what is not ASCII is escaped, so that no terminal or log obeys it."""
    return json.dumps(message(alert), ensure_ascii=True, separators=(",", ":"))
