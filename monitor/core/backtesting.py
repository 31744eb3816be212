"""Two rule sets over the same articles: what the new one finds that the old one does not, and the reverse.

Only rules that differ in what they match are looked at, old and new ones together in one pass, and only
articles in which a word stands that one of them cannot match without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from ahocorasick_rs import AhoCorasick

from monitor.core.matching import ScannedArticle, scan
from monitor.core.operators import needs
from monitor.core.rules.ruleset import RuleSet, rule_version
from monitor.core.text import normalise, set_apart
from monitor.core.types import AlertSettings, Article, Condition, Entity, Rule, RuleStatus, Severity

_OLD, _NEW = "old/", "new/"


class Change(StrEnum):
    """What became of a rule between two sets."""

    CHANGED = "changed"
    NEW = "new"
    DELETED = "deleted"
    # The same words in the same places; alert settings, status or severity differ.
    SETTINGS = "settings"
    SAME = "same"


#: Changes by which a rule can match other articles than before.
EVALUATED = frozenset({Change.CHANGED, Change.NEW, Change.DELETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule of either set."""

    rule_id: str
    change: Change


def compare_rules(old: RuleSet, new: RuleSet, only: Collection[str] = ()) -> tuple[RuleChange, ...]:
    """Every rule of both sets, or those of `only`, in order of their ids."""
    ids = sorted(set(only) or {*old.rules, *new.rules})
    return tuple(RuleChange(rule_id=id, change=_change(id, old, new)) for id in ids)


def _change(rule_id: str, old: RuleSet, new: RuleSet) -> Change:
    before, after = old.rules.get(rule_id), new.rules.get(rule_id)
    if before is None or after is None:
        return Change.NEW if before is None else Change.DELETED
    if before.version == after.version:
        return Change.SAME
    same = _matching_version(before, old.entities) == _matching_version(after, new.entities)
    return Change.SETTINGS if same else Change.CHANGED


def _matching_version(rule: Rule, entities: Mapping[str, Entity]) -> str:
    """The rule's version as it would be if only what it matches counted."""
    plain = replace(
        rule,
        where=replace(rule.where, published_within=None),
        alert=AlertSettings(),
        status=RuleStatus.STABLE,
        severity=Severity.MEDIUM,
    )
    return rule_version(plain, entities)


def paired(changes: Iterable[RuleChange], old: RuleSet | None, new: RuleSet) -> RuleSet:
    """One set with the old and the new form of each rule to be evaluated, so that a text is read once.

    Without `old`, only the new ones. The ids in it are for `findings_of` to read.
    """
    ids = [one.rule_id for one in changes if one.change in EVALUATED]
    rules: list[Rule] = []
    entities: dict[str, Entity] = {}
    for prefix, side in ((_OLD, old), (_NEW, new)):
        for id in ids:
            if side is not None and id in side.rules:
                rules.append(_renamed(side.rules[id], prefix))
                entities |= {
                    prefix + need.entity: replace(side.entities[need.entity], id=prefix + need.entity)
                    for need in needs(side.rules[id].condition)
                    if need.entity in side.entities
                }
    return RuleSet.compile(rules, entities.values())


def _renamed(rule: Rule, prefix: str) -> Rule:
    return replace(rule, id=prefix + rule.id, condition=_with_entities(rule.condition, prefix))


def _with_entities(condition: Condition, prefix: str) -> Condition:
    if condition.operator == "entity":
        return replace(condition, terms=tuple(prefix + term for term in condition.terms))
    if not condition.children:
        return condition
    return replace(condition, children=tuple(_with_entities(child, prefix) for child in condition.children))


# ---------------------------------------------------------------- articles


