"""What stands in front of every answer: who may ask, and what a browser may do with what it gets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """ASGI middleware: refuses requests for other host names, and sets the security headers on all answers.

    A page elsewhere can make its own name resolve to 127.0.0.1 and have a browser read us through it
    (DNS rebinding); the browser then sends that name as Host.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
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

        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) == 1 and _name(hosts[0]) in self._hosts:
            await self._app(scope, receive, send_guarded)
            return
        refusal = PlainTextResponse(
            "This Claimwatch answers to localhost only: open it as http://127.0.0.1 with its port.\n",
            status_code=421,
        )
        await refusal(scope, receive, send_guarded)


def _name(host: str) -> str:
    """The host of a Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
