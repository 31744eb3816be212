"""`apprise+https://…/notify/KEY?tag=…`: an Apprise API server of one's own, and a hundred services behind it.

The addresses and secrets of those stay on that server, and so does the list of which it may use
(`APPRISE_ALLOW_SERVICES`). We post to it through our one way out, and retry by our own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.errors import DeliveryReason
from monitor.notify.card import Card
from monitor.notify.markup import plain
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

_TYPES = {"low": "info", "medium": "info", "high": "warning", "critical": "failure"}
_LONGEST_TITLE = 250


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """What its `/notify` takes. As plain text: what the services behind it read as markup we cannot know."""
    lines = [plain(card.reason)] if card.reason else []
    for one in card.sides:
        who = f"{one.letter}  {plain(one.who)}".strip()
        lines += [who, f"“{plain(one.quote)}”", *([one.url] if one.url else [])]
    lines += [plain(line) for line in (*card.lines, card.foot)]
    return {
        "title": plain(f"{card.heading}: {card.title}", _LONGEST_TITLE),
        "body": "\n".join(lines),
        "type": _TYPES.get(card.severity, "info"),
        "format": "text",
    } | ({"tag": options["tag"]} if options.get("tag") else {})


SERVICE = Service(
    body=body,
    example="https://apprise.example.org/notify/KEY",
    optional=("tag",),
    answers={
        # It has nobody to tell under this key: for it a success, for us an alert that reached nobody.
        204: DeliveryReason.REFUSED,
        # At least one of the services behind it did not take the message.
        424: DeliveryReason.RECEIVER_FAILED,
    },
)
