"""What one rule, or one entity, is to the matcher: worked out once, kept for as long as it stays the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from monitor.core.operators import Need, Often, as_tried, needs, rarest, required
from monitor.core.text import normalise_keeping_case
from monitor.core.types import Condition, Entity, Rule, Where

#: Before an alias: a name that contains one of the entity's and is something else.
NOT_IT = "-"


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
    # It holds wherever one of its anchors stands: it asks for any of some words, in any field.
    by_anchor: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledEntity:
    """What one entity is to the matcher."""

    entity: Entity
    # All forms of all its names.
    wanted: tuple[Wanted, ...]
    # Hash over everything in it.
    digest: str


#: What may be found → the rules that are reached through it.
Leads = Mapping[Need, tuple[CompiledRule, ...]]

_EVERYWHERE = Where()


def compile_rule(rule: Rule, often: Often) -> CompiledRule:
    """The rule, reached by the rarest of what it needs."""
    choices = required(rule.condition, often)
    condition = as_tried(rule.condition)
    return CompiledRule(
        id=rule.id,
        rule=rule,
        condition=condition,
        filtered=rule.where != _EVERYWHERE,
        wanted=tuple(forms_of(sorted(needs(rule.condition)), {})),
        anchors=rarest(choices, often) if choices else frozenset(),
        by_anchor=condition.operator in ("keyword", "phrase") and condition.field is None,
    )


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
