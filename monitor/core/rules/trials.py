"""The tests that rules carry, run; and why a rule does or does not match, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.core.matching import match
from monitor.core.rules.building import RuleTest
from monitor.core.rules.explaining import explain
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article, ArticleField, Reading, Rule

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


def text_article(text: str, lang: str = "", title: str = "") -> Article:
    """A text as an article: without a title its first line is the title."""
    if not title:
        title, _, text = text.partition("\n")
    return _article(title=title, text=text, lang=lang)


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


def why_not(rule: Rule, article: Article, rules: RuleSet) -> str:
    """What keeps the rule from matching, and what came nearest; empty where it matches."""
    explanation = explain(rule, article, rules)
    nearest = "".join(f"; near: {miss.message}" for miss in explanation.nearest()[:1])
    return explanation.reason + nearest


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
