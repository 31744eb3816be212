"""Brotli and zstd, as hostile as gzip can be: cut anywhere, bombs, windows, streams in a row."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from monitor.errors import FetchReason
from monitor.feeds.bodies import BodyError, BoundedBody
from monitor.feeds.unpacking import ACCEPTED

brotli = pytest.importorskip("brotli")
zstd = pytest.importorskip("backports.zstd")

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {"br": brotli.compress, "zstd": zstd.compress}
TEXT = "".join(random.Random(7).choices("abcdefgh <>/\n", k=150_000)).encode()
ZEROS = bytes(64 << 20)


def unpacked(coding: str, wire: bytes, step: int, **limits: Any) -> bytes:
    body = BoundedBody(coding, **limits)
    for start in range(0, len(wire), step):
        body.feed(wire[start : start + step])
    return body.finish()


@pytest.mark.parametrize("coding", PACKS)
def test_it_is_asked_for_and_unpacked_wherever_the_wire_cuts_it(coding: str) -> None:
    assert coding in ACCEPTED
    for text in (b"", b"short", TEXT):
        for step in (1, 1000, 10**9) if len(text) < 10 else (997, 10**9):
            assert unpacked(coding, PACKS[coding](text), step) == text
    assert unpacked(coding, b"", 1) == b""


@pytest.mark.parametrize("coding", PACKS)
@pytest.mark.parametrize("harm", [lambda wire: wire[:-3], lambda wire: b"<rss/>" * 50])
def test_what_is_cut_off_or_no_such_thing_is_refused(coding: str, harm: Pack) -> None:
    with pytest.raises(BodyError) as refused:
        unpacked(coding, harm(PACKS[coding](TEXT)), 5000)
    assert refused.value.reason is FetchReason.BAD_ENCODING


@pytest.mark.parametrize("coding", PACKS)
def test_a_bomb_is_given_up_long_before_it_unfolds(coding: str) -> None:
    bomb = PACKS[coding](ZEROS)
    assert len(bomb) < 20_000
    tracemalloc.start()
    try:
        with pytest.raises(BodyError) as refused:
            unpacked(coding, bomb, 1 << 16)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.reason is FetchReason.TOO_LARGE
    assert peak < 32 << 20


@pytest.mark.parametrize("coding", PACKS)
def test_the_decoded_limit_counts_what_comes_out_in_brotli_and_zstd(coding: str) -> None:
    with pytest.raises(BodyError, match="unpacked"):
        unpacked(coding, PACKS[coding](TEXT), 4096, decoded_bytes=100_000)


def test_zstd_may_not_ask_for_more_memory_than_http_allows() -> None:
    wide = zstd.compress(TEXT * 200, options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(BodyError, match="memory"):
        unpacked("zstd", wide, 10**9)


def test_zstd_frames_in_a_row_are_one_body_but_not_without_end() -> None:
    half = len(TEXT) // 2
    two = zstd.compress(TEXT[:half]) + zstd.compress(TEXT[half:])
    assert unpacked("zstd", two + b"\0" * 9, 1000) == TEXT
    with pytest.raises(BodyError, match="in a row"):
        unpacked("zstd", zstd.compress(b"") * 1000, 10**9)
