"""Speech that goes on after a semicolon: 'the road was closed, she said; nobody had been warned'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, roots_within
from monitor.core.claims.page import Page
from monitor.core.types import ClaimKind, Stance

_MIN_WORDS = 3


def detect_carried_over(page: Page) -> Iterator[Draft]:
    """Every clause after a semicolon that says nothing of who speaks; `speaker_before` is to be asked."""
    for before, s in zip(page.sentences, page.sentences[1:], strict=False):
        between = page.article.field(s.field)[before.end : s.start] if before.field is s.field else ""
        if between.strip() != ";" or not s.tokens or len(s.text.split()) < _MIN_WORDS:
            continue
        if any(q.start < s.end and s.start < q.end for q in page.quotes[s.field]):
            continue
        end = s.start + len(s.text.rstrip(" ."))
        yield Draft(
            sentence=s,
            start=s.start,
            end=end,
            kind=ClaimKind.INDIRECT,
            stance=Stance.ASSERT,
            cue="",
            speaker=None,
            goes_on=before,
            content=s,
            heads=roots_within(s, s.start, end),
            detector="carried",
        )
