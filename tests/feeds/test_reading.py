"""Whole documents on their whole way: served on loopback, fetched, read in a child, planned; twice."""

from __future__ import annotations

import asyncio
import importlib.util
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from feed_values import a_feed
from publishers import RSS, Asked, answer, local_egress, publisher, says

from monitor.core.polling import entry_identity, feed_key, plan_poll
from monitor.core.types import Feed, KnownEntry, PollPlan, Validators
from monitor.errors import FetchError, FetchReason
from monitor.feeds.bodies import DECODED_BYTES
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.feeds.poll import FeedRead, NewBody, NotModified, SameBody, read_feed

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def planned(feed: Feed, found: FeedRead, known: dict[str, KnownEntry]) -> PollPlan:
    assert isinstance(found, NewBody)
    return plan_poll(
        feed,
        found.snapshot,
        known,
        validators=found.validators,
        body_hash=found.body_hash,
        url=found.url,
        cache_for=found.cache_for,
        now=NOW,
    )


def after(feed: Feed, plan: PollPlan) -> Feed:
    return replace(feed, validators=plan.validators, body_hash=plan.body_hash, url=plan.url)


async def read_twice(
    egress: Egress, parser: FeedParser, url: str
) -> tuple[FeedRead, PollPlan, FeedRead, PollPlan]:
    """First and second look, and what each plans; the second plans from the first body read again."""
    feed = a_feed(url=url)
    first = await read_feed(egress, parser, feed, NOW)
    plan = planned(feed, first, {})
    second = await read_feed(egress, parser, after(feed, plan), NOW)
    known = {
        v.identity: KnownEntry(article_id=n, version=v.version, content_hash=v.content_hash)
        for n, v in enumerate(plan.versions)
    }
    return first, plan, second, planned(feed, first, known)


async def _with_etag(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if asked.headers.get("if-none-match") == '"1"':
        writer.write(answer(status="304 Not Modified"))
    else:
        writer.write(answer(RSS, headers=('ETag: "1"',)))


@pytest.mark.parametrize(("handler", "kind"), [(_with_etag, NotModified), (says(RSS), SameBody)])
def test_a_second_look_at_an_unchanged_feed_reads_nothing(handler: object, kind: type) -> None:
    async def run() -> FeedRead:
        async with publisher(handler) as paper, local_egress() as egress, FeedParser(children=1) as parser:  # type: ignore[arg-type]  # a handler
            first, plan, second, again = await read_twice(egress, parser, paper.url())
            assert isinstance(first, NewBody)
            assert [v.entry.title for v in plan.versions] == ["Ferry late"]
            assert again.versions == ()
            return second

    assert isinstance(asyncio.run(run()), kind)


def test_validators_are_not_sent_before_a_body_was_read() -> None:
    async def run() -> FeedRead:
        async with publisher(_with_etag) as paper, local_egress() as egress, FeedParser(children=1) as parser:
            feed = replace(a_feed(url=paper.url()), validators=Validators(etag='"1"'))
            return await read_feed(egress, parser, feed, NOW)

    assert isinstance(asyncio.run(run()), NewBody)


def test_a_page_instead_of_a_feed_fails_with_the_feed_that_it_links_to() -> None:
    page = b"<!doctype html><title>Harbour</title><link rel=alternate type=application/atom+xml href=/feed>"

    async def run() -> FetchError:
        async with publisher(says(page)) as paper, local_egress() as egress, FeedParser(children=1) as parser:
            with pytest.raises(FetchError) as failed:
                await read_feed(egress, parser, a_feed(url=paper.url()), NOW)
            assert paper.url("/feed") in failed.value.remedy
            return failed.value

    assert asyncio.run(run()).reason is FetchReason.NOT_A_FEED


def test_every_recorded_feed_of_real_publishers_goes_the_whole_way() -> None:
    folders = [SHARED / "feeds" / name for name in ("recorded", "recorded_mediacloud")]
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if f.suffix in (".xml", ".rss")]
    files += [f for folder in folders for f in folder.rglob("json_feed_sample.json")]
    if not files:
        pytest.skip(f"no recorded feeds in {SHARED}")
    bodies = {f"/{number}": path.read_bytes() for number, path in enumerate(files)}
    handlers = {path: says(body) for path, body in bodies.items()}
    # Its elements carry an undeclared prefix and the declaration is garbage: no reader of ours finds entries.
    unreadable = {"malformed_rss_namespaced.xml"}

    async def run() -> Counter[str]:
        outcomes: Counter[str] = Counter()
        async with publisher(handlers) as paper, local_egress() as egress, FeedParser() as parser:
            for number, file in enumerate(files):
                url = paper.url(f"/{number}")
                try:
                    _, plan, second, again = await read_twice(egress, parser, url)
                except FetchError as error:
                    assert file.name in unreadable, error  # noqa: PT017  # most files must not raise
                    outcomes["unreadable"] += 1
                    continue
                assert plan.versions, file
                assert isinstance(second, SameBody)
                assert again.versions == (), file
                identities = {entry_identity(feed_key(a_feed(url=url)), v.entry) for v in plan.versions}
                assert len(identities) == len(plan.versions)
                assert all(v.entry.url.startswith("http") for v in plan.versions), file
                outcomes["read"] += 1
        return outcomes

    outcomes = asyncio.run(run())
    assert outcomes["read"] == len(files) - len(unreadable)


def outcomes_of(bodies: list[bytes], **limits: float) -> Counter[str]:
    """How reading each document ends: "read", or the reason."""

    async def run() -> Counter[str]:
        async with FeedParser(**limits) as parser:  # type: ignore[arg-type]  # limits by name

            async def one(body: bytes) -> str:
                try:
                    await parser.parse(body, content_type="", url="http://x.test/feed", now=NOW)
                except FetchError as error:
                    return error.reason.value
                return "read"

            return Counter(await asyncio.gather(*(one(body) for body in bodies)))

    return asyncio.run(run())


def test_feedparsers_own_documents_are_read_without_a_failure_of_the_parser() -> None:
    files = sorted((SHARED / "feeds" / "feedparser").rglob("*.xml"))
    if not files:
        pytest.skip(f"no feedparser documents in {SHARED}")
    outcomes = outcomes_of([path.read_bytes() for path in files])
    assert outcomes.total() == len(files)
    assert set(outcomes) <= {"read", "not_a_feed", "bad_encoding"}
    assert outcomes["read"] > 0.85 * len(files)  # the others hold no entry, and are broken besides


def test_every_hostile_document_ends_and_the_reader_survives() -> None:
    path = SHARED / "attacks" / "hostile_feeds.py"
    if not path.exists():
        pytest.skip(f"no {path}")
    spec = importlib.util.spec_from_file_location("hostile_feeds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    bodies = [make()[:DECODED_BYTES] for make in module.C.values()]
    # A fifth of the usual time: what is too slow for five seconds is too slow for one.
    outcomes = outcomes_of([RSS, *bodies, RSS], cpu_seconds=1.0)
    assert outcomes.total() == len(bodies) + 2
    assert set(outcomes) <= {"read", "not_a_feed", "bad_encoding", "parser_failed"}
    assert outcomes["read"] >= 20
