"""The parse child touches nothing outside, and the pool outlives what documents do to its children."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest
from test_parse import NOW, RSS_20, URL, read

from monitor.errors import FetchError, FetchReason
from monitor.feeds.parse import FeedParser

T = TypeVar("T")


# ---------------------------------------------------------------- nothing outside is touched


_opened: list[str] = []
_listening = False


def _note_opens(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in ("open", "socket.connect", "socket.getaddrinfo"):
        _opened.append(f"{event} {arguments[0]}")


def watched(run: Callable[[], T]) -> tuple[T, list[str]]:
    """What `run` gives, and every file or connection that was opened meanwhile in this process."""
    global _listening
    if not getattr(watched, "hooked", False):
        sys.addaudithook(_note_opens)
        watched.hooked = True  # type: ignore[attr-defined]  # a hook cannot be removed: once is enough
    _opened.clear()
    _listening = True
    try:
        return run(), [seen for seen in _opened if "site-packages" not in seen and "python3" not in seen]
    finally:
        _listening = False


@pytest.mark.parametrize(
    "body",
    [
        b"/etc/passwd",
        os.fsencode(__file__),
        b"http://127.0.0.1:9/feed",
        b"file:///etc/passwd",
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>'
        b"<title>a&x;</title></item></channel></rss>",
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/dtd"><rss version="2.0"><channel><item><title>a</title>'
        b"</item></channel></rss>",
        b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><rss version="2.0"><channel><item>'
        b"<title>a</title></item></channel></rss>",
    ],
)
def test_a_body_opens_no_file_and_no_connection(body: bytes) -> None:
    read(RSS_20)  # whatever is loaded at the first use is loaded now
    answer, opened = watched(lambda: read(body))
    assert opened == []
    assert "root:" not in str(answer)


def test_the_watch_of_the_test_above_sees_an_open() -> None:
    _, opened = watched(lambda: open("/etc/hostname", "rb").close())
    assert opened == ["open /etc/hostname"]


# ---------------------------------------------------------------- the pool


def bomb(levels: int = 9) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    return (
        f'<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">{entities}]>'
        f'<rss version="2.0"><channel><item><title>x &a{levels};</title></item></channel></rss>'
    ).encode()


def test_an_entity_bomb_stays_small() -> None:
    answer = read(bomb())
    assert len(str(answer)) < 10_000


def run_pool(use: Callable[[FeedParser], object], **limits: float) -> object:
    async def run() -> object:
        async with FeedParser(**limits) as parser:  # type: ignore[arg-type]  # limits by name
            return await use(parser)  # type: ignore[misc]  # an awaitable

    return asyncio.run(run())


SLOW = b'<rss version="2.0"><channel><item>' + b"<a>" * 100_000


async def _reason(parser: FeedParser, body: bytes) -> tuple[FetchReason | None, str]:
    try:
        await parser.parse(body, content_type="", url=URL, now=NOW)
    except FetchError as error:
        return error.reason, error.detail
    return None, ""


def test_a_document_that_takes_too_long_is_killed_and_the_next_is_read() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (RSS_20.encode(), SLOW, RSS_20.encode())]

    first, slow, last = run_pool(use, children=1, wall_seconds=1.0)  # type: ignore[misc]  # a list
    assert first == last == (None, "")
    assert slow[0] is FetchReason.PARSER_FAILED
    assert "more than 1 s" in slow[1]


def test_a_document_that_takes_too_much_processor_time_is_ended_by_the_kernel() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (SLOW, RSS_20.encode())]

    slow, last = run_pool(use, children=1, cpu_seconds=1.0, wall_seconds=60.0)  # type: ignore[misc]  # a list
    assert slow[0] is FetchReason.PARSER_FAILED
    assert "processor time" in slow[1]
    assert last == (None, "")


def test_a_document_that_takes_too_much_memory_is_given_up() -> None:
    big = b'<rss version="2.0"><channel><item><description>' + b"x" * (15 << 20) + b"</description></item>"

    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        return [await _reason(parser, body) for body in (big, RSS_20.encode())]

    large, last = run_pool(use, children=1, memory_bytes=110 << 20)  # type: ignore[misc]  # a list
    assert large[0] is FetchReason.PARSER_FAILED
    assert last == (None, "")


def test_a_slow_document_does_not_hold_up_the_others() -> None:
    async def use(parser: FeedParser) -> list[str]:
        order: list[str] = []

        async def one(name: str, body: bytes) -> None:
            await _reason(parser, body)
            order.append(name)

        await asyncio.gather(one("slow", SLOW), *(one("good", RSS_20.encode()) for _ in range(20)))
        return order

    assert run_pool(use, children=2, wall_seconds=3.0) == ["good"] * 20 + ["slow"]


def test_a_child_that_was_killed_while_idle_costs_no_document() -> None:
    async def use(parser: FeedParser) -> list[tuple[FetchReason | None, str]]:
        first = await _reason(parser, RSS_20.encode())
        process = parser._idle[0]._process
        process.kill()
        await process.wait()
        return [first, await _reason(parser, RSS_20.encode())]

    assert run_pool(use, children=1) == [(None, "")] * 2


def test_children_are_replaced_after_their_share_and_none_is_left_behind() -> None:
    seen: set[int] = set()

    async def use(parser: FeedParser) -> None:
        for _ in range(5):
            await _reason(parser, RSS_20.encode())
            seen.update(child._process.pid for child in parser._idle)

    run_pool(use, children=1, documents_per_child=2)
    assert len(seen) == 3
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_child_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMWATCH_SECRET_HOOK", "canary")

    async def use(parser: FeedParser) -> bytes:
        await _reason(parser, RSS_20.encode())
        with open(f"/proc/{parser._idle[0]._process.pid}/environ", "rb") as environment:
            return environment.read()

    assert b"canary" not in run_pool(use, children=1)  # type: ignore[operator]  # bytes


def test_a_cancelled_reading_leaves_no_child() -> None:
    async def use(parser: FeedParser) -> list[object]:
        task = asyncio.create_task(_reason(parser, SLOW))
        await asyncio.sleep(1.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await _reason(parser, RSS_20.encode()) == (None, "")
        return [parser._turns._value, len(parser._idle)]

    assert run_pool(use, children=1) == [1, 1]
