"""Speech that goes on: the clause after a semicolon, or the next sentence after «…, сообщили в полиции.»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, carried_over
from monitor.core.claims.page import Page
from monitor.core.claims.russian.drafts import cleaned


def detect_carried_over(page: Page) -> Iterator[Draft]:
    return carried_over(page, lambda s: cleaned(s, range(len(s.tokens))))
