"""Checks of rules that could be used as they are, and had better not be.

Each check is one function and one row of `CHECKS`. It looks at the whole folder and says where and why;
code and level are the row's. Mistakes that keep rules from being read are reported where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.operators import needs
from monitor.core.routes import walk
from monitor.core.rules.common_words import common_in
from monitor.core.rules.documents import Document, Loc, as_mapping
from monitor.core.rules.entity_lines import names_of_line
from monitor.core.rules.problems import Level, Place
from monitor.core.rules.ruleset import NOT_IT, condition_digest
from monitor.core.rules.shapes import RuleShape
from monitor.core.rules.written import Written, implies, read_match
from monitor.core.text import normalise
from monitor.core.types import AlertKind, Alias, Entity, Routing, Rule, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class LintedRule:
    """A rule without mistakes: as compiled, as shaped, and as written at its place."""

    document: Document
    loc: Loc
    shape: RuleShape
    rule: Rule


@dataclass(slots=True, kw_only=True)
class Linted:
    """Everything of a folder that checks look at."""

    # The rule files, also those with mistakes.
    documents: Sequence[Document]
    entities: Mapping[str, Entity]
    lists: Mapping[str, Sequence[str]]
    routing: Routing
    rules: Sequence[LintedRule]
    _trees: dict[str, Written] = field(default_factory=dict)

    def tree(self, rule: LintedRule) -> Written:
        """The rule's conditions with their places."""
        if rule.shape.id not in self._trees:
            self._trees[rule.shape.id] = read_match(rule.shape.match, (*rule.loc, "match"), self.lists)
        return self._trees[rule.shape.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    document: Document
    loc: Loc
    message: str
    help: str
    of_key: bool = False
    # Where it is, if that is a part of the value at `loc`.
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    level: Level
    find: Callable[[Linted], Iterable[Finding]]


def lint(folder: Linted) -> None:
    """Notes what all checks find in the documents."""
    for check in CHECKS:
        for found in check.find(folder):
            if found.place is not None:
                found.document.problem_at(
                    found.place, check.code, found.message, help=found.help, level=check.level
                )
                continue
            found.document.problem(
                found.loc, check.code, found.message, help=found.help, of_key=found.of_key, level=check.level
            )


# ---------------------------------------------------------------- tests


_BOTH = "one article that should match and one that should not are enough"


def _no_tests(folder: Linted) -> Iterator[Finding]:
    for rule in folder.rules:
        if not rule.shape.tests:
            yield _at_id(rule, f"rule {rule.shape.id!r} has no tests", _BOTH)


def _one_sided_tests(folder: Linted) -> Iterator[Finding]:
    for rule in folder.rules:
        outcomes = {test.should_match for test in rule.shape.tests}
        if len(outcomes) == 1:
            lacking = "false" if True in outcomes else "true"
            yield _at_id(rule, f"rule {rule.shape.id!r} has no test with should_match: {lacking}", _BOTH)


def _at_id(rule: LintedRule, message: str, help: str) -> Finding:
    return Finding(document=rule.document, loc=(*rule.loc, "id"), message=message, help=help)


# ---------------------------------------------------------------- words


def _common_words(folder: Linted) -> Iterator[Finding]:
    for rule in folder.rules:
        for word, loc in dict.fromkeys(_asked_alone(folder.tree(rule))):
            language = common_in(normalise(word).strip())
            if language:
                yield Finding(
                    document=rule.document,
                    loc=loc,
                    message=f"{word!r} stands in nearly every {language} article",
                    help="join it to a rarer word with near, same_sentence or a phrase, or leave it out",
                )
    for one in _aliases(folder):
        text = one.alias.text
        language = "" if one.alias.exact_case else common_in(normalise(text).strip())
        if language:
            exact = f"={text}" if one.in_line else f"{{text: {text}, case: exact}}"
            yield one.finding(
                f"{text!r} without its capitals is a word of nearly every {language} article",
                f"write {exact}, or a longer name",
            )


def _asked_alone(condition: Written) -> Iterator[tuple[str, Loc]]:
    """Words that are enough by themselves: not in `none`, not held together by `near` or `same_sentence`."""
    if condition.operator in ("all", "any"):
        for child in condition.children:
            yield from _asked_alone(child)
    elif not condition.children and not condition.is_entity:
        yield from condition.words


# ---------------------------------------------------------------- entities


@dataclass(frozen=True, slots=True, kw_only=True)
class _WrittenAlias:
    """An alias where it is written."""

    document: Document
    entity: str
    alias: Alias
    index: int
    # The whole entity, where it is one text.
    line: str = ""

    @property
    def in_line(self) -> bool:
        return bool(self.line)

    def finding(self, message: str, help: str) -> Finding:
        loc: Loc = ("entities", self.entity)
        if not self.in_line:
            return Finding(
                document=self.document, loc=(*loc, "aliases", self.index), message=message, help=help
            )
        text = self.alias.text
        at = next((at for name, at in names_of_line(self.line) if name == text), 0)
        place = self.document.place_within(loc, at, len(text))
        return Finding(document=self.document, loc=loc, message=message, help=help, place=place)


def _aliases(folder: Linted) -> Iterator[_WrittenAlias]:
    for document in folder.documents:
        for name, written in as_mapping(as_mapping(document.value).get("entities")).items():
            entity = folder.entities.get(name)
            line = written if isinstance(written, str) else ""
            for index, alias in enumerate(entity.aliases if entity else ()):
                yield _WrittenAlias(document=document, entity=name, alias=alias, index=index, line=line)


def _shared_aliases(folder: Linted) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for one in _aliases(folder):
        alias = one.alias
        if alias.exact_case or alias.text.startswith(NOT_IT):
            continue
        first = owners.setdefault(normalise(alias.text).strip(), one.entity)
        if first != one.entity:
            exact = "= before it" if one.in_line else "case: exact"
            yield one.finding(
                f"{alias.text!r} is a name of {first!r} too: both will be mentioned",
                f"use a longer name, or {exact}",
            )


def _unused_entities(folder: Linted) -> Iterator[Finding]:
    used = {need.entity for rule in folder.rules for need in needs(rule.rule.condition)}
    for document in folder.documents:
        for name, written in as_mapping(as_mapping(document.value).get("entities")).items():
            # A line of a table is there for whoever needs it.
            if name in folder.entities and name not in used and not isinstance(written, str):
                yield Finding(
                    document=document,
                    loc=("entities", name),
                    message=f"no rule asks for {name!r}; it still tells who speaks",
                    help=f"write {{entity: {name}}} in a rule, or leave it for the claims",
                    of_key=True,
                )


# ---------------------------------------------------------------- whole rules


def _dead_rules(folder: Linted) -> Iterator[Finding]:
    for rule in folder.rules:
        for group in folder.tree(rule).below():
            if group.operator != "all":
                continue
            excluded = [
                child for none in group.children if none.operator == "none" for child in none.children
            ]
            # The conditions of an inner `all` hold together with those beside it.
            needed = [child for child in group.children if child.operator != "none"]
            for exclusion in excluded:
                swallowed = next((child for child in needed if implies(child, exclusion)), None)
                if swallowed is not None:
                    line = rule.document.place(swallowed.loc, of_key=True).line
                    yield Finding(
                        document=rule.document,
                        loc=exclusion.loc,
                        message=f"this excludes all that line {line} finds: the rule can never match",
                        help="exclude something narrower",
                        of_key=True,
                    )


def _twin_rules(folder: Linted) -> Iterator[Finding]:
    first: dict[object, LintedRule] = {}
    for rule in folder.rules:
        key = (condition_digest(rule.rule.condition), rule.rule.where)
        twin = first.setdefault(key, rule)
        if twin is not rule:
            where = twin.document.where((*twin.loc, "id"))
            message = f"rule {rule.shape.id!r} looks for the same as {twin.shape.id!r} in {where}"
            yield _at_id(rule, message, "keep one of them; a rule may have several receivers")


def _pager_on_match(folder: Linted) -> Iterator[Finding]:
    for rule in folder.rules:
        if AlertKind.MATCH not in rule.rule.alert.on:
            continue
        index = rule.shape.alert.on.index(AlertKind.MATCH)
        pagers = [name for name in _receivers(rule.rule, folder.routing) if "pager" in name.casefold()]
        if pagers:
            why = f"every match goes to {pagers[0]!r}: somebody is woken by each article"
        elif rule.rule.severity is Severity.CRITICAL:
            why = "every match is critical, also the hundredth article on one event"
        else:
            continue
        yield Finding(
            document=rule.document,
            loc=(*rule.loc, "alert", "on", index),
            message=why,
            help="on: [new_claim, contradiction] tells what is new; or choose a quieter receiver",
        )


def _receivers(rule: Rule, routing: Routing) -> Sequence[str]:
    """Who gets the rule's matches, as far as the rule alone decides."""
    if rule.alert.routes:
        return rule.alert.routes
    labels = {
        "kind": str(AlertKind.MATCH),
        "rule": rule.id,
        "severity": str(rule.severity),
        "status": str(rule.status),
        "owner": rule.owner,
    }
    return walk(labels, routing).receivers


CHECKS: tuple[Check, ...] = (
    Check("no-tests", Level.WARNING, _no_tests),
    Check("one-sided-tests", Level.WARNING, _one_sided_tests),
    Check("common-word", Level.WARNING, _common_words),
    Check("shared-alias", Level.WARNING, _shared_aliases),
    Check("never-matches", Level.WARNING, _dead_rules),
    Check("same-condition", Level.WARNING, _twin_rules),
    Check("pager-on-match", Level.WARNING, _pager_on_match),
    Check("unused-entity", Level.INFO, _unused_entities),
)
