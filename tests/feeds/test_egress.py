"""The one way out, against real servers on loopback that do what servers on the Internet do."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar

import publishers
import pytest
from publishers import RSS, Asked, Handler, answer, local_egress, moves_to, publisher, says

from monitor import __version__
from monitor.core.types import Validators
from monitor.errors import FetchError, FetchReason
from monitor.feeds import headers as header
from monitor.feeds.egress import Egress, Fetched, Posted, check_url

T = TypeVar("T")


def with_paper(
    handlers: dict[str, Handler] | Handler,
    use: Callable[[Egress, publishers.Publisher], Awaitable[T]],
    **settings: object,
) -> T:
    async def run() -> T:
        async with publisher(handlers) as paper, local_egress(**settings) as egress:
            return await use(egress, paper)

    return asyncio.run(run())


def fetched(handler: Handler, *, validators: Validators = Validators(), **settings: object) -> Fetched:  # noqa: B008  # frozen
    return with_paper(
        handler, lambda egress, paper: egress.fetch(paper.url(), validators=validators), **settings
    )


def failure(handlers: dict[str, Handler] | Handler, path: str = "/", **settings: object) -> FetchError:
    async def use(egress: Egress, paper: publishers.Publisher) -> FetchError:
        with pytest.raises(FetchError) as failed:
            await egress.fetch(paper.url(path))
        return failed.value

    return with_paper(handlers, use, **settings)


# ---------------------------------------------------------------- what is asked, what comes back


def test_a_feed_comes_back_with_all_that_is_known_of_it() -> None:
    headers = ('ETag: W/"7"', "Last-Modified: Sun, 01 Mar 2026 10:00:00 GMT", "Cache-Control: max-age=600")
    answered = fetched(says(RSS, headers=(*headers, "Content-Type: application/rss+xml; charset=utf-8")))
    assert answered.status == 200
    assert answered.body == RSS
    assert answered.validators == Validators(etag='W/"7"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    assert answered.content_type == "application/rss+xml; charset=utf-8"
    assert answered.cache_for == timedelta(minutes=10)
    assert answered.permanent_url == answered.url


def test_we_say_who_we_are_and_nothing_else() -> None:
    async def use(egress: Egress, paper: publishers.Publisher) -> list[Asked]:
        await egress.fetch(paper.url("/a"))
        await egress.fetch(paper.url("/b"))
        return paper.asked

    cookie = says(RSS, headers=("Set-Cookie: id=1; Path=/", "ETag: x"))
    first, second = with_paper(cookie, use, contact="news@desk.test")
    for asked in (first, second):
        assert asked.headers["user-agent"].startswith(f"claimwatch/{__version__} ")
        assert "news@desk.test" in asked.headers["user-agent"]
        assert asked.headers["accept-encoding"].startswith("gzip")
        assert not {"cookie", "referer", "authorization", "if-none-match"} & set(asked.headers)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(says(RSS)).body == RSS


def test_validators_go_back_verbatim_and_a_304_has_no_body() -> None:
    validators = Validators(etag='W/"caf\xe9 +/="', last_modified="yesterday, about noon")
    seen: list[Asked] = []

    async def handler(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(asked)
        writer.write(answer(status="304 Not Modified", headers=('ETag: "8"',)))

    answered = fetched(handler, validators=validators)
    assert seen[0].headers["if-none-match"] == validators.etag
    assert seen[0].headers["if-modified-since"] == validators.last_modified
    assert (answered.status, answered.body) == (304, b"")
    assert answered.validators == Validators(etag='"8"', last_modified="yesterday, about noon")


def test_a_304_that_nobody_asked_for_is_a_failure() -> None:
    error = failure(says(status="304 Not Modified"))
    assert (error.reason, error.status) == (FetchReason.HTTP_STATUS, 304)


def test_a_huge_validator_is_not_kept() -> None:
    assert fetched(says(RSS, headers=("ETag: " + "x" * 2000,))).validators == Validators()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("identity", bytes),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip", lambda body: gzip.compress(body[:100]) + gzip.compress(body[100:]) + b"\0" * 9),
    ],
)
def test_a_packed_body_is_unpacked(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert fetched(says(pack(RSS), headers=(f"Content-Encoding: {coding}",))).body == RSS


# ---------------------------------------------------------------- redirects


def test_only_leading_permanent_redirects_move_the_feed() -> None:
    steps = {
        "/a": moves_to("/b", "301 Moved Permanently"),
        "/b": moves_to("/c", "308 Permanent Redirect"),
        "/c": moves_to("/d", "302 Found"),
        "/d": moves_to("/e", "301 Moved Permanently"),
        "/e": says(RSS),
    }

    async def use(egress: Egress, paper: publishers.Publisher) -> list[tuple[str, str]]:
        answers = [await egress.fetch(paper.url(path)) for path in ("/a", "/c", "/e")]
        return [(a.url[-2:], a.permanent_url[-2:]) for a in answers]

    assert with_paper(steps, use) == [("/e", "/c"), ("/e", "/c"), ("/e", "/e")]


def test_a_redirect_in_circles_ends() -> None:
    error = failure({"/": moves_to("/"), "/x": moves_to("/")})
    assert error.reason is FetchReason.TOO_MANY_REDIRECTS


def test_five_redirects_are_followed_and_not_a_sixth() -> None:
    chain: dict[str, Handler] = {f"/{n}": moves_to(f"/{n + 1}") for n in range(20)}
    chain["/20"] = says(RSS)

    async def use(egress: Egress, paper: publishers.Publisher) -> int:
        assert (await egress.fetch(paper.url("/15"))).body == RSS
        before = len(paper.asked)
        with pytest.raises(FetchError):
            await egress.fetch(paper.url("/0"))
        return len(paper.asked) - before

    assert with_paper(chain, use) == 6


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://x:y/", "mailto:a@b.test", "http://u:p@127.0.0.1/"]
)
def test_a_redirect_to_nonsense_is_refused(location: str) -> None:
    assert failure(moves_to(location)).reason in (FetchReason.BAD_URL, FetchReason.PROTOCOL)


# ---------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("410 Gone", FetchReason.GONE),
        ("429 Too Many Requests", FetchReason.RATE_LIMITED),
        ("404 Not Found", FetchReason.HTTP_STATUS),
        ("500 Internal Server Error", FetchReason.HTTP_STATUS),
        ("599 Whatever", FetchReason.HTTP_STATUS),
        ("302 Found", FetchReason.HTTP_STATUS),
    ],
)
def test_every_other_status_is_a_failure_with_a_remedy(status: str, reason: FetchReason) -> None:
    error = failure(says(b"<html>sorry</html>", status=status))
    assert error.reason is reason
    assert error.status == int(status[:3])
    assert error.remedy
    assert error.retryable is (reason is not FetchReason.GONE)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_is_understood_in_seconds_and_as_a_date(status: str) -> None:
    assert failure(says(status=status, headers=("Retry-After: 120",))).retry_after_s == 120
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    waits = failure(says(status=status, headers=(f"Retry-After: {date}",))).retry_after_s
    assert waits is not None
    assert 60 < waits <= 100
    assert failure(says(status=status, headers=("Retry-After: soon",))).retry_after_s is None


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=60"}, 60),
        ({"cache-control": "max-age=60", "age": "45"}, 15),
        ({"cache-control": "max-age=60", "age": "70"}, None),
        ({"cache-control": "no-cache, max-age=60"}, None),
        ({"cache-control": "max-age=60", "expires": "Sun, 01 Mar 2026 13:00:00 GMT"}, 60),
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        ({"expires": "Sun, 01 Mar 2026 12:05:00 GMT", "date": "Sun, 01 Mar 2026 12:04:00 GMT"}, 60),
        ({"expires": "0"}, None),
        ({"expires": "Sun, 01 Mar 0000 99:99:99"}, None),
        ({"cache-control": "max-age=999999999999"}, 366 * 86400),
        ({"cache-control": "max-age=²"}, None),
    ],
)
def test_freshness_is_read_from_cache_control_or_expires(
    headers: dict[str, str], seconds: int | None
) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert header.cache_for(headers, now=NOON) == expected


# ---------------------------------------------------------------- turns


def test_no_host_is_asked_for_more_than_two_things_at_once() -> None:
    async def slow(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        writer.write(answer(RSS))

    async def use(egress: Egress, paper: publishers.Publisher) -> int:
        await asyncio.gather(*(egress.fetch(paper.url(f"/{n}")) for n in range(12)))
        return paper.most_at_once

    assert with_paper(slow, use) == 2


def test_waiting_for_a_turn_does_not_count_as_the_feeds_time() -> None:
    async def slow(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(answer(RSS))

    async def use(egress: Egress, paper: publishers.Publisher) -> int:
        answers = await asyncio.gather(*(egress.fetch(paper.url(f"/{n}")) for n in range(8)))
        return len(answers)

    assert with_paper(slow, use, timeout=0.9) == 8


# ---------------------------------------------------------------- URLs and posts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://paper.test/",
        "http://",
        "http://a b/",
        "http://u:secret@paper.test/",
        "http://x\n/",
        "http://paper.test:0/",
        "http://paper.test:99999/",
        "http://[::1",
        "http://p.test/" + "x" * 3000,
    ],
)
def test_an_url_that_cannot_be_asked_is_refused_in_words(url: str) -> None:
    with pytest.raises(FetchError) as failed:
        check_url(url)
    error = failed.value
    assert error.reason is FetchReason.BAD_URL
    assert error.remedy
    assert "secret" not in str(error)
    assert str(error).isprintable()


def test_a_post_sends_the_body_and_returns_any_status() -> None:
    async def use(egress: Egress, paper: publishers.Publisher) -> tuple[Posted, Posted, Asked]:
        ok = await egress.post(paper.url("/hook"), b'{"a": 1}', {"Webhook-Id": "7"}, timeout=5)
        busy = await egress.post(paper.url("/busy"), b"{}", {}, timeout=5)
        return ok, busy, paper.asked[0]

    busy = says(b"later\x1b[31m", status="503 Service Unavailable", headers=("Retry-After: 30",))
    posted, later, asked = with_paper({"/hook": says(b"y" * 10_000), "/busy": busy}, use)
    assert (asked.method, asked.body, asked.headers["webhook-id"]) == ("POST", b'{"a": 1}', "7")
    assert (posted.status, posted.body_excerpt) == (200, "y" * 2048)
    assert (later.status, later.retry_after_s, later.headers["retry-after"]) == (503, 30, "30")
    assert later.body_excerpt.isprintable()


def test_a_post_follows_no_redirect() -> None:
    async def use(egress: Egress, paper: publishers.Publisher) -> tuple[int, int]:
        posted = await egress.post(paper.url("/"), b"{}", {}, timeout=5)
        return posted.status, len(paper.asked)

    assert with_paper({"/": moves_to("/b"), "/b": says()}, use) == (302, 1)


def test_a_failed_post_does_not_repeat_the_secret_path() -> None:
    async def use(egress: Egress, paper: publishers.Publisher) -> list[str]:
        shown = []
        for url in (paper.url("/hooks/SECRET"), "http://user:SECRET@127.0.0.1/", "nonsense://SECRET"):
            with pytest.raises(FetchError) as failed:
                await egress.post(url, b"{}", {}, timeout=0.5)
            shown.append(str(failed.value) + failed.value.remedy)
        return shown

    for words in with_paper(publishers.says_nothing, use):
        assert "SECRET" not in words
