"""The operators of rules: one function and one row of `OPERATORS` each.

An operator looks at the evidence that one scan of an article gave, never at the article itself.
It answers None where the condition does not hold, else the places that make it hold
(none at all for `none`, which holds by absence).

Every operator also says which words it cannot hold without (`required`): a rule whose required
words did not occur is never evaluated. This is the presearcher of Lucene's stored queries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Protocol

from monitor.core.patterns import literals
from monitor.core.types import ArticleField, Condition

#: What `near` counts by default, and at most, between two terms.
NEAR_WORDS = 8
NEAR_WORDS_WARNING = 10
NEAR_WORDS_LIMIT = 50
#: Terms of one `near`; the search is exact and grows with two to this power.
NEAR_TERMS_LIMIT = 5


class Occurrence(NamedTuple):
    """One place where a written form stands: in the normal form, a pattern's in the stored text."""

    field: ArticleField
    start: int
    end: int
    # The form of the rule file.
    term: str
    # The entity's id; empty for a word of a rule.
    entity: str = ""
    # A pattern looked at the stored text.
    stored: bool = False


class Evidence(Protocol):
    """What one scan found in one article."""

    def words(self, forms: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        """Where written forms of a rule stand, one form after the other; None looks everywhere."""

    def entities(self, ids: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        """Where entities are named, one after the other."""

    def pattern(self, pattern: str, field: ArticleField | None) -> Sequence[Occurrence]:
        """Where a pattern stands in the stored text; nowhere where it ran out of time."""

    def letters(self, literal: str, field: ArticleField | None) -> bool:
        """Do the letters that a pattern needs stand anywhere, also inside words?"""

    def word_starts(self, field: ArticleField) -> Sequence[int]:
        """Where the words of a field start, in its normal form."""

    def sentence(self, occurrence: Occurrence) -> int:
        """Number of the sentence, within its field, in which a place begins."""


class Need(NamedTuple):
    """Something a condition asks the scan for: a written form, an entity, or letters of a pattern."""

    form: str = ""
    entity: str = ""
    # Letters in the normal form, also inside words.
    literal: str = ""


#: What every article has: a condition that needs this has to be tried on each.
ANYTHING = Need()

#: Sets of needs: where a condition holds, at least one need of each set occurs.
Choices = tuple[frozenset[Need], ...]
#: A guess: in what share of the articles a need occurs.
Often = Callable[[Need], float]


def by_length(need: Need) -> float:
    """The shorter, the more often: the guess of those who know no words of the language."""
    if need == ANYTHING:
        return 1000.0
    return 2.0 ** -min(len(need.form or need.literal) or 12, 24)


class Shape(StrEnum):
    """How the value of an operator is written in YAML."""

    CONDITIONS = "conditions"
    WORDS = "words"
    ENTITY = "entity"
    NEAR = "near"
    TERMS = "terms"
    PATTERN = "pattern"


Places = Sequence[Occurrence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    name: str
    shape: Shape
    evaluate: Callable[[Condition, Evidence], Places | None]
    # What must occur for it to hold. Empty: may hold without anything.
    required: Callable[[Condition, Often], Choices]


def evaluate(condition: Condition, evidence: Evidence) -> Places | None:
    """The places that make the condition hold; None where it does not hold."""
    return OPERATORS[condition.operator].evaluate(condition, evidence)


def required(condition: Condition, often: Often = by_length) -> Choices:
    """What must occur for the condition to hold, as sets of alternatives; empty where nothing must.

    Where one alternative has several sets of its own, the one that occurs least often stands for it.
    """
    return OPERATORS[condition.operator].required(condition, often)


def needs(condition: Condition) -> frozenset[Need]:
    """Everything the condition may ask the evidence for."""
    own: Iterable[Need] = ()
    if condition.operator == "entity":
        own = (Need(entity=entity) for entity in condition.terms)
    elif condition.operator == "regex":
        own = (need for choice in _needs_of_patterns(condition) for need in choice)
    elif condition.terms:
        own = (Need(form=form) for form in condition.terms)
    return frozenset(own).union(*(needs(child) for child in condition.children))


# ---------------------------------------------------------------- all, any, none


def _all(condition: Condition, evidence: Evidence) -> Places | None:
    places: list[Occurrence] = []
    for child in condition.children:
        found = evaluate(child, evidence)
        if found is None:
            return None
        places.extend(found)
    return places


def _any(condition: Condition, evidence: Evidence) -> Places | None:
    holding = [found for child in condition.children if (found := evaluate(child, evidence)) is not None]
    return [place for found in holding for place in found] if holding else None


def _none(condition: Condition, evidence: Evidence) -> Places | None:
    return None if any(evaluate(child, evidence) is not None for child in condition.children) else ()


def _required_by_all(condition: Condition, often: Often) -> Choices:
    return tuple(choice for child in condition.children for choice in required(child, often))


def _required_by_any(condition: Condition, often: Often) -> Choices:
    """One set, joined from the rarest set of each child; nothing where one child needs nothing."""
    choices = [required(child, often) for child in condition.children]
    if not choices or not all(choices):
        return ()
    return (frozenset().union(*(rarest(choice, often) for choice in choices)),)


def _required_by_none(condition: Condition, often: Often) -> Choices:
    """Absence leads to no rule: the words under `none` are never what a rule is reached by."""
    return ()


def rarest(choices: Choices, often: Often = by_length) -> frozenset[Need]:
    """The set that occurs in the fewest articles, as far as we can guess; the earlier of equals."""
    if len(choices) == 1:
        return choices[0]
    return min(choices, key=lambda choice: sum(map(often, choice)))


# ---------------------------------------------------------------- words and entities


def _words(condition: Condition, evidence: Evidence) -> Places | None:
    return evidence.words(condition.terms, condition.field) or None


def _entity(condition: Condition, evidence: Evidence) -> Places | None:
    return evidence.entities(condition.terms, condition.field) or None


def _required_words(condition: Condition, often: Often) -> Choices:
    return (needs(condition),)


# ---------------------------------------------------------------- near and same_sentence


def _near(condition: Condition, evidence: Evidence) -> Places | None:
    """Its terms stand in one field, each at most `within` words after the one before it."""
    options = dict(condition.options)
    within = int(options.get("within", NEAR_WORDS))
    ordered = options.get("ordered") == "true"
    groups = _by_field(condition, evidence)
    chains = [_chain(groups[field], evidence.word_starts(field), within, ordered) for field in groups]
    places = [place for chain in chains if chain is not None for place in chain]
    return tuple(places) if places else None


def _chain(
    groups: Sequence[Sequence[Occurrence]], word_starts: Sequence[int], within: int, ordered: bool
) -> Places | None:
    """One place of each group, one after the other; None where there is no such chain.

    A search over (groups still missing, last place); each state is visited once.
    """
    dead: set[tuple[frozenset[int], int]] = set()

    def follow(missing: frozenset[int], last: Occurrence | None) -> Places | None:
        if not missing:
            return ()
        state = (missing, -1 if last is None else last.end)
        if state in dead:
            return None
        for group in [min(missing)] if ordered else sorted(missing):
            for place in _followers(groups[group], last, word_starts, within):
                rest = follow(missing - {group}, place)
                if rest is not None:
                    return (place, *rest)
        dead.add(state)
        return None

    return follow(frozenset(range(len(groups))), None)


def _followers(
    places: Sequence[Occurrence], last: Occurrence | None, word_starts: Sequence[int], within: int
) -> Iterable[Occurrence]:
    if last is None:
        yield from places
        return
    first_word = bisect_left(word_starts, last.end)
    for place in places[bisect_left(places, last.end, key=lambda place: place.start) :]:
        if bisect_left(word_starts, place.start) - first_word > within:
            return
        yield place


def _same_sentence(condition: Condition, evidence: Evidence) -> Places | None:
    """One sentence holds a place of every term."""
    places: list[Occurrence] = []
    for groups in _by_field(condition, evidence).values():
        numbers = [{evidence.sentence(place) for place in group} for group in groups]
        shared = set.intersection(*numbers)
        places += [place for group in groups for place in group if evidence.sentence(place) in shared]
    return tuple(places) if places else None


def _by_field(
    condition: Condition, evidence: Evidence
) -> dict[ArticleField, tuple[tuple[Occurrence, ...], ...]]:
    """For each field that has every term: the places of each, in order."""
    found = [evaluate(child, evidence) or () for child in condition.children]
    by_field: dict[ArticleField, tuple[tuple[Occurrence, ...], ...]] = {}
    for field in [condition.field] if condition.field is not None else list(ArticleField):
        groups = tuple(
            tuple(sorted((place for place in places if place.field is field), key=lambda place: place.start))
            for places in found
        )
        if all(groups):
            by_field[field] = groups
    return by_field


# ---------------------------------------------------------------- regex


def _pattern(condition: Condition, evidence: Evidence) -> Places | None:
    """The pattern stands in the stored text of one field. It runs only where the letters it needs stand."""
    (pattern,) = condition.terms
    for choice in literals(pattern):
        if not any(evidence.letters(each, condition.field) for each in choice):
            return None
    return evidence.pattern(pattern, condition.field) or None


def _required_by_pattern(condition: Condition, often: Often) -> Choices:
    return _needs_of_patterns(condition) or (frozenset({ANYTHING}),)


def _needs_of_patterns(condition: Condition) -> Choices:
    return tuple(
        frozenset(Need(literal=letters) for letters in choice)
        for pattern in condition.terms
        for choice in literals(pattern)
    )


def as_tried(condition: Condition) -> Condition:
    """What holds where the condition does, at the same places, and is cheaper to try.

    Patterns come behind everything else wherever order is free, and a group of one is that one.
    """
    if condition.operator not in ("all", "any", "none"):
        return condition
    children = tuple(sorted(map(as_tried, condition.children), key=_has_pattern))
    if len(children) == 1 and condition.operator != "none":
        return children[0]
    return replace(condition, children=children)


def _has_pattern(condition: Condition) -> bool:
    return condition.operator == "regex" or any(_has_pattern(child) for child in condition.children)


#: Every operator by its name in the rule files. A new one is a function and a row here.
OPERATORS: Mapping[str, Operator] = {
    row.name: row
    for row in (
        Operator(name="all", shape=Shape.CONDITIONS, evaluate=_all, required=_required_by_all),
        Operator(name="any", shape=Shape.CONDITIONS, evaluate=_any, required=_required_by_any),
        Operator(name="none", shape=Shape.CONDITIONS, evaluate=_none, required=_required_by_none),
        Operator(name="keyword", shape=Shape.WORDS, evaluate=_words, required=_required_words),
        Operator(name="phrase", shape=Shape.WORDS, evaluate=_words, required=_required_words),
        Operator(name="entity", shape=Shape.ENTITY, evaluate=_entity, required=_required_words),
        Operator(name="near", shape=Shape.NEAR, evaluate=_near, required=_required_by_all),
        Operator(name="same_sentence", shape=Shape.TERMS, evaluate=_same_sentence, required=_required_by_all),
        Operator(name="regex", shape=Shape.PATTERN, evaluate=_pattern, required=_required_by_pattern),
    )
}
