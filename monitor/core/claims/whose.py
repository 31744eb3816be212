"""Whose a document is and for whom a spokesman speaks, in the grammar of an English phrase."""

from __future__ import annotations

import re

from monitor.core.claims import grammar
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

# Whoever reads a document does not own it: "papers seen by this newspaper".
_READING = word_set("see obtain review read view hear examine publish leak")


def of_whom(surface: str) -> str:
    """'The union's' without its ending."""
    return re.sub(r"['’]s?$", "", surface.strip())


def whole_word(s: Sentence, i: int) -> tuple[int, str]:
    """The token that heads a word with a hyphen ('the ex-manager'), and the phrase as written."""
    at = i
    while (
        at + 2 < len(s.tokens) and s.tokens[at + 1].text == "-" and s.tokens[at].end == s.tokens[at + 1].start
    ):
        at += 2
    tokens = grammar.noun_phrase(s, i)
    surface = s.words([*tokens, at] if at != i else tokens)
    return (at if s.tokens[at].pos in {"NOUN", "PROPN"} else i), of_whom(surface)


def spoken_for(s: Sentence, i: int) -> int | None:
    """'A spokesman for the ministry', 'the ministry's spokesman', 'a ministry spokesman'."""
    own = grammar.child(s, i, "poss")
    if own is not None:
        return own if s.tokens[own].pos != "PRON" else None
    for c in s.children[i]:
        if s.tokens[c].dep == "prep" and s.tokens[c].lemma in {"for", "of", "at", "from"}:
            return grammar.child(s, c, "pobj")
    return grammar.child(s, i, "compound")


def author(s: Sentence, i: int) -> int | None:
    """Whose a document is: 'the union's report', 'a letter from X', 'a statement issued by X'."""
    poss = grammar.child(s, i, "poss")
    if poss is not None:
        return poss
    for c in s.children[i]:
        token = s.tokens[c]
        if token.dep == "prep" and token.lemma in {"from", "by", "of"}:
            return grammar.child(s, c, "pobj")
        if token.dep == "acl" and token.lemma in _READING:
            return None
        if token.dep == "acl" and (owner := grammar.subject(s, c)) not in {None, i}:
            return owner
        if token.dep == "relcl" and (owner := grammar.child(s, c, "nsubj")) is not None:
            return owner if not grammar.is_question_word(s, owner) else None
        if token.dep == "acl":
            return next((n for n in s.subtree(c) if s.tokens[n].dep == "poss"), None)
    return None
