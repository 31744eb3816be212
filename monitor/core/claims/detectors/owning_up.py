"""Who takes something upon himself, and who holds to a figure: 'took responsibility for the blast', 'sticks
to its toll of 27'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, clause_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import cues, told_thing, with_tail
from monitor.core.claims.voices import is_document, is_person, may_speak
from monitor.core.types import Stance
from monitor.core.wording import word_set

_TAKING = word_set("take accept assume claim assert")
_TAKEN = word_set("responsibility blame")
_SAID_IN = word_set("channel video telegram twitter")
# Verb → the word behind it: "stands by its toll".
_HOLDING = {"stick": "to", "stand": "by", "hold": "to", "cling": "to", "insist": "on", "believe": "in"}
# "Holds to the theory of a leak."
_NOTIONS = word_set("notion theory idea version hypothesis story possibility explanation account suggestion")
_HELD = word_set("figure toll count total estimate number tally forecast prediction")


def detect_owning_up(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _TAKING | frozenset(_HOLDING)):
        if not may_speak(s, speaker):
            continue
        if s.tokens[i].lemma in _HOLDING:
            held = _held(s, i)
            if held is not None:
                yield told_thing(s, i, speaker, held, detector="owning_up")
            continue
        taken = grammar.child(s, i, "dobj")
        if taken is not None and s.tokens[taken].lemma in _TAKEN and _for_a_deed(s, i, taken):
            span = clause_span(s, speaker, i, s.span(with_tail(s, i, taken)))
            yield told_thing(s, i, speaker, taken, stance=Stance.ASSERT, span=span, detector="owning_up")


def _for_a_deed(s: Sentence, i: int, taken: int) -> bool:
    """'For the blast', 'on its channel'; 'responsibility for transport' is an office."""
    beside = [c for at in (i, taken) for c in s.children[at] if s.tokens[c].dep == "prep"]
    said = False
    for c in beside:
        thing = grammar.child(s, c, "pobj", "pcomp")
        if thing is None:
            continue
        if s.tokens[c].lemma == "for":
            known = grammar.child(s, thing, "det", "poss", "nummod") is not None
            return known or s.tokens[thing].tag == "VBG" or s.tokens[thing].pos in {"PRON", "PROPN"}
        said = said or s.tokens[thing].lemma in _SAID_IN or is_document(s, thing)
    return said


def _held(s: Sentence, i: int) -> int | None:
    """A figure with its number that is the speaker's own."""
    link = next((c for c in s.children[i] if s.tokens[c].lemma == _HOLDING[s.tokens[i].lemma]), None)
    thing = grammar.child(s, link, "pobj") if link is not None else None
    if (
        thing is None
        or is_person(s, thing)
        or not (
            s.tokens[thing].lemma in _HELD | _NOTIONS
            or s.tokens[thing].pos == "NUM"
            or s.tokens[i].lemma == "stick"
        )
    ):
        return None
    of = grammar.child(s, thing, "prep") if s.tokens[thing].lemma in _NOTIONS else None
    if of is not None and s.tokens[of].lemma == "of":
        return thing
    below = [s.tokens[n] for n in s.subtree(thing)]
    # "Stands by its 800", "sticks to nine".
    own = any(t.tag == "PRP$" for t in below) or s.tokens[thing].pos == "NUM"
    return thing if own and any(t.pos == "NUM" for t in below) else None
