"""The compiled rules: one immutable value, made once and shared by everything that judges.

All written forms of all rules and entities go into one Aho–Corasick automaton over the normal form,
so the cost of a scan hardly grows with their number; what the scan finds leads to the few rules
that can match at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from ahocorasick_rs import AhoCorasick

from monitor.core.operators import ANYTHING, Need, cheapest_first, needs, rarest, required
from monitor.core.text import Normalised, ends_word, normalise, normalise_keeping_case, starts_word, word_end
from monitor.core.types import AlertSettings, Condition, Entity, Frame, Rule

#: A place that a scan found: start and end in the normal form, and the number of the wanted form.
Found = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A written form that somebody asks for."""

    # As in the rule file; a "*" at its end stands for any ending.
    form: str
    # The entity it names; empty for a word of a rule.
    entity: str = ""
    # The form in the normal form that keeps capitals; empty where capitals do not matter.
    cased: str = ""
    # Letters that a pattern needs: found inside words too.
    anywhere: bool = False

    @property
    def any_ending(self) -> bool:
        return self.form.endswith("*")

    @property
    def need(self) -> Need:
        if self.anywhere:
            return Need(literal=self.form)
        return Need(entity=self.entity) if self.entity else Need(form=self.form)

    @property
    def literal(self) -> str:
        return normalise(self.form.rstrip("*")).strip()


class Lexicon:
    """All wanted forms, found in one pass. Nothing in it changes after it is made."""

    __slots__ = ("_anywhere", "_automaton", "_of_literal", "numbers", "wanted")

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        #: The wanted forms; a scan names them by their place here.
        self.wanted: tuple[Wanted, ...] = tuple(dict.fromkeys(form for form in wanted if form.literal))
        numbers: dict[Need, list[int]] = {}
        literals: dict[str, list[int]] = {}
        for number, form in enumerate(self.wanted):
            numbers.setdefault(form.need, []).append(number)
            literals.setdefault(form.literal, []).append(number)
        #: Which forms satisfy a need.
        self.numbers: Mapping[Need, tuple[int, ...]] = MappingProxyType(
            {need: tuple(found) for need, found in numbers.items()}
        )
        self._of_literal = tuple(
            tuple(
                (number, self.wanted[number].any_ending, self.wanted[number].cased)
                for number in found
                if not self.wanted[number].anywhere
            )
            for found in literals.values()
        )
        self._anywhere = tuple(
            next((number for number in found if self.wanted[number].anywhere), None)
            for found in literals.values()
        )
        self._automaton = AhoCorasick(list(literals)) if literals else None

    def scan(self, text: Normalised) -> Iterator[Found]:
        """Every place where a wanted form stands as a whole word, letters of patterns anywhere."""
        if self._automaton is None:
            return
        normal = text.text
        for literal, start, end in self._automaton.find_matches_as_indexes(normal, overlapping=True):
            inside = self._anywhere[literal]
            if inside is not None:
                yield start, end, inside
            if not starts_word(normal, start):
                continue
            whole = ends_word(normal, end)
            for number, any_ending, cased in self._of_literal[literal]:
                if not (whole or any_ending):
                    continue
                if cased and not _has_capitals(text, start, end, cased):
                    continue
                yield start, end if whole else word_end(normal, end), number


