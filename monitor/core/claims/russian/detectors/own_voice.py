"""What the outlet says in its own voice: figures, causes, custody, with nobody named who says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims.draft import Draft, in_own_voice
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import NAMING, SAYING_NOUNS
from monitor.core.claims.russian.drafts import SPEECH, content_span

_OWN_WORDS = re.compile(r"(?i)\b(?:я|мы|наш|наша|наши|мой|вы|ваш)\b")


def detect_own_voice(page: Page) -> Iterator[Draft]:
    return in_own_voice(page, _attributed, _heads, content_span)


def _attributed(page: Page, s: Sentence) -> bool:
    """Somebody else speaks in it, or the writer of himself."""
    if any(" " in _words(page, s, q.start, q.end) for q in page.quotations_in(s)):
        return True
    if _OWN_WORDS.search(s.text):
        return True
    for i, token in enumerate(s.tokens):
        if token.lemma in SPEECH | NAMING and token.pos == "VERB" and not _is_aside(s, i):
            return True
        if token.lemma in SAYING_NOUNS and grammar.preposition(s, i) == "по":
            return True
    return False


def _words(page: Page, s: Sentence, start: int, end: int) -> str:
    """What stands between the marks: a name of one or two words is no speech."""
    words = page.article.field(s.field)[start:end]
    return words if len(words.split()) > 3 else ""


def _is_aside(s: Sentence, i: int) -> bool:
    """ "Напомним", "как сообщалось": the outlet's own turns of phrase."""
    token = s.tokens[i]
    own = token.text.casefold() in {"напомним", "отметим", "сообщалось", "добавим", "уточним"}
    return own or (
        token.pos == "VERB" and grammar.feature(s, i, "VerbForm") == "Part" and token.dep in {"acl", "amod"}
    )


def _heads(s: Sentence) -> Iterator[int]:
    """The main predicates, each with a subject of its own."""
    for i, token in enumerate(s.tokens):
        joined = (
            token.dep in {"conj", "parataxis"}
            and s.tokens[s.tokens[token.head].head].head == s.tokens[token.head].head
            and grammar.child(s, i, "nsubj", "nsubj:pass") is not None
        )
        if (
            (token.head == i or joined)
            and token.pos in {"VERB", "ADJ", "NOUN", "NUM"}
            and token.pos != "PUNCT"
        ):
            yield i
