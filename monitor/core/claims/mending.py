"""Repairs of the parser's common mistakes around attributions, before anybody reads the tree."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import CLAIM_NOUNS, DENYING
from monitor.core.claims.parsed import Token


def mend(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, some hung elsewhere."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        above = tokens[token.head]
        if token.lemma == "of" and token.dep == "prep" and above.dep in {"dobj", "nsubjpass"}:
            verb = tokens[above.head]
            if verb.lemma == "accuse" and not _has_of(tokens, above.head):
                # "Accused the port of breaking it": the deed belongs to the verb.
                mended[i] = replace(token, head=above.head)
        elif token.dep == "prep" and i > 0 and above.lemma in DENYING:
            thing = tokens[i - 1]
            if thing.dep == "dobj" and thing.head == token.head and thing.lemma in CLAIM_NOUNS:
                # "Denied any link with it": the link is with it.
                mended[i] = replace(token, head=i - 1)
        elif token.dep == "npadvmod" and token.pos == "PROPN" and i > 0:
            noun = tokens[_first_of_name(tokens, i) - 1]
            if noun.dep in {"nsubj", "nsubjpass"} and noun.pos == "NOUN" and noun.head == token.head:
                # "The shipping line Norvik said": the name of the line.
                mended[i] = replace(token, head=_first_of_name(tokens, i) - 1, dep="appos")
        elif token.dep == "relcl" and any(t.head == i and t.dep == "mark" for t in tokens):
            # "The accusation that the line had paid": no relative clause, the accusation itself.
            mended[i] = replace(token, dep="acl")
    return tuple(mended)


def _has_of(tokens: tuple[Token, ...], verb: int) -> bool:
    return any(t.head == verb and t.lemma == "of" and t.dep == "prep" for t in tokens)


def _first_of_name(tokens: tuple[Token, ...], i: int) -> int:
    while i > 1 and tokens[i - 1].pos == "PROPN" and tokens[i - 1].dep == "compound":
        i -= 1
    return i
