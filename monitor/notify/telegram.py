"""`telegram+https://…/botTOKEN/sendMessage?chat_id=…`: a Telegram bot."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape as html_escape
from typing import Any

from monitor.core.lines import shorten
from monitor.notify.card import Card
from monitor.notify.markup import fitting, inert
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification

#: What it takes; longer is refused or cut in the middle of markup.
LONGEST = 4000


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """`sendMessage` in HTML, of which only our own tags are left; links are not previewed."""

    def written(text: str) -> str:
        return html_escape(inert(text), quote=True)

    def made(room: int) -> str:
        lines = [f"<b>{written(card.heading)}</b>: {written(shorten(card.title, 600))}"]
        lines += [written(shorten(card.reason, 400))] if card.reason else []
        for one in card.sides:
            link = (
                f'\n<a href="{html_escape(one.url, quote=True)}">{written(one.host)}</a>' if one.url else ""
            )
            quote = f"<blockquote>{written(shorten(one.quote, room))}</blockquote>"
            lines.append(f"<b>{one.letter}</b> {written(one.who)}\n{quote}{link}")
        told, foot = "\n".join(lines), f"<i>{written(card.foot)}</i>"
        rest = fitting(card.lines, written, LONGEST - len(told) - len(foot) - 2)
        return "\n".join(filter(None, (told, rest, foot)))

    text = next((found for room in (500, 300, 150, 60) if len(found := made(room)) <= LONGEST), None)
    return {
        "chat_id": options.get("chat_id", ""),
        "parse_mode": "HTML",
        "text": text or written(shorten(f"{card.heading}: {card.title}", 600)),
        "link_preview_options": {"is_disabled": True},
    }


SERVICE = Service(
    body=body,
    example="https://api.telegram.example/botTOKEN/sendMessage?chat_id=-100",
    options=("chat_id",),
)
