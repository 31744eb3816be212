"""The one way out: every request that Claimwatch makes, feeds and webhooks alike, leaves from here.

It trusts neither the URL nor the answer (docs/feeds.md says what is refused and why): addresses are
checked and pinned, redirects followed by hand, sizes and time capped, and no state is carried from
one publisher to the next. Whatever goes wrong comes out as one FetchError.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import httpcore
import httpx

from monitor import __version__
from monitor.config import Settings
from monitor.core.types import Validators
from monitor.errors import FetchError, FetchReason
from monitor.feeds import headers as header
from monitor.feeds.addresses import WEB_PORTS, Network, PinnedBackend, Resolver, system_resolver
from monitor.feeds.answers import Fetched, Opened, Posted
from monitor.feeds.bodies import WIRE_BYTES, BoundedBody, too_large
from monitor.feeds.connections import Answer, Connections
from monitor.feeds.failures import from_exception, from_status, printable, refused, timed_out
from monitor.feeds.lines import Line
from monitor.feeds.robots import Robots
from monitor.feeds.turns import HostTurns
from monitor.feeds.unpacking import ACCEPTED
from monitor.feeds.web_urls import Target, check_url, next_target, origin, origin_of, target_of

#: Requests to one host at a time, and redirects in a row.
PER_HOST = 2
MOST_REDIRECTS = 5
#: Requests that may hang, for each of the settings' `fetch_concurrency` that are answered at once.
SLOW_PLACES = 4
#: How much of a webhook's answer is kept, in bytes.
EXCERPT_BYTES = 2048
#: How much of `Link` headers is kept, in characters.
LINK_BYTES = 8192

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_HEADERS = [(b"Accept", _ACCEPT.encode()), (b"Accept-Encoding", ACCEPTED.encode())]
_NO_VALIDATORS = Validators()


def user_agent(contact: str = "") -> str:
    """Who we say we are: name, version, what for, and whom to turn to."""
    hint = contact or "ask the operator of this address"
    return f"claimwatch/{__version__} (reads news feeds at their interval; contact: {printable(hint, 200)})"


__all__ = ["Egress", "Fetched", "Line", "Posted", "check_url", "user_agent"]


class Egress:
    """Fetches and posts; an async context manager, to be used in one event loop.

    `allow_networks`: private networks that may be reached, on any port.
    `concurrency`: requests at once, over all hosts. `timeout`: seconds for one fetch from the moment it
    has its turn, look-ups and redirects included. `contact`: whom a publisher can write to about us.
    `spacing`: seconds between two fetches from one host.
    `resolve`, `backend` and `tls` replace the system's resolver, sockets and certificates.
    """

    def __init__(
        self,
        *,
        allow_networks: Sequence[Network] = (),
        concurrency: int = 50,
        timeout: float = 20.0,
        contact: str = "",
        spacing: float = 0.0,
        resolve: Resolver = system_resolver,
        backend: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self.turns = HostTurns(spacing)
        self._turns = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._tls = tls = tls or _system_tls()
        self._lines = PinnedBackend(resolve=resolve, allowed=allow_networks, ports=None, inner=backend)
        self._getting, posting = (
            _Transport(
                PinnedBackend(resolve=resolve, allowed=allow_networks, ports=ports, inner=backend), tls
            )
            for ports in (WEB_PORTS, None)
        )
        agent = user_agent(contact)
        named = [(b"User-Agent", agent.encode("latin-1", "replace")), *_HEADERS]
        self._headers = tuple(b"%b: %b" % one for one in named)
        self._robots = Robots()
        self._web_ports, self._any_port = _client(self._getting, agent), _client(posting, agent)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """As the operator set it up."""
        return cls(
            allow_networks=settings.allow_networks,
            concurrency=settings.fetch_concurrency * (1 + SLOW_PLACES),
            timeout=settings.fetch_timeout,
            spacing=settings.fetch_spacing,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._web_ports.aclose()
        await self._any_port.aclose()

    async def fetch(self, url: str, *, validators: Validators = _NO_VALIDATORS) -> Fetched:
        """The body behind a URL, or the news that it has not changed (status 304, empty body).

        Raises FetchError for everything else, other statuses included.
        """
        return await self._fetch(url, validators, _TimeLeft(self._timeout))

    async def fetch_page(self, url: str, *, validators: Validators = _NO_VALIDATORS) -> Fetched:
        """As `fetch`, for pages made for people: only where robots.txt lets programs read them.

        The site's own, and that of each site that it redirects to. All of it is done within the time of one
        fetch.
        """
        left = _TimeLeft(self._timeout)

        async def ask(robots_url: str) -> Fetched:
            return await self._fetch(robots_url, _NO_VALIDATORS, left)

        return await self._fetch(url, validators, left, allowed=partial(self._robots.require, fetch=ask))

    async def _fetch(
        self,
        url: str,
        validators: Validators,
        left: _TimeLeft,
        allowed: Callable[[str], Awaitable[None]] | None = None,
    ) -> Fetched:
        target, permanent, all_permanent = target_of(url), url, True
        for _ in range(MOST_REDIRECTS + 1):
            if allowed is not None:
                await allowed(target.url)
            async with self._turn(target.host, spaced=True):
                began = time.monotonic()
                with _as_fetch_error(url, self._timeout):
                    async with asyncio.timeout(left.seconds):
                        answer = await self._hop(target, url, permanent, validators)
                left.seconds -= time.monotonic() - began
            if isinstance(answer, Fetched):
                return answer
            all_permanent = all_permanent and answer.status in _PERMANENT
            target = target_of(str(next_target(url, httpx.URL(target.url), answer.location)))
            if all_permanent:
                permanent = target.url
        raise refused(
            url,
            FetchReason.TOO_MANY_REDIRECTS,
            f"more than {MOST_REDIRECTS} redirects, the last to {target.url}",
            "open the address in a browser and use the one that it ends at",
        )

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float) -> Posted:
        """Send `body`; any answer counts, redirects are not followed. Raises FetchError where none comes.

        https may go to any port of a public address, plain http to 80 and 443 only.
        Paths and queries of webhooks are secrets: errors name the host alone.
        """
        target = check_url(url, secret=True)
        client = self._any_port if target.scheme == "https" else self._web_ports
        async with self._turn(target.host):
            with _as_fetch_error(origin(target), timeout):
                async with asyncio.timeout(timeout):
                    return await _post(client, target, body, headers)

    @asynccontextmanager
    async def open(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, secret: bool = False
    ) -> AsyncIterator[Opened]:
        """One answer of any status with its body unread, for `monitor.feeds.transfers`; ports as for `post`.

        Time and size are the caller's to limit. `secret`: errors name the host alone. Raises FetchError.
        """
        target = check_url(url, secret=secret)
        client = self._any_port if target.scheme == "https" else self._web_ports
        async with self._turn(target.host):
            with _as_fetch_error(origin(target) if secret else url, self._timeout):
                async with client.stream(method, target, content=body, headers=dict(headers)) as answer:
                    yield Opened(status=answer.status_code, headers=answer.headers, pieces=answer.aiter_raw())

    @asynccontextmanager
    async def connect(self, host: str, port: int) -> AsyncIterator[Line]:
        """A line to a server that speaks no HTTP (mail), its address checked and pinned like any other.

        Raises FetchError where there is no connection, or it breaks. The caller sets the time.
        """
        with _as_fetch_error(f"{host}:{port}", self._timeout):
            line = Line(await self._lines.connect_tcp(host, port), self._tls)
            try:
                yield line
            finally:
                await line.aclose()

    @asynccontextmanager
    async def _turn(self, host: str, *, spaced: bool = False) -> AsyncIterator[None]:
        """Wait until the host and we have a hand free; a redirect gives its turn back before the next."""
        if spaced and (wait := self.turns.book(host)):
            await asyncio.sleep(wait)
        gate, users = self._hosts.get(host, (asyncio.Semaphore(PER_HOST), 0))
        self._hosts[host] = gate, users + 1
        try:
            async with gate, self._turns:
                yield
        finally:
            gate, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = gate, users - 1

    async def _hop(
        self, target: Target, asked: str, permanent: str, validators: Validators
    ) -> Fetched | _Redirect:
        conditions = header.conditions(validators)
        # httpx's client, request and response have nothing to add to a plain GET but time.
        answer = await self._getting.get(target, (*self._headers, *(b"%b: %b" % one for one in conditions)))
        try:
            status, headers, now = answer.status, header.by_name(answer.headers), _answered_at()
            fresh = header.validators(answer.headers)
            if status in _REDIRECTS and "location" in headers:
                return _Redirect(status, headers["location"])
            if status == 304 and conditions:
                body = b""
                # A 304 may leave out what it confirms (RFC 9110 §15.4.5).
                fresh = Validators(
                    etag=fresh.etag or validators.etag,
                    last_modified=fresh.last_modified or validators.last_modified,
                )
            elif 200 <= status < 300:
                body = await _body(headers, answer)
            else:
                raise from_status(asked, status, header.retry_after_s(headers, now=now))
            return Fetched(
                url=target.url,
                permanent_url=permanent,
                status=status,
                body=body,
                validators=fresh,
                content_type=printable(headers.get("content-type", ""), 200),
                cache_for=header.cache_for(headers, now=now),
                link_header=headers.get("link", "")[:LINK_BYTES],
            )
        finally:
            await answer.aclose()


def _answered_at() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # dates in headers count from the moment of the answer


@dataclass(slots=True)
class _TimeLeft:
    """Of a fetch, waiting for turns not counted."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


