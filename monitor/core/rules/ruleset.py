"""The compiled rules: one immutable value, made once and shared by everything that judges.

All written forms of all rules and entities go into one lexicon, which finds them in one pass.
A rule is reached only through the rarest of what it needs: what the scan finds leads to the few rules
that can match at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from types import MappingProxyType

from monitor.core.operators import ANYTHING, Need, cheapest_first, needs, rarest, required
from monitor.core.rules.frequency import guesser
from monitor.core.rules.lexicon import Leads, Lexicon, Wanted
from monitor.core.text import normalise_keeping_case
from monitor.core.types import AlertSettings, Condition, Entity, Frame, Rule

#: Before an alias: a name that contains one of the entity's and is something else.
NOT_IT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """What one rule is to the matcher."""

    # As it was given.
    given: Rule
    # With its conditions in the order in which they are tried.
    rule: Rule
    # Its own words and the letters of its patterns.
    wanted: tuple[Wanted, ...]
    # It is tried where one of these occurs; ANYTHING among them: on every article.
    anchors: frozenset[Need]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledEntity:
    """What one entity is to the matcher."""

    entity: Entity
    # All forms of all its names.
    wanted: tuple[Wanted, ...]
    # Hash over everything in it.
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleSet:
    """The rules, entities and frames of one folder, compiled."""

    # Hash over everything in it.
    version: str
    # Hash over the frames alone, which claims and pairs are kept with.
    frames_version: str
    rules: Mapping[str, Rule]
    entities: Mapping[str, Entity]
    frames: tuple[Frame, ...]
    lexicon: Lexicon
    # What may be found → the rules that are reached through it.
    candidates: Leads
    # Rules that have to be tried on every article: their patterns need no letters.
    costly: tuple[str, ...]
    # By id; what a later set takes over from this one.
    compiled_rules: Mapping[str, CompiledRule]
    compiled_entities: Mapping[str, CompiledEntity]

    @classmethod
    def compile(
        cls,
        rules: Iterable[Rule] = (),
        entities: Iterable[Entity] = (),
        frames: Iterable[Frame] = (),
        *,
        previous: RuleSet | None = None,
    ) -> RuleSet:
        """Compiles checked values; ids are unique, conditions need at least one word each.

        With a `previous` set, what equals its values is taken over: the new set answers as if it had been
        compiled without, and costs what has changed (docs/performance.md). The previous one stays as it is.
        """
        known = _compiled_entities(entities, previous.compiled_entities if previous else {})
        often = guesser({id: [form.form for form in each.wanted] for id, each in known.items()})
        compiled = _compiled_rules(rules, previous.compiled_rules if previous else {}, often)
        candidates, moved = _candidates(compiled, previous)
        frames = tuple(frames)
        of_frames = [asdict(frame) for frame in sorted(frames, key=lambda frame: frame.id)]
        wanted = chain(
            *(each.wanted for each in known.values()), *(each.wanted for each in compiled.values())
        )
        return cls(
            version=_digest(
                [sorted(each.rule.version for each in compiled.values()), sorted(compiled)]
                + [known[entity].digest for entity in sorted(known)]
                + of_frames
            ),
            frames_version=_digest(of_frames),
            rules=MappingProxyType({id: each.rule for id, each in compiled.items()}),
            entities=MappingProxyType({id: each.entity for id, each in known.items()}),
            frames=frames,
            lexicon=previous.lexicon.renewed(wanted, candidates, _forms_of(moved, known))
            if previous
            else Lexicon(wanted, candidates),
            candidates=candidates,
            costly=tuple(id for id, each in compiled.items() if ANYTHING in each.anchors),
            compiled_rules=MappingProxyType(compiled),
            compiled_entities=MappingProxyType(known),
        )


def _compiled_rules(
    rules: Iterable[Rule], earlier: Mapping[str, CompiledRule], often: Callable[[Need], float]
) -> dict[str, CompiledRule]:
    compiled: dict[str, CompiledRule] = {}
    for rule in rules:
        before = earlier.get(rule.id)
        compiled[rule.id] = before if before and before.given == rule else _compiled_rule(rule, often)
    return compiled


def _compiled_rule(rule: Rule, often: Callable[[Need], float]) -> CompiledRule:
    condition = cheapest_first(rule.condition)
    choices = required(condition, often)
    return CompiledRule(
        given=rule,
        rule=replace(rule, condition=condition) if condition != rule.condition else rule,
        wanted=tuple(_forms_of(sorted(needs(condition)), {})),
        anchors=rarest(choices, often) if choices else frozenset(),
    )


def _forms_of(wanted: Iterable[Need], entities: Mapping[str, CompiledEntity]) -> Iterator[Wanted]:
    """The forms that satisfy a need; those of entities that are not there are left out."""
    for need in wanted:
        if need.form:
            yield Wanted(need.form)
        elif need.literal:
            yield Wanted(need.literal, anywhere=True)
        elif need.entity in entities:
            yield from entities[need.entity].wanted


def _compiled_entities(
    entities: Iterable[Entity], earlier: Mapping[str, CompiledEntity]
) -> dict[str, CompiledEntity]:
    compiled: dict[str, CompiledEntity] = {}
    for entity in entities:
        before = earlier.get(entity.id)
        compiled[entity.id] = before if before and before.entity == entity else _compiled_entity(entity)
    return compiled


def _compiled_entity(entity: Entity) -> CompiledEntity:
    wanted = []
    for alias in entity.aliases:
        for form in alias.forms or (alias.text,):
            name = form.removeprefix(NOT_IT)
            cased = _cased(name) if alias.exact_case else ""
            wanted.append(Wanted(name, entity.id, cased, hides=name != form))
    return CompiledEntity(entity=entity, wanted=tuple(wanted), digest=_digest(repr(entity)))


def _cased(form: str) -> str:
    return normalise_keeping_case(form.rstrip("*")).strip()


def _candidates(
    compiled: Mapping[str, CompiledRule], previous: RuleSet | None
) -> tuple[Leads, Collection[Need]]:
    """What leads to which rules: the previous ones, with those that went taken out and the new put in.

    Beside it the needs that lead to other rules than before.
    """
    earlier = previous.compiled_rules if previous else {}
    candidates = dict(previous.candidates) if previous else {}
    gone: dict[Need, set[str]] = {}
    new: dict[Need, list[str]] = {}
    for id, each in earlier.items():
        if compiled.get(id) is not each:
            for need in each.anchors:
                gone.setdefault(need, set()).add(id)
    for id, each in compiled.items():
        if earlier.get(id) is not each:
            for need in each.anchors:
                new.setdefault(need, []).append(id)
    for need, ids in gone.items():
        candidates[need] = tuple(id for id in candidates[need] if id not in ids)
    for need, added in new.items():
        candidates[need] = (*candidates.get(need, ()), *added)
    return MappingProxyType(candidates), gone.keys() | new.keys()


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
EXPANDER_VERSION = 2


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
