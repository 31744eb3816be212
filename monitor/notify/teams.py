"""`teams+https://…`: a workflow's webhook of Microsoft Teams, as an Adaptive Card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.notify.card import Card, Side
from monitor.notify.markup import markdown
from monitor.notify.services import Service
from monitor.store.notifications import TakenNotification


def body(card: Card, taken: TakenNotification, options: Mapping[str, str]) -> dict[str, Any]:
    """An Adaptive Card for a workflow's webhook; the sides as two columns. Its text knows some Markdown."""

    def text(value: str, **more: object) -> dict[str, Any]:
        return {"type": "TextBlock", "text": value, "wrap": True} | more

    def column(one: Side) -> dict[str, Any]:
        link = [text(f"[{markdown(one.host)}]({one.url})")] if one.url else []
        title = f"**{one.letter}**  {markdown(one.who)}" if one.letter else markdown(one.who)
        return {
            "type": "Column",
            "width": "stretch",
            "items": [text(title, isSubtle=True), text(f"“{markdown(one.quote)}”"), *link],
        }

    shown = [text(f"{markdown(card.heading)}: {markdown(card.title)}", weight="Bolder")]
    if card.reason:
        shown.append(text(markdown(card.reason)))
    if card.sides:
        shown.append({"type": "ColumnSet", "columns": [column(one) for one in card.sides]})
    shown += [text(markdown(line)) for line in card.lines]
    shown.append(text(markdown(card.foot), isSubtle=True, size="Small"))
    content = {"type": "AdaptiveCard", "version": "1.4", "body": shown}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


SERVICE = Service(body=body, example="https://flow.example.org/hooks/x")