async def _body(headers: Mapping[str, str], answer: Answer) -> bytes:
    declared = headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > WIRE_BYTES:
        raise too_large(WIRE_BYTES, "on the wire")
    body = BoundedBody(headers.get("content-encoding", ""))
    async for piece in answer.body:
        body.feed(piece)
    return body.finish()


async def _post(
    client: httpx.AsyncClient, target: httpx.URL, body: bytes, headers: Mapping[str, str]
) -> Posted:
    async with client.stream("POST", target, content=body, headers=dict(headers)) as answer:
        excerpt = b""
        async for piece in answer.aiter_raw():
            excerpt += piece[: EXCERPT_BYTES - len(excerpt)]
            if len(excerpt) >= EXCERPT_BYTES:
                break
        return Posted(
            status=answer.status_code,
            headers={name: printable(value, 1000) for name, value in answer.headers.items()},
            body_excerpt=printable(excerpt.decode("utf-8", "replace"), EXCERPT_BYTES),
            retry_after_s=header.retry_after_s(answer.headers, now=_answered_at()),
        )


# ---------------------------------------------------------------- httpx, tamed


@contextmanager
def _as_fetch_error(url: str, seconds: float) -> Iterator[None]:
    """Every failure of a request as a FetchError; a bug of ours stays what it is."""
    try:
        yield
    except FetchError:
        raise
    except TimeoutError as error:
        raise timed_out(url, seconds) from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise refused(url, FetchReason.PROTOCOL, f"{type(error).__name__}: {error}") from error
    except Exception as error:
        known = from_exception(url, error)
        if known is None:
            raise
        raise known from error


