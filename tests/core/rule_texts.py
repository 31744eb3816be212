"""Rules from YAML text and articles from their parts, for tests that judge only what users can see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.core.rules.building import build_texts
from monitor.core.rules.problems import errors_of, render
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article, Reading

NOW = datetime(2024, 3, 26, 12, tzinfo=UTC)


def load(text: str) -> RuleSet:
    """The rules of one file, which must have no errors."""
    built = build_texts({"a.yml": text})
    assert not errors_of(built.problems), render(built.problems)
    return built.rules


def rule_file(rules: Iterable[dict[str, Any]], **parts: object) -> str:
    """A rule file; JSON is YAML, and needs no thought about quotes."""
    return json.dumps({"version": 1, "rules": list(rules), **parts})


def article(text: str = "", **parts: Any) -> Article:
    known = {"title": "", "summary": "", "lang": "", "publisher": "", "url": "", "tags": ()} | parts
    return Article(
        id=1, version=1, version_id=7, feed_id=None, text=text, published_at=NOW, fetched_at=NOW, **known
    )


def quoted(reading: Reading, rule_id: str) -> list[str]:
    """What the spans of a rule's match say, in their order; empty: no match."""
    return [
        reading.article.field(span.field)[span.start : span.end]
        for found in reading.matches
        if found.rule_id == rule_id
        for span in found.spans
    ]
