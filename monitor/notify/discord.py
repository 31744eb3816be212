"""`discord+https://…`: a webhook of Discord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.core.lines import shorten
from monitor.notify.card import Card, Side
from monitor.notify.markup import inert, markdown, running_text
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

#: What it takes; longer is refused or cut in the middle of markup.
LONGEST = 3900


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """An embed of a webhook; `allowed_mentions` pings nobody, whatever the text says."""

    def field(one: Side) -> dict[str, Any]:
        link = f"\n[{markdown(one.host)}]({one.url})" if one.url and len(one.url) < 300 else ""
        quote = markdown(shorten(one.quote, 280))
        return {
            "name": markdown(shorten(f"{one.letter}  {one.who}".strip(), 100))[:256],
            "value": f"> {quote}{link}"[:1024],
            "inline": len(card.sides) == 2,
        }

    return {
        "username": "Claimwatch",
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "title": inert(card.heading),
                "description": running_text(card, LONGEST),
                "color": card.colour,
                "fields": [field(one) for one in card.sides],
                "footer": {"text": shorten(card.foot, 2000)},
            }
        ],
    }


SERVICE = Service(body=body, example="https://discord.example/api/webhooks/1/x")
