"""Speech that goes on: the clause after a semicolon, or the next sentence after «…, сообщили в полиции.»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, carried_over
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian.cues import TAKING_SIDES
from monitor.core.claims.russian.drafts import cleaned


def detect_carried_over(page: Page) -> Iterator[Draft]:
    return carried_over(page, _going_on)


def _going_on(s: Sentence) -> tuple[int, int] | None:
    if any(t.lemma in TAKING_SIDES for t in s.tokens):
        # "Туристы жалуются на жару; в отеле с ними не согласны".
        return None
    return cleaned(s, range(len(s.tokens)))
