"""Feedback → proposals: what a rule could exclude, or hold tighter, to lose its noise and keep what is real.

Words come from a comparison of articles marked noise with all others that the rule matches; what a proposal
would remove is never guessed but found by matching the stored articles again with the changed rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.matching import match
from monitor.core.operators import needs
from monitor.core.rules.formatting import formatted
from monitor.core.rules.ruleset import RuleSet
from monitor.core.rules.stats import Asked, asked_terms, log_likelihood, wilson
from monitor.core.rules.wordings import Wording, wordings
from monitor.core.types import Article, ArticleField, Condition, Entity, Rule

#: A difference this large comes by chance once in a hundred words (χ² with one degree of freedom).
LEAST_SURPRISE = 6.63
#: Exclusions that are tried by matching again.
MOST_TRIED = 60
#: A term is proposed for narrowing where at least this share of its marked matches is noise.
MOSTLY_NOISE = 0.75
_NEARLY_THE_SAME = 0.7
# Articles marked noise whose words are read, the newest.
_READ = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article that the rule matched once, and what people said of it."""

    article: Article
    # The independent text that it is or copies: forty copies of one text are one example.
    origin: str
    # "open" | "real" | "noise" | "outdated"
    status: str

    @property
    def is_noise(self) -> bool:
        return self.status == "noise"

    @property
    def is_real(self) -> bool:
        # What is outdated now was right when it was found.
        return self.status in ("real", "outdated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change to the rule would remove of what it matches now."""

    noise: tuple[Example, ...]
    real: tuple[Example, ...]
    unmarked: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A word or phrase to exclude."""

    term: str
    title_only: bool
    effect: Effect
    # Dunning's G²: how surprising it would be if the word had nothing to do with noise.
    surprise: float
    # Other words that lose nothing real either and remove nearly the same noise.
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """A term of the rule whose matches are mostly noise."""

    asked: Asked
    # Marked matches in which the term stands, and how many of them are noise.
    marked: int
    noise: int
    # What the rule would lose without the term; None: it cannot do without.
    without: Effect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What feedback says about one rule."""

    # What the rule, as it is now, matches of the examples.
    matched: Effect
    # Marked articles that it no longer matches.
    gone: int
    # Best first; those that lose something real last.
    exclusions: tuple[Exclusion, ...]
    # All exclusions that lose nothing real, together; None: there are none.
    together: Effect | None
    narrowings: tuple[Narrowing, ...]


def suggest(
    rule: Rule, examples: Sequence[Example], rules: RuleSet, *, least: int = 3, top: int = 5
) -> Suggestions:
    """Proposals for one rule. `least`: independent texts marked noise that each proposal must rest on."""
    entities = {name: rules.entities[name] for name in _entities(rule.condition) if name in rules.entities}
    (now,) = _outcomes([rule], examples, entities.values())
    current = [example for example, holds in zip(examples, now, strict=True) if holds]
    exclusions = _exclusions(rule, current, entities.values(), least, top)
    safe = [one for one in exclusions if not one.effect.real]
    return Suggestions(
        matched=_effect(current),
        gone=sum(example.status != "open" for example in examples) - sum(e.status != "open" for e in current),
        exclusions=exclusions,
        together=_effect(_union(safe, current)) if safe else None,
        narrowings=_narrowings(rule, current, entities, least),
    )


def _effect(removed: Iterable[Example]) -> Effect:
    removed = tuple(removed)
    return Effect(
        noise=tuple(one for one in removed if one.is_noise),
        real=tuple(one for one in removed if one.is_real),
        unmarked=tuple(one for one in removed if one.status == "open"),
    )


def _union(exclusions: Iterable[Exclusion], current: Sequence[Example]) -> list[Example]:
    removed = {
        one.article.version_id
        for exclusion in exclusions
        for part in (exclusion.effect.noise, exclusion.effect.real, exclusion.effect.unmarked)
        for one in part
    }
    return [one for one in current if one.article.version_id in removed]


def _outcomes(
    variants: Sequence[Rule], examples: Sequence[Example], entities: Iterable[Entity]
) -> list[list[bool]]:
    """For each variant of a rule: which examples it matches. One pass over the articles for all variants."""
    named = [replace(variant, id=f"variant-{number}") for number, variant in enumerate(variants)]
    readings = match([example.article for example in examples], RuleSet.compile(named, entities))
    found = [{held.rule_id for held in reading.matches} for reading in readings]
    return [[variant.id in ids for ids in found] for variant in named]


def _entities(condition: Condition) -> set[str]:
    return {need.entity for need in needs(condition) if need.entity}


# ---------------------------------------------------------------- exclusions


def _exclusions(
    rule: Rule, current: Sequence[Example], entities: Iterable[Entity], least: int, top: int
) -> tuple[Exclusion, ...]:
    tried = _telling(current, least)[:MOST_TRIED]
    variants = [with_exclusions(rule, [wording]) for wording in tried]
    texts = _Texts.of(current)
    exclusions = []
    for wording, holds in zip(tried, _outcomes(variants, current, entities), strict=True):
        removed = _effect(one for one, kept in zip(current, holds, strict=True) if not kept)
        if _texts(removed.noise) >= least:
            term, title_only = wording
            surprise = texts.surprise(removed)
            exclusions.append(Exclusion(term=term, title_only=title_only, effect=removed, surprise=surprise))
    return _chosen(exclusions, least, top)


def with_exclusions(rule: Rule, words: Iterable[Wording]) -> Rule:
    """The rule as it would be with these words under `none`."""
    excluded = tuple(
        Condition(operator="keyword", terms=(term,), field=ArticleField.TITLE if title_only else None)
        for term, title_only in words
    )
    none = Condition(operator="none", children=excluded)
    return replace(rule, condition=Condition(operator="all", children=(rule.condition, none)))


def _telling(current: Sequence[Example], least: int) -> list[Wording]:
    """Wordings that stand in noise far more often than elsewhere, most surprising first.

    Of wordings that stand in the same articles the plainest is kept.
    """
    texts = _Texts.of(current)
    noise = [number for number, one in enumerate(current) if one.is_noise][:_READ]
    places: dict[Wording, list[int]] = {}
    for number in noise:
        for wording in wordings(current[number].article):
            places.setdefault(wording, []).append(number)
    # Most words stand in one article or two, and are forgotten before the others are read.
    places = {wording: found for wording, found in places.items() if _origins(current, found) >= least}
    for number, one in enumerate(current):
        if not one.is_noise:
            for wording in places.keys() & wordings(one.article):
                places[wording].append(number)
    ranked: dict[tuple[int, ...], tuple[float, tuple[object, ...], Wording]] = {}
    for wording, numbers in places.items():
        surprise = texts.surprise(_effect(current[number] for number in numbers))
        if surprise < LEAST_SURPRISE:
            continue
        same = tuple(sorted(numbers))
        entry = (-surprise, _plainness(wording, current, numbers), wording)
        ranked[same] = min(ranked.get(same, entry), entry)
    return [wording for _, _, wording in sorted(ranked.values())]


def _plainness(wording: Wording, current: Sequence[Example], numbers: Sequence[int]) -> tuple[object, ...]:
    """Sorts what a person would write first: a word of headlines, whole, anywhere, alone."""
    term, title_only = wording
    stem = term.rstrip("*")
    titles = sum(stem in current[number].article.title.casefold() for number in numbers)
    return (title_only, term.endswith("*"), -titles, term.count(" "), -len(term), term)


def _origins(current: Sequence[Example], numbers: Iterable[int]) -> int:
    return len({current[number].origin for number in numbers})


def _texts(examples: Iterable[Example]) -> int:
    return len({example.origin for example in examples})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """How many independent texts there are of each kind."""

    noise: int
    real: int
    unmarked: int

    @classmethod
    def of(cls, examples: Sequence[Example]) -> _Texts:
        all_of = _effect(examples)
        return cls(noise=_texts(all_of.noise), real=_texts(all_of.real), unmarked=_texts(all_of.unmarked))

    def surprise(self, having: Effect) -> float:
        """G² of noise against the rest for a word that stands in these examples; 0: rather in the rest.

        Unmarked articles hold noise too, at least as large a share as the marked ones with 95 % certainty,
        and such a word among them speaks for it: that part of them is left out of the rest.
        """
        marked = wilson(self.noise, self.noise + self.real)
        if marked is None or not self.noise:
            return 0.0
        noise, share = _texts(having.noise), marked.low if self.real else 0.0
        explained = share * self.unmarked * noise / self.noise
        rest = self.real + (1 - share) * self.unmarked
        in_rest = min(rest, _texts(having.real) + max(0.0, _texts(having.unmarked) - explained))
        if noise * rest <= in_rest * self.noise:
            return 0.0
        return log_likelihood(noise, self.noise, in_rest, rest)


def _chosen(exclusions: Sequence[Exclusion], least: int, top: int) -> tuple[Exclusion, ...]:
    """One after the other the best for the noise that is left; the ones that lose nothing real come first."""
    chosen: list[Exclusion] = []
    covered: set[str] = set()
    for lossless in (True, False):
        left = [one for one in exclusions if (not one.effect.real) is lossless]
        while left and len(chosen) < top:
            best = max(left, key=lambda one: one.surprise)
            left.remove(best)
            if _gain(best, covered) >= least:
                chosen.append(replace(best, instead=_alike(best, left)))
                covered |= {one.origin for one in best.effect.noise}
    return tuple(chosen)


def _alike(chosen: Exclusion, others: Sequence[Exclusion]) -> tuple[str, ...]:
    """Terms of at most five others, for whoever knows a better word."""
    noise = {one.origin for one in chosen.effect.noise}
    return tuple(
        other.term
        for other in sorted(others, key=lambda one: -one.surprise)
        if not other.effect.real
        and not other.title_only
        and len(noise & {one.origin for one in other.effect.noise}) >= _NEARLY_THE_SAME * len(noise)
    )[:5]


def _gain(exclusion: Exclusion, covered: set[str]) -> int:
    """Independent noisy texts that it removes and nothing chosen before it does."""
    return len({one.origin for one in exclusion.effect.noise} - covered)


# ---------------------------------------------------------------- narrowings


def _narrowings(
    rule: Rule, current: Sequence[Example], entities: Mapping[str, Entity], least: int
) -> tuple[Narrowing, ...]:
    """Terms whose marked matches are mostly noise, more so than the rule's as a whole; worst first."""
    marked = [one for one in current if one.status != "open"]
    if not marked:
        return ()
    overall = sum(one.is_noise for one in marked) / len(marked)
    counted = _by_term(rule, marked, entities)
    found = []
    for asked, (noise, number) in counted.items():
        share = noise / number
        if noise >= least and share >= MOSTLY_NOISE and share > overall:
            effect = _without(rule, asked, current, entities.values())
            found.append(Narrowing(asked=asked, marked=number, noise=noise, without=effect))
    return tuple(sorted(found, key=lambda one: (-one.noise / one.marked, -one.noise, one.asked.term)))


def _by_term(
    rule: Rule, marked: Sequence[Example], entities: Mapping[str, Entity]
) -> dict[Asked, tuple[int, int]]:
    """(noise, all) of the marked articles in which each term made the match; an entity is one term."""
    counted: dict[Asked, tuple[int, int]] = {}
    words = {one.term for one in asked_terms(rule.condition, {}) if not one.entity}
    readings = match([one.article for one in marked], RuleSet.compile([rule], entities.values()))
    for example, reading in zip(marked, readings, strict=True):
        found = {
            Asked("", span.entity) if span.entity else Asked(span.term)
            for held in reading.matches
            for span in held.spans
            if span.entity or span.term in words
        }
        for asked in found:
            noise, number = counted.get(asked, (0, 0))
            counted[asked] = (noise + example.is_noise, number + 1)
    return counted


def _without(
    rule: Rule, asked: Asked, current: Sequence[Example], entities: Iterable[Entity]
) -> Effect | None:
    condition = without_term(rule.condition, asked)
    if condition is None:
        return None
    (holds,) = _outcomes([replace(rule, condition=condition)], current, entities)
    return _effect(one for one, kept in zip(current, holds, strict=True) if not kept)


def without_term(condition: Condition, asked: Asked) -> Condition | None:
    """The condition without one of its words or entities; None: it needs it. Exclusions stay."""
    if condition.operator == "none":
        return condition
    if condition.terms:
        if (condition.operator == "entity") is not bool(asked.entity):
            return condition
        kept = tuple(term for term in condition.terms if term != (asked.entity or asked.term))
        return replace(condition, terms=kept) if kept else None
    children = [without_term(child, asked) for child in condition.children]
    if condition.operator == "any":
        left = tuple(child for child in children if child is not None)
        return replace(condition, children=left) if left else None
    if any(child is None for child in children):
        return None
    return replace(condition, children=tuple(child for child in children if child is not None))


# ---------------------------------------------------------------- as a file


def filter_id(rule: str) -> str:
    """The name of the filter that proposals for a rule make."""
    return f"{rule}-noise"


def none_lines(exclusions: Sequence[Exclusion]) -> tuple[str, ...]:
    """The exclusions as conditions under `none:`, one a line of YAML."""
    return tuple(f"- {_condition_text(one)}" for one in exclusions)


def filter_text(rule: str, exclusions: Sequence[Exclusion], reason: str) -> str:
    """A filter file with these exclusions for one rule."""
    conditions = "".join(f"      {line}\n" for line in none_lines(exclusions))
    head = f"version: 1\n\nfilters:\n  - id: {filter_id(rule)}\n    rules: [{json.dumps(rule)}]\n"
    return formatted(f"{head}    none:\n{conditions}    reason: {json.dumps(reason, ensure_ascii=False)}\n")


def _condition_text(one: Exclusion) -> str:
    operator = "phrase" if " " in one.term else "keyword"
    where = ", in: title" if one.title_only else ""
    return f"{{{operator}: {json.dumps(one.term, ensure_ascii=False)}{where}}}"
