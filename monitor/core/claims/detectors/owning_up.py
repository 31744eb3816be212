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
_HOLDING = {
    "stick": word_set("to with"),
    "stand": word_set("by"),
    "hold": word_set("to"),
    "cling": word_set("to"),
    "insist": word_set("on"),
    "believe": word_set("in"),
}
# "Holds to the theory of a leak."
_NOTIONS = word_set("notion theory idea version hypothesis story possibility explanation account suggestion")
# "Holds to the belief that the pump failed."
_VIEWS = _NOTIONS | word_set("view belief conviction opinion claim assertion finding conclusion statement")
# What is kept to, and tells nothing: "sticks to a strict diet".
_KEEPING = word_set("stick cling")
_COURSES = word_set(
    """
    plan diet course policy schedule routine budget strategy approach rule principle path line target script
    way regime habit formula deal pace promise pledge lead seat hope job guideline tradition system menu life
    """
)
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
    """A figure with its number that is the speaker's own, a view with its clause, what is stuck to."""
    link = next((c for c in s.children[i] if s.tokens[c].lemma in _HOLDING[s.tokens[i].lemma]), None)
    thing = grammar.child(s, link, "pobj") if link is not None else None
    if (
        thing is None
        or is_person(s, thing)
        or not (
            s.tokens[thing].lemma in _HELD | _VIEWS
            or s.tokens[thing].pos == "NUM"
            or s.tokens[i].lemma in _KEEPING
        )
    ):
        return None
    clause = grammar.child(s, thing, "acl") if s.tokens[thing].lemma in _VIEWS else None
    if clause is not None and grammar.child(s, clause, "mark") is not None:
        return clause
    if s.tokens[i].lemma in _KEEPING and _is_told(s, thing):
        return thing
    of = grammar.child(s, thing, "prep") if s.tokens[thing].lemma in _NOTIONS else None
    if of is not None and s.tokens[of].lemma == "of":
        return thing
    below = [s.tokens[n] for n in s.subtree(thing)]
    # "Stands by its 800", "sticks to nine".
    own = any(t.tag == "PRP$" for t in below) or s.tokens[thing].pos == "NUM"
    return thing if own and any(t.pos == "NUM" for t in below) else None


def _is_told(s: Sentence, thing: int) -> bool:
    """'Sticks to two barrels', 'to a spoiled batch of eggs'; no 'strict diet', no 'five goals a season'."""
    token, number = s.tokens[thing], grammar.child(s, thing, "nummod")
    first = number if number is not None else grammar.child(s, thing, "det")
    if token.lemma in _COURSES or token.pos != "NOUN" or first is None:
        return False
    more = grammar.child(s, thing, "prep", "acl", "relcl", "appos", "conj") is not None
    counted = s.tokens[first].dep == "nummod" and not any(
        s.tokens[c].dep == "npadvmod" for c in s.children[thing]
    )
    return counted or (more and s.tokens[first].lemma in {"a", "an"})
