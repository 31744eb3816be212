"""Text from strangers as chats may have it: it mentions nobody, sets no markup and makes no link.

Every chat escapes every part with these, or as its own markup asks; links are ours alone (the article's
address, under its real host), and a chat that can be told to ping nobody is told.
"""

from __future__ import annotations

import re

from monitor.notify.card import Card

# A zero-width space after these, so that no chat reads a mention or a link in what a feed wrote.
_MENTION = re.compile(r"([@#＠﹫])")
_LINK = re.compile(r"(?i)\b((?:https?|ftp|mailto|tel|javascript|slack|tg)):|\b(www)\.")
# A bare domain becomes a link in most chats: its dots are kept apart from what follows.
_DOMAIN = re.compile(r"(?i)(?<=[a-z0-9])\.(?=[a-z]{2,})")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:])")
ZERO_WIDTH = "\u200b"


def inert(text: str) -> str:
    """The text with nothing in it that a chat turns into a mention or a link; it reads the same."""
    text = _MENTION.sub(rf"\1{ZERO_WIDTH}", text)
    text = _LINK.sub(lambda found: f"{found[0][:-1]}{ZERO_WIDTH}{found[0][-1]}", text)
    return _DOMAIN.sub(f".{ZERO_WIDTH}", text).replace("](", f"]{ZERO_WIDTH}(")


def markdown(text: str) -> str:
    """Every mark of Markdown escaped, mentions and links made inert."""
    return _MARKDOWN.sub(r"\\\1", inert(text))


def running_text(card: Card) -> str:
    """In Markdown, what stands beside the sides."""
    return "\n".join(markdown(part) for part in (card.title, card.reason, *card.lines) if part)
