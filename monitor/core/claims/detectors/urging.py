"""What a body tells the public to do: 'the embassy told its citizens to keep away from the harbour'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, clause_span
from monitor.core.claims.page import Page
from monitor.core.claims.things import cues, told_thing
from monitor.core.claims.voices import is_office
from monitor.core.wording import word_set

_VERBS = word_set("tell warn urge advise order ask instruct")
_PUBLIC = word_set(
    """
    citizen national resident people public traveller traveler visitor passenger motorist household customer
    tourist inhabitant villager islander parent patient consumer resident fan voter shipping airline
    """
)


def detect_urging(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _VERBS):
        told, act = grammar.undergoer(s, i), grammar.child(s, i, "xcomp")
        if told is None or act is None or s.tokens[told].lemma not in _PUBLIC or not is_office(s, speaker):
            continue
        if s.tokens[act].tag != "VB" or not any(s.tokens[c].lemma == "to" for c in s.children[act]):
            continue
        span = clause_span(s, speaker, i, s.span(s.subtree(act)))
        yield told_thing(s, i, speaker, act, span=span, detector="urging")
