"""Verbs of papers that the parser takes for nouns, and the other way round: 'the message read'."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import DOCUMENTS, MARKED
from monitor.core.claims.parsed import Token
from monitor.core.wording import word_set

_LIKE_NOUNS = word_set(
    "read stick cling talk record note show register log report list project forecast estimate claim "
    "state reply"
)
# What has to follow some of them: "media talk of".
_NEXT = {
    **dict.fromkeys(word_set("record note show report project forecast estimate claim state reply"), "that"),
    "stick": "to",
    "cling": "to",
    "talk": "of",
}
# "Slammed claims that".
_BATTED = word_set("claim report")
_OF_A_NOUN = frozenset({"det", "poss", "amod", "compound"})
# "Hit back that…".
_BACK = word_set("hit shoot fire snap clap")
# Steps up to the top of 'a page torn from the log of the ship'.
_HIGHEST = 6


def taken_right(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, those that were taken for another part of speech put right."""
    lemmas = [t.lemma for t in tokens]
    if _LIKE_NOUNS.isdisjoint(lemmas) and "put" not in lemmas and "back" not in lemmas:
        return tokens
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.lemma in _BACK and _says_back(tokens, i):
            # "The club hit back that it had paid".
            mended[i] = replace(token, lemma="retort")
            continue
        if token.lemma == "put" and _puts_it(tokens, i):
            # "As the mayor put it, the port is shut": she said so.
            mended[i] = replace(token, lemma="say")
            continue
        if i == 0 or token.lemma not in _LIKE_NOUNS:
            continue
        before = tokens[i - 1]
        if token.lemma in _BATTED and token.tag == "VBZ" and before.pos == "VERB" and _acts_on(tokens, i):
            # "The mayor slammed claims that nobody was asked": they are slammed.
            _hang_on_verb(mended, i)
            continue
        subject = before.head == i and before.dep in {"nsubj", "compound"}
        # "“Go home,” the editorial read": no adjective.
        subject = subject or (before.head == i and before.lemma in DOCUMENTS and before.dep == "amod")
        if token.head == i and token.pos == "NOUN" and subject and _is_followed(tokens, i):
            # "The message read", "The board sticks to its figure".
            mended[i] = replace(token, pos="VERB", tag="VBZ" if token.tag == "NNS" else "VBD")
            mended[i - 1] = replace(before, dep="nsubj", pos="NOUN", tag="NN")
            _hang_before(mended, i, i - 1)
            if token.tag == "NNS":
                _hang_clause(mended, i)
        elif token.dep == "nsubj" and token.tag in {"VBP", "VB"} and subject:
            # "The harbour register shows".
            mended[i] = replace(token, pos="NOUN", tag="NN")
            mended[i - 1] = replace(before, dep="compound")
        elif (
            token.text == "shows" and token.dep == "pobj" and (paper := _paper_behind(tokens, i)) is not None
        ):
            # "It was moved in May, a seal in wax on the lid shows."
            top = next(n for n, t in enumerate(tokens) if t.head == n)
            mended[i] = replace(token, pos="VERB", tag="VBZ", dep="parataxis", head=top)
            mended[i - 1] = replace(before, dep="pobj", head=token.head)
            mended[paper] = replace(tokens[paper], dep="nsubj", head=i)
            _hang_before(mended, i, i - 1)
            for n, other in enumerate(mended[:paper]):
                if other.head == paper and other.dep not in _OF_A_NOUN:
                    # "On 3 May" belongs to what was moved.
                    mended[n] = replace(other, head=top)
        elif token.tag == "NNS" and token.dep == "pobj" and (paper := _paper(tokens, i)) is not None:
            # "A page torn from the logbook records that": no records.
            mended[i] = replace(token, pos="VERB", tag="VBZ", dep="ROOT", head=i)
            mended[i - 1] = replace(before, dep="pobj", head=token.head)
            mended[paper] = replace(tokens[paper], dep="nsubj", head=i)
            _hang_before(mended, i, i - 1)
            _hang_clause(mended, i)
    return tuple(mended)


