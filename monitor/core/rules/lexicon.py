"""All written forms that anybody asks for, found in one pass over a text.

One Aho–Corasick automaton holds the forms, so that the cost of a scan hardly grows with their number.
It holds them with the spaces on either side, and reads texts whose words are set apart (`set_apart`): what
it finds are whole words, and inside a word it follows none of its branches, which makes it twice as fast.
It takes long to build and cannot be changed; a lexicon that differs little from one that is there shares
its automaton and keeps what is new in a small one of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from monitor.core.rules.compiled import CompiledRule, Leads, Wanted
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


class Asker(NamedTuple):
    """A wanted form, with what a scan has to know of it at hand."""

    wanted: Wanted
    form: str
    entity: str
    name: str
    any_ending: bool
    cased: str
    anywhere: bool
    # The rules that are reached by it.
    leads: tuple[CompiledRule, ...]
    hides: bool
    # What stands for it in the normal form.
    literal: str
    # What stands for it where words are set apart; empty: it is of signs alone.
    pattern: str
    # Whole words that begin with the pattern, in any capitals.
    plain: bool
    # Where the pattern stands, the literal does: neither signs nor spaces were made equal.
    sure: bool
    # Of the literal.
    length: int
    # By how much its place in the normal form comes before its pattern's where words are set apart.
    before: int


#: One place: start and end in the normal form, and who asks for what stands there.
Found = tuple[int, int, Asker]


class _Layer(NamedTuple):
    """An automaton with the askers of each of its patterns."""

    # None: no patterns.
    automaton: AhoCorasick | None
    # Pattern → its number in the automaton.
    numbers: Mapping[str, int]
    # By that number; empty where nobody asks any more.
    askers: Sequence[tuple[Asker, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """All wanted forms, found in one pass."""

    # The wanted forms, and by how many each is wanted.
    wanted: Mapping[Wanted, int]
    # Most of them, and what came after these.
    base: _Layer
    later: _Layer
    # Those of signs alone: they are looked for one by one.
    signs: tuple[Asker, ...]

    def renewed(
        self, *, left: Sequence[Wanted], new: Sequence[Wanted], moved: Iterable[Wanted], leads: Leads
    ) -> Lexicon:
        """The lexicon without the forms that `left` and with the `new` ones; it costs what has changed.

        A form comes as often as it is, or was, wanted. Those that `moved` lead to other rules than before.
        Where too much is new, the large automaton is built anew.
        """
        wanted = Counter(self.wanted)
        wanted.update(new)
        wanted.subtract(left)
        touched = dict.fromkeys([*left, *new, *moved])
        for form in touched:
            if wanted[form] == 0:
                del wanted[form]
        askers = [_asker(form, leads) for form in touched]
        asking = [asker for asker in askers if asker.wanted in wanted]
        base = _changed(self.base, askers, wanted)
        later = [asker for asker in _askers_of(self.later) if asker.wanted not in touched]
        later += [asker for asker in asking if asker.pattern and asker.pattern not in base.numbers]
        if len(later) > LATER_LIMIT:
            base, later = _layer([*_askers_of(base), *later]), []
        signs = [asker for asker in self.signs if asker.wanted not in touched]
        signs += [asker for asker in asking if asker.literal and not asker.pattern]
        return Lexicon(wanted=wanted, base=base, later=_layer(later, Implementation.DFA), signs=tuple(signs))

    def askers(self) -> Iterator[Asker]:
        """Every wanted form, in no order."""
        return chain(_askers_of(self.base), _askers_of(self.later), self.signs)

    def scan(self, text: Normalised) -> list[Found]:
        """Every place where a wanted form stands as a whole word, letters of patterns anywhere.

        Start and end lie in the normal form; the places of one form come in order. Names of an entity that
        lie in a longer name of something else are left out, and so are those longer names.
        """
        apart = set_apart(text.text)
        letters_stand_alone = len(apart) > len(text.text) + 2
        places: list[Found] = []
        for automaton, _, askers in (self.base, self.later):
            if automaton is None:
                continue
            found = automaton.find_matches_as_indexes(apart, overlapping=True)
            if letters_stand_alone:
                for number in dict.fromkeys(number for number, _, _ in found):
                    for asker in askers[number]:
                        places += _search(asker, text)
                continue
            for number, start, _ in found:
                for asker in askers[number]:
                    if not asker.plain:
                        places += _place(asker, text, start - asker.before)
                    elif asker.sure or text.text.startswith(asker.literal, start):
                        places.append((start, start + asker.length, asker))
        for asker in self.signs:
            places += _search(asker, text)
        hiding = [place for place in places if place[2].hides]
        return [place for place in places if not _is_hidden(place, hiding)] if hiding else places


def _is_hidden(place: Found, hiding: Sequence[Found]) -> bool:
    """Is it a name of something else, or in a longer one?"""
    start, end, asker = place
    return asker.hides or any(
        other.entity == asker.entity and first <= start and end <= last and (first, last) != (start, end)
        for first, last, other in hiding
    )


def _place(asker: Asker, text: Normalised, at: int) -> Iterator[Found]:
    """The place of a form where its pattern stands, if it is one."""
    normal = text.text
    if asker.sure or normal.startswith(asker.literal, at):
        end = at + asker.length
        if not asker.cased or _has_capitals(text, at, end, asker.cased):
            yield at, word_end(normal, end) if asker.any_ending else end, asker


def _search(asker: Asker, text: Normalised) -> Iterator[Found]:
    """Every place of one form, wherever it may begin and end."""
    normal = text.text
    at = normal.find(asker.literal)
    while at >= 0:
        end = at + asker.length
        if asker.anywhere:
            yield at, end, asker
        elif starts_word(normal, at):
            whole = ends_word(normal, end)
            if (whole or asker.any_ending) and (not asker.cased or _has_capitals(text, at, end, asker.cased)):
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


def _askers_of(layer: _Layer) -> Iterator[Asker]:
    return (asker for row in layer.askers for asker in row)


def _asker(wanted: Wanted, leads: Leads) -> Asker:
    form, entity, cased, anywhere, hides = wanted
    any_ending = form.endswith("*")
    literal = normalise(form.rstrip("*")).strip()
    # The same value: there are many, and each that is looked at has to be fetched.
    literal = form if literal == form else literal
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
        name=wanted.name,
        any_ending=any_ending,
        cased=cased,
        anywhere=anywhere,
        leads=() if hides else leads.get(wanted.need, ()),
        hides=hides,
        literal=literal,
        pattern=pattern,
        plain=not (any_ending or cased or anywhere or before),
        sure=words == literal and " " not in literal,
        length=len(literal),
        before=before,
    )


def _changed(layer: _Layer, askers: Iterable[Asker], wanted: Collection[Wanted]) -> _Layer:
    """The layer with these askers instead of the earlier ones of their forms, where it has their patterns."""
    rows = list(layer.askers)
    for asker in askers:
        number = layer.numbers.get(asker.pattern)
        if number is not None:
            others = tuple(other for other in rows[number] if other.wanted != asker.wanted)
            rows[number] = (*others, asker) if asker.wanted in wanted else others
    return layer._replace(askers=rows)


def _has_capitals(text: Normalised, start: int, end: int, cased: str) -> bool:
    first, last = text.stored_span(start, end)
    return normalise_keeping_case(text.stored[first:last]).strip() == cased


#: The lexicon that finds nothing.
EMPTY = Lexicon(wanted={}, base=_layer(()), later=_layer(()), signs=())
