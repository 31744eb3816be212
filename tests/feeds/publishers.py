"""Publishers on loopback for the tests of this room: well-behaved, broken and hostile ones."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.feeds.egress import Egress

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Harbour Paper</title><link>http://harbour.test/</link>
<item><title>Ferry late</title><link>/ferry</link><guid>ferry-1</guid>
<description>The ferry left the harbour an hour late on Sunday.</description>
<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"""


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


Handler = Callable[[Asked, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Publisher:
    """What a running loopback server is known by; `asked` grows with each request."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0
    at_once: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def answer(
    body: bytes = b"", *, status: str = "200 OK", length: int | None = None, headers: tuple[str, ...] = ()
) -> bytes:
    """An HTTP answer, as it goes over the wire."""
    size = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close", *headers)
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(
    body: bytes = b"", *, status: str = "200 OK", length: int | None = None, headers: tuple[str, ...] = ()
) -> Handler:
    """A handler that always answers the same."""

    async def handler(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(body, status=status, length=length, headers=headers))
        await writer.drain()

    return handler


def moves_to(location: str, status: str = "302 Found") -> Handler:
    return says(status=status, headers=(f"Location: {location}",))


@asynccontextmanager
async def publisher(
    handlers: dict[str, Handler] | Handler, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Publisher]:
    """A server on a free port; a path without a handler is a 404."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        known.connections += 1
        known.at_once += 1
        known.most_at_once = max(known.most_at_once, known.at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, path, _ = first.split(" ", 2)
            headers = {name.lower(): value.strip() for name, _, value in (li.partition(":") for li in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            asked = Asked(method, path, headers, body)
            known.asked.append(asked)
            handler = handlers if callable(handlers) else handlers.get(path, says(status="404 Not Found"))
            await handler(asked, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            known.at_once -= 1
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    known = Publisher(port=server.sockets[0].getsockname()[1])
    try:
        yield known
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def local_egress(**settings: object) -> Egress:
    """An egress that may reach loopback, in a hurry."""
    settings.setdefault("allow_networks", LOOPBACK)
    settings.setdefault("timeout", 5.0)
    return Egress(**settings)  # type: ignore[arg-type]  # settings by name


# ---------------------------------------------------------------- misbehaviour


async def drips(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One byte at a time, far below any read time-out."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drips_headers(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def never_ends(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def endless_chunks(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await writer.drain()


async def endless_100s(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 10)
        await writer.drain()
        await asyncio.sleep(0.01)


async def says_nothing(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def resets_midway(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<rss>")
    await writer.drain()
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def talks_nonsense(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 I am no HTTP server\r\n\r\n")
    await writer.drain()


def gzip_bomb(layers: int = 2, size: int = 1 << 31) -> tuple[bytes, str]:
    """(body, Content-Encoding): zeros, packed `layers` times."""
    packed = _packed_zeros(size)
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed, ", ".join(["gzip"] * layers)


def _packed_zeros(size: int) -> bytes:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    step = bytes(1 << 20)
    return b"".join(packer.compress(step) for _ in range(size >> 20)) + packer.flush()
