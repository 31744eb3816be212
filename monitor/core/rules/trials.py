"""The tests that rules carry, run; and why a rule does or does not match, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.core.matching import ScannedArticle, match, passes
from monitor.core.operators import evaluate
from monitor.core.rules.building import RuleTest
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article, ArticleField, Condition, Reading, Rule

#: Marks around what was found.
OPEN, CLOSE = "⟦", "⟧"

# Rules judge words, not times; any moment will do.
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One test of a rule, run."""

    test: RuleTest
    passed: bool
    # What is wrong, in words; empty for a pass.
    reason: str
    # The article's lines with everything found in it marked.
    marked: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Does it fail the run?"""
        return not self.passed and not self.test.known_gap


def run_tests(tests: Iterable[RuleTest], rules: RuleSet) -> tuple[Trial, ...]:
    """Each test's outcome, in the order given."""
    return tuple(_run(test, rules) for test in tests)


def article_of(test: RuleTest) -> Article:
    """The test's article as if it had been stored."""
    return _article(tags=test.article_tags, **test.article)


def text_article(text: str, lang: str = "") -> Article:
    """A text as an article: its first line is the title."""
    title, _, rest = text.partition("\n")
    return _article(title=title, text=rest, lang=lang)


def _article(
    *,
    title: str = "",
    summary: str = "",
    text: str = "",
    lang: str = "",
    publisher: str = "",
    url: str = "",
    feed: str = "",
    tags: tuple[str, ...] = (),
) -> Article:
    return Article(
        id=1,
        version=1,
        version_id=1,
        feed_id=None,
        url=url,
        feed_url=feed,
        publisher=publisher,
        tags=tags,
        title=title,
        summary=summary,
        text=text,
        lang=lang,
        published_at=_MOMENT,
        fetched_at=_MOMENT,
    )


def _run(test: RuleTest, rules: RuleSet) -> Trial:
    article = article_of(test)
    (reading,) = match([article], rules)
    rule = rules.rules[test.rule]
    reason = _fault(test, rule, reading, rules)
    return Trial(test=test, passed=not reason, reason=reason, marked=marked(reading, rule.id))


def _fault(test: RuleTest, rule: Rule, reading: Reading, rules: RuleSet) -> str:
    found = next((found for found in reading.matches if found.rule_id == rule.id), None)
    if found is None:
        return why_not(rule, reading.article, rules) if test.should_match else ""
    if not test.should_match:
        return "it matches: " + ", ".join(sorted({repr(span.term) for span in found.spans}))
    missing = set(test.matched) - {span.entity for span in found.spans}
    return f"the match does not name {', '.join(sorted(missing))}" if missing else ""


# ---------------------------------------------------------------- why not


def why_not(rule: Rule, article: Article, rules: RuleSet) -> str:
    """The first thing that keeps the rule from matching; empty where it matches."""
    if not passes(rule.where, article):
        return f"'where' keeps it out: {article.lang!r}, {article.publisher!r}, {article.url!r}"
    evidence = ScannedArticle(article, rules)
    reason = _why_not(rule.condition, evidence)
    return f"{reason} (a pattern ran out of time)" if reason and evidence.ran_out else reason


def _why_not(condition: Condition, evidence: ScannedArticle) -> str:
    if evaluate(condition, evidence) is not None:
        return ""
    match condition.operator:
        case "all":
            return next(filter(None, (_why_not(child, evidence) for child in condition.children)), "")
        case "any":
            return "none of these holds: " + "; ".join(describe(child) for child in condition.children)
        case "none":
            held = [child for child in condition.children if evaluate(child, evidence) is not None]
            filter_id = dict(condition.options).get("filter")
            by = f"filter {filter_id}: " if filter_id else ""
            return f"excluded by {by}" + "; ".join(describe(child) for child in held)
        case _:
            return "does not hold: " + describe(condition)


def describe(condition: Condition, *, limit: int = 6) -> str:
    """A condition in one line: `keyword: attack, terror*, … (12)`."""
    if condition.children:
        inner = "; ".join(describe(child) for child in condition.children[:limit])
        options = "".join(f", {name} {value}" for name, value in condition.options if value != "false")
        return f"{condition.operator} ({inner}{options})"
    words = ", ".join(condition.terms[:limit])
    more = f", … ({len(condition.terms)})" if len(condition.terms) > limit else ""
    where = f" in {condition.field}" if condition.field is not None else ""
    return f"{condition.operator}: {words}{more}{where}"


# ---------------------------------------------------------------- marked text


def marked(reading: Reading, rule_id: str) -> tuple[str, ...]:
    """The article's fields, one a line, what the rule and the entities found between marks."""
    lines = []
    for field in ArticleField:
        text = reading.article.field(field)
        if not text:
            continue
        spans = [(mention.start, mention.end) for mention in reading.mentions if mention.field is field]
        for found in reading.matches:
            if found.rule_id == rule_id:
                spans += [(span.start, span.end) for span in found.spans if span.field is field]
        lines.append(f"{field}: {_with_marks(text, spans)}")
    return tuple(lines)


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in _merged(spans):
        pieces += [text[at:start], OPEN, text[start:end], CLOSE]
        at = end
    return "".join([*pieces, text[at:]])


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
