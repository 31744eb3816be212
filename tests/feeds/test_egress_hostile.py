"""Servers that misbehave, on purpose or not: each costs one feed one failure."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Sequence

import publishers
import pytest
from publishers import RSS, Handler, local_egress, says
from test_egress import failure

from monitor.errors import FetchError, FetchReason
from monitor.feeds.bodies import BodyError, BoundedBody

# ---------------------------------------------------------------- misbehaving servers


def body_of(size: int, *, length: int | None = None, headers: tuple[str, ...] = ()) -> Handler:
    return says(b"x" * size, length=length, headers=headers)


MISBEHAVIOUR: dict[str, tuple[Handler, FetchReason]] = {
    "drips its body": (publishers.drips, FetchReason.TIMEOUT),
    "drips its headers": (publishers.drips_headers, FetchReason.TIMEOUT),
    "says nothing": (publishers.says_nothing, FetchReason.TIMEOUT),
    "sends a body without end": (publishers.never_ends, FetchReason.TOO_LARGE),
    "sends chunks without end": (publishers.endless_chunks, FetchReason.TOO_LARGE),
    "sends early hints for ever": (publishers.endless_100s, FetchReason.TIMEOUT),
    "resets midway": (publishers.resets_midway, FetchReason.CONNECT),
    "talks no HTTP": (publishers.talks_nonsense, FetchReason.PROTOCOL),
    "announces 50 MB": (body_of(10, length=50_000_000), FetchReason.TOO_LARGE),
    "sends 50 MB unannounced": (publishers.never_ends, FetchReason.TOO_LARGE),
    "sends less than it announces": (body_of(10, length=1000), FetchReason.PROTOCOL),
    "has a giant header": (says(RSS, headers=("X-Big: " + "x" * 1_000_000,)), FetchReason.PROTOCOL),
    "has 50,000 headers": (says(RSS, headers=("X-Many: 1",) * 50_000), FetchReason.PROTOCOL),
    "packs as nobody does": (body_of(10, headers=("Content-Encoding: lzma",)), FetchReason.BAD_ENCODING),
    "packs twice": (body_of(10, headers=("Content-Encoding: gzip, gzip",)), FetchReason.BAD_ENCODING),
    "packs what is not packed": (body_of(10, headers=("Content-Encoding: gzip",)), FetchReason.BAD_ENCODING),
    "cuts the packed body": (
        says(gzip.compress(RSS)[:-20], headers=("Content-Encoding: gzip",)),
        FetchReason.BAD_ENCODING,
    ),
}


@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_a_misbehaving_server_costs_one_feed_one_failure(kind: str) -> None:
    handler, reason = MISBEHAVIOUR[kind]
    error = failure(handler, timeout=0.7 if reason is FetchReason.TIMEOUT else 20)
    assert error.reason is reason, error
    assert error.remedy


def test_a_compression_bomb_is_given_up_long_before_it_unfolds() -> None:
    bomb, _ = publishers.gzip_bomb(layers=1, size=256 << 20)
    tracemalloc.start()
    try:
        error = failure(says(bomb, headers=("Content-Encoding: gzip",)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.reason is FetchReason.TOO_LARGE
    assert peak < 32 << 20


def test_bombs_packed_twice_are_refused_unopened() -> None:
    bomb, coding = publishers.gzip_bomb(layers=2, size=64 << 20)
    assert failure(says(bomb, headers=(f"Content-Encoding: {coding}",))).reason is FetchReason.BAD_ENCODING


def test_many_gzip_streams_in_a_row_are_not_all_opened() -> None:
    body = BoundedBody("gzip")
    with pytest.raises(BodyError):
        body.feed(gzip.compress(b"") * 1000)


@pytest.mark.parametrize("step", [1, 2, 7, 100])
def test_a_packed_body_may_be_cut_anywhere_on_the_wire(step: int) -> None:
    packed = gzip.compress(RSS[:50]) + gzip.compress(RSS[50:])
    for wire, coding in (
        (packed, "gzip"),
        (zlib.compress(RSS)[2:-4], "deflate"),
        (zlib.compress(RSS), "deflate"),
    ):
        body = BoundedBody(coding)
        for start in range(0, len(wire), step):
            body.feed(wire[start : start + step])
        assert body.finish() == RSS


def test_the_decoded_limit_counts_what_comes_out() -> None:
    body = BoundedBody("gzip", decoded_bytes=1000)
    with pytest.raises(BodyError, match="unpacked"):
        body.feed(gzip.compress(b"ab" * 600))


def test_nobody_listening_is_said_in_words() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    async def run() -> FetchError:
        async with local_egress() as egress:
            with pytest.raises(FetchError) as failed:
                await egress.fetch(f"http://127.0.0.1:{port}/")
            return failed.value

    error = asyncio.run(run())
    assert error.reason is FetchReason.CONNECT
    assert "refused" in error.detail or "no connection" in error.detail


def test_a_name_that_does_not_resolve_is_said_in_words() -> None:
    async def run() -> FetchError:
        async with local_egress() as egress:
            with pytest.raises(FetchError) as failed:
                await egress.fetch("http://" + "a" * 64 + ".invalid/")
            return failed.value

    assert asyncio.run(run()).reason in (FetchReason.DNS, FetchReason.BAD_URL)


def test_a_look_up_that_hangs_counts_as_time() -> None:
    async def hanging(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(3600)
        return []

    async def run() -> FetchError:
        async with local_egress(resolve=hanging, timeout=0.2) as egress:
            with pytest.raises(FetchError) as failed:
                await egress.fetch("http://slow.test/")
            return failed.value

    assert asyncio.run(run()).reason is FetchReason.TIMEOUT
