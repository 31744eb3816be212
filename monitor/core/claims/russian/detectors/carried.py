"""Speech that goes on: the clause after a semicolon, or the next sentence after «…, сообщили в полиции.»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian.drafts import cleaned, roots_within
from monitor.core.types import ClaimKind, Stance

_MIN_WORDS = 3


def detect_carried_over(page: Page) -> Iterator[Draft]:
    for before, s in zip(page.sentences, page.sentences[1:], strict=False):
        between = page.article.field(s.field)[before.end : s.start] if before.field is s.field else ""
        if between.strip() != ";" or not s.tokens or len(s.text.split()) < _MIN_WORDS or _quotes(page, s):
            continue
        span = cleaned(s, range(len(s.tokens)))
        if span is None:
            continue
        yield Draft(
            sentence=s,
            start=span[0],
            end=span[1],
            kind=ClaimKind.INDIRECT,
            stance=Stance.ASSERT,
            cue="",
            speaker=None,
            goes_on=before,
            content=s,
            heads=roots_within(s, *span),
            detector="carried",
        )


def _quotes(page: Page, s: Sentence) -> bool:
    return any(q.start < s.end and s.start < q.end for q in page.quotes[s.field])
