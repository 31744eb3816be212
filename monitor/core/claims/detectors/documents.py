"""What is read in a paper: 'the register shows no departure after six', 'the letter bears a stamp of May'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, cues, told_thing
from monitor.core.claims.voices import is_document
from monitor.core.wording import word_set

# Verbs of papers that may have any noun, and those that only tell something of these: "bears the stamp".
_ANY = word_set("show list record note log register name detail document")
_ONLY = word_set("give contain carry bear have")
_MARKS = word_set("stamp date signature seal name time mark entry number")


def detect_documents(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _ANY | _ONLY, negated=None):
        thing = grammar.child(s, i, "dobj")
        if is_document(s, speaker) and thing is not None and _tells(s, i, thing) and _stands_alone(s, i):
            yield told_thing(s, i, speaker, thing, detector="documents")


def _stands_alone(s: Sentence, i: int) -> bool:
    """Not 'a memo that named the bridge', nor 'a report detailing it'."""
    token = s.tokens[i]
    if token.dep == "relcl":
        return any(t.text == "," for t in s.tokens[token.head + 1 : i])
    return token.tag != "VBG" and token.dep != "acl"


def _tells(s: Sentence, i: int, thing: int) -> bool:
    token = s.tokens[thing]
    if token.pos not in NOUNS and not (token.pos == "PRON" and s.tokens[i].lemma == "have"):
        return False
    if grammar.says_no(s, thing):
        return grammar.is_negated(s, i)
    tells = s.tokens[i].lemma in _ANY or token.lemma in _MARKS or _has_counted(s, i, thing)
    return not grammar.is_negated(s, i) and tells


def _has_counted(s: Sentence, i: int, thing: int) -> bool:
    """'The chart has the buoy at 4', 'has her on page 9'."""
    behind = (s.tokens[n] for n in s.subtree(i) if n > thing)
    return s.tokens[i].lemma == "have" and any(t.pos == "NUM" for t in behind)
