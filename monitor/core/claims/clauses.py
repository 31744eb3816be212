"""Small questions about a clause and what stands in it: whom it is said of, when, with what else."""

from __future__ import annotations

from monitor.core.claims import grammar
from monitor.core.claims.parsed import Sentence
from monitor.core.facts import IT, OF_SPEAKER, kind
from monitor.core.wording import STOP_WORDS, is_negation, stem, word_set

LIGHT = word_set(
    """
    be have make take get give hold do find receive see exist occur happen carry report record remain show
    register go come keep bring put become seem appear
    """
)
# What nobody knows, wants or thinks is no doing that somebody else could have seen.
INNER = word_set(
    """
    know want believe think expect understand doubt care like need wish hope matter mean feel remember
    imagine guess realise realize deserve trust
    """
)
_POINTING = word_set("it they them he she")
_UNREALISED = word_set("will shall would should could can may might must ought 'll ’ll 'd")
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV"})
_NAMING = frozenset({"NOUN", "PROPN", "ADJ", "VERB"})
# When and how long: times are compared as times.
_SPANS = word_set(
    """
    second hour day night week weekend month year morning afternoon evening noon midnight time moment
    story account case matter country world fact all
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
    """
)
# "No clue, except in the diary": what follows is left out of what is denied.
_LEFT_OUT = frozenset({"except", "but", "besides", "despite"})
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "conj", "parataxis", "csubj"})
_AMONG = frozenset({"prep", "poss"})
_SAID_CHARS = 40


def subject_of(s: Sentence, noun: int) -> str:
    token = s.tokens[noun]
    if token.lemma == "thing" or (token.tag == "PRP" and token.lemma in _POINTING):
        return IT
    return kind(token.lemma)


def described(s: Sentence, noun: int) -> tuple[frozenset[str], frozenset[str]]:
    """What kind of thing, and whose, which or where: stems."""
    kinds, whose = set[str](), set[str]()
    for c in s.children[noun]:
        token = s.tokens[c]
        if token.dep == "poss" and token.pos == "PRON":
            whose.add(OF_SPEAKER)
        elif token.dep in _AMONG:
            whose.update(
                kind(s.tokens[n].lemma)
                for n in s.subtree(c)
                if s.tokens[n].pos in {"NOUN", "PROPN", "ADJ"}
                and s.tokens[n].lemma not in STOP_WORDS | _SPANS
            )
        elif token.dep in {"amod", "compound", "nmod"} and token.lemma not in {
            "single",
            "such",
            "many",
            "entire",
        }:
            kinds.update(
                stem(s.tokens[n].lemma) for n in s.subtree(c) if s.tokens[n].pos in _CONTENT and n < noun
            )
    return frozenset(kinds), frozenset(whose)


def words_around(s: Sentence, verb: int, without: frozenset[int]) -> frozenset[str]:
    """Stems of what else the clause says, inner clauses left out."""
    skip = frozenset(
        below
        for at in s.subtree(verb)
        for below in s.children[at]
        if (s.tokens[below].dep in _CLAUSES or s.tokens[below].lemma in _LEFT_OUT) and below not in without
    )
    found = set[str]()
    for n in s.subtree(verb, without=skip):
        token = s.tokens[n]
        low = token.text.casefold()
        if n == verb or n in without or token.pos not in _NAMING or low in STOP_WORDS or is_negation(low):
            continue
        if token.lemma in LIGHT | _SPANS | {"any", "single"} or _is_minutes(s, n):
            continue
        found.add(kind(token.lemma))
    return frozenset(found)


def _is_minutes(s: Sentence, i: int) -> bool:
    """'Forty minutes', and not the minutes of a meeting."""
    return s.tokens[i].lemma == "minute" and any(s.tokens[c].pos == "NUM" for c in s.children[i])


def has_neg(s: Sentence, verb: int) -> bool:
    return any(
        s.tokens[c].dep == "neg" or s.tokens[c].lemma in {"never", "n't", "neither", "nor"}
        for c in s.children[verb]
    )


def is_unrealised(s: Sentence, verb: int) -> bool:
    """'Will be closed', 'to close', 'should be open'."""
    token = s.tokens[verb]
    if token.tag == "MD":
        return True
    for c in s.children[verb]:
        below = s.tokens[c]
        if below.dep == "aux" and (below.tag == "MD" or below.lemma in _UNREALISED or below.lemma == "to"):
            return True
    seen = s.tokens[token.head].lemma in {"hear", "see", "watch", "film", "notice", "let", "make"}
    return token.tag == "VB" and not seen and not any(s.tokens[c].lemma == "do" for c in s.children[verb])


def is_tried(s: Sentence, verb: int) -> bool:
    """'Failed to close', 'worked to free': the verb says how, and not that."""
    return grammar.child(s, verb, "xcomp") is not None and s.tokens[verb].lemma not in {
        "find",
        "leave",
        "keep",
    }


def tense(s: Sentence, verb: int) -> str:
    auxiliaries = {
        s.tokens[c].text.casefold() for c in s.children[verb] if s.tokens[c].dep in {"aux", "auxpass"}
    }
    token = s.tokens[verb]
    if auxiliaries & {"has", "have", "'ve", "’ve"}:
        return "perfect"
    if auxiliaries & {"had", "was", "were", "did"} or token.tag == "VBD":
        return "past"
    if auxiliaries & {"is", "are", "does", "do", "'re", "’re", "am"} or token.tag in {"VBZ", "VBP"}:
        return "present"
    return ""


def said_as(s: Sentence, verb: int, i: int) -> str:
    """The words from the first auxiliary to the word itself, as written."""
    within = [verb, i, *(c for c in s.children[verb] if s.tokens[c].dep in {"aux", "auxpass", "neg", "prt"})]
    words = s.words(within).replace("|", " ")
    return words if len(words) <= _SAID_CHARS else s.tokens[i].text
