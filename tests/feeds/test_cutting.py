"""Cutting documents by bytes: what is left of them reads as the whole does, or they are not cut."""

from __future__ import annotations

import asyncio
import random
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from feed_values import a_feed
from hypothesis import given
from hypothesis import strategies as st
from publishers import Handler, answer, local_egress, publisher

from monitor.feeds.cutting import cut, packed, unpacked
from monitor.feeds.parse import FeedParser
from monitor.feeds.parse_child import Asked, read_document
from monitor.feeds.poll import NewBody, read_feed

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
XML = "application/xml"


def item(name: str, text: str = "Words.") -> bytes:
    return (
        f"<item><title>{name}</title><link>http://harbour.test/{name}</link>"
        f'<guid isPermaLink="false">id-{name}</guid><description>{text}</description></item>'
    ).encode()


def feed(*items: bytes, head: bytes = b"<title>Harbour</title>", tail: bytes = b"") -> bytes:
    return b'<rss version="2.0"><channel>' + head + b"\n".join(items) + tail + b"</channel></rss>"


def entries_of(body: bytes) -> list[dict[str, Any]] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = read_document(body, Asked(content_type=XML, url="http://harbour.test/feed", now=NOW))
    snapshot = read.get("snapshot")
    return None if snapshot is None or snapshot["complaint"] else snapshot["entries"]


def test_the_entries_are_where_the_tags_say() -> None:
    body = feed(item("a"), item("b"))
    pieces = cut(body, XML)
    assert pieces is not None
    assert [body[start:end] for start, end in pieces.ranges] == [item("a"), item("b")]
    assert pieces.only([1]) == feed(b"", item("b"))


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("no entries", feed()),
        ("no feed", b"<html><item></item></html>"),
        ("UTF-16", feed(item("a")).decode().encode("utf-16")),
        ("a stateful encoding", b'<?xml version="1.0" encoding="iso-2022-jp"?>' + feed(item("a"))),
        ("an entry that is not closed", feed(b"<item><title>a</title>", item("b"))),
        ("an entry inside another", feed(b"<item><item></item></item>")),
        ("an entry inside CDATA", feed(b"<item><description><![CDATA[</item><item>]]></description></item>")),
        ("an entry inside a comment", feed(item("a"), b"<!-- ", item("b"), b" -->")),
        ("a comment that does not end", feed(item("a"), head=b"<!-- <title>x</title>")),
        ("a closing tag too many", feed(item("a"), tail=b"</item>")),
        ("more entries than are read", feed(*[b"<item></item>"] * 2_001)),
    ],
)
def test_what_cannot_be_trusted_is_not_cut(what: str, body: bytes) -> None:
    assert cut(body, XML) is None, what


def test_the_date_of_the_feed_changes_no_digest_but_its_namespaces_do() -> None:
    one = cut(feed(item("a"), head=b"<lastBuildDate>1</lastBuildDate>"), XML)
    other = cut(feed(item("a"), head=b"<lastBuildDate>2</lastBuildDate>"), XML)
    third = cut(feed(item("a")).replace(b"<rss ", b"<rss xmlns:dc='x' "), XML)
    assert one is not None
    assert other is not None
    assert third is not None
    assert one.digests == other.digests != third.digests


@given(st.lists(st.binary(min_size=8, max_size=8), max_size=5))
def test_digests_come_back_as_they_were_kept(digests: list[bytes]) -> None:
    assert unpacked(packed(digests)) == frozenset(digests)


def test_what_is_no_kept_text_recognises_nothing() -> None:
    assert unpacked("no base64 é") == frozenset()


@given(st.binary(max_size=400), st.sampled_from([XML, "text/xml; charset=gb18030", ""]))
def test_no_bytes_make_the_cut_fail(body: bytes, content_type: str) -> None:
    for wrapped in (body, feed(item("a"), body), b"<feed>" + body + b"<entry></entry>"):
        pieces = cut(wrapped, content_type)
        if pieces is not None:
            assert pieces.only(range(len(pieces.ranges))) == wrapped


