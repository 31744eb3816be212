"""Rules joined with the lists, entities and receivers of the whole folder.

Each joined rule remembers which of them it asked for and what it got, so that after an edit only the
rules are joined anew whose own text, lists or entities changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from monitor.core.rules.conditions import ConditionReader
from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.drafts import Draft, Part
from monitor.core.rules.problems import Level, Problem, did_you_mean
from monitor.core.rules.ruleset import rule_version
from monitor.core.rules.shapes import RuleShape, dotted
from monitor.core.types import AlertSettings, Condition, Entity, Rule, Where

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the files of a folder share."""

    lists: Mapping[str, tuple[str, ...]]
    entities: Mapping[str, Entity]
    # Every entity anybody tries to define, broken ones included.
    entity_names: Collection[str]
    receivers: frozenset[str]

    def list_of(self, name: str) -> tuple[str, ...] | bool:
        """The list; False where there is none."""
        return self.lists.get(name, False)

    def entity(self, name: str) -> Entity | bool:
        """The entity; True where it has mistakes, False where there is none."""
        return self.entities.get(name, name in self.entity_names)


@dataclass(slots=True)
class Uses:
    """What was asked of the surroundings, with the answers of then."""

    # False: there was no such list.
    lists: dict[str, tuple[str, ...] | bool] = field(default_factory=dict)
    # False: there was no such entity; True: it had mistakes.
    entities: dict[str, Entity | bool] = field(default_factory=dict)
    receivers: set[str] = field(default_factory=set)

    def hold(self, around: Surroundings) -> bool:
        """Would the same questions have the same answers now?"""
        # Values are mostly the very same, and comparing those costs nothing.
        return (
            all((now := around.list_of(name)) is then or now == then for name, then in self.lists.items())
            and all(
                (found := around.entity(name)) is then or found == then
                for name, then in self.entities.items()
            )
            and self.receivers <= around.receivers
        )

    def add(self, other: Uses) -> None:
        self.lists |= other.lists
        self.entities |= other.entities
        self.receivers |= other.receivers


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedRule:
    """A rule of a file, joined; without one where it has a mistake."""

    part: Part[RuleShape]
    rule: Rule | None
    uses: Uses
    problems: tuple[Problem, ...]

    def stands(self, around: Surroundings) -> bool:
        """Is it good for these surroundings too? One with a mistake never is: a hint may have changed."""
        return self.uses.hold(around) and not any(problem.level is Level.ERROR for problem in self.problems)

    def moved(self, document: Document, part: Part[RuleShape], around: Surroundings) -> JoinedRule | None:
        """The same at another place of an edited file; None where the rule itself is another now."""
        if self.rule is None or part.shape is None or self.problems or part.content != self.part.content:
            return None
        if not self.uses.hold(around) or document.source_of(part.loc) != self.rule.source_text:
            return None
        return replace(self, part=part)


@dataclass(slots=True)
class JoinedRules:
    """All rules of one file, in its order."""

    draft: Draft
    # Those of the file before an edit, of which most will still do.
    before: tuple[JoinedRule, ...] = ()
    rules: tuple[JoinedRule, ...] | None = None
    _uses: Uses = field(default_factory=Uses)
    _broken: bool = False

    def join(self, around: Surroundings) -> tuple[JoinedRule, ...]:
        """The rules, up to date with the surroundings."""
        if self.rules is not None and not self._broken and self._uses.hold(around):
            return self.rules
        document = self.draft.document
        if self.rules is not None:
            rules = [
                joined if joined.stands(around) else join_rule(document, joined.part, around)
                for joined in self.rules
            ]
        else:
            known = {joined.rule.id: joined for joined in self.before if joined.rule is not None}
            rules = []
            for part in self.draft.rules:
                same = known.get(part.shape.id) if part.shape is not None else None
                moved = same.moved(document, part, around) if same is not None else None
                rules.append(moved or join_rule(document, part, around))
        self.rules, self.before = tuple(rules), ()
        self._uses = Uses()
        for joined in rules:
            self._uses.add(joined.uses)
        self._broken = any(joined.rule is None or joined.problems for joined in rules)
        return self.rules


