"""What a parse child answers, there and back; and what is no answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.core.types import Dropped, Entry
from monitor.feeds import child_answers, child_frames


def entry(**changes: Any) -> dict[str, Any]:
    given = {name: name for name in child_frames.FIELDS}
    return given | {"published_at": "2026-03-01T09:00:00+00:00", "updated_at": None} | changes


def frame(*entries: dict[str, Any]) -> dict[str, Any]:
    feed = {
        "format": "rss20",
        "title": "Harbour",
        "link": "",
        "lang": "en",
        "complaint": "",
        "sitemaps": [],
        "hub": "",
        "topic": "",
    }
    return {"snapshot": {**feed, "dropped": {"titles cut": 2}, "entries": list(entries)}}


def test_a_snapshot_comes_back_as_it_was() -> None:
    sent = frame(
        entry(), entry(text="Паром\n\nlate", summary="Паром\n\nlate", author=""), entry(text="", summary="")
    )
    snapshot = child_answers.snapshot(child_frames.unpacked(child_frames.packed(sent))["snapshot"])
    assert (snapshot.format, snapshot.title, snapshot.dropped) == (
        "rss20",
        "Harbour",
        (Dropped("titles cut", 2),),
    )
    assert snapshot.entries[0] == Entry(
        guid="guid",
        url="url",
        title="title",
        summary="summary",
        text="text",
        author="author",
        lang="lang",
        published_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        updated_at=None,
    )
    assert [(one.summary, one.text, one.author) for one in snapshot.entries[1:]] == [
        ("Паром\n\nlate", "Паром\n\nlate", ""),
        ("", "", "author"),
    ]


def test_an_answer_without_entries_is_its_json() -> None:
    for sent in ({}, {"reason": "not_a_feed", "detail": "a page"}, frame()):
        assert child_frames.unpacked(child_frames.packed(sent)) == sent


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps({"snapshot": {"entries": 1}}).encode(),
        json.dumps({"snapshot": {"entries": "1"}}).encode() + b"\x00x" * 9,
        json.dumps({"snapshot": {"entries": -1}}).encode(),
        child_frames.packed(frame(entry(title="a\x00b"))),
        child_frames.packed(frame(entry(), entry())) + b"\x00",
    ],
)
def test_what_has_another_shape_is_no_answer(raw: bytes) -> None:
    with pytest.raises(ValueError):  # JSON's, Unicode's and ours are all of this kind
        child_frames.unpacked(raw)
