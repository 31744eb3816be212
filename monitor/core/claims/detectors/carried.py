"""Speech that goes on after a semicolon: 'the road was closed, she said; nobody had been warned'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import SIDING
from monitor.core.claims.draft import Draft, carried_over
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence

_AGAIN = frozenset({"he", "she", "it", "they"})


def detect_carried_over(page: Page) -> Iterator[Draft]:
    return carried_over(page, _span)


def _span(s: Sentence) -> tuple[int, int] | None:
    top = next((i for i, t in enumerate(s.tokens) if t.head == i), None)
    who = grammar.subject(s, top) if top is not None and s.tokens[top].lemma in SIDING else None
    if who is not None and s.tokens[who].lemma not in _AGAIN:
        # "She says it was full; her deputy disagrees": told by the outlet.
        return None
    return s.start, s.start + len(s.text.rstrip(" ."))
