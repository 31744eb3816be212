"""Sentences whose subject the parser takes for their top, since a clause with "who" stands between it and its
verb: 'A guard at the pit, Ivo Lund, who left in May, confirmed it'; and what it hangs on the wrong noun.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import DOCUMENTS, REPORTING
from monitor.core.claims.parsed import Token
from monitor.core.wording import word_set

_FINITE = frozenset({"VBD", "VBZ"})
_OF_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_MEANS = word_set("phone telephone email e-mail text letter post fax radio mistake chance accident")
_BEFORE_NOUNS = frozenset({"det", "amod", "compound", "poss", "nummod"})
_CLOSING = frozenset("\"”’'»")
_OBJECTS = frozenset({"it", "him", "her", "them"})


def headed(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, verbs and relative clauses hung where they belong."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.dep == "agent" and (_is_active(tokens, token.head) or _is_means(tokens, i)):
            # "Said by telephone": nobody of that name said it.
            mended[i] = replace(token, dep="prep")
        elif token.dep == "relcl" and (paper := _paper_before(tokens, i)) is not None:
            # "Up to the event, it said in a statement, which added": it is the statement that added.
            mended[i] = replace(token, head=paper)
        elif token.tag == "VBN" and token.dep == "acl" and _follows_quote(tokens, i):
            # "“It was late,” a night porter conceded": no porter who is conceded.
            noun = tokens[token.head]
            mended[i] = replace(token, tag="VBD", dep="parataxis", head=noun.head)
            mended[token.head] = replace(noun, dep="nsubj", head=i)
        elif token.tag in _FINITE and (top := _swallowed(tokens, i)) is not None:
            # "A baker who tasted it tells another story": nothing that it tells.
            mended[i - 1] = replace(tokens[i - 1], head=token.head, dep="dobj")
            _put_on_top(mended, i, top)
        elif token.tag in _FINITE and (top := _subject_on_top(tokens, i)) is not None:
            _put_on_top(mended, i, top)
            for n, other in enumerate(tokens):
                if n > i and other.head == i and other.dep == "nsubj":
                    mended[n] = replace(other, dep="dobj")
    return tuple(mended)


def _put_on_top(mended: list[Token], verb: int, subject: int) -> None:
    mended[verb] = replace(mended[verb], head=verb, dep="ROOT")
    mended[subject] = replace(mended[subject], head=verb, dep="nsubj")


def _is_means(tokens: tuple[Token, ...], i: int) -> bool:
    """'She was told by phone'."""
    return any(t.head == i and t.dep == "pobj" and t.lemma in _MEANS for t in tokens)


def _is_active(tokens: tuple[Token, ...], verb: int) -> bool:
    """Whether a verb has a subject that acts, and no participle can be meant."""
    below = {t.dep for t in tokens if t.head == verb}
    return tokens[verb].tag in _FINITE and "nsubj" in below and "auxpass" not in below


def _paper_before(tokens: tuple[Token, ...], i: int) -> int | None:
    """The document that stands right before ", which"; None: the clause hangs on it, or there is none."""
    which = next((n for n, t in enumerate(tokens[:i]) if t.head == i and t.text == "which"), 0)
    if which < 2 or tokens[which - 1].text != "," or tokens[i].lemma not in REPORTING:
        return None
    paper = tokens[which - 2]
    is_one = paper.pos == "NOUN" and paper.lemma in DOCUMENTS and tokens[i].head != which - 2
    return which - 2 if is_one else None


def _follows_quote(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a verb of speaking stands right behind a noun, and the noun right behind a closing mark."""
    noun = tokens[i].head
    first = min(
        (n for n, t in enumerate(tokens[:noun]) if t.head == noun and t.dep in _BEFORE_NOUNS), default=noun
    )
    by = any(t.head == i and t.dep == "agent" for t in tokens)
    near = first > 1 and i == noun + 1 and tokens[noun].head != noun
    return near and tokens[first - 1].text in _CLOSING and tokens[i].lemma in REPORTING and not by


def _swallowed(tokens: tuple[Token, ...], i: int) -> int | None:
    """The top noun whose relative clause took in the verb of the sentence, behind a pronoun."""
    above, before = tokens[i].head, tokens[i - 1]
    top = tokens[above].head
    taken = before.head == i and before.dep == "nsubj" and before.text in _OBJECTS and above == i - 2
    noun = tokens[above].dep == "relcl" and tokens[top].pos == "NOUN" and tokens[top].head == top
    about = any(t.head == above and t.lemma == "who" for t in tokens[:above])
    speaks = tokens[above].lemma in REPORTING
    return top if taken and noun and about and tokens[i].dep == "ccomp" and not speaks else None


def _subject_on_top(tokens: tuple[Token, ...], i: int) -> int | None:
    """The top noun of a verb behind a comma that has no subject before it."""
    top, token = tokens[i].head, tokens[i]
    if token.dep not in {"parataxis", "ccomp", "acl", "appos"} or top >= i or tokens[i - 1].text != ",":
        return None
    noun = tokens[top].head == top and tokens[top].pos in {"NOUN", "PROPN"}
    free = not any(t.head == i and t.dep in _OF_SUBJECTS for t in tokens[:i])
    between = {t.dep for t in tokens[top + 1 : i]}
    # "Clearwater, a lab in Turku, recorded a rise".
    beside = "appos" in between and tokens[top + 1].text == "," and token.dep != "appos"
    return top if noun and free and ("relcl" in between or beside) else None
