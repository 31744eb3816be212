"""A connection as bytes, for protocols other than HTTP; only the egress makes one."""

from __future__ import annotations

import ssl

import httpcore


class Line:
    """Bytes to and from one server whose address was checked."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, tls: ssl.SSLContext) -> None:
        self._stream = stream
        self._tls = tls

    async def read(self, most: int) -> bytes:
        """What has come, at least a byte; empty: the other side has hung up."""
        return await self._stream.read(most)

    async def write(self, sent: bytes) -> None:
        await self._stream.write(sent)

    async def start_tls(self, host: str) -> None:
        """From here on encrypted; the certificate has to be the host's."""
        self._stream = await self._stream.start_tls(self._tls, server_hostname=host)

    async def aclose(self) -> None:
        await self._stream.aclose()