def join_rule(document: Document, part: Part[RuleShape], around: Surroundings) -> JoinedRule:
    """One rule with what it asks for unfolded; mistakes are in its problems."""
    noted = document.apart(keep=False)
    lists, entities = Asked(around.lists), Asked(around.entities, names=around.entity_names)
    reader = ConditionReader(noted, lists, entities)
    condition = _whole_condition(reader, noted, part.content, part.loc)
    rule = None
    uses = Uses()
    if part.shape is not None and condition is not None:
        _check_names(noted, part.loc, part.shape, around, uses, entities)
        rule = _rule(noted, part.loc, part.shape, condition, around.entities)
    uses.lists |= {name: around.list_of(name) for name in lists.asked}
    uses.entities |= {name: around.entity(name) for name in entities.asked}
    return JoinedRule(part=part, rule=rule, uses=uses, problems=tuple(noted.problems))


class Asked(Mapping[str, Value], Generic[Value]):
    """A mapping that remembers what it was asked for; `names` are what it claims to have."""

    def __init__(self, known: Mapping[str, Value], names: Collection[str] | None = None) -> None:
        self._known = known
        self._names = known if names is None else names
        #: Every name that was asked for.
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str):
            self.asked.add(name)
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _whole_condition(
    reader: ConditionReader, document: Document, rule: Mapping[str, object], loc: Loc
) -> Condition | None:
    """What stands under `match` or `query`; a rule has one of them."""
    if "match" in rule and "query" in rule:
        help = "put it beside the others: match: {all: [{query: …}, {…}]}"
        document.problem(
            (*loc, "query"), "one-condition", "the rule has both 'match' and 'query'", help=help, of_key=True
        )
        return None
    if "query" in rule:
        return reader.read_query(rule["query"], (*loc, "query"))
    if "match" in rule:
        return reader.read_match(rule["match"], (*loc, "match"))
    if rule:
        document.problem(loc, "missing-key", f"{dotted(loc)}missing required key 'match', or 'query'")
    return None


def _check_names(
    document: Document,
    loc: Loc,
    shape: RuleShape,
    around: Surroundings,
    uses: Uses,
    entities: Collection[str],
) -> None:
    for index, receiver in enumerate(shape.alert.routes):
        uses.receivers.add(receiver)
        if receiver not in around.receivers:
            message = f"no receiver is called {receiver!r}"
            help = did_you_mean(receiver, around.receivers) or "define it in routes.yml"
            document.problem((*loc, "alert", "routes", index), "unknown-receiver", message, help=help)
    for number, test in enumerate(shape.tests):
        for index, entity in enumerate(test.matched):
            if entity not in entities:
                message = f"no file defines an entity {entity!r}"
                hint = did_you_mean(entity, around.entity_names)
                here = (*loc, "tests", number, "matched", index)
                document.problem(here, "unknown-entity", message, help=hint)


def _rule(
    document: Document, loc: Loc, shape: RuleShape, condition: Condition, entities: Mapping[str, Entity]
) -> Rule:
    where, alert = shape.where, shape.alert
    unversioned = Rule(
        id=shape.id,
        version="",
        title=shape.title,
        condition=condition,
        where=Where(
            languages=where.languages,
            include_publishers=where.publishers.include,
            exclude_publishers=where.publishers.exclude,
            published_within=where.published_within,
        ),
        alert=AlertSettings(
            on=alert.on,
            min_score=alert.min_score,
            routes=alert.routes,
            min_origins=alert.min_origins,
            group_by=alert.group_by,
            group_wait=alert.group_wait,
            group_interval=alert.group_interval,
            repeat_every=alert.repeat_every,
            max_per_hour=alert.max_per_hour,
        ),
        status=shape.status,
        severity=shape.severity,
        owner=shape.owner,
        tags=shape.tags,
        runbook=shape.runbook,
        source_text=document.source_of(loc),
    )
    return replace(unversioned, version=rule_version(unversioned, entities))
