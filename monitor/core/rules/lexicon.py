"""All written forms that anybody asks for, found in one pass over a text.

One Aho–Corasick automaton holds the forms, so that the cost of a scan hardly grows with their number.
It holds them with the spaces on either side, and reads texts whose words are set apart (`set_apart`): what
it finds are whole words, and inside a word it follows none of its branches, which makes it twice as fast.
It takes long to build and cannot be changed; a lexicon that differs little from one that is there shares
its automaton and keeps what is new in a small one of its own.
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
    set_apart,
    starts_word,
    word_end,
)

#: Forms in a small automaton: with more it is cheaper to build the large one anew.
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
    # What stands for it in the normal form.
    literal: str
    # What stands for it where words are set apart; empty: it is of signs alone.
    pattern: str
    # Where the pattern stands, the literal does: neither signs nor spaces were made equal.
    sure: bool
    # By how much its place in the normal form comes before its pattern's where words are set apart.
    before: int


#: What leads to which rules, by their ids.
Leads = Mapping[Need, tuple[str, ...]]


class _Layer(NamedTuple):
    """An automaton with the askers of each of its patterns."""

    # None: no patterns.
    automaton: AhoCorasick | None
    # Pattern → its number in the automaton.
    numbers: Mapping[str, int]
    # By that number; empty where nobody asks any more.
    askers: Sequence[tuple[Asker, ...]]


class Lexicon:
    """All wanted forms, found in one pass. Nothing in it changes after it is made."""

    __slots__ = ("_base", "_later", "_later_forms", "_signs", "wanted")

    def __init__(self, wanted: Iterable[Wanted], leads: Leads) -> None:
        #: The wanted forms, each once.
        self.wanted: Collection[Wanted] = dict.fromkeys(wanted)
        askers = [_asker(form, leads) for form in self.wanted]
        self._base = _layer(askers)
        self._later_forms: Sequence[Wanted] = ()
        self._later = _layer(())
        # Forms of signs alone, looked for one by one.
        self._signs = _of_signs(askers)

    def renewed(self, wanted: Iterable[Wanted], leads: Leads, led_elsewhere: Iterable[Wanted]) -> Lexicon:
        """The lexicon of these forms: finds what `Lexicon(wanted, leads)` does, and costs only what changed.

        `led_elsewhere` are the forms that lead to other rules than before. Where too much has changed,
        the lexicon is made anew.
        """
        forms = dict.fromkeys(wanted)
        base = self._base
        new = [_asker(form, leads) for form in forms if form not in self.wanted]
        later = [_asker(form, leads) for form in self._later_forms if form in forms]
        later += [asker for asker in new if asker.pattern and asker.pattern not in base.numbers]
        if len(later) > LATER_LIMIT:
            return Lexicon(forms, leads)
        gone = [form for form in self.wanted if form not in forms]
        moved = [form for form in led_elsewhere if form in forms and form in self.wanted]
        renewed = Lexicon((), {})
        renewed.wanted = forms
        renewed._base = _changed(base, [*gone, *moved], [*new, *(_asker(form, leads) for form in moved)])
        renewed._later_forms = [asker.wanted for asker in later]
        renewed._later = _layer(later, Implementation.DFA)
        renewed._signs = _of_signs(
            [_asker(asker.wanted, leads) for asker in self._signs if asker.wanted in forms] + new
        )
        return renewed

    def scan(self, text: Normalised) -> Iterator[tuple[int, int, Asker]]:
        """Every place where a wanted form stands as a whole word, letters of patterns anywhere.

        Start and end lie in the normal form; the places of one form come in order.
        """
        normal = text.text
        apart = set_apart(normal)
        letters_stand_alone = len(apart) > len(normal) + 2
        for automaton, _, askers in (self._base, self._later):
            if automaton is None:
                continue
            found = automaton.find_matches_as_indexes(apart, overlapping=True)
            if letters_stand_alone:
                for number in dict.fromkeys(number for number, _, _ in found):
                    for asker in askers[number]:
                        yield from _search(asker, text)
                continue
            for number, start, _ in found:
                for asker in askers[number]:
                    at = start - asker.before
                    if asker.sure or normal.startswith(asker.literal, at):
                        end = at + len(asker.literal)
                        if not asker.cased or _has_capitals(text, at, end, asker.cased):
                            yield at, word_end(normal, end) if asker.any_ending else end, asker
        for asker in self._signs:
            yield from _search(asker, text)


def _search(asker: Asker, text: Normalised) -> Iterator[tuple[int, int, Asker]]:
    """Every place of one form, wherever it may begin and end."""
    normal = text.text
    at = normal.find(asker.literal)
    while at >= 0:
        end = at + len(asker.literal)
        if asker.anywhere:
            yield at, end, asker
        elif starts_word(normal, at):
            whole = ends_word(normal, end)
            if (whole or asker.any_ending) and (
                not asker.cased or _has_capitals(text, at, end, asker.cased)
            ):
                yield at, end if whole else word_end(normal, end), asker
        at = normal.find(asker.literal, at + 1)


def _layer(askers: Iterable[Asker], implementation: Implementation | None = None) -> _Layer:
    rows: dict[str, list[Asker]] = {}
    for asker in askers:
        if asker.pattern:
            rows.setdefault(asker.pattern, []).append(asker)
    return _Layer(
        automaton=AhoCorasick(list(rows), implementation=implementation) if rows else None,
        numbers={pattern: number for number, pattern in enumerate(rows)},
        askers=[tuple(row) for row in rows.values()],
    )


def _of_signs(askers: Iterable[Asker]) -> tuple[Asker, ...]:
    return tuple(asker for asker in askers if asker.literal and not asker.pattern)


def _asker(wanted: Wanted, leads: Leads) -> Asker:
    form, entity, cased, anywhere, hides = wanted
    any_ending = form.endswith("*")
    literal = normalise(form.rstrip("*")).strip()
    apart = set_apart(literal)
    words = apart.strip()
    if anywhere:
        pattern, before = apart[1:-1], 1
    else:
        pattern = f" {words}{'' if any_ending else ' '}" if words else ""
        before = len(apart) - len(apart.lstrip()) - 1
    return Asker(
        wanted=wanted,
        form=form,
        entity=entity,
        any_ending=any_ending,
        cased=cased,
        anywhere=anywhere,
        leads=() if hides else leads.get(wanted.need, ()),
        hides=hides,
        literal=literal,
        pattern=pattern,
        sure=words == literal and " " not in literal,
        before=before,
    )


def _changed(layer: _Layer, gone: Iterable[Wanted], new: Iterable[Asker]) -> _Layer:
    """The layer with other askers for patterns that it has."""
    askers = list(layer.askers)
    for form in gone:
        number = layer.numbers.get(_asker(form, {}).pattern)
        if number is not None:
            askers[number] = tuple(asker for asker in askers[number] if asker.wanted != form)
    for asker in new:
        number = layer.numbers.get(asker.pattern)
        if number is not None:
            askers[number] = (*askers[number], asker)
    return layer._replace(askers=askers)


def _has_capitals(text: Normalised, start: int, end: int, cased: str) -> bool:
    first, last = text.stored_span(start, end)
    return normalise_keeping_case(text.stored[first:last]).strip() == cased
