"""The poller's event loop: the fast one where it is installed, the standard one where it is not."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from datetime import UTC, datetime

import pytest

from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from workers import loops

_DOCUMENT = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Harbour Paper</title>
<item><guid>1</guid><title>Ferry late</title><description>An hour, on Sunday.</description></item>
</channel></rss>"""


async def _titles() -> tuple[str, list[str]]:
    """The loop's module, and what a real server's feed holds, read by a real child."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_DOCUMENT), _DOCUMENT))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    networks = (ipaddress.ip_network("127.0.0.0/8"),)
    async with server, Egress(allow_networks=networks) as egress, FeedParser(children=1) as parser:
        fetched = await egress.fetch(f"http://127.0.0.1:{port}/feed")
        now = datetime(2026, 3, 1, tzinfo=UTC)
        snapshot = await parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, now=now
        )
    module = type(asyncio.get_running_loop()).__module__
    return module.partition(".")[0], [entry.title for entry in snapshot.entries]


def test_a_feed_is_fetched_and_read_on_uvloop() -> None:
    pytest.importorskip("uvloop")
    assert loops.run(_titles()) == ("uvloop", ["Ferry late"])


def test_without_uvloop_the_standard_loop_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loops.run(_titles()) == ("asyncio", ["Ferry late"])
