"""robots.txt on real servers: asked once, before pages and never before feeds."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from publishers import RSS, Asked, Handler, local_egress, moves_to, publisher, says

from monitor.errors import FetchError, FetchReason
from monitor.feeds import robots
from monitor.feeds.egress import Egress

ASKS = says(b"User-agent: claimwatch\nDisallow: /private\n")


def fetched(file: Handler | None, *paths: str) -> tuple[list[str], list[str]]:
    """(what was asked, how each page came) of one egress."""

    async def go() -> tuple[list[str], list[str]]:
        handlers = {"/page": says(RSS), "/private": says(RSS)}
        handlers |= {"/robots.txt": file} if file else {}
        async with publisher(handlers) as site, local_egress() as egress:
            came = [await _page(egress, site.url(path)) for path in paths]
        return [asked.path for asked in site.asked], came

    return asyncio.run(go())


async def _page(egress: Egress, url: str) -> str:
    try:
        return str((await egress.fetch_page(url)).status)
    except FetchError as error:
        return f"{error.reason.value}: {error.detail}"


def test_the_file_is_asked_for_once_and_obeyed() -> None:
    asked, came = fetched(ASKS, "/page", "/private", "/page")
    assert asked == ["/robots.txt", "/page", "/page"]
    assert came[0] == came[2] == "200"
    assert came[1].startswith("disallowed: http://127.0.0.1:")
    assert came[1].endswith("/robots.txt asks claimwatch not to read this page")


def test_without_a_file_everything_may_be_read() -> None:
    assert fetched(None, "/page")[1] == ["200"]
    assert fetched(says(status="403 Forbidden"), "/page")[1] == ["200"]


@pytest.mark.parametrize("status", ["500 Oops", "429 Too Many Requests"])
def test_while_the_file_cannot_be_had_nothing_may_be_read(status: str) -> None:
    asked, (first, second) = fetched(says(status=status), "/page", "/private")
    assert asked == ["/robots.txt"]
    assert "its robots.txt cannot be read: HTTP" in first
    assert first == second


def test_a_file_that_could_not_be_had_is_asked_for_again_after_a_minute_or_when_its_server_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter((0.0, 0.0, 59.0, 61.0, 61.0, 660.0, 662.0, 662.0))
    monkeypatch.setattr(robots, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    busy = says(status="503 Busy", headers=("Retry-After: 600",))
    answers = iter((says(status="500 Oops"), busy, ASKS))

    async def turns(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await next(answers)(asked, reader, writer)

    asked, came = fetched(turns, *["/private"] * 5)
    assert asked == ["/robots.txt"] * 3
    assert [one[:15] for one in came] == ["http_status: it"] * 4 + ["disallowed: htt"]


def test_a_site_that_a_page_redirects_to_is_asked_too() -> None:
    async def go() -> tuple[list[str], str, str]:
        there = {"/robots.txt": ASKS, "/private": says(RSS), "/page": says(RSS)}
        async with publisher(there, host="127.0.0.2") as other, local_egress() as egress:
            to = {path: moves_to(other.url(path, host="127.0.0.2")) for path in ("/private", "/page")}
            async with publisher(to) as site:
                came = [await _page(egress, site.url(path)) for path in ("/private", "/page")]
        return [asked.path for asked in other.asked], came[0], came[1]

    asked, private, page = asyncio.run(go())
    assert asked == ["/robots.txt", "/page"]
    assert private.startswith("disallowed: http://127.0.0.2:")
    assert page == "200"


def test_the_file_and_the_page_have_the_time_of_one_fetch_together() -> None:
    async def late(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await says(RSS)(asked, reader, writer)

    async def go() -> str:
        async with (
            publisher({"/robots.txt": late, "/page": late}) as site,
            local_egress(timeout=0.5) as egress,
        ):
            return await _page(egress, site.url("/page"))

    assert asyncio.run(go()).startswith("timeout: ")


def test_feeds_are_not_asked_about() -> None:
    async def go() -> list[str]:
        async with publisher({"/robots.txt": ASKS, "/private": says(RSS)}) as site, local_egress() as egress:
            await egress.fetch(site.url("/private"))
        return [asked.path for asked in site.asked]

    assert asyncio.run(go()) == ["/private"]


def test_a_page_with_an_address_that_is_none_is_refused_before_anything_is_asked() -> None:
    async def go() -> FetchReason:
        async with local_egress() as egress:
            with pytest.raises(FetchError) as caught:
                await egress.fetch_page("file:///etc/passwd")
        return caught.value.reason

    assert asyncio.run(go()) is FetchReason.BAD_URL
