"""`mattermost+https://…`: an incoming webhook of Mattermost; the sides next to each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.notify.card import Card, Side
from monitor.notify.markup import inert, markdown, running_text
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

#: Its messages hold 16,383 characters, and the sides stand beside this.
LONGEST = 8000


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """An attachment of an incoming webhook, in Markdown; the sides as fields next to each other."""

    def field(one: Side) -> dict[str, Any]:
        link = f"\n[{markdown(one.host)}]({one.url})" if one.url else ""
        value = f"{markdown(one.who)}\n> {markdown(one.quote)}{link}"
        return {"short": True, "title": one.letter or "claim", "value": value}

    return {
        "username": "Claimwatch",
        "attachments": [
            {
                # For where no markup is shown: without marks, rather than with escapes.
                "fallback": re.sub(r"[*_`~#<>|]", "", inert(f"{card.heading}: {card.title}")),
                "color": f"#{card.colour:06x}",
                "title": inert(card.heading),
                "text": running_text(card, LONGEST),
                "fields": [field(one) for one in card.sides],
                "footer": inert(card.foot),
            }
        ],
    }


SERVICE = Service(body=body, example="https://chat.example.org/hooks/x")
