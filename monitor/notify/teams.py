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
    written = markdown

    def text(value: str, **more: object) -> dict[str, Any]:
        return {"type": "TextBlock", "text": value, "wrap": True} | more

    def column(one: Side) -> dict[str, Any]:
        link = [text(f"[{written(one.host)}]({one.url})")] if one.url else []
        title = f"**{one.letter}**  {written(one.who)}" if one.letter else written(one.who)
        return {
            "type": "Column",
            "width": "stretch",
            "items": [text(title, isSubtle=True), text(f"“{written(one.quote)}”"), *link],
        }

    body = [text(f"{written(card.heading)}: {written(card.title)}", weight="Bolder")]
    if card.reason:
        body.append(text(written(card.reason)))
    if card.sides:
        body.append({"type": "ColumnSet", "columns": [column(one) for one in card.sides]})
    body += [text(written(line)) for line in card.lines]
    body.append(text(written(card.foot), isSubtle=True, size="Small"))
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


SERVICE = Service(body=body, example="https://flow.example.org/hooks/x")
