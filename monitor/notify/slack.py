"""`slack+https://…`: an incoming webhook of Slack, or of what understands the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.core.lines import shorten
from monitor.notify.card import Card, Side
from monitor.notify.markup import ZERO_WIDTH, fitting, inert
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

#: What it takes; longer is refused or cut in the middle of markup.
LONGEST = 2900


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """Blocks of an incoming webhook, mrkdwn with `&<>` escaped as Slack asks (api.slack.com: formatting)."""

    def written(text: str) -> str:
        plain = inert(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # Its marks work only at the edge of a word; a zero-width space takes that away.
        return re.sub(r"([*_~`])", rf"{ZERO_WIDTH}\1{ZERO_WIDTH}", plain)

    def side(one: Side) -> str:
        link = f"\n<{one.url}|{written(one.host)}>" if one.url else ""
        letter = f"*{one.letter}*  " if one.letter else ""
        return f"{letter}{written(one.who)}\n>{written(one.quote)}{link}"

    sections = [f"*{written(card.heading)}*: {written(shorten(card.title, 600))}"]
    if card.reason:
        sections.append(written(shorten(card.reason, 600)))
    sections += [side(one) for one in card.sides]
    if card.lines:
        sections.append(fitting(card.lines, written, LONGEST))
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST], "verbatim": True}}
        for text in sections
    ]
    blocks.append({"type": "context", "elements": [{"type": "plain_text", "text": card.foot}]})
    return {
        # What notifications show; links and names in it are left as they are.
        "text": written(f"{card.heading}: {card.title}"),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
    }


SERVICE = Service(body=body, example="https://hooks.slack.example/services/T0/B0/x")
