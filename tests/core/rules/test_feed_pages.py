"""What feeds.yml says of pages: selectors, and when the text of an article is read on its page."""

from __future__ import annotations

import pytest

from monitor.core.rules.documents import read_document
from monitor.core.rules.feed_reading import read_feeds
from monitor.core.rules.selectors import fault_of_selector
from monitor.core.types import FullText, PageSelectors

FEEDS = """version: 1
feeds:
  - url: https://harbour.test/news
    full_text: when-summary-only
    page: {entry: "article.teaser", title: "%s"}
  - {url: https://harbour.test/rss}
"""


def test_selectors_and_full_text_are_read() -> None:
    document = read_document("feeds.yml", FEEDS % "h2 > a")
    first, second = read_feeds(document)
    assert document.problems == []
    assert first.page == PageSelectors(entry="article.teaser", title="h2 > a")
    assert (first.full_text, second.full_text) == (FullText.WHEN_SUMMARY_ONLY, FullText.NEVER)
    assert second.page is None


def test_a_broken_selector_is_a_problem_at_its_place() -> None:
    document = read_document("feeds.yml", FEEDS % "h2 >")
    read_feeds(document)
    (problem,) = document.problems
    assert (problem.code, problem.place.line) == ("bad-value", 5)
    assert "'h2 >' is no CSS selector" in problem.message


@pytest.mark.parametrize(
    ("selector", "fault"),
    [
        ("article.teaser h2 > a[href^='/']", ""),
        ("li:nth-child(2n), :is(a, b):not(.x)", ""),
        ("a::text", "pseudo-element"),
        ("(((", "("),
        ("", "EOF"),
        ("a:no-such-thing", "no-such-thing"),
        (":is(" * 2_000, "deep"),
    ],
)
def test_what_is_no_selector_is_said(selector: str, fault: str) -> None:
    found = fault_of_selector(selector)
    assert bool(found) is bool(fault)
    assert fault in found
