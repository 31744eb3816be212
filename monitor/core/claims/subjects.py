"""Speakers that the parser loses before a verb of speaking: 'a cook who has seen it said', 'on Monday Ruiz,
35, said', 'the coach, Ana Ruiz, talks of', 'lawyers for the club reply that'.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import REPORTING
from monitor.core.claims.names import WEEKDAYS
from monitor.core.claims.parsed import Token

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PAST_OR_PRESENT = frozenset({"VBD", "VBZ", "VBP"})
# Verbs that look like the plural of a noun, or like a noun, with the words that follow them.
_TALKS = {"talks": "of", "speaks": "of", "claims": "that", "reports": "that", "estimates": "that"}
_REPLIES = frozenset({"reply", "report", "claim", "estimate", "state"})


def with_subjects(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, with whoever speaks on the verb."""
    if not any(t.lemma in REPORTING or t.text in _TALKS for t in tokens):
        return tokens
    mended = list(tokens)
    for i, token in enumerate(tokens[1:-1], 1):
        verb = tokens[token.head]
        if token.dep == "nsubj" and token.pos == "PRON" and _is_of_relative(tokens, i):
            # "A cook who has seen it said": the cook said.
            mended[i] = replace(token, head=i - 1, dep="dobj")
        elif token.text in WEEKDAYS and token.dep == "compound" and _begins(tokens, i):
            # "On Monday Ruiz, 35, said": nobody is called Monday.
            day = verb.head
            mended[i] = replace(token, head=day, dep="pobj")
            mended[token.head] = replace(verb, head=tokens[day].head, dep="nsubj")
        elif token.dep == "appos" and tokens[i + 1].text == _TALKS.get(token.text) and verb.dep == "ROOT":
            # "The coach, Ana Ruiz, talks of": no talks that she is.
            mended[i] = replace(token, head=i, dep="ROOT", pos="VERB", tag="VBZ", lemma=token.text[:-1])
            mended[token.head] = replace(verb, head=i, dep="nsubj")
        elif token.pos == "NOUN" and token.dep == "ROOT" and token.lemma in _REPLIES and _of_many(tokens, i):
            # "Lawyers for the club reply in a letter that".
            mended[i] = replace(token, pos="VERB", tag="VBP")
    return tuple(mended)


def _is_of_relative(tokens: tuple[Token, ...], i: int) -> bool:
    """A pronoun between the verb of a relative clause and the verb of whom the clause is about."""
    verb, before = tokens[i].head, tokens[i - 1]
    return (
        verb == i + 1
        and tokens[verb].lemma in REPORTING
        and before.dep == "relcl"
        and tokens[before.head].head == verb
        and tokens[before.head].dep in _SUBJECTS
    )


def _begins(tokens: tuple[Token, ...], i: int) -> bool:
    """'On Monday' at the beginning, before a name and a verb of speaking that has no subject."""
    name = tokens[i].head
    day = tokens[name].head
    verb = tokens[day].head
    return (
        day == i - 1
        and verb > name
        and tokens[name].dep == "pobj"
        and tokens[name].pos == "PROPN"
        and tokens[verb].lemma in REPORTING
        and tokens[verb].tag in _PAST_OR_PRESENT
        and not any(t.head == verb and t.dep in _SUBJECTS for t in tokens)
    )


def _of_many(tokens: tuple[Token, ...], i: int) -> bool:
    return any(t.head == i and t.dep == "nsubj" and t.tag == "NNS" for t in tokens[:i])
