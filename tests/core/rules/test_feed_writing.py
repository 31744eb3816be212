"""Feeds into feeds.yml and out of it: nothing else in the file changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.rules.feed_writing import (
    FeedWritingError,
    feed_line,
    listed_feeds,
    with_feed_changed,
    with_feeds,
    without_feed,
)
from monitor.core.types import FeedSpec, FullText, PageSelectors

NEW = FeedSpec(url="https://new.test/rss?a=1&b=#2", publisher="News: x", tags=("no", "wire"), lang="no")
LINE = (
    '- {url: https://new.test/rss?a=1&b=#2, publisher: "News: x", tags: [no, wire], lang: no, interval: 5m}'
)
BLOCK = "# top\nversion: 1\nfeeds:\n# first\n- url: https://a.test/\n  tags: [a]   # of a\n# last\n"


def test_a_line_is_what_rules_fmt_would_write() -> None:
    assert feed_line(NEW) == LINE
    page = FeedSpec(
        url="https://a.test/",
        interval=timedelta(hours=2),
        full_text=FullText.ALWAYS,
        page=PageSelectors(entry="li > a"),
    )
    assert feed_line(page) == (
        "- {url: https://a.test/, interval: 2h, full_text: always, page: {entry: li > a}}"
    )
    assert feed_line(FeedSpec(url="https://a.test/", learned=True)) == "- {url: https://a.test/}"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", f"# What is polled.\nversion: 1\n\nfeeds:\n  {LINE}\n"),
        ("version: 1\nfeeds: []  # none yet\n", f"version: 1\nfeeds:\n  {LINE}  # none yet\n"),
        ("version: 1\n", f"version: 1\n\nfeeds:\n  {LINE}\n"),
        (BLOCK, BLOCK.replace("# of a\n", f"# of a\n{LINE}\n")),
        ("version: 1\r\nfeeds:\r\n    - {url: 'https://a.test/'}", None),
        ("version: 1\nfeeds: [{url: 'https://a.test/'}]\n", None),
    ],
)
def test_feeds_are_added_behind_the_others(text: str, changed: str | None) -> None:
    found = with_feeds(text, [NEW])
    if changed is not None:
        assert found == changed
    assert NEW.url in listed_feeds(found)
    assert len(listed_feeds(found)) == len(listed_feeds(text)) + 1


def test_a_feed_is_taken_out_with_its_line_and_the_others_stay() -> None:
    assert without_feed(with_feeds(BLOCK, [NEW]), NEW.url) == BLOCK
    emptied = without_feed(BLOCK, "https://a.test/")
    assert "feeds: []" in emptied
    assert listed_feeds(emptied) == {}


def test_a_feed_written_in_braces_is_written_anew_and_another_form_is_left_alone() -> None:
    text = with_feeds(BLOCK, [NEW])
    slower = FeedSpec(url=NEW.url, interval=timedelta(hours=1))
    assert f"- {{url: {NEW.url}, interval: 1h}}" in with_feed_changed(text, slower)
    with pytest.raises(FeedWritingError, match="line 5"):
        with_feed_changed(BLOCK, FeedSpec(url="https://a.test/"))


@pytest.mark.parametrize(
    "text", ["feeds: [", "- a\n", "version: 1\nfeeds: 3\nrules: {}\n", "a: &x 1\nfeeds: *x\n"]
)
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(FeedWritingError):
        with_feeds(text, [NEW])