class Prefilter:
    """Tells articles that no rule of a set can match, from their bare texts; never wrong about those."""

    __slots__ = ("_automaton", "_tries_all")

    def __init__(self, rules: RuleSet) -> None:
        leading = [asker for asker in rules.lexicon.askers() if asker.leads]
        # What is of signs alone has no pattern.
        self._tries_all = bool(rules.costly) or not all(asker.pattern for asker in leading)
        self._automaton = AhoCorasick(sorted({asker.pattern for asker in leading}))

    def may_match(self, title: str, summary: str, text: str) -> bool:
        """False: no rule of the set matches an article with these texts."""
        if self._tries_all:
            return True
        # A line break becomes a space, so nothing is found in the texts together that was in none, but for
        # phrases across the seam: those only cost a look.
        parts = (title, text) if not summary or summary == text else (title, summary, text)
        return bool(self._automaton.find_matches_as_indexes(set_apart(normalise("\n".join(parts)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the old and the new rules make of one article."""

    article: Article
    # Ids of the rules that match.
    old: Collection[str]
    new: Collection[str]
    # Id → what the new rule found, or where there is none the old one: in the article's order, each once.
    terms: Callable[[str], tuple[str, ...]]
    # Ids of rules with a pattern that ran out of time here.
    timed_out: tuple[str, ...] = ()


def findings_of(articles: Sequence[Article], rules: RuleSet) -> Iterator[Found]:
    """What the rules of a `paired` set find, article by article."""
    for scanned in scan(articles, rules):
        sides: dict[str, set[str]] = {_OLD: set(), _NEW: set()}
        for id in scanned.matching():
            sides[id[: len(_NEW)]].add(id[len(_NEW) :])
        late = sorted({id[len(_NEW) :] for id in scanned.timed_out})
        terms = partial(_terms, scanned, rules)
        yield Found(
            article=scanned.article, old=sides[_OLD], new=sides[_NEW], terms=terms, timed_out=tuple(late)
        )


def _terms(scanned: ScannedArticle, rules: RuleSet, rule_id: str) -> tuple[str, ...]:
    for id in (_NEW + rule_id, _OLD + rule_id):
        places = scanned.places(rules.compiled_rules[id]) if id in rules.compiled_rules else None
        if places:
            spans = scanned.spans(places)
            return tuple(dict.fromkeys(span.entity[len(_NEW) :] or span.term for span in spans))
    return ()


# ---------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article that a rule newly matches, or no longer."""

    article_id: int
    version: int
    at: datetime
    publisher: str
    title: str
    # What was found, in the article's order; empty where only the ledger remembers the match.
    terms: tuple[str, ...]


@dataclass(slots=True)
class Side:
    """The articles that one rule gains, or loses."""

    count: int = 0
    # UTC day of the articles → how many.
    days: dict[date, int] = field(default_factory=dict)
    # The newest, each title once.
    samples: list[Sample] = field(default_factory=list)

    def add(self, article: Article, terms: Callable[[], tuple[str, ...]], most: int) -> None:
        """`terms` are asked for where the article is a sample."""
        self.count += 1
        day = article.at.date()
        self.days[day] = self.days.get(day, 0) + 1
        if len(self.samples) < most or article.at > self.samples[-1].at:
            self._show([_sample(article, terms())], most)

    def merge(self, other: Side, most: int) -> None:
        self.count += other.count
        for day, count in other.days.items():
            self.days[day] = self.days.get(day, 0) + count
        self._show(other.samples, most)

    def _show(self, samples: Sequence[Sample], most: int) -> None:
        ordered = sorted((*self.samples, *samples), key=lambda one: (-one.at.timestamp(), one.article_id))
        shown: dict[str, Sample] = {}
        for sample in ordered:
            shown.setdefault(sample.title.casefold(), sample)
        self.samples = list(shown.values())[:most]


def _sample(article: Article, terms: tuple[str, ...]) -> Sample:
    return Sample(
        article_id=article.id,
        version=article.version,
        at=article.at,
        publisher=article.publisher,
        title=article.title,
        terms=terms,
    )


@dataclass(slots=True)
class RuleTally:
    """What one rule gains, loses and keeps."""

    added: Side = field(default_factory=Side)
    removed: Side = field(default_factory=Side)
    kept: int = 0
    timed_out: int = 0


@dataclass(slots=True)
class Tally:
    """A comparison under way: counted page by page, in any order, by any number of processes."""

    # Samples kept of each side of a rule.
    most: int
    articles: int = 0
    rules: dict[str, RuleTally] = field(default_factory=dict)

    def count(self, found: Found) -> None:
        """One article that was evaluated."""
        old, new = set(found.old), set(found.new)
        for id in new & old:
            self._of(id).kept += 1
        for id in new - old:
            self._of(id).added.add(found.article, partial(found.terms, id), self.most)
        for id in old - new:
            self._of(id).removed.add(found.article, partial(found.terms, id), self.most)
        for id in found.timed_out:
            self._of(id).timed_out += 1

    def merge(self, other: Tally) -> None:
        """Another process's counts."""
        self.articles += other.articles
        for id, theirs in other.rules.items():
            ours = self._of(id)
            ours.added.merge(theirs.added, self.most)
            ours.removed.merge(theirs.removed, self.most)
            ours.kept += theirs.kept
            ours.timed_out += theirs.timed_out

    def _of(self, rule_id: str) -> RuleTally:
        return self.rules.setdefault(rule_id, RuleTally())

    def of(self, rule_id: str) -> RuleTally:
        """A rule's counts; all nothing where it matched nothing."""
        return self.rules.get(rule_id, RuleTally())

    @property
    def added(self) -> int:
        return sum(one.added.count for one in self.rules.values())

    @property
    def removed(self) -> int:
        return sum(one.removed.count for one in self.rules.values())

    @property
    def kept(self) -> int:
        return sum(one.kept for one in self.rules.values())

    @property
    def timed_out(self) -> int:
        return sum(one.timed_out for one in self.rules.values())
