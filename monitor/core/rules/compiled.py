"""What one rule, or one entity, is to the matcher: worked out once, kept for as long as it stays the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from monitor.core.operators import Need, Often, as_tried, needs, rarest, required
from monitor.core.text import normalise_keeping_case
from monitor.core.types import Condition, Entity, Rule, Where

#: Before an alias: a name that contains one of the entity's and is something else.
NOT_IT = "-"
#: Before the id of an entity, and before letters of a pattern, where a form may stand too: no file has these.
NAMED, LETTERS = "\0", "\1"
#: Names of which at least one has to stand (True), or none may (False): forms, and entities.
Clauses = tuple[tuple[bool, frozenset[str]], ...]


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
    def name(self) -> str:
        """What conditions call what stands there: the form, or the entity, or the letters."""
        if self.anywhere:
            return LETTERS + self.form
        return NAMED + self.entity if self.entity else self.form

    @property
    def need(self) -> Need:
        if self.anywhere:
            return Need(literal=self.form)
        return Need(entity=self.entity) if self.entity else Need(form=self.form)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledRule:
    """What one rule is to the matcher."""

    id: str
    rule: Rule
    # The rule's condition in the order in which it is tried.
    condition: Condition
    # Its `where` lets only some articles through.
    filtered: bool
    # Its own words and the letters of its patterns.
    wanted: tuple[Wanted, ...]
    # It is tried where one of these occurs; ANYTHING among them: on every article.
    anchors: frozenset[Need]
    # What has to be so beside an anchor, for the condition to hold; None: only trying it can tell.
    clauses: Clauses | None
    # Where there are clauses: the names whose places make it hold, in the order of the condition.
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledEntity:
    """What one entity is to the matcher."""

    entity: Entity
    # All forms of all its names.
    wanted: tuple[Wanted, ...]
    # Hash over everything in it.
    digest: str


#: What may be found → the rules that are reached through it.
Leads = MappingProxyType[Need, tuple[CompiledRule, ...]]

_EVERYWHERE = Where()


def compile_rule(rule: Rule, often: Often) -> CompiledRule:
    """The rule, reached by the rarest of what it needs."""
    choices = required(rule.condition, often)
    condition = as_tried(rule.condition)
    anchors = rarest(choices, often) if choices else frozenset()
    # Where an anchor stands, the clause of the anchors holds; names of an entity may be hidden there.
    known = (True, frozenset(need.form for need in anchors))
    clauses = _clauses(condition)
    return CompiledRule(
        id=rule.id,
        rule=rule,
        condition=condition,
        filtered=rule.where != _EVERYWHERE,
        wanted=tuple(forms_of(sorted(needs(rule.condition)), {})),
        anchors=anchors,
        clauses=None if clauses is None else tuple(clause for clause in clauses if clause != known),
        names=() if clauses is None else tuple(_names(condition)),
    )


def _names(condition: Condition) -> Iterator[str]:
    """The names of a condition of words and entities, but for those under `none`."""
    before = NAMED if condition.operator == "entity" else ""
    yield from (before + term for term in condition.terms)
    if condition.operator != "none":
        yield from chain.from_iterable(map(_names, condition.children))


def _clauses(condition: Condition) -> Clauses | None:
    """The condition as clauses that all have to hold; None where it asks for more than words anywhere."""
    if condition.operator in ("keyword", "phrase", "entity") and condition.field is None:
        return ((True, frozenset(_names(condition))),)
    if condition.operator not in ("all", "any", "none"):
        return None
    children = [_clauses(child) for child in condition.children]
    if condition.operator == "all":
        return None if None in children else tuple(chain.from_iterable(filter(None, children)))
    if not all(clauses is not None and len(clauses) == 1 and clauses[0][0] for clauses in children):
        return None
    names = frozenset().union(*(clauses[0][1] for clauses in children if clauses))
    return ((condition.operator == "any", names),)


def compile_entity(entity: Entity) -> CompiledEntity:
    """The entity with every form of its names."""
    wanted = []
    for alias in entity.aliases:
        for form in alias.forms or (alias.text,):
            name = form.removeprefix(NOT_IT)
            cased = normalise_keeping_case(name.rstrip("*")).strip() if alias.exact_case else ""
            wanted.append(Wanted(name, entity.id, cased, hides=name != form))
    return CompiledEntity(entity=entity, wanted=tuple(wanted), digest=digest(repr(entity)))


def forms_of(wanted: Iterable[Need], entities: Mapping[str, CompiledEntity]) -> Iterator[Wanted]:
    """The forms that satisfy needs; those of entities that are not there are left out."""
    for need in wanted:
        if need.form:
            yield Wanted(need.form)
        elif need.literal:
            yield Wanted(need.literal, anywhere=True)
        elif need.entity in entities:
            yield from entities[need.entity].wanted


def digest(value: object) -> str:
    """The same for equal values, in any process."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.blake2b(written.encode(), digest_size=8).hexdigest()
