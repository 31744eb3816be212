"""Two speakers who share a verb: «экипаж говорит о тумане, диспетчер — о поломке»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import POINTS_AT, REPORTING
from monitor.core.claims.russian.drafts import cleaned, usable

_ABOUT = frozenset({"о", "об", "про", "на"})


def detect_gapped(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            who, verb = token.head, s.tokens[token.head].head
            if token.dep == "orphan" and grammar.preposition(s, i) in _ABOUT and who < i and verb < who:
                yield from _both(page, s, verb, who, i)


def _both(page: Page, s: Sentence, verb: int, who: int, thing: int) -> Iterator[Draft]:
    """What the first speaker says, with the verb, and what the second says without it."""
    first = grammar.subject(s, verb)
    same = grammar.with_preposition(s, verb, grammar.preposition(s, thing))
    says = s.tokens[verb].lemma in POINTS_AT | REPORTING.keys() and usable(page, s, verb)
    if not says or first is None or same is None:
        return
    second = min(s.subtree(who))
    sides = ((first, [n for n in s.subtree(verb) if n < second], same), (who, s.subtree(who), thing))
    for speaker, words, told in sides:
        span = cleaned(s, words)
        if span is not None:
            yield reported(s, span, s.tokens[verb].text, speaker, (told,), "gapped")
