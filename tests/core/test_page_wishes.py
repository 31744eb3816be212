"""Which pages are read for the text of an article, what they may change, and when they are tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.pages import next_try, wants_page, with_page
from monitor.core.types import Entry, FullText
from monitor.errors import FetchError, FetchReason

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "The ferry was late. " * 60
NEVER, SUMMARY, ALWAYS = FullText


def an_entry(text: str = "The ferry was late.", **fields: object) -> Entry:
    entry = Entry(
        guid="1",
        url="https://harbour.test/1",
        title="Ferry",
        summary="",
        text=text,
        author="",
        lang="en",
        published_at=NOW,
        updated_at=None,
    )
    return replace(entry, **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("full_text", "entry", "wanted"),
    [
        (NEVER, an_entry(), False),
        (SUMMARY, an_entry(), True),
        (SUMMARY, an_entry(LONG), False),
        (SUMMARY, an_entry(LONG + " Read on […]"), True),
        (SUMMARY, an_entry(LONG + "..."), True),
        (SUMMARY, an_entry(LONG + "…\n"), True),
        (SUMMARY, an_entry(LONG.replace("late.", "late…", 3)), False),
        (ALWAYS, an_entry(LONG), True),
        (ALWAYS, an_entry(url=""), False),
        (ALWAYS, an_entry(published_at=None), True),
        (ALWAYS, an_entry(published_at=NOW - timedelta(days=8)), False),
    ],
)
def test_a_page_is_read_where_the_feed_wants_it_and_gives_little(
    full_text: FullText, entry: Entry, wanted: bool
) -> None:
    assert wants_page(full_text, entry, now=NOW) is wanted


def test_a_page_gives_the_text_and_the_feed_keeps_its_title() -> None:
    upgraded = with_page(an_entry(), title="Elsewhere", text="It was later than ever.", lang="")
    assert upgraded == an_entry(text="It was later than ever.")
    untitled = with_page(an_entry(title=""), title="Elsewhere", text="It was later than ever.", lang="fr")
    assert untitled is not None
    assert (untitled.title, untitled.lang) == ("Elsewhere", "fr")


def test_a_page_that_says_less_than_the_feed_changes_nothing() -> None:
    assert with_page(an_entry(), title="", text="Please log in.", lang="en") is None


@pytest.mark.parametrize(
    ("tries", "reason", "fields", "wait"),
    [
        (1, FetchReason.TIMEOUT, {}, timedelta(minutes=1)),
        (2, FetchReason.TIMEOUT, {}, timedelta(minutes=10)),
        (3, FetchReason.TIMEOUT, {}, None),
        (1, FetchReason.HTTP_STATUS, {"status": 503, "retry_after_s": 7200.0}, timedelta(hours=2)),
        (1, FetchReason.RATE_LIMITED, {"retry_after_s": 1e9}, timedelta(days=1)),
        (1, FetchReason.HTTP_STATUS, {"status": 403}, None),
        (1, FetchReason.FORBIDDEN_ADDRESS, {}, None),
        (1, FetchReason.PARSER_FAILED, {}, None),
    ],
)
def test_only_what_may_pass_is_tried_again(
    tries: int, reason: FetchReason, fields: dict[str, float], wait: timedelta | None
) -> None:
    error = FetchError("https://harbour.test/1", reason, "x", **fields)  # type: ignore[arg-type]  # by name
    assert next_try(tries, error, now=NOW) == (wait and NOW + wait)
