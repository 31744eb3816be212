"""Who puts out a paper speaks in it: 'the dean sent a letter saying that…'."""

from __future__ import annotations

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

_PAPERS = DOCUMENTS | word_set(
    "article ad advert advertisement commercial video clip column piece blog lawsuit complaint petition motion"
)
# Verbs of whoever puts a paper out, and of whoever answers in one.
_ISSUING = word_set(
    "release issue publish send write post put tweet circulate sign share distribute file air"
)
_ANSWERING = word_set("respond reply hit shoot strike fire push react write speak answer")


def issuer(s: Sentence, i: int, paper: int) -> int:
    """Who put out the paper that the parse lets the verb `i` speak; the paper itself where nobody did here.

    'The dean sent a letter saying that…', 'the firm hit back in a statement saying that…'.
    """
    token = s.tokens[paper]
    if s.tokens[i].dep not in {"acl", "relcl"} or s.tokens[i].head != paper or token.lemma not in _PAPERS:
        return paper
    if any(s.tokens[c].lemma in {"by", "from", "of"} or s.tokens[c].dep == "poss" for c in s.children[paper]):
        return paper
    link = s.tokens[token.head]
    verb = link.head if token.dep == "pobj" and link.lemma == "in" else token.head
    made = _ISSUING if token.dep == "dobj" else _ANSWERING if token.dep == "pobj" else frozenset[str]()
    who = grammar.subject(s, verb) if s.tokens[verb].lemma in made else None
    return who if who is not None and not grammar.is_passive(s, verb) else paper
