"""Bytes to and from one server: sockets of asyncio behind httpcore's interface of a network stream.

httpcore's own streams stand on a second event library, which costs more than the request itself.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import cast

import httpcore

#: Beyond so many unread bytes the server has to wait.
_MOST_UNREAD = 256 << 10
_CLOSE_SECONDS = 1.0


class WireBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses; raises httpcore.ConnectError and ConnectTimeout."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to an address (not a name: nothing is looked up here)."""
        try:
            async with asyncio.timeout(timeout):
                _, wire = await asyncio.get_running_loop().create_connection(_Wire, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return WireStream(wire)

    async def sleep(self, seconds: float) -> None:
        """As asyncio's."""
        await asyncio.sleep(seconds)


class _Wire(asyncio.Protocol):
    """Keeps what comes until it is asked for."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.unread = bytearray()
        self.ended = False
        self.failure: Exception | None = None
        self._paused = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.unread += data
        if len(self.unread) > _MOST_UNREAD and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        self.ended = True
        _wake(self._reader)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        self.failure = error
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._writer)
        self._writer = None

    async def more(self) -> None:
        """Until something is unread, or nothing will come any more."""
        if self.unread or self.ended:
            return
        self._reader = asyncio.get_running_loop().create_future()
        try:
            await self._reader
        finally:
            self._reader = None

    async def written(self) -> None:
        if self._writer is not None and not self.ended:
            await self._writer

    def take(self, most: int) -> bytes:
        if len(self.unread) <= most:
            taken, self.unread = bytes(self.unread), bytearray()
        else:
            taken = bytes(self.unread[:most])
            del self.unread[:most]
        if self._paused and len(self.unread) <= _MOST_UNREAD // 2 and self.transport is not None:
            self._paused = False
            with suppress(RuntimeError):  # closed meanwhile
                self.transport.resume_reading()
        return taken


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


class WireStream(httpcore.AsyncNetworkStream):
    """One connection. Time is limited by the caller, around everything: the time-outs here are not used."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    @property
    def _transport(self) -> asyncio.Transport:
        assert self._wire.transport is not None
        return self._wire.transport

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, at most `max_bytes`; empty: the other side has ended. Raises httpcore.ReadError."""
        await self._wire.more()
        if not self._wire.unread and self._wire.failure is not None:
            raise httpcore.ReadError(str(self._wire.failure)) from self._wire.failure
        return self._wire.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all. Raises httpcore.WriteError."""
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed") from self._wire.failure
        self._transport.write(buffer)
        await self._wire.written()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted; the certificate is checked against the name."""
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(
                self._transport, self._wire, ssl_context, server_hostname=server_hostname
            )
        except (OSError, ssl.SSLError) as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        if transport is None:
            raise httpcore.ConnectError("the connection ended during the handshake")
        self._wire.transport = transport
        return self

    async def aclose(self) -> None:
        """Close it, without waiting for the other side."""
        self._transport.abort()

    def get_extra_info(self, info: str) -> object:
        """ "server_addr", and "is_readable": something came that nobody asked for, or the end."""
        if info == "server_addr":
            return self._transport.get_extra_info("peername")
        if info == "is_readable":
            return bool(self._wire.unread) or self._wire.ended or self._transport.is_closing()
        return None
