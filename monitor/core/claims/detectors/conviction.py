"""What somebody is sure of: 'the captain is adamant that…', 'she was in no doubt that…'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import CONVINCED, HELD
from monitor.core.claims.draft import Draft, content_span, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.wording import word_set

_BEING = word_set("be remain stay feel sound seem")
_PERSUADED = word_set("convince persuade satisfy")
# "Has it that", "have always held that".
_HAVING_IT = word_set("have hold")
_CUES = _BEING | _PERSUADED | _HAVING_IT
_OF = word_set("in of under")
# "It is clear that", "what is certain is that": nobody is.
_NOBODY = word_set("it this that there what which one thing everything nothing")


def detect_convictions(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            held = convinced(s, i) if token.lemma in _CUES else None
            if held is None or page.quoted(s.field, s.start + token.start) is not None:
                continue
            passive = token.lemma in _PERSUADED
            speaker = grammar.child(s, i, "nsubjpass") if passive else grammar.subject(s, i)
            clause = next((c for n in (held, i, *_sources(s, i)) if (c := _clause(s, n)) is not None), None)
            beside = _beside(s, i) if clause is None else None
            clause = clause if beside is None else beside
            span = content_span(s, clause, without=(i,)) if clause is not None else None
            if speaker is None or clause is None or span is None or not holds(s, speaker):
                continue
            yield reported(s, span, s.words([i, held]), speaker, (clause,), "conviction")


def convinced(s: Sentence, i: int) -> int | None:
    """The word that says that whoever is so holds something: 'is adamant', 'is in no doubt'."""
    if not usable_cue(s, i):
        return None
    if s.tokens[i].lemma in _PERSUADED:
        # "She was convinced that", and not "he convinced her that".
        return i if grammar.child(s, i, "auxpass") and grammar.child(s, i, "agent") is None else None
    if s.tokens[i].lemma == "hold":
        clause = grammar.child(s, i, "ccomp")
        return i if clause is not None and grammar.child(s, clause, "mark") is not None else None
    if s.tokens[i].lemma == "have":
        it = grammar.child(s, i, "dobj")
        # "Has it that", "has no doubt that".
        sure = it is not None and s.tokens[it].lemma == "doubt" and grammar.says_no(s, it)
        return it if it is not None and (s.tokens[it].lemma == "it" or sure) else None
    for c in s.children[i]:
        token = s.tokens[c]
        if token.dep in {"acomp", "oprd"} and token.lemma in CONVINCED:
            return None if any(s.tokens[n].dep == "neg" for n in s.children[c]) else c
        noun = grammar.child(s, c, "pobj") if token.dep == "prep" and token.lemma in _OF else None
        if noun is not None and s.tokens[noun].lemma in HELD:
            firm = s.tokens[noun].lemma != "doubt" or grammar.says_no(s, noun)
            return noun if firm else None
    return None


def _sources(s: Sentence, i: int) -> Iterator[int]:
    """'Have it from a source that': where the parse may hang the clause."""
    if s.tokens[i].lemma == "have":
        yield from (n for c in s.children[i] if s.tokens[c].dep == "prep" for n in s.children[c])


def holds(s: Sentence, speaker: int) -> bool:
    """Whether somebody, or a body, is the subject."""
    return s.tokens[speaker].lemma not in _NOBODY and not grammar.is_question_word(s, speaker)


def _beside(s: Sentence, i: int) -> int | None:
    """What somebody who is sure in passing is sure of: 'No bell rang, she is certain', 'the wall, he is
    adamant, was sound'.
    """
    token = s.tokens[i]
    before = grammar.child(s, i, "ccomp")
    told = before if before is not None and before < i else token.head if token.dep == "parataxis" else None
    if told is None or s.tokens[told].pos not in {"VERB", "AUX"} or s.tokens[s.subtree(i)[0] - 1].text == ":":
        return None
    paused = any(t.text == "," for t in s.tokens[min(told, i) : max(told, i)])
    own = grammar.child(s, told, "nsubj", "nsubjpass", "expl") is not None
    return told if paused and own and not grammar.is_conditional(s, told) else None


def _clause(s: Sentence, i: int) -> int | None:
    """The clause that says what of: a finite one with a subject."""
    for c in s.children[i]:
        told = s.tokens[c].dep in {"ccomp", "acl"} and c > i and s.tokens[c].pos in {"VERB", "AUX"}
        if told and grammar.child(s, c, "nsubj", "nsubjpass", "expl") is not None:
            return c if not grammar.is_conditional(s, c) else None
    return None
