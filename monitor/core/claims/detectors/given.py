"""What somebody gives, puts or ascribes something as: 'gave the cause as drowning', 'put the fault down to
rust'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, cues, told_thing, with_tail
from monitor.core.claims.voices import is_document, is_person, may_speak
from monitor.core.wording import word_set

# What has a value that is no number; anything else is put somewhere by hand.
_MATTERS = word_set(
    """
    location position place whereabouts cause origin source start beginning end time date hour moment motive
    reason age name identity course route wind direction site scene blast explosion fire death crash event
    incident sinking shooting arrest attack departure arrival meeting call breach leak fault blame
    wreck wreckage body ignition spark smoke infection outbreak contamination pollution signal shot
    """
)
# "Named a colonel as the author."
_OF_PEOPLE = word_set("identify name")
# What somebody made or said is attributed to its maker.
_MADE = word_set(
    "quote quotation remark word statement comment saying line painting work poem play book picture drawing"
)


@dataclass(frozen=True, slots=True)
class _Row:
    links: tuple[str, ...]
    # Said of these things only; empty: of any.
    things: frozenset[str] = frozenset()
    # Never of these: "gave his name as Ivo".
    but: frozenset[str] = frozenset()
    # How the two make a sentence.
    copula: str = "is"


_ROWS = {
    "give": _Row(("as",), but=word_set("name age address")),
    "put": _Row(("as", "at", "off", "near", "outside"), _MATTERS),
    "place": _Row(("at", "in", "on"), _MATTERS),
    "set": _Row(("at",), _MATTERS),
    "trace": _Row(("to",), _MATTERS, copula="came from"),
    "identify": _Row(("as",)),
    "name": _Row(("as",)),
    "ascribe": _Row(("to",), copula="was caused by"),
    "attribute": _Row(("to",), copula="was caused by"),
    "list": _Row(("as",)),
    "date": _Row(("to",), copula="was on"),
}
_DOWN_TO = _Row(("to",), copula="was caused by")


def detect_given(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, frozenset(_ROWS)):
        thing = grammar.undergoer(s, i)
        if thing is None or thing == speaker or grammar.child(s, i, "dative") is not None:
            # "Gives them equal rights as citizens."
            continue
        if not (may_speak(s, speaker) or is_document(s, speaker)):
            continue
        row = _DOWN_TO if _is_put_down(s, i) else _ROWS[s.tokens[i].lemma]
        what = _linked(s, i, thing, row.links)
        if what is None or not (
            _fits(s, thing, row) or _points_back(s, thing, what, row) or s.tokens[i].lemma in _OF_PEOPLE
        ):
            continue
        value = s.span(with_tail(s, i, what))
        phrase = s.span(grammar.noun_phrase(s, thing))
        words = s.text[value[0] - s.start : value[1] - s.start]
        yield told_thing(
            s,
            i,
            speaker,
            thing,
            span=(min(phrase[0], value[0]), max(phrase[1], value[1])),
            proposition=f"{s.words(grammar.noun_phrase(s, thing))} {row.copula} {words}",
            detector="given",
        )


def _fits(s: Sentence, thing: int, row: _Row) -> bool:
    token = s.tokens[thing]
    # "Every one of the deaths."
    counted = token.pos in {"NUM", "PRON", "DET"} and grammar.child(s, thing, "prep") is not None
    if (token.pos not in NOUNS and not counted) or is_person(s, thing) or token.lemma in _MADE | row.but:
        return False
    return not row.things or token.lemma in row.things


def _points_back(s: Sentence, thing: int, what: int, row: _Row) -> bool:
    """'Puts it down to a worn cable', and no 'puts it down to luck'."""
    is_it = s.tokens[thing].lemma in {"it", "this", "that"} and row is _DOWN_TO
    return is_it and len(s.subtree(what)) > 1


def _is_put_down(s: Sentence, i: int) -> bool:
    return s.tokens[i].lemma == "put" and any(s.tokens[c].lemma == "down" for c in s.children[i])


def _linked(s: Sentence, i: int, thing: int, links: tuple[str, ...]) -> int | None:
    """The value: what one of these prepositions governs, wherever the parse hangs it behind the thing."""
    beside = (i, *s.children[i], *s.subtree(thing))
    for c in sorted({c for at in beside for c in s.children[at]}):
        if c > max(i, thing) and s.tokens[c].lemma in links and s.tokens[c].dep == "prep":
            found = grammar.child(s, c, "pobj", "pcomp", "npadvmod", "prep")
            if found is not None:
                return found
    return None
