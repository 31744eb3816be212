"""What the outlet says in its own voice: figures, causes, custody, with nobody named who says so.

Which of them say something checkable is told later (checkable.py). Opinion, scenery, questions and what only
leads up to somebody's speech are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import BLAMING, DENYING, NAMING, REPORTING
from monitor.core.claims.draft import Draft, content_span, in_own_voice
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.telling import announces, of_own_work
from monitor.core.types import ArticleField

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# What pictures show, and what is established, the outlet tells itself.
_ATTRIBUTES = (REPORTING.keys() | DENYING | NAMING) - {"show", "establish", "hear", "record"}
# "Letters were ignored, it is claimed": by nobody who is named.
_HEARSAY = re.compile(r"\bit (?:is|was|has been) (?:claimed|alleged|said|reported)\b", re.IGNORECASE)
_PAST = frozenset({"VBD", "VBN"})
_ASKING = re.compile(r"(?i)(?:what|who|why|when|where|whether)\b")
_OWN_WORDS = re.compile(r"(?i)\b(?:i|we|our|us|my|you|your)\b")


def detect_own_voice(page: Page) -> Iterator[Draft]:
    return in_own_voice(page, _attributed, _heads, content_span)


def _attributed(page: Page, s: Sentence) -> bool:
    """Somebody else speaks in it, or the writer of himself, or it is the headline of a headline."""
    if s.field is ArticleField.TITLE and _says_nothing(page, s):
        return True
    if page.quotations_in(s) or of_own_work(s):
        return True
    if s.field is ArticleField.TITLE and any(t.lemma in BLAMING and t.tag in _PAST for t in s.tokens):
        # "Army accused of killing": by somebody.
        return True
    if s.field is ArticleField.TITLE and _HEARSAY.search(s.text):
        return True
    if "according to" in s.text.casefold() or _OWN_WORDS.search(s.text):
        return True
    return any(
        token.lemma in _ATTRIBUTES
        and token.pos in {"VERB", "AUX"}
        and token.tag in _FINITE | {"VBG"}
        # "Mould found in bread": by nobody.
        and not (s.field is ArticleField.TITLE and grammar.child(s, i, "nsubjpass") is not None)
        for i, token in enumerate(s.tokens)
    )


def _says_nothing(page: Page, s: Sentence) -> bool:
    """'Flight 417: …', 'The woman who could count', 'what we know': a label."""
    if _ASKING.match(s.text):
        return True
    labels = page.article.title[s.end :].lstrip().startswith(":")
    main = (i for i, t in enumerate(s.tokens) if t.head == i or t.dep in {"advcl", "ccomp", "conj"})
    verb = any(s.tokens[i].pos in {"VERB", "AUX"} for i in main)
    counts = any(t.dep == "nummod" and t.head > i and t.text.isdigit() for i, t in enumerate(s.tokens))
    related = any(t.dep == "relcl" for t in s.tokens)
    return not verb and not counts and (labels or related)


def _heads(s: Sentence) -> Iterator[int]:
    """The main verbs, each with a subject of its own."""
    for i, token in enumerate(s.tokens):
        is_main = token.head == i or (
            token.dep == "conj"
            and s.tokens[token.head].head == token.head
            and grammar.child(s, i, "nsubj", "nsubjpass")
        )
        if (
            is_main
            and (token.pos in {"VERB", "AUX"} or s.field is ArticleField.TITLE)
            and not announces(s, i)
        ):
            yield i
