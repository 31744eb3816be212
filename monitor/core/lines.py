"""Text from feeds, shortened and quoted for a headline: one line, within a limit, nothing cut in half."""

from __future__ import annotations

import unicodedata

from monitor.core.terminal import clean

ELLIPSIS = "…"
_QUOTE_PAIRS = {"“": "”", "«": "»", '"': '"', "‘": "’", "„": "“", "”": "”"}


def shorten(text: str, limit: int) -> str:
    """The text on one safe line, in at most `limit` code points, "…" included where something was cut.

    Cut between words where one ends in the last third, else between characters as people see them:
    a letter keeps its accents, an emoji its parts.
    """
    line = clean(text)
    if len(line) <= limit:
        return line
    cut = limit - len(ELLIPSIS)
    space = line.rfind(" ", 0, cut + 1)
    if space >= cut * 2 // 3:
        cut = space
    while cut > 0 and _continues(line, cut):
        cut -= 1
    return line[:cut].rstrip(" ,;:–—-") + ELLIPSIS


def unquoted(text: str) -> str:
    """The text without the one pair of quotation marks that encloses all of it."""
    inner = text[1:-1]
    closing = _QUOTE_PAIRS.get(text[:1])
    if len(text) < 3 or closing is None or text[-1] != closing or text[0] in inner or closing in inner:
        return text
    return inner


def quoted(text: str, limit: int) -> str:
    """The text between quotation marks, shortened to `limit` code points inside them."""
    return f"“{shorten(unquoted(clean(text)), limit)}”"


def _continues(text: str, at: int) -> bool:
    """Does the character at this place belong to the one before it?"""
    character, before = text[at], text[at - 1]
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Sk") and not character.isascii():
        return True
    if "\u200d" in (character, before):
        return True
    # Flags are pairs of regional indicators; count those before to know which half this is.
    start = at
    while start > 0 and "\U0001f1e6" <= text[start - 1] <= "\U0001f1ff":
        start -= 1
    return "\U0001f1e6" <= character <= "\U0001f1ff" and (at - start) % 2 == 1