def _paper_behind(tokens: tuple[Token, ...], i: int) -> int | None:
    """The document right behind the last comma before this "noun" that ends a clause; None: there is none."""
    if (
        tokens[i].pos != "NOUN"
        or tokens[i].dep != "pobj"
        or tokens[i - 1].head != i
        or any(t.pos != "PUNCT" for t in tokens[i + 1 : i + 2])
    ):
        return None
    comma = max((n for n, t in enumerate(tokens[:i]) if t.text == ","), default=i)
    return next((n for n in range(comma + 1, i - 1) if tokens[n].lemma in DOCUMENTS | MARKED), None)


def _says_back(tokens: tuple[Token, ...], i: int) -> bool:
    """ "Back" behind it, and what was said behind that."""
    behind = tokens[i + 1 : i + 3]
    said = len(behind) == 2 and (behind[1].lemma == "that" or behind[1].text in ',:“"‘')
    return said and behind[0].lemma == "back" and tokens[i].pos == "VERB"


def _puts_it(tokens: tuple[Token, ...], i: int) -> bool:
    """'As' somebody 'put it', and no more about it."""
    if [t.lemma for t in tokens[i + 1 : i + 2]] != ["it"] or [t.pos for t in tokens[i + 2 : i + 3]] != [
        "PUNCT"
    ]:
        return False
    below = [n for n, t in enumerate(tokens) if t.head == i and n < i]
    return any(tokens[n].dep == "nsubj" for n in below) and any(tokens[n].lemma == "as" for n in below)


def _is_followed(tokens: tuple[Token, ...], i: int) -> bool:
    wanted, after = _NEXT.get(tokens[i].lemma), tokens[i + 1] if i + 1 < len(tokens) else None
    if after is None or after.pos == "PUNCT":
        # "It was closed, the records show."
        return wanted not in {"to", "of"}
    return wanted in {None, after.lemma}


def _hang_before(tokens: list[Token], i: int, noun: int) -> None:
    """What belongs to the noun, and was hung on what is now its verb."""
    for n in range(noun):
        if tokens[n].head == i and tokens[n].dep in _OF_A_NOUN:
            tokens[n] = replace(tokens[n], head=noun)


def _hang_clause(tokens: list[Token], verb: int) -> None:
    """What a noun's clause says is what the verb says."""
    for n, other in enumerate(tokens):
        if n > verb and other.head == verb and other.dep in {"acl", "relcl"}:
            tokens[n] = replace(other, dep="ccomp")


def _acts_on(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether the parser took the verb before for its subject, or the two for a row without "and"."""
    before, token = tokens[i - 1], tokens[i]
    return (before.head == i and before.dep in {"nsubj", "csubj"}) or (
        token.head == i - 1 and token.dep == "conj"
    )


def _hang_on_verb(tokens: list[Token], i: int) -> None:
    """What was taken for the verb is what the verb before it acts on; all but its clause is that verb's."""
    verb, token = i - 1, tokens[i]
    row = token.head == verb
    above = verb if token.head == i else token.head
    for n, other in enumerate(tokens):
        if other.head == i and n not in {i, verb}:
            told = other.dep == "ccomp" and n > i
            tokens[n] = replace(other, dep="acl") if told else replace(other, head=verb)
    if not row:
        tokens[verb] = replace(tokens[verb], head=above, dep=token.dep)
    tokens[i] = replace(token, pos="NOUN", tag="NNS", dep="dobj", head=verb)


def _paper(tokens: tuple[Token, ...], i: int) -> int | None:
    """The document at the top of a sentence without a verb, below which a "noun" has a clause of its own."""
    top = i
    for _ in range(_HIGHEST):
        top = tokens[top].head
    is_paper = tokens[top].head == top and tokens[top].pos == "NOUN" and tokens[top].lemma in DOCUMENTS
    clauses = [n for n, t in enumerate(tokens) if t.head == i and t.dep in {"acl", "relcl"}]
    told = any(t.head in clauses and t.dep == "mark" and t.lemma == "that" for t in tokens)
    return top if is_paper and told and tokens[i - 1].dep == "compound" else None
