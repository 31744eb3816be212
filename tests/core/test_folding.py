"""Addresses that are variants of one are one; what may be another article stays another."""

from __future__ import annotations

import pytest

from monitor.core.folding import folded_address

STORY = "https://paper.example/2026/03/bridge-closed"
VARIANTS = (
    "http://paper.example/2026/03/bridge-closed",
    "HTTPS://Paper.Example:443/2026/03/bridge-closed/",
    "https://www.paper.example/2026/03/bridge-closed?utm_source=rss&utm_Medium=feed",
    "https://paper.example/2026/03/bridge-closed?fbclid=IwAR1&amp",
    "https://paper.example/2026/03/bridge-closed#xtor=RSS-3208",
    "https://paper.example/2026/03/bridge-closed/amp",
    "https://paper.example/2026/03/bridge-closed/amp/",
    "https://paper.example/amp/2026/03/bridge-closed",
    "https://paper.example/2026/03/bridge-closed.amp",
    "https://paper.example/2026/03/bridge-closed?amp=1",
    "https://paper.example/2026/03/bridge-closed?outputType=amp",
    "https://amp.paper.example/2026/03/bridge-closed",
    "https://m.paper.example/2026/03/bridge-closed",
    "https://www.mobile.paper.example/2026/03/bridge-closed",
    "https://www.google.com/amp/s/www.paper.example/2026/03/bridge-closed/amp/",
    "https://paper-example.cdn.ampproject.org/c/s/paper.example/2026/03/bridge-closed?amp_js_v=0.1",
)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_of_an_address_is_that_address(variant: str) -> None:
    assert folded_address(variant) == STORY
    assert folded_address(STORY) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Another path under another dress.
        ("https://m.paper.example/a/bridge", "https://paper.example/bridge"),
        # A host that is no dress of another one.
        ("https://m.example/bridge", "https://example/bridge"),
        ("https://amp.example/bridge", "https://www.example/bridge"),
        ("https://news.paper.example/bridge", "https://paper.example/bridge"),
        # Home pages of two blogs.
        ("https://m.blogs.example/", "https://blogs.example/"),
        # What is shown is in the query, in the fragment, in the case of the letters.
        ("https://paper.example/?p=1", "https://paper.example/?p=2"),
        ("https://paper.example/live#post-1", "https://paper.example/live#post-2"),
        ("https://paper.example/live#post-1&utm_source=x", "https://paper.example/live#post-2&utm_source=x"),
        ("https://paper.example/Bridge", "https://paper.example/bridge"),
        ("https://paper.example/story?ref=1", "https://paper.example/story?ref=2"),
        ("https://paper.example/story?amp=12", "https://paper.example/story"),
        ("https://paper.example/story?output=print", "https://paper.example/story"),
        # Words that only contain what is stripped.
        ("https://paper.example/amps", "https://paper.example/"),
        ("https://paper.example/amp", "https://paper.example/"),
        ("https://paper.example/bootcamp", "https://paper.example/bootc"),
        ("https://paper.example:8080/story", "https://paper.example/story"),
        ("https://www.google.com/amp/paper", "https://www.google.com/paper.example"),
    ],
)
def test_what_may_be_another_article_stays_another(one: str, other: str) -> None:
    assert folded_address(one) != folded_address(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tag:paper.example,2026:1",
        "12",
        "/amp/story",
        "https://",
        "https://[::1/x",
        "http://x:99999/",
        "ftp://m.a.example/x",
    ],
)
def test_what_is_no_web_address_comes_back_as_it_is(text: str) -> None:
    assert folded_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *VARIANTS,
        "https://a.example/amp/amp/x.amp.amp.html/amp/amp",
        "https://www.m.amp.a.example//x//",
        "http://amp.example/amp",
    ],
)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded_address(folded_address(text)) == folded_address(text)
