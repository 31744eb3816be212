"""Text from strangers as chats may have it: it mentions nobody, sets no markup and makes no link.

Every chat escapes every part with these, or as its own markup asks; links are ours alone (the article's
address, under its real host), and a chat that can be told to ping nobody is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from monitor.core.lines import shorten
from monitor.notify.card import Card

# A zero-width space after these, so that no chat reads a mention or a link in what a feed wrote.
_MENTION = re.compile(r"([@#＠﹫])")
_LINK = re.compile(r"(?i)\b((?:https?|ftp|mailto|tel|javascript|slack|tg)):|\b(www)\.")
# A bare domain becomes a link in most chats: its dots are kept apart from what follows.
_DOMAIN = re.compile(r"(?i)(?<=[a-z0-9])\.(?=[a-z]{2,})")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&:])")
_TAG = re.compile(r"<(?=[A-Za-z/!?@#&:])")
# Marks of emphasis mean nothing between blanks (CommonMark: neither left- nor right-flanking).
_EMPHASIS = re.compile(r"([*_~])")
#: Code points of a line in a chat.
LINE_LIMIT = 600
ZERO_WIDTH, _HAIR_SPACE = "\u200b", "\u200a"


def inert(text: str) -> str:
    """The text with nothing in it that a chat turns into a mention or a link; it reads the same."""
    text = _MENTION.sub(rf"\1{ZERO_WIDTH}", text)
    text = _LINK.sub(lambda found: f"{found[0][:-1]}{ZERO_WIDTH}{found[0][-1]}", text)
    return _DOMAIN.sub(f".{ZERO_WIDTH}", text).replace("](", f"]{ZERO_WIDTH}(")


def plain(text: str, limit: int | None = None) -> str:
    """The text for readers whose markup we do not know: Markdown, HTML and chats' own find nothing in it.

    It reads the same, with narrow blanks around marks of emphasis; `limit`: shortened to so many code points.
    """
    made = _plain(text if limit is None else shorten(text, limit))
    room = limit or 0
    while limit is not None and len(made) > limit:
        # What it takes to make it plain takes room too.
        room = room * limit // len(made)
        made = _plain(shorten(text, room))
    return made


def _plain(text: str) -> str:
    text = _TAG.sub(f"<{ZERO_WIDTH}", inert(text)).replace("`", "ˋ")
    return _EMPHASIS.sub(rf"{_HAIR_SPACE}\1{_HAIR_SPACE}", text)


def markdown(text: str) -> str:
    """Every mark of Markdown escaped, mentions and links made inert."""
    return _MARKDOWN.sub(r"\\\1", inert(text))


def running_text(card: Card, limit: int) -> str:
    """In Markdown, what stands beside the sides, within `limit` code points."""
    return fitting([part for part in (card.title, card.reason, *card.lines) if part], markdown, limit)


def fitting(lines: Sequence[str], written: Callable[[str], str], limit: int) -> str:
    """The lines as their chat writes them, as many as stay within `limit` code points, and how many do not.

    Never cut in the middle of markup.
    """
    made: list[str] = []
    # For the words that stand for the rest.
    room = limit - 40
    for number, line in enumerate(lines):
        shown = written(shorten(line, LINE_LIMIT))
        room -= len(shown) + 1
        if room < 0:
            return "\n".join([*made, f"… and {len(lines) - number:,} more lines"])
        made.append(shown)
    return "\n".join(made)
