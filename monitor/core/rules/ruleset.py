"""The compiled rules: one immutable value, made once and shared by everything that judges.

All written forms of all rules and entities go into one lexicon, which finds them in one pass.
A rule is reached only through the rarest of what it needs: what the scan finds leads to the few rules
that can match at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TypeVar

from monitor.core.operators import ANYTHING, Need, Often, needs, rarest, required
from monitor.core.rules.compiled import (
    NOT_IT,
    CompiledEntity,
    CompiledRule,
    Leads,
    Wanted,
    compile_entity,
    compile_rule,
    digest,
    forms_of,
)
from monitor.core.rules.frequency import guesser
from monitor.core.rules.lexicon import EMPTY, Lexicon
from monitor.core.types import AlertSettings, Condition, Entity, Frame, Rule

__all__ = ["EXPANDER_VERSION", "NOT_IT", "RuleSet", "condition_digest", "is_costly", "rule_version"]

_T = TypeVar("_T")


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
        before = previous or _NOTHING
        known = _compiled_entities(entities, before.compiled_entities)
        often = guesser({id: [form.form for form in each.wanted] for id, each in known.items()})
        compiled = _compiled_rules(rules, before.compiled_rules, often)
        left_entities, new_entities = _difference(before.compiled_entities, known)
        left_rules, new_rules = _difference(before.compiled_rules, compiled)
        candidates, moved = _candidates(before.candidates, left_rules, new_rules)
        frames = tuple(frames)
        of_frames = [asdict(frame) for frame in sorted(frames, key=lambda frame: frame.id)]
        return cls(
            version=digest(
                [sorted(each.rule.version for each in compiled.values()), sorted(compiled)]
                + [known[entity].digest for entity in sorted(known)]
                + of_frames
            ),
            frames_version=digest(of_frames),
            rules=MappingProxyType({id: each.rule for id, each in compiled.items()}),
            entities=MappingProxyType({id: each.entity for id, each in known.items()}),
            frames=frames,
            lexicon=before.lexicon.renewed(
                left=_wanted_by([*left_entities, *left_rules]),
                new=_wanted_by([*new_entities, *new_rules]),
                moved=forms_of(moved, known),
                leads=candidates,
            ),
            candidates=candidates,
            costly=tuple(id for id, each in compiled.items() if ANYTHING in each.anchors),
            compiled_rules=MappingProxyType(compiled),
            compiled_entities=MappingProxyType(known),
        )


#: What the first set takes over from.
_NOTHING = RuleSet(
    version="",
    frames_version="",
    rules={},
    entities={},
    frames=(),
    lexicon=EMPTY,
    candidates=MappingProxyType({}),
    costly=(),
    compiled_rules={},
    compiled_entities={},
)


def _compiled_rules(
    rules: Iterable[Rule], earlier: Mapping[str, CompiledRule], often: Often
) -> dict[str, CompiledRule]:
    compiled: dict[str, CompiledRule] = {}
    for rule in rules:
        before = earlier.get(rule.id)
        # Most are the very same value; to compare its fields would take a hundred times as long.
        same = before is not None and (before.rule is rule or before.rule == rule)
        compiled[rule.id] = before if before is not None and same else compile_rule(rule, often)
    return compiled


def _compiled_entities(
    entities: Iterable[Entity], earlier: Mapping[str, CompiledEntity]
) -> dict[str, CompiledEntity]:
    compiled: dict[str, CompiledEntity] = {}
    for entity in entities:
        before = earlier.get(entity.id)
        same = before is not None and (before.entity is entity or before.entity == entity)
        compiled[entity.id] = before if before is not None and same else compile_entity(entity)
    return compiled


def _difference(earlier: Mapping[str, _T], later: Mapping[str, _T]) -> tuple[list[_T], list[_T]]:
    """The values that are no longer there, and those that were not."""
    left = [each for id, each in earlier.items() if later.get(id) is not each]
    return left, [each for id, each in later.items() if earlier.get(id) is not each]


def _wanted_by(askers: Iterable[CompiledRule | CompiledEntity]) -> list[Wanted]:
    return [form for each in askers for form in each.wanted]


def _candidates(
    earlier: Leads, left: Sequence[CompiledRule], new: Sequence[CompiledRule]
) -> tuple[Leads, Collection[Need]]:
    """What leads to which rules: as before, without those that left and with the new ones.

    Beside it the needs that lead to other rules than before.
    """
    # Not dict(earlier): that would hash every need anew.
    candidates = earlier.copy()
    gone = set(left)
    moved = {need for rule in left for need in rule.anchors}
    for need in moved:
        candidates[need] = tuple(rule for rule in candidates[need] if rule not in gone)
    added: dict[Need, list[CompiledRule]] = {}
    for rule in new:
        for need in rule.anchors:
            added.setdefault(need, []).append(rule)
    for need, rules in added.items():
        candidates[need] = (*candidates.get(need, ()), *rules)
    moved |= added.keys()
    for need in moved:
        if not candidates[need]:
            del candidates[need]
    return MappingProxyType(candidates), moved


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
    return digest(
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
    return digest(_condition_record(condition))


def _condition_record(condition: Condition) -> Sequence[object]:
    return [
        condition.operator,
        sorted(condition.terms),
        [_condition_record(child) for child in condition.children],
        condition.field,
        condition.options,
    ]
