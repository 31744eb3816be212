"""Why a rule matches an article, or what stops it: the tree, the words found, and what came near.

The answer is a tree of frozen values that the command line shows to people and to programs alike.
Each condition is asked of `match` as a rule of its own, so an explanation cannot differ from matching.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.matching import match, passes
from monitor.core.rules.describing import GROUPS, TreePath, label_of, leaves
from monitor.core.rules.near_misses import NearMiss, near_misses, places
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article, ArticleField, Condition, Entity, MatchSpan, Rule, Where

#: Quotations of one condition that are given; the others are counted.
MAX_QUOTES = 5
#: Characters of the text on either side of a quotation.
CONTEXT = 36


class Stop(StrEnum):
    """What kept a rule from matching."""

    NOTHING = ""
    WHERE = "where"
    # Nothing that the rule looks for stands in the article.
    NO_WORDS = "no_words"
    CONDITION = "condition"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One place that a condition found, with the text around it."""

    field: ArticleField
    start: int
    end: int
    before: str
    words: str
    after: str
    # The written form of the rule file that stands there.
    term: str
    # The entity's id, where one is named.
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One condition of the tree, and what became of it."""

    operator: str
    # The condition in one line, as an analyst would say it.
    label: str
    holds: bool
    # The first that failed, or the exclusion that held: what stopped the rule.
    stops: bool = False
    # The filter whose exclusion it is; empty: the rule's own.
    filter: str = ""
    # A pattern of it ran out of time, which counts as not found.
    timed_out: bool = False
    quotes: tuple[Quote, ...] = ()
    # Quotations that were left out.
    more: int = 0
    near_misses: tuple[NearMiss, ...] = ()
    children: tuple[Step, ...] = ()

    def below(self) -> Iterator[Step]:
        """This step and all in it, in order."""
        yield self
        for child in self.children:
            yield from child.below()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a rule makes of an article."""

    rule: str
    version: str
    article: Article
    matches: bool
    stopped_by: Stop
    # What stopped it, in a sentence; empty for a match.
    reason: str
    tree: Step

    def nearest(self) -> tuple[NearMiss, ...]:
        """The near misses of what stopped the rule, the surest first."""
        steps = [step for stopped in self.tree.below() if stopped.stops for step in stopped.below()]
        return tuple(dict.fromkeys(miss for step in steps if not step.holds for miss in step.near_misses))


def explain(
    rule: Rule, article: Article, rules: RuleSet, lists: Mapping[str, Sequence[str]] | None = None
) -> Explanation:
    """The rule against the article. `lists` gives their names back to words that came from lists."""
    (reading,) = match([article], rules)
    matches = any(found.rule_id == rule.id for found in reading.matches)
    reader = _TreeReader(rule, article, rules.entities, lists or {})
    tree = reader.step(rule.condition, (), needed=True)
    refusal = _refused(rule.where, article)
    if matches:
        stop, reason = Stop.NOTHING, ""
    elif refusal:
        stop, reason = Stop.WHERE, refusal
    else:
        tree = _marked(tree)
        stop, reason = _stop(tree)
    return Explanation(
        rule=rule.id,
        version=rule.version,
        article=article,
        matches=matches,
        stopped_by=stop,
        reason=reason,
        tree=tree,
    )


# ---------------------------------------------------------------- the tree


class _TreeReader:
    """Asks for all conditions at once, then puts the tree together."""

    def __init__(
        self, rule: Rule, article: Article, entities: Mapping[str, Entity], lists: Mapping[str, Sequence[str]]
    ) -> None:
        self._article = article
        self._entities = entities
        self._lists = lists
        asked = {_name(path): leaf for path, leaf in leaves(rule.condition, ())}
        self._found, self._timed_out = places(asked, article, entities)

    def step(self, condition: Condition, path: TreePath, *, needed: bool) -> Step:
        """`needed`: it is worth saying what came near, because the rule wants this to hold."""
        operator = condition.operator
        wanted = needed and operator != "none"
        children = tuple(
            self.step(child, (*path, number), needed=wanted and operator in GROUPS)
            for number, child in enumerate(condition.children)
        )
        if operator in GROUPS:
            return Step(
                operator=operator,
                label=GROUPS[operator],
                holds=_group_holds(operator, children),
                filter=dict(condition.options).get("filter", ""),
                children=children,
            )
        spans = self._found.get(_name(path))
        holds = spans is not None
        return Step(
            operator=operator,
            label=label_of(condition, self._lists),
            holds=holds,
            timed_out=_name(path) in self._timed_out,
            quotes=tuple(self._quote(span) for span in (spans or ())[:MAX_QUOTES]),
            more=max(0, len(spans or ()) - MAX_QUOTES),
            near_misses=() if holds or not needed else near_misses(condition, self._article, self._entities),
            children=() if holds else children,
        )

    def _quote(self, span: MatchSpan) -> Quote:
        return quote_of(self._article.field(span.field), span)


