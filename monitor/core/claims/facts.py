"""What a content says of things, as facts to be held against each other (monitor/core/facts.py).

Three kinds are read off the tree: a word that has an opposite ("the gate was locked"), what is said of all of
a kind or denied of it in the passive or by an adjective ("every diver was paid"), and that there was nothing
of a kind ("no shots were fired"). For the last, what is said to be needs no fact: only keys to be met by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.core.claims.clauses import is_unrealised
from monitor.core.claims.draft import Draft
from monitor.core.claims.meeting import keys_of, left_out
from monitor.core.claims.nothings import nothing, said_to_be
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.places import Place, Starts
from monitor.core.claims.states import attribute, people_inside, side_at, state, verb_of
from monitor.core.facts import Fact
from monitor.core.types import Stance


def fact_keys(draft: Draft, starts: Starts, about: Sequence[str]) -> tuple[str, ...]:
    """The facts of a draft's content as keys, and the keys by which they are met; empty: it tells none."""
    denied = draft.stance is Stance.DENY
    facts: dict[Fact, None] = {}
    met: list[tuple[str, bool]] = []
    s, out = draft.content, left_out(draft)
    for head in draft.heads:
        for place in starts[head]:
            if place.hedged or place.token in out:
                continue
            turned = place.flipped != denied
            facts |= dict.fromkeys(_facts_at(s, place, turned, out))
            if not turned:
                met += said_to_be(s, place.token)
    ranked = dict.fromkeys(word for word, _ in sorted(met, key=lambda one: not one[1]))
    return keys_of(draft, list(facts), list(ranked), about)


def _facts_at(s: Sentence, place: Place, turned: bool, out: frozenset[int]) -> Iterator[Fact]:
    i = place.token
    verb = verb_of(s, i)
    if verb is None:
        side = side_at(s, i)
        if side is not None and s.tokens[i].dep == "amod" and side.row.attributive:
            yield from attribute(s, i, side)
        return
    if is_unrealised(s, verb):
        return
    if i == verb:
        yield from nothing(s, i, turned, out)
        for c in s.children[i]:
            # "Acted alone", "left late": no frame starts there.
            if s.tokens[c].dep in {"advmod", "prt"} and side_at(s, c) is not None:
                yield from state(s, c, verb, turned, out)
    yield from state(s, i, verb, turned, out)
    if i == verb and not turned:
        yield from people_inside(s, verb)
