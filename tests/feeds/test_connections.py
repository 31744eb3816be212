"""HTTP answers byte by byte: where they end, what breaks the rules, and connections used again."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from publishers import RSS, local_egress, publisher

from monitor.feeds.connections import Connections
from monitor.feeds.framing import MOST_FRAMING_BYTES, MOST_HEAD_BYTES, AnswerReader
from monitor.feeds.wire import WireBackend


class Pieces(httpcore.AsyncNetworkStream):
    """A stream that gives what it was given, piece by piece."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = [piece for piece in pieces if piece]

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def read(*pieces: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes, bool]:
    async def run() -> tuple[int, list[tuple[bytes, bytes]], bytes, bool]:
        reader = AnswerReader(Pieces(*pieces))
        status, headers = await reader.head()
        body = b"".join([piece async for piece in reader.body()])
        return status, headers, body, reader.may_go_on

    return asyncio.run(run())


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: t\r\n\r\n"
)


@pytest.mark.parametrize(
    ("answer", "status", "body", "keeps"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", True),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, b"hello", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 200, b"hello", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", False),
        (b"HTTP/1.1 200\r\nContent-Length: 5, 5\r\n\r\nhello", 200, b"hello", True),
        (b"HTTP/1.1 200 OK\r\n\r\nall that comes", 200, b"all that comes", False),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b"", True),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n", 204, b"", True),
        (CHUNKED, 200, b"hello world", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmore than it said", 200, b"mo", False),
    ],
)
def test_an_answer_ends_where_its_head_says(answer: bytes, status: int, body: bytes, keeps: bool) -> None:
    assert read(answer)[::2] == (status, body)
    assert read(answer)[3] is keeps
    each_byte = [answer[at : at + 1] for at in range(len(answer))]
    assert read(*each_byte)[::2] == (status, body)


def test_headers_come_as_they_were_sent_folded_ones_in_one_line() -> None:
    _, headers, _, _ = read(b'HTTP/1.1 204 No\r\nETag:  "a b" \r\nX: one\r\n\ttwo\r\nBytes: \xe9\r\n\r\n')
    assert headers == [(b"ETag", b'"a b"'), (b"X", b"one two"), (b"Bytes", b"\xe9")]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\x00c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"9" * 5000,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * MOST_HEAD_BYTES + b"\r\n\r\n",
        b"HTTP/1.1 103 More\r\n\r\n" * MOST_HEAD_BYTES,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"1;" + b"x" * 4000 + b"\r\n.\r\n") * (MOST_FRAMING_BYTES // 4000 + 1),
    ],
)
def test_what_breaks_the_rules_is_refused(answer: bytes) -> None:
    with pytest.raises(httpcore.RemoteProtocolError):
        read(answer)


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_bytes_make_the_reader_fail_otherwise(pieces: list[bytes]) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", CHUNKED[:50]):
        try:
            read(start, *pieces)
        except httpcore.RemoteProtocolError:
            continue


def keeping(*answers: bytes) -> Any:
    """A server that answers one after the other on a connection, then closes it."""

    async def serve(asked: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, answer in enumerate(answers):
            writer.write(answer)
            await writer.drain()
            if number < len(answers) - 1:
                await reader.readuntil(b"\r\n\r\n")

    return serve


HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_a_connection_is_used_again_and_another_opened_when_the_server_has_closed_it() -> None:
    async def run() -> int:
        async with publisher(keeping(HELLO, HELLO)) as site, local_egress() as egress:
            for _ in range(5):
                assert (await egress.fetch(site.url("/feed"))).body == b"hello"
            return site.connections

    assert asyncio.run(run()) == 3


def test_a_post_is_never_sent_twice() -> None:
    async def run() -> tuple[int, int]:
        async with publisher(keeping(HELLO, b"HTTP/1.1 2")) as site:
            pool = Connections(WireBackend(), ssl.create_default_context())
            origin, head = ("http", "127.0.0.1", site.port), b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n"
            first = await pool.request(origin, head, b"x")
            assert [piece async for piece in first.body] == [b"hello"]
            await first.aclose()
            with pytest.raises(httpcore.RemoteProtocolError):
                await pool.request(origin, head, b"x")
            await pool.aclose()
            return site.connections, len(site.asked)

    assert asyncio.run(run()) == (1, 1)


def test_a_body_faster_than_its_reader_waits_at_the_server() -> None:
    body = RSS + b" " * (4 << 20)

    async def run() -> bytes:
        async with (
            publisher(keeping(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)) as site,
            local_egress() as egress,
        ):
            return (await egress.fetch(site.url("/feed"))).body

    assert asyncio.run(run()) == body
