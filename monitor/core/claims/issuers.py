"""Who speaks where the parse lets a thing speak: 'the dean sent a letter saying that…'."""

from __future__ import annotations

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.voices import may_speak
from monitor.core.wording import word_set

_PAPERS = DOCUMENTS | word_set(
    "article ad advert advertisement commercial video clip column piece blog lawsuit petition motion"
)
# Verbs of whoever puts a paper out, and of whoever answers in one.
_ISSUING = word_set(
    "release issue publish send write post put tweet circulate sign share distribute file air"
)
_ANSWERING = word_set("respond reply hit shoot strike fire push react write speak answer")
# Of whoever does so with an occasion: "opened the debate saying that…".
_HOLDING = word_set("open begin start close end finish conclude leave spend kick interrupt")
_MEANWHILE = word_set("as when while after before")


def who_instead(s: Sentence, i: int, found: int) -> int:
    """Who says it, where the parse lets `found` do what the verb `i` does: somebody else, or the same."""
    token = s.tokens[i]
    if token.dep in {"acl", "relcl"} and token.head == found:
        return _before_which(s, i) or _issuer(s, found)
    if token.dep == "advcl" and token.tag == "VBG" and token.head < i:
        nobody = s.tokens[found].lemma == "it" or not may_speak(s, found)
        return (_meanwhile(s, i) or found) if nobody and s.tokens[found].lemma not in _PAPERS else found
    return found


def _before_which(s: Sentence, i: int) -> int | None:
    """'It failed, according to a company letter, which said…', hung on "failed": the letter."""
    which = grammar.child(s, i, "nsubj")
    if s.tokens[s.tokens[i].head].pos != "VERB" or which is None or which < 2:
        return None
    near = which - 2
    named = s.tokens[which - 1].text == "," and s.tokens[near].pos in {"NOUN", "PROPN"}
    return near if named and (may_speak(s, near) or s.tokens[near].lemma in DOCUMENTS) else None


def _issuer(s: Sentence, paper: int) -> int:
    """Who put out this paper; the paper itself where nobody did here.

    'The dean sent a letter saying that…', 'the firm hit back in a statement saying that…'.
    """
    token = s.tokens[paper]
    if any(s.tokens[c].lemma in {"by", "from", "of"} or s.tokens[c].dep == "poss" for c in s.children[paper]):
        return paper
    link = s.tokens[token.head]
    verb = link.head if token.dep == "pobj" and link.lemma == "in" else token.head
    doing = _ISSUING if token.lemma in _PAPERS else frozenset[str]() if may_speak(s, paper) else _HOLDING
    answering = _ANSWERING if token.lemma in _PAPERS else frozenset[str]()
    made = doing if token.dep == "dobj" else answering if token.dep == "pobj" else frozenset[str]()
    who = grammar.subject(s, verb) if s.tokens[verb].lemma in made else None
    return who if who is not None and not grammar.is_passive(s, verb) else paper


def _meanwhile(s: Sentence, i: int) -> int | None:
    """'It was closed as the guards ran in, shouting that…': whoever acts in the clause right before."""
    for c in reversed(s.children[s.tokens[i].head]):
        below = s.subtree(c)
        if c < i and s.tokens[c].dep == "advcl" and below[-1] == i - 2 and s.tokens[i - 1].text == ",":
            who = grammar.child(s, c, "nsubj")
            fits = s.tokens[below[0]].lemma in _MEANWHILE and who is not None and may_speak(s, who)
            return who if fits else None
    return None
