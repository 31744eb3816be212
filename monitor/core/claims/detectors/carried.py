"""Speech that goes on after a semicolon: 'the road was closed, she said; nobody had been warned'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import REPORTING, SIDING
from monitor.core.claims.draft import Draft, carried_over
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.voices import is_office
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

# Whoever does so gives an account: "; the harbour has confirmed it", "; the watchdog asked all of them".
_TELLING = REPORTING.keys() | word_set("publish release interview cling stick stand produce")
_AGAIN = frozenset({"he", "she", "it", "they"})


def detect_carried_over(page: Page) -> Iterator[Draft]:
    return carried_over(page, _span)


def _span(s: Sentence) -> tuple[int, int] | None:
    if s.field is ArticleField.TITLE:
        # "Army says its men held the bridge; at least 12 dead": told by the outlet.
        return None
    top = next((i for i, t in enumerate(s.tokens) if t.head == i), None)
    who = grammar.subject(s, top) if top is not None else None
    if top is None or who is None:
        return s.start, s.start + len(s.text.rstrip(" ."))
    tells = s.tokens[top].lemma in _TELLING and (is_office(s, who) or s.tokens[who].pos == "PROPN")
    if (s.tokens[top].lemma in SIDING or tells) and s.tokens[who].lemma not in _AGAIN:
        # "She says it was full; her deputy disagrees": told by the outlet.
        return None
    return s.start, s.start + len(s.text.rstrip(" ."))
