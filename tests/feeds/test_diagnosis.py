"""What is said of a feed, by a table of what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.types import Dropped, Entry, FeedSnapshot, Validators
from monitor.feeds.answers import Fetched
from monitor.feeds.diagnosis import Level, Look, diagnose

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://harbour.test/rss"
ENTRY = Entry(
    guid="1",
    url="https://harbour.test/1",
    title="Ferry late",
    summary="",
    text="The ferry was late again. " * 60,
    author="",
    lang="en",
    published_at=NOW,
    updated_at=None,
)
SNAPSHOT = FeedSnapshot(format="rss20", title="Harbour", link="", lang="en", entries=(ENTRY,))
FETCHED = Fetched(
    url=URL,
    permanent_url=URL,
    status=200,
    body=b'<?xml version="1.0" encoding="utf-8"?><rss/>',
    validators=Validators(etag='"1"'),
    content_type="application/rss+xml; charset=utf-8",
    cache_for=None,
)
SOUND = Look(
    url=URL,
    fetched=FETCHED,
    snapshot=SNAPSHOT,
    again=replace(FETCHED, status=304, body=b""),
    read_again=None,
    now=NOW,
)


def entries(*changed: dict[str, Any]) -> Look:
    listed = tuple(replace(ENTRY, **fields) for fields in changed)
    return replace(SOUND, snapshot=replace(SNAPSHOT, entries=listed))


def fetched(**fields: Any) -> Look:
    return replace(SOUND, fetched=replace(FETCHED, **fields))


def snapshot(**fields: Any) -> Look:
    return replace(SOUND, snapshot=replace(SNAPSHOT, **fields))


def test_of_a_sound_feed_nothing_is_said() -> None:
    assert diagnose(SOUND) == ()


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (snapshot(complaint="not well-formed: line 3"), "faulty-document"),
        (snapshot(dropped=(Dropped("links that are no web address", 3),)), "left-out"),
        (entries({"guid": "", "url": ""}), "no-identity"),
        (entries({"title": "Caf\ufffd"}), "broken-letters"),
        (entries({"summary": "CafÃ©"}), "broken-letters"),
        (entries({"title": "Ð\u009eÑ\u0082Ð\u00be"}), "broken-letters"),
        (replace(SOUND, read_again=replace(SNAPSHOT, entries=(replace(ENTRY, guid="2"),))), "mutable-guids"),
    ],
)
def test_what_loses_something_is_a_fault(look: Look, code: str) -> None:
    found = diagnose(look)
    assert found[0].level is Level.FAULT
    assert code in {one.code for one in found}


@pytest.mark.parametrize(
    ("look", "code"),
    [
        (fetched(permanent_url="https://new.test/rss"), "moved"),
        (fetched(url="https://cdn.test/rss"), "redirected"),
        (fetched(content_type="text/html"), "content-type"),
        (fetched(content_type="text/xml; charset=iso-8859-1"), "two-encodings"),
        (snapshot(lang="de"), "other-language"),
        (snapshot(entries=()), "no-entries"),
        (entries({}, {"published_at": None, "guid": "2", "url": "https://harbour.test/2"}), "no-dates"),
        (entries({"published_at": NOW + timedelta(minutes=5)}), "future-dates"),
        (entries({"published_at": NOW - timedelta(days=40)}), "stale"),
        (entries({"url": ""}), "no-links"),
        (entries({}, {"guid": "2"}), "shared-links"),
        (entries({}, {"url": "https://harbour.test/2"}), "listed-twice"),
        (entries({"title": ""}), "no-titles"),
        (entries({"text": ""}), "titles-only"),
        (entries({"text": "Short."}), "summaries-only"),
        (fetched(validators=Validators()), "no-validators"),
        (replace(SOUND, again=FETCHED), "ignored-validators"),
        (fetched(cache_for=timedelta(hours=1)), "caching"),
        (fetched(body=b" " * 1_500_000), "large"),
    ],
)
def test_what_costs_something_is_advice(look: Look, code: str) -> None:
    assert [(one.code, one.level) for one in diagnose(look)] == [(code, Level.ADVICE)]
