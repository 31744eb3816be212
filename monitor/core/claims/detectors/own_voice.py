"""What the outlet says in its own voice: figures, causes, custody, with nobody named who says so.

Which of them say something checkable is told later (checkable.py). Opinion, scenery, questions and what only
leads up to somebody's speech are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import BLAMING, DENYING, NAMING, REPORTING, SAID_NOUNS
from monitor.core.claims.draft import Draft, content_span, in_own_voice, told_by_outlet
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.telling import announces, of_own_work
from monitor.core.types import ArticleField

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# What pictures show, and what is established, the outlet tells itself.
_ATTRIBUTES = (REPORTING.keys() | DENYING | NAMING) - {"show", "establish", "hear", "record"}
# "Letters were ignored, it is claimed": by nobody who is named.
_HEARSAY = re.compile(r"\bit (?:is|was|has been) (?:claimed|alleged|said|reported)\b", re.IGNORECASE)
# "Fell in with her version": somebody else's words.
_TOLD = SAID_NOUNS.keys() | {"according", "accord", "accuse", "blame"}
# Clauses that a sentence may have beside its own.
_BELOW = frozenset({"advcl", "relcl", "acl"})
_ASIDES = frozenset({"relcl", "acl"})
_PAST = frozenset({"VBD", "VBN"})
_ASKING = re.compile(r"(?i)(?:what|who|why|when|where|whether)\b")
_OWN_WORDS = re.compile(r"(?i)\b(?:i|we|our|us|my|you|your)\b")


def detect_own_voice(page: Page) -> Iterator[Draft]:
    yield from in_own_voice(page, _attributed, _heads, content_span)
    yield from _beside_speech(page)


def _beside_speech(page: Page) -> Iterator[Draft]:
    """'The firm left the talks on Friday, hours after the mayor had said that all was well': what stands at
    the top of a sentence in which somebody speaks further down, behind a comma.
    """
    for s in page.parsed:
        top = next((i for i, t in enumerate(s.tokens) if t.head == i), None)
        if s.field is ArticleField.TITLE or top is None or top not in _heads(s):
            continue
        beside = [c for c in (*_clauses_below(s, top), *_clauses_beside(s, top)) if _speaks_below(s, c)]
        cut = [c for c in beside if _is_apart(s, c)]
        span = content_span(s, top, without=cut) if cut else None
        if span is None or not _stands_alone(page, s, top, cut, span):
            continue
        draft = told_by_outlet(s, top, span)
        yield replace(draft, beside=True)


def _clauses_below(s: Sentence, top: int) -> list[int]:
    """The highest clauses under a verb that hang on when, whom or what."""
    return [
        c
        for c in s.subtree(top)
        if c != top
        and s.tokens[c].dep in _BELOW
        and not any(s.tokens[a].dep in _BELOW for a in s.ancestors(c) if a != top)
    ]


def _clauses_beside(s: Sentence, top: int) -> list[int]:
    """'A gunman wounded two men on Monday, and the mayor said that…': clauses with a subject of their own."""
    return [
        c
        for c in s.children[top]
        if s.tokens[c].dep == "conj" and grammar.child(s, c, "nsubj", "nsubjpass") is not None
    ]


def _speaks_below(s: Sentence, c: int) -> bool:
    return any(_is_speech(s, n) for n in s.subtree(c))


def _is_apart(s: Sentence, c: int) -> bool:
    """Between a comma and an end of the sentence."""
    below = s.subtree(c)
    first, last = below[0], below[-1]
    first -= first > 0 and s.tokens[first - 1].dep == "cc"
    behind = s.tokens[first - 1].text == "," and all(t.pos == "PUNCT" for t in s.tokens[last + 1 :])
    return first > 0 and behind


def _stands_alone(page: Page, s: Sentence, top: int, cut: list[int], span: tuple[int, int]) -> bool:
    """Whether nobody speaks in what is left, and it tells no more than what it says."""
    left = s.subtree(top, without=frozenset(cut))
    if any(_is_speech(s, n) or s.tokens[n].lemma in _TOLD for n in left) or s.tokens[left[0]].lemma == "that":
        return False
    if any(q.start < span[1] and span[0] < q.end for q in page.quotations_in(s)):
        return False
    text = s.text[span[0] - s.start : span[1] - s.start]
    return not of_own_work(s) and _OWN_WORDS.search(text) is None and not s.text.rstrip().endswith("?")


def _is_speech(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    verb = token.pos in {"VERB", "AUX"} and token.tag in _FINITE | {"VBG", "VBN"}
    return verb and token.lemma in _ATTRIBUTES


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
    if "according to" in s.text.casefold() or (_OWN_WORDS.search(s.text) and not _ours_in_passing(s)):
        return True
    against = _against(s)
    return any(
        token.lemma in _ATTRIBUTES
        and i not in against
        and token.pos in {"VERB", "AUX"}
        and token.tag in _FINITE | {"VBG"}
        # "Mould found in bread": by nobody.
        and not (s.field is ArticleField.TITLE and grammar.child(s, i, "nsubjpass") is not None)
        for i, token in enumerate(s.tokens)
    )


def _ours_in_passing(s: Sentence) -> bool:
    """'The buoy that our reporter reached', 'of nine shops we rang': the rest tells of others."""
    ours = (i for i, t in enumerate(s.tokens) if _OWN_WORDS.fullmatch(t.text))
    return all(any(s.tokens[n].dep in _ASIDES for n in (i, *s.ancestors(i))) for i in ours)


def _against(s: Sentence) -> frozenset[int]:
    """'Contrary to what the port maintains': the outlet says what is so instead."""
    first = next((i for i, t in enumerate(s.tokens) if t.lemma == "contrary"), None)
    return frozenset() if first is None else frozenset(s.subtree(first))


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
