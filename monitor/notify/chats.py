"""The JSON bodies of chats, one function each, with both sides of a contradiction in their own markup.

What a feed wrote can mention nobody, set no markup and make no link: every part is escaped as its channel
reads it, links are ours alone (the article's address, under its real host), and where a channel can be told
to ping nobody it is told.
"""

from __future__ import annotations

import re
from html import escape as html_escape
from typing import Any

from monitor.core.lines import shorten
from monitor.notify.card import Card, Side

# A zero-width space after these, so that no chat reads a mention or a link in what a feed wrote.
_MENTION = re.compile(r"([@#＠﹫])")
_LINK = re.compile(r"(?i)\b((?:https?|ftp|mailto|tel|javascript|slack|tg)):|\b(www)\.")
# A bare domain becomes a link in most chats: its dots are kept apart from what follows.
_DOMAIN = re.compile(r"(?i)(?<=[a-z0-9])\.(?=[a-z]{2,})")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:])")
_ZERO_WIDTH = "\u200b"

#: What these chats take; longer is refused or cut in the middle of markup.
SLACK_TEXT, DISCORD_TEXT, TELEGRAM_TEXT, TEAMS_TEXT = 2900, 3900, 4000, 6000


def inert(text: str) -> str:
    """The text with nothing in it that a chat turns into a mention or a link; it reads the same."""
    text = _MENTION.sub(rf"\1{_ZERO_WIDTH}", text)
    text = _LINK.sub(lambda found: f"{found[0][:-1]}{_ZERO_WIDTH}{found[0][-1]}", text)
    return _DOMAIN.sub(f".{_ZERO_WIDTH}", text).replace("](", f"]{_ZERO_WIDTH}(")


def slack(card: Card, options: dict[str, str]) -> dict[str, Any]:
    """Blocks of an incoming webhook, mrkdwn with `&<>` escaped as Slack asks (api.slack.com: formatting)."""

    def written(text: str) -> str:
        plain = inert(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # Its marks work only at the edge of a word; a zero-width space takes that away.
        return re.sub(r"([*_~`])", rf"{_ZERO_WIDTH}\1{_ZERO_WIDTH}", plain)

    def side(one: Side) -> str:
        link = f"\n<{one.url}|{written(one.host)}>" if one.url else ""
        letter = f"*{one.letter}*  " if one.letter else ""
        return f"{letter}{written(one.who)}\n>{written(one.quote)}{link}"

    sections = [f"*{written(card.heading)}*: {written(shorten(card.title, 600))}"]
    if card.reason:
        sections.append(written(shorten(card.reason, 600)))
    sections += [side(one) for one in card.sides]
    if card.lines:
        sections.append(written("\n".join(card.lines)))
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text[:SLACK_TEXT], "verbatim": True}}
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


def mattermost(card: Card, options: dict[str, str]) -> dict[str, Any]:
    """An attachment of an incoming webhook, in Markdown; the sides as fields next to each other."""
    written = markdown

    def field(one: Side) -> dict[str, Any]:
        link = f"\n[{written(one.host)}]({one.url})" if one.url else ""
        value = f"{written(one.who)}\n> {written(one.quote)}{link}"
        return {"short": True, "title": one.letter or "claim", "value": value}

    return {
        "username": "Claimwatch",
        "attachments": [
            {
                # For where no markup is shown: without marks, rather than with escapes.
                "fallback": re.sub(r"[*_`~#<>|]", "", inert(f"{card.heading}: {card.title}")),
                "color": f"#{card.colour:06x}",
                "title": inert(card.heading),
                "text": _running_text(card),
                "fields": [field(one) for one in card.sides],
                "footer": inert(card.foot),
            }
        ],
    }


def discord(card: Card, options: dict[str, str]) -> dict[str, Any]:
    """An embed of a webhook; `allowed_mentions` pings nobody, whatever the text says."""
    written = markdown

    def field(one: Side) -> dict[str, Any]:
        link = f"\n[{written(one.host)}]({one.url})" if one.url and len(one.url) < 300 else ""
        quote = written(shorten(one.quote, 280))
        return {
            "name": written(shorten(f"{one.letter}  {one.who}".strip(), 100))[:256],
            "value": f"> {quote}{link}"[:1024],
            "inline": len(card.sides) == 2,
        }

    return {
        "username": "Claimwatch",
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "title": inert(card.heading),
                "description": _running_text(card)[:DISCORD_TEXT],
                "color": card.colour,
                "fields": [field(one) for one in card.sides],
                "footer": {"text": shorten(card.foot, 2000)},
            }
        ],
    }


def teams(card: Card, options: dict[str, str]) -> dict[str, Any]:
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


def telegram(card: Card, options: dict[str, str]) -> dict[str, Any]:
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
        lines += [written(shorten(line, room)) for line in card.lines]
        return "\n".join([*lines, f"<i>{written(card.foot)}</i>"])

    text = next((found for room in (500, 300, 150, 60) if len(found := made(room)) <= TELEGRAM_TEXT), None)
    return {
        "chat_id": options.get("chat_id", ""),
        "parse_mode": "HTML",
        "text": text or written(shorten(f"{card.heading}: {card.title}", 600)),
        "link_preview_options": {"is_disabled": True},
    }


def markdown(text: str) -> str:
    """Every mark of Markdown escaped, mentions and links made inert."""
    return _MARKDOWN.sub(r"\\\1", inert(text))


def _running_text(card: Card) -> str:
    """In Markdown, what stands beside the sides."""
    return "\n".join(markdown(part) for part in (card.title, card.reason, *card.lines) if part)
