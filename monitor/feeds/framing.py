"""Where an HTTP/1.1 answer begins and ends (RFC 9112), read strictly and with a bound on everything."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpcore

Headers = list[tuple[bytes, bytes]]

#: Status line and headers of one answer, in bytes; what comes before it (1xx answers) counts too.
MOST_HEAD_BYTES = 100 << 10
#: All that tells the size of chunks, and the trailers, of one answer, in bytes.
MOST_FRAMING_BYTES = 1 << 20
_LONGEST_CHUNK_LINE = 4 << 10
_STEP = 64 << 10

_FRAMING = frozenset({b"connection", b"transfer-encoding", b"content-length"})
_STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: .*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")


class AnswerReader:
    """Reads one answer from a stream: `head` once, then `body` to its end.

    Raises httpcore.RemoteProtocolError where the answer breaks the rules, and the stream's errors.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._unread = b""
        self._framing = 0
        self._length: int | None = None
        self._chunked = False
        self._keeps_open = False
        self._ended = False
        #: Whether anything has come.
        self.heard = False

    @property
    def may_go_on(self) -> bool:
        """Whether the same connection can take another request."""
        return self._ended and self._keeps_open and not self._unread

    async def head(self) -> tuple[int, Headers]:
        """Status and headers of the answer; interim ones (1xx) are passed over."""
        spent = 0
        while True:
            raw = await self._until_blank_line(MOST_HEAD_BYTES - spent)
            spent += len(raw)
            status, minor, headers = _parsed(raw)
            if status >= 200:
                self._see_framing(status, minor, headers)
                return status, headers
            if status == 101:
                raise httpcore.RemoteProtocolError("the server changes to another protocol")

    async def _until_blank_line(self, most: int) -> bytes:
        # A search goes on where the last one ended: a head that comes byte by byte costs no more.
        searched = 0
        while True:
            for mark in (b"\r\n\r\n", b"\n\n"):
                end = self._unread.find(mark, max(0, searched - 4))
                if 0 <= end <= most:
                    raw, self._unread = self._unread[:end], self._unread[end + len(mark) :]
                    return raw
            searched = len(self._unread)
            if searched > most:
                raise httpcore.RemoteProtocolError(f"headers of more than {MOST_HEAD_BYTES >> 10} kB")
            if not await self._more():
                what = "in the middle of the headers" if self._unread else "without an answer"
                raise httpcore.RemoteProtocolError(f"the server ends {what}")

    async def _more(self) -> bool:
        piece = await self._stream.read(_STEP)
        self._unread += piece
        self.heard = self.heard or bool(piece)
        return bool(piece)

    def _see_framing(self, status: int, minor: bytes, headers: Headers) -> None:
        """How long the body is (RFC 9112 §6.3)."""
        named: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            key = name.lower()
            if key in _FRAMING:
                named.setdefault(key, []).append(value)
        tokens = {token.strip().lower() for token in b",".join(named.get(b"connection", [])).split(b",")}
        self._keeps_open = b"close" not in tokens and (minor == b"1" or b"keep-alive" in tokens)
        coding = b",".join(named.get(b"transfer-encoding", [])).strip().lower()
        lengths = {part.strip() for value in named.get(b"content-length", []) for part in value.split(b",")}
        if status in (204, 304):
            self._length = 0
        elif coding:
            if coding != b"chunked":
                raise httpcore.RemoteProtocolError(f"transfer encoding {coding[:80]!r}")
            self._chunked = True
        elif lengths:
            (length, *others) = lengths
            if others or not re.fullmatch(rb"[0-9]{1,19}", length):
                raise httpcore.RemoteProtocolError("content lengths that make no sense")
            self._length = int(length)
        else:
            self._keeps_open = False
        self._ended = self._length == 0

    async def body(self) -> AsyncIterator[bytes]:
        """The body in pieces as they come."""
        if self._chunked:
            async for piece in self._chunks():
                yield piece
        elif self._length is not None:
            async for piece in self._exactly(self._length):
                yield piece
        else:
            while self._unread or await self._more():
                piece, self._unread = self._unread, b""
                yield piece
        self._ended = True

    async def _exactly(self, length: int) -> AsyncIterator[bytes]:
        while length:
            if not self._unread and not await self._more():
                raise httpcore.RemoteProtocolError(f"the server ends {length} bytes early")
            piece, self._unread = self._unread[:length], self._unread[length:]
            length -= len(piece)
            yield piece

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            line = await self._line()
            size = _CHUNK.fullmatch(line)
            if size is None:
                raise httpcore.RemoteProtocolError(f"a chunk of no size: {line[:40]!r}")
            length = int(size[1], 16)
            if not length:
                break
            async for piece in self._exactly(length):
                yield piece
            if await self._line():
                raise httpcore.RemoteProtocolError("a chunk that is longer than it says")
        while await self._line():
            pass  # trailers

    async def _line(self) -> bytes:
        searched = 0
        while (end := self._unread.find(b"\n", searched)) < 0:
            searched = len(self._unread)
            if searched > _LONGEST_CHUNK_LINE or not await self._more():
                raise httpcore.RemoteProtocolError("the chunks break off")
        line, self._unread = self._unread[:end], self._unread[end + 1 :]
        self._framing += end + 1
        if self._framing > MOST_FRAMING_BYTES:
            raise httpcore.RemoteProtocolError("more about chunks than there is in them")
        return line.removesuffix(b"\r")


def _parsed(raw: bytes) -> tuple[int, bytes, Headers]:
    """(status, minor version, headers)"""
    first, *lines = raw.split(b"\n")
    status = _STATUS.fullmatch(first.removesuffix(b"\r"))
    if status is None:
        raise httpcore.RemoteProtocolError(f"no status line: {first[:40]!r}")
    headers: Headers = []
    for line in lines:
        line = line.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and headers:  # folded, as long ago (RFC 9112 §5.2)
            name, value = headers[-1]
            headers[-1] = name, value + b" " + line.strip(b" \t")
            continue
        header = _HEADER.fullmatch(line)
        if header is None:
            raise httpcore.RemoteProtocolError(f"no header: {line[:40]!r}")
        headers.append((header[1], header[2].rstrip(b" \t")))
    return int(status[2]), status[1], headers
