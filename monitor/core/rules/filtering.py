"""Filters: exclusions for rules that stay as they are, and part of the versions of those rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.core.operators import needs
from monitor.core.rules.conditions import ConditionReader
from monitor.core.rules.drafts import Draft
from monitor.core.rules.joining import Asked, Surroundings, Uses
from monitor.core.rules.problems import Problem, did_you_mean
from monitor.core.rules.ruleset import rule_version
from monitor.core.types import Condition, Entity, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter, joined with the lists and entities of the folder."""

    id: str
    # As the file has it.
    text: str
    # A `none` that carries the filter's name.
    condition: Condition
    # Ids of the rules it is for.
    rules: frozenset[str]
    uses: Uses


def read_filters(
    drafts: Sequence[Draft], rules: Sequence[Rule], rule_ids: Collection[str], around: Surroundings
) -> tuple[list[Filter], list[Problem]]:
    """The filters without mistakes, in order, and the mistakes of the others.

    `rule_ids` also holds the rules that have mistakes themselves.
    """
    filters: list[Filter] = []
    problems: list[Problem] = []
    for draft in drafts:
        noted = draft.document.apart(keep=False)
        for part in draft.filters:
            assert part.shape is not None
            lists, entities = Asked(around.lists), Asked(around.entities, names=around.entity_names)
            reader = ConditionReader(noted, lists, entities)
            condition = reader.read_none(part.shape.none, (*part.loc, "none"))
            meant: set[str] = set()
            for index, wanted in enumerate(part.shape.rules):
                names = _rules_meant(wanted, rules, rule_ids)
                if not names and wanted != "*":
                    message = f"no rule is meant by {wanted!r}"
                    help = did_you_mean(wanted, rule_ids) or "write ids of rules, tag:…, or '*'"
                    noted.problem((*part.loc, "rules", index), "unknown-rule", message, help=help)
                meant |= names
            if condition is not None:
                filters.append(
                    Filter(
                        id=part.shape.id,
                        text=noted.source_of(part.loc),
                        condition=replace(condition, options=(("filter", part.shape.id),)),
                        rules=frozenset(meant),
                        uses=Uses(
                            lists={name: around.list_of(name) for name in lists.asked},
                            entities={name: around.entity(name) for name in entities.asked},
                        ),
                    )
                )
        problems += noted.problems
    return filters, problems


def _rules_meant(wanted: str, rules: Sequence[Rule], rule_ids: Collection[str]) -> set[str]:
    """Ids of the rules that a filter means: an id, `tag:…`, or `*`."""
    if wanted == "*":
        return set(rule_ids)
    kind, _, tag = wanted.partition(":")
    if kind == "tag" and tag:
        return {rule.id for rule in rules if tag in rule.tags}
    return {wanted} & set(rule_ids)


@dataclass(slots=True)
class Filtering:
    """Puts filters into rules; a rule whose filters stay the same is not made anew."""

    _made: dict[str, tuple[Rule, tuple[Condition, ...], Sequence[Entity | None], Rule]] = field(
        default_factory=dict
    )

    def apply(
        self, filters: Sequence[Filter], rules: Sequence[Rule], entities: Mapping[str, Entity]
    ) -> list[Rule]:
        """The rules, in order, with the exclusions of the filters that name them."""
        if not filters:
            self._made = {}
            return list(rules)
        by_rule: dict[str, list[Filter]] = {}
        for each in filters:
            for rule_id in each.rules:
                by_rule.setdefault(rule_id, []).append(each)
        made = {}
        filtered = []
        for rule in rules:
            # A rule that one filter names in two ways is filtered once by it.
            children = tuple(dict.fromkeys(each.condition for each in by_rule.get(rule.id, ())))
            if not children:
                filtered.append(rule)
                continue
            named = _entities_of(children, entities)
            before = self._made.get(rule.id)
            if before is None or before[0] is not rule or before[1] != children or before[2] != named:
                before = (rule, children, named, _filtered(rule, children, entities))
            made[rule.id] = before
            filtered.append(before[3])
        self._made = made
        return filtered


def _entities_of(children: Sequence[Condition], entities: Mapping[str, Entity]) -> tuple[Entity | None, ...]:
    named = {need.entity for child in children for need in needs(child) if need.entity}
    return tuple(entities.get(name) for name in sorted(named))


def _filtered(rule: Rule, children: tuple[Condition, ...], entities: Mapping[str, Entity]) -> Rule:
    condition = Condition(operator="all", children=(rule.condition, *children))
    changed = replace(rule, condition=condition)
    return replace(changed, version=rule_version(changed, entities))
