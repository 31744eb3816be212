"""What the outlet says in its own voice: figures, causes, custody, with nobody named who says so.

Only sentences that say something checkable: a count, or something that a frame knows. Opinion, scenery and
questions are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import DENYING, NAMING, REPORTING
from monitor.core.claims.draft import Draft, content_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimKind, Stance

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_ATTRIBUTES = REPORTING.keys() | DENYING | NAMING
_OWN_WORDS = re.compile(r"(?i)\b(?:i|we|our|us|my|you|your)\b")


def detect_own_voice(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        if s.text.rstrip().endswith("?") or _attributed(page, s):
            continue
        for head in _heads(s):
            span = content_span(s, head)
            if span is None:
                continue
            yield Draft(
                sentence=s,
                start=span[0],
                end=span[1],
                kind=ClaimKind.OWN_VOICE,
                stance=Stance.ASSERT,
                cue="",
                speaker=None,
                content=s,
                heads=(head,),
                detector="own_voice",
            )


def _attributed(page: Page, s: Sentence) -> bool:
    """Somebody else speaks in it, or the writer of himself."""
    if any(q.start < s.end and s.start < q.end for q in page.quotes[s.field]):
        return True
    if "according to" in s.text.casefold() or _OWN_WORDS.search(s.text):
        return True
    return any(
        token.lemma in _ATTRIBUTES and token.pos in {"VERB", "AUX"} and token.tag in _FINITE | {"VBG"}
        for token in s.tokens
    )


def _heads(s: Sentence) -> Iterator[int]:
    """The main verbs, each with a subject of its own."""
    for i, token in enumerate(s.tokens):
        is_main = token.head == i or (
            token.dep == "conj"
            and s.tokens[token.head].head == token.head
            and grammar.child(s, i, "nsubj", "nsubjpass")
        )
        if is_main and token.pos in {"VERB", "AUX"}:
            yield i