@pytest.mark.parametrize("folders", [("feedparser",), ("recorded", "recorded_mediacloud")])
def test_real_documents_read_alike_in_part_and_as_a_whole(folders: tuple[str, ...]) -> None:
    files = [
        f for name in folders for f in sorted((SHARED / name).rglob("*")) if f.suffix in (".xml", ".rss")
    ]
    if not files:
        pytest.skip(f"no documents in {SHARED}")
    chance = random.Random(7)
    cut_ones = 0
    for file in files:
        body = file.read_bytes()
        pieces = cut(body, XML)
        whole = entries_of(body) if pieces else None
        # As the poller does: a document in which the reader sees other entries than the cut is not cut again.
        if pieces is None or whole is None or len(whole) != len(pieces.ranges):
            continue
        cut_ones += 1
        few = sorted(chance.sample(range(len(whole)), min(3, len(whole))))
        assert entries_of(pieces.only(few)) == [whole[number] for number in few], file
    assert cut_ones >= len(files) // 2 or "feedparser" in folders


# ---------------------------------------------------------------- through the poller's eyes


class Paper:
    """A feed on loopback whose body changes; counts what the parser is given."""

    def __init__(self) -> None:
        self.body = b""

    def handler(self) -> Handler:
        async def serve(asked: Any, reader: Any, writer: Any) -> None:
            writer.write(answer(self.body, headers=("Content-Type: application/rss+xml",)))
            await writer.drain()

        return serve


def read_in_turn(*bodies: bytes) -> list[NewBody]:
    """What each body brings after the ones before it."""
    paper = Paper()

    async def run() -> list[NewBody]:
        found: list[NewBody] = []
        async with publisher(paper.handler()) as site, local_egress() as egress, FeedParser() as parser:
            known, digests = a_feed(url=site.url("/feed")), ""
            for paper.body in bodies:
                one = await read_feed(egress, parser, known, NOW, digests=digests)
                assert isinstance(one, NewBody)
                found.append(one)
                known, digests = replace(known, body_hash=one.body_hash), one.digests
        return found

    return asyncio.run(run())


def titles(found: NewBody) -> list[str]:
    return [entry.title for entry in found.snapshot.entries]


def test_only_new_entries_are_read_and_nothing_of_a_body_that_has_none() -> None:
    first, second, third = read_in_turn(
        feed(item("a"), item("b")),
        feed(item("c"), item("a"), item("b")),
        feed(item("c"), item("a"), head=b"<title>Harbour</title><lastBuildDate>later</lastBuildDate>"),
    )
    assert (titles(first), first.recognised) == (["a", "b"], 0)
    assert (titles(second), second.recognised) == (["c"], 2)
    assert (titles(third), third.recognised) == ([], 2)
    assert third.snapshot.format == ""


def test_an_entry_that_was_edited_is_read_again() -> None:
    _, second = read_in_turn(feed(item("a"), item("b")), feed(item("a", "Other words."), item("b")))
    assert [entry.text for entry in second.snapshot.entries] == ["Other words."]


def test_a_guid_that_an_old_entry_has_too_needs_the_whole_document() -> None:
    shared = item("b").replace(b"id-b", b"id-a")
    _, second = read_in_turn(feed(item("a")), feed(shared, item("a")))
    assert titles(second) == ["b", "a"]
    assert [entry.guid for entry in second.snapshot.entries] == ["", ""]
    assert second.digests == ""


def test_a_document_with_a_fault_is_read_as_a_whole_each_time() -> None:
    broken = feed(item("a"), item("b")) + b"<"
    first, second = read_in_turn(broken, broken + b" ")
    assert (first.digests, second.digests) == ("", "")
    assert titles(second) == ["a", "b"]


def test_a_fault_in_the_new_entry_makes_the_whole_be_read() -> None:
    _, second = read_in_turn(feed(item("a")), feed(item("b", "AT&T & more"), item("a")))
    assert set(titles(second)) == {"a", "b"}
    assert second.digests == ""
