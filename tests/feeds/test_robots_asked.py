"""robots.txt on real servers: asked once, before pages and never before feeds."""

from __future__ import annotations

import asyncio

import pytest
from publishers import RSS, Handler, local_egress, publisher, says

from monitor.errors import FetchError, FetchReason
from monitor.feeds.egress import Egress

ASKS = says(b"User-agent: claimwatch\nDisallow: /private\n")


def fetched(robots: Handler | None, *paths: str) -> tuple[list[str], list[str]]:
    """(what was asked, how each page came) of one egress."""

    async def go() -> tuple[list[str], list[str]]:
        handlers = {"/page": says(RSS), "/private": says(RSS)}
        handlers |= {"/robots.txt": robots} if robots else {}
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
    asked, (first, second) = fetched(says(status=status), "/page", "/page")
    assert asked == ["/robots.txt", "/robots.txt"]  # and that is not kept
    assert "its robots.txt cannot be read: HTTP" in first
    assert first == second


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
