"""HTTP/1.1 requests over connections of our own (RFC 9112), kept open for a while for the next one.

httpx keeps its interface and hands its requests to this: its own pool looks through all its connections
for each request, which costs milliseconds when a hundred are in flight. Here a connection is found by
its origin. Everything that a server can send without end is bounded or counted.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpcore

from monitor.feeds.framing import AnswerReader, Headers

#: Connections that wait for another request, and how long each does, in seconds.
MOST_IDLE = 100
IDLE_SECONDS = 15.0
#: Scheme, host and port.
Origin = tuple[str, str, int]


class _Connection:
    """A connection, and the timer that ends its waiting."""

    def __init__(self, origin: Origin, stream: httpcore.AsyncNetworkStream) -> None:
        self.origin = origin
        self.stream = stream
        self.reader = AnswerReader(stream)
        self.timer: asyncio.TimerHandle | None = None

    def stop_waiting(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


@dataclass(slots=True)
class Answer:
    """A status and headers that came, and a body that may still come."""

    status: int
    headers: Headers
    body: AsyncIterator[bytes]
    _connection: _Connection
    _pool: Connections
    done: bool = False

    async def aclose(self) -> None:
        """Keep the connection where the answer was read to its end, else close it."""
        if not self.done:
            self.done = True
            await self._pool.give_back(self._connection)


class Connections:
    """Opens connections through one network backend, and keeps them."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext) -> None:
        self._backend = backend
        self._tls = tls
        self._idle: dict[Origin, list[_Connection]] = {}
        self._idle_count = 0
        self._closing: set[asyncio.Task[None]] = set()

    async def request(self, origin: Origin, head: bytes, body: bytes = b"") -> Answer:
        """Send a request and read the head of its answer. Raises httpcore's errors, and the backend's."""
        kept = self._take(origin)
        if kept is not None:
            try:
                return await self._ask(kept, head, body)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                # The server may close it at any moment (RFC 9112 §9.3.1); what asks for nothing to be
                # done can be asked again.
                if body or kept.reader.heard:
                    raise
        return await self._ask(await self._open(origin), head, body)

    async def _ask(self, connection: _Connection, head: bytes, body: bytes) -> Answer:
        try:
            await connection.stream.write(head + body)
            status, headers = await connection.reader.head()
        except BaseException:
            await connection.stream.aclose()
            raise
        return Answer(status, headers, connection.reader.body(), connection, self)

    async def _open(self, origin: Origin) -> _Connection:
        scheme, host, port = origin
        stream = await self._backend.connect_tcp(host, port)
        if scheme == "https":
            stream = await stream.start_tls(self._tls, host)
        return _Connection(origin, stream)

    def _take(self, origin: Origin) -> _Connection | None:
        waiting = self._idle.get(origin)
        while waiting:
            connection = waiting.pop()
            self._idle_count -= 1
            if not waiting:
                del self._idle[origin]
            connection.stop_waiting()
            if not connection.stream.get_extra_info("is_readable"):
                connection.reader = AnswerReader(connection.stream)
                return connection
            self._close(connection)
        return None

    async def give_back(self, connection: _Connection) -> None:
        """After an answer: to be used again, or closed."""
        if not connection.reader.may_go_on or self._idle_count >= MOST_IDLE:
            await connection.stream.aclose()
            return
        self._idle.setdefault(connection.origin, []).append(connection)
        self._idle_count += 1
        loop = asyncio.get_running_loop()
        connection.timer = loop.call_later(IDLE_SECONDS, self._expire, connection)

    def _expire(self, connection: _Connection) -> None:
        waiting = self._idle.get(connection.origin, [])
        if connection in waiting:
            waiting.remove(connection)
            self._idle_count -= 1
            if not waiting:
                del self._idle[connection.origin]
            self._close(connection)

    def _close(self, connection: _Connection) -> None:
        closing = asyncio.get_running_loop().create_task(connection.stream.aclose())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Close all that wait."""
        waiting = [connection for kept in self._idle.values() for connection in kept]
        self._idle.clear()
        self._idle_count = 0
        for connection in waiting:
            connection.stop_waiting()
            await connection.stream.aclose()