def _name(path: TreePath) -> str:
    return "-".join(map(str, path)) or "top"


def _group_holds(operator: str, children: Sequence[Step]) -> bool:
    held = [child.holds for child in children]
    return all(held) if operator == "all" else any(held) is (operator == "any")


def quote_of(stored: str, span: MatchSpan) -> Quote:
    """The place with the text around it, cut between words, on one line."""
    before = stored[max(0, span.start - CONTEXT) : span.start]
    after = stored[span.end : span.end + CONTEXT]
    if span.start > CONTEXT:
        before = "…" + (before[before.find(" ") + 1 :] if " " in before[:-1] else before)
    if span.end + CONTEXT < len(stored):
        after = (after[: after.rfind(" ")] if " " in after[1:] else after) + "…"
    return Quote(
        field=span.field,
        start=span.start,
        end=span.end,
        before=before,
        words=stored[span.start : span.end],
        after=after,
        term=span.term,
        entity=span.entity,
    )


# ---------------------------------------------------------------- what stopped it


def _refused(where: Where, article: Article) -> str:
    """Which filter of `where` keeps the article out, in a sentence; empty: none."""
    if not passes(Where(languages=where.languages), article):
        wanted = ", ".join(where.languages)
        return f"where.languages keeps it out: the article is in {article.lang!r}, wanted: {wanted}"
    for publisher in where.exclude_publishers:
        if not passes(Where(exclude_publishers=(publisher,)), article):
            return f"where.publishers.exclude keeps it out: {publisher!r} is {_origin(article)}"
    if not passes(Where(include_publishers=where.include_publishers), article):
        wanted = ", ".join(where.include_publishers)
        return f"where.publishers.include keeps it out: the article is {_origin(article)}, wanted: {wanted}"
    return ""


def _origin(article: Article) -> str:
    tags = f", tags {', '.join(article.tags)}" if article.tags else ", without tags"
    address = f", at {article.url}" if article.url else ""
    return f"from {article.publisher or 'a publisher without a name'}{tags}{address}"


def _marked(step: Step) -> Step:
    """The tree with the condition marked that stops the rule: the first that fails, as deep as it is one."""
    if step.operator == "all":
        failing = next((number for number, child in enumerate(step.children) if not child.holds), None)
        if failing is not None:
            children = list(step.children)
            children[failing] = _marked(children[failing])
            return replace(step, children=tuple(children))
    return replace(step, stops=True)


def _stop(tree: Step) -> tuple[Stop, str]:
    stopped = next(step for step in tree.below() if step.stops)
    if stopped.operator == "none":
        held = [child for child in stopped.children if child.holds]
        by = f"filter {stopped.filter}" if stopped.filter else "'none'"
        words = dict.fromkeys(
            quote.words for child in held for step in child.below() for quote in step.quotes
        )
        told = ", ".join(f"“{' '.join(word.split())}”" for word in words)
        what = _in_short(held[:1])
        return Stop.EXCLUDED, f"{by} excludes it: {what}" + (f", which found {told}" if told else "")
    # Only what should be there counts: what exclusions find is no reason to look at the rule.
    if not any(step.quotes for step in _wanted(tree)):
        return Stop.NO_WORDS, "nothing that the rule looks for stands in the article"
    if stopped.operator == "any":
        return Stop.CONDITION, f"none of these holds: {_in_short(stopped.children)}"
    late = ", because its pattern ran out of time" if stopped.timed_out else ""
    return Stop.CONDITION, f"this does not hold: {stopped.label}{late}"


def _in_short(steps: Sequence[Step], limit: int = 4) -> str:
    """Conditions in one line, those in groups too."""
    told = [
        f"{step.operator} ({_in_short(step.children)})" if step.operator in GROUPS else step.label
        for step in steps[:limit]
    ]
    return "; ".join(told) + (f"; … ({len(steps)} in all)" if len(steps) > limit else "")


def _wanted(step: Step) -> Iterator[Step]:
    if step.operator != "none":
        yield step
        for child in step.children:
            yield from _wanted(child)
