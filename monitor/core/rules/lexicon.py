"""All written forms that anybody asks for, found in one pass over a text.

One Aho–Corasick automaton holds the forms in the normal form, so that the cost of a scan hardly grows
with their number. It takes long to build and cannot be changed; a lexicon that differs little from one
that is there shares its automaton and keeps what is new in a small one of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from monitor.core.operators import Need
from monitor.core.text import (
    Normalised,
    ends_word,
    normalise,
    normalise_keeping_case,
    starts_word,
    word_end,
)

#: Literals in a small automaton: with more it is cheaper to build the large one anew.
LATER_LIMIT = 500


class Wanted(NamedTuple):
    """A written form that somebody asks for."""

    # As in the rule file; a "*" at its end stands for any ending.
    form: str
    # The entity it names; empty for a word of a rule.
    entity: str = ""
    # The form in the normal form that keeps capitals; empty where capitals do not matter.
    cased: str = ""
    # Letters that a pattern needs: found inside words too.
    anywhere: bool = False
    # A longer name that contains one of the entity's and is something else: "Paris Hilton".
    hides: bool = False

    @property
    def need(self) -> Need:
        if self.anywhere:
            return Need(literal=self.form)
        return Need(entity=self.entity) if self.entity else Need(form=self.form)

    @property
    def literal(self) -> str:
        """What to look for in the normal form; empty: nothing."""
        return normalise(self.form.rstrip("*")).strip()


class Asker(NamedTuple):
    """A wanted form, with what a scan has to know of it at hand."""

    wanted: Wanted
    form: str
    entity: str
    any_ending: bool
    cased: str
    anywhere: bool
    # Ids of the rules that are reached by it.
    leads: tuple[str, ...]
    hides: bool


#: What leads to which rules, by their ids.
Leads = Mapping[Need, tuple[str, ...]]


class _Layer(NamedTuple):
    """An automaton with the askers of each of its literals."""

    # None: no literals.
    automaton: AhoCorasick | None
    # Literal → its number in the automaton.
    numbers: Mapping[str, int]
    # By that number; empty where nobody asks any more.
    askers: Sequence[tuple[Asker, ...]]
    # Numbers of the literals that somebody wants also where they are no whole word.
    loose: frozenset[int]


class Lexicon:
    """All wanted forms, found in one pass. Nothing in it changes after it is made."""

    __slots__ = ("_base", "_later", "_later_forms", "wanted")

    def __init__(self, wanted: Iterable[Wanted], leads: Leads) -> None:
        #: The wanted forms, each once.
        self.wanted: Collection[Wanted] = dict.fromkeys(wanted)
        self._base = _layer(self.wanted, leads)
        self._later_forms: Sequence[Wanted] = ()
        self._later = _layer((), leads)

    def renewed(self, wanted: Iterable[Wanted], leads: Leads, led_elsewhere: Iterable[Wanted]) -> Lexicon:
        """The lexicon of these forms: finds what `Lexicon(wanted, leads)` does, and costs only what changed.

        `led_elsewhere` are the forms that lead to other rules than before. Where too much has changed,
        the lexicon is made anew.
        """
        forms = dict.fromkeys(wanted)
        base = self._base
        gone = [form for form in self.wanted if form not in forms]
        new = [(form.literal, form) for form in forms if form not in self.wanted]
        later = [form for form in self._later_forms if form in forms]
        later += [form for literal, form in new if literal not in base.numbers]
        if len(later) > LATER_LIMIT:
            return Lexicon(forms, leads)
        changed = [form for literal, form in new if literal in base.numbers]
        moved = [form for form in led_elsewhere if form in forms and form in self.wanted]
        gone += moved
        changed += [form for form in moved if form.literal in base.numbers]
        renewed = Lexicon((), {})
        renewed.wanted = forms
        renewed._base = _changed(base, gone, changed, leads)
        renewed._later_forms = later
        renewed._later = _layer(later, leads, Implementation.DFA)
        return renewed

    def scan(self, text: Normalised) -> Iterator[tuple[int, int, Asker]]:
        """Every place where a wanted form stands as a whole word, letters of patterns anywhere.

        Start and end lie in the normal form; the places of one form come in order.
        """
        normal = text.text
        for automaton, _, askers, loose in (self._base, self._later):
            if automaton is None:
                continue
            for literal, start, end in automaton.find_matches_as_indexes(normal, overlapping=True):
                starts = starts_word(normal, start)
                whole = starts and ends_word(normal, end)
                if not whole and literal not in loose:
                    continue
                for asker in askers[literal]:
                    if asker.anywhere:
                        yield start, end, asker
                    elif (whole or (starts and asker.any_ending)) and (
                        not asker.cased or _has_capitals(text, start, end, asker.cased)
                    ):
                        yield start, end if whole else word_end(normal, end), asker


def _layer(wanted: Iterable[Wanted], leads: Leads, implementation: Implementation | None = None) -> _Layer:
    askers: dict[str, list[Asker]] = {}
    for form in wanted:
        if literal := form.literal:
            askers.setdefault(literal, []).append(_asker(form, leads))
    rows = [tuple(asking) for asking in askers.values()]
    return _Layer(
        automaton=AhoCorasick(list(askers), implementation=implementation) if askers else None,
        numbers={literal: number for number, literal in enumerate(askers)},
        askers=rows,
        loose=frozenset(number for number, row in enumerate(rows) if _is_loose(row)),
    )


def _asker(wanted: Wanted, leads: Leads) -> Asker:
    form, entity, cased, anywhere, hides = wanted
    rules = () if hides else leads.get(wanted.need, ())
    return Asker(wanted, form, entity, form.endswith("*"), cased, anywhere, rules, hides)


def _is_loose(askers: Iterable[Asker]) -> bool:
    return any(asker.anywhere or asker.any_ending for asker in askers)


def _changed(layer: _Layer, gone: Iterable[Wanted], new: Iterable[Wanted], leads: Leads) -> _Layer:
    """The layer with other askers for literals that it has."""
    askers = list(layer.askers)
    touched: set[int] = set()
    for form in gone:
        number = layer.numbers.get(form.literal)
        if number is not None:
            askers[number] = tuple(asker for asker in askers[number] if asker.wanted != form)
            touched.add(number)
    for form in new:
        number = layer.numbers[form.literal]
        askers[number] = (*askers[number], _asker(form, leads))
        touched.add(number)
    loose = (layer.loose - touched) | {number for number in touched if _is_loose(askers[number])}
    return layer._replace(askers=askers, loose=loose)


def _has_capitals(text: Normalised, start: int, end: int, cased: str) -> bool:
    first, last = text.stored_span(start, end)
    return normalise_keeping_case(text.stored[first:last]).strip() == cased