def _client(transport: _Transport, agent: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        headers={"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
        # No publisher's cookie is ever kept, let alone shown to another.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        # One deadline over everything stands around each request; these would restart with each byte.
        timeout=None,  # noqa: S113  # see above
        follow_redirects=False,
        trust_env=False,
    )


class _Transport(httpx.AsyncBaseTransport):
    """httpx's requests over connections of ours, to pinned addresses (docs/design-notes.md says why)."""

    def __init__(self, backend: PinnedBackend, tls: ssl.SSLContext) -> None:
        self._connections = Connections(backend, tls)

    async def get(self, target: Target, headers: Iterable[bytes]) -> Answer:
        """The answer to a GET; `headers` as lines without their ends. To be closed."""
        head = b"\r\n".join((target.get, *headers, b"", b""))
        return await self._connections.request(target.origin, head)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first = b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)
        head = b"\r\n".join((first, *(b"%b: %b" % one for one in request.headers.raw), b"", b""))
        answer = await self._connections.request(origin_of(request.url), head, await request.aread())
        return httpx.Response(status_code=answer.status, headers=answer.headers, stream=_AnswerStream(answer))

    async def aclose(self) -> None:
        await self._connections.aclose()


class _AnswerStream(httpx.AsyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.body:
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


@cache
def _system_tls() -> ssl.SSLContext:
    """httpx's certificates and, for companies with an authority of their own, this machine's.

    Once for a process: reading them takes longer than most posts.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
