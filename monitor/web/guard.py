"""What stands in front of every answer: who may ask, and what a browser may do with what it gets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.core.websub import PATH as HUBS_PATH
from monitor.errors import ConfigError

#: No script, no inline style, nothing from elsewhere: a payload in a feed has nothing to run with.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Publishers must not learn who is watching.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Bytes of a request that changes something: a word, a name, a note.
MAX_BODY = 65_536
_READING = ("GET", "HEAD", "OPTIONS")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def require_loopback(host: str) -> None:
    """Raises ConfigError unless only this machine can reach the address: there are no accounts yet."""
    if not is_loopback(host):
        raise ConfigError(
            f"the web page will not listen on {host}: it has no accounts yet, anybody there could read it",
            remedy="use --host 127.0.0.1 (CLAIMWATCH_HOST) and reach it through SSH "
            "(ssh -L 8420:127.0.0.1:8420 HOST) or a proxy that asks for a password and sets Host: localhost",
        )


def is_loopback(host: str) -> bool:
    """Does only this machine answer under this name or address?"""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware: refuses what is for other hosts, what pages elsewhere send, and what is too large;
    sets the security headers on all answers.

    A page elsewhere can make its own name resolve to 127.0.0.1 and have a browser read us through it
    (DNS rebinding); the browser then sends that name as Host.
    Hubs ask for us by our public name; under it there is what they need and nothing else, with limits of
    its own.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), public_url: str = "") -> None:
        self._app = app
        self._public_host = (urlsplit(public_url).hostname or "").lower()
        self._hosts = frozenset(host.strip("[]").lower() for host in (*_LOOPBACK_NAMES, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal is None:
            await self._app(scope, receive, send_guarded)
        else:
            await refusal(scope, receive, send_guarded)

    def _refusal(self, method: str, path: str, headers: Headers) -> PlainTextResponse | None:
        """Why the request is not answered, or None."""
        hosts = headers.getlist("host")
        if self._public_host and path.startswith(HUBS_PATH):
            known = len(hosts) == 1 and _name(hosts[0]) in {self._public_host, *self._hosts}
            return None if known else PlainTextResponse("", status_code=404)
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            told = "This Claimwatch answers to localhost only: open it as http://127.0.0.1 with its port.\n"
            return PlainTextResponse(told, status_code=421)
        if method in _READING:
            return None
        if not from_our_page(headers):
            told = "Only Claimwatch's own pages, and programs, may change something here.\n"
            return PlainTextResponse(told, status_code=403)
        length = headers.get("content-length", "0" if "transfer-encoding" not in headers else "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return PlainTextResponse(f"At most {MAX_BODY} bytes are taken.\n", status_code=413)
        return None


def from_our_page(headers: Headers) -> bool:
    """May this request change something? Not one that a page elsewhere makes a browser send.

    The rule of Go's http.CrossOriginProtection (Go 1.25): browsers say where a request comes from
    (Sec-Fetch-Site, or Origin in old ones), and no page can forge that; programs say neither.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == headers.get("host", "").lower()


def _name(host: str) -> str:
    """The host of a Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