def _has_capitals(text: Normalised, start: int, end: int, cased: str) -> bool:
    first, last = text.stored_span(start, end)
    return normalise_keeping_case(text.stored[first:last]).strip() == cased


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleSet:
    """The rules, entities and frames of one folder, compiled."""

    # Hash over everything in it.
    version: str
    rules: Mapping[str, Rule]
    entities: Mapping[str, Entity]
    frames: tuple[Frame, ...]
    lexicon: Lexicon
    # Number of a wanted form → the rules that cannot match without it or its alternatives.
    candidates: Mapping[int, tuple[str, ...]]
    # Rules that have to be tried on every article: their patterns need no letters.
    costly: tuple[str, ...]

    @classmethod
    def compile(
        cls, rules: Iterable[Rule] = (), entities: Iterable[Entity] = (), frames: Iterable[Frame] = ()
    ) -> RuleSet:
        """Compiles checked values; ids are unique, conditions need at least one word each."""
        by_id = {
            rule.id: replace(rule, condition=condition)
            if (condition := cheapest_first(rule.condition)) != rule.condition
            else rule
            for rule in rules
        }
        known = {entity.id: entity for entity in entities}
        frames = tuple(frames)
        lexicon = Lexicon([*_entity_forms(known.values()), *_rule_forms(by_id.values())])
        return cls(
            version=_digest(
                [sorted(rule.version for rule in by_id.values()), sorted(by_id)]
                + [asdict(known[entity]) for entity in sorted(known)]
                + [asdict(frame) for frame in sorted(frames, key=lambda frame: frame.id)]
            ),
            rules=MappingProxyType(by_id),
            entities=MappingProxyType(known),
            frames=frames,
            lexicon=lexicon,
            candidates=_candidates(by_id.values(), lexicon),
            costly=tuple(rule.id for rule in by_id.values() if is_costly(rule.condition)),
        )


def _entity_forms(entities: Iterable[Entity]) -> Iterator[Wanted]:
    for entity in entities:
        for alias in entity.aliases:
            for form in alias.forms or (alias.text,):
                cased = normalise_keeping_case(form.rstrip("*")).strip() if alias.exact_case else ""
                yield Wanted(form, entity.id, cased)


def _rule_forms(rules: Iterable[Rule]) -> Iterator[Wanted]:
    for rule in rules:
        for need in sorted(needs(rule.condition), key=lambda need: (need.form, need.literal)):
            if need.form:
                yield Wanted(need.form)
            elif need.literal:
                yield Wanted(need.literal, anywhere=True)


def _candidates(rules: Iterable[Rule], lexicon: Lexicon) -> Mapping[int, tuple[str, ...]]:
    candidates: dict[int, list[str]] = {}
    for rule in rules:
        choices = required(rule.condition)
        # A condition that nothing can satisfy (an entity nobody defines) leaves a set without numbers.
        for need in rarest(choices) if choices else ():
            for number in lexicon.numbers.get(need, ()):
                candidates.setdefault(number, []).append(rule.id)
    return MappingProxyType({number: tuple(ids) for number, ids in candidates.items()})


def is_costly(condition: Condition) -> bool:
    """Has the condition to be tried on every article, because nothing that it needs can be looked for?"""
    choices = required(condition)
    return bool(choices) and ANYTHING in rarest(choices)


def rule_version(rule: Rule, entities: Mapping[str, Entity]) -> str:
    """Hash over what the rule matches and does: words, entities' forms, filters, alert settings.

    Titles, owners, tags, runbooks and tests do not count; words do in any order.
    """
    named = sorted(need.entity for need in needs(rule.condition) if need.entity)
    forms = {
        name: sorted((form, alias.exact_case) for alias in entities[name].aliases for form in alias.forms)
        for name in named
        if name in entities
    }
    return _digest(
        [
            EXPANDER_VERSION,
            _condition_record(rule.condition),
            asdict(rule.where),
            _alert_record(rule.alert),
            rule.status,
            rule.severity,
            forms,
        ]
    )


def _alert_record(alert: AlertSettings) -> Mapping[str, object]:
    """Without settings that came later and are as they were before: they change no version."""
    given = asdict(alert)
    plain = asdict(AlertSettings())
    return {
        name: value
        for name, value in given.items()
        if name in ("on", "min_score", "routes") or value != plain[name]
    }


#: Raised whenever the same rule text can come to match something else.
EXPANDER_VERSION = 1


def condition_digest(condition: Condition) -> str:
    """The same for conditions that look for the same words, in any order of the words."""
    return _digest(_condition_record(condition))


def _condition_record(condition: Condition) -> Sequence[object]:
    return [
        condition.operator,
        sorted(condition.terms),
        [_condition_record(child) for child in condition.children],
        condition.field,
        condition.options,
    ]


def _digest(value: object) -> str:
    written = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.blake2b(written.encode(), digest_size=8).hexdigest()
