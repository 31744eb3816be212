"""Which addresses may be asked, as far as their letters tell; their machines are checked at connecting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import httpx

from monitor.errors import FetchReason
from monitor.feeds.addresses import is_address
from monitor.feeds.failures import refused

LONGEST_URL = 2048
_PORTS = {"http": 80, "https": 443}
_MOST_PORT = 65535
#: What nearly all addresses of feeds look like: nothing in them that httpx would write in another way.
_ORDINARY = re.compile(
    r"(https?)://((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]{1,63})(?::([1-9][0-9]{1,4}))?"
    r"(/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?(?:\?[A-Za-z0-9._~=&-]+)?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that may be asked, as far as its letters tell, taken apart for a request."""

    # As httpx writes it.
    url: str
    # Of people: not in the letters of IDNA.
    host: str
    # Scheme, host and port.
    origin: tuple[str, str, int]
    # Request line and Host header of a GET, without the line end after them.
    get: bytes


def target_of(url: str) -> Target:
    """The address, checked and taken apart. Raises FetchError (BAD_URL)."""
    return _ordinary(url) or _by_httpx(url)


def _ordinary(url: str) -> Target | None:
    """What can be taken apart with a glance; None: httpx has to look. The same as httpx finds."""
    found = _ORDINARY.fullmatch(url) if len(url) <= LONGEST_URL else None
    if found is None:
        return None
    scheme, host, port, path = found.groups()
    is_named = not host[-1].isdigit() and not host.startswith("xn--") and ".xn--" not in host
    if not (is_named or is_address(host)) or (
        port and (int(port) == _PORTS[scheme] or int(port) > _MOST_PORT)
    ):
        return None
    netloc = f"{host}:{port}" if port else host
    return Target(
        url=url,
        host=host,
        origin=(scheme, host, int(port) if port else _PORTS[scheme]),
        get=f"GET {path} HTTP/1.1\r\nHost: {netloc}".encode("ascii"),
    )


# Looking for it costs a tenth of asking it.
@lru_cache(maxsize=8192)
def _by_httpx(url: str) -> Target:
    target = check_url(url)
    return Target(
        url=str(target),
        host=target.host,
        origin=origin_of(target),
        get=b"GET %b HTTP/1.1\r\nHost: %b" % (target.raw_path, target.netloc),
    )


def origin_of(target: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port, by which connections are kept."""
    return target.scheme, target.raw_host.decode("ascii"), target.port or _PORTS[target.scheme]


def check_url(url: str, *, secret: bool = False) -> httpx.URL:
    """A URL that we may ask, as far as its letters tell; the address behind it is checked at connecting.

    `secret`: errors do not repeat it. Raises FetchError (BAD_URL).
    """
    shown = "the webhook" if secret else without_login(url)
    remedy = "write it as http:// or https://, a host name and a path"
    if len(url) > LONGEST_URL:
        raise refused(shown[:100], FetchReason.BAD_URL, f"longer than {LONGEST_URL} characters", remedy)
    if any(letter <= " " or letter in "\\\x7f" for letter in url):
        detail = "has white space, control characters or backslashes"
        raise refused(shown, FetchReason.BAD_URL, detail, remedy)
    try:
        target = httpx.URL(url)
        port, host = target.port, target.host
    except (httpx.InvalidURL, ValueError) as error:
        detail = "cannot be understood" if secret else f"cannot be understood: {error}"
        raise refused(shown, FetchReason.BAD_URL, detail, remedy) from error
    if target.scheme not in ("http", "https"):
        raise refused(
            shown, FetchReason.BAD_URL, f"{target.scheme or 'no scheme'}: is not http or https", remedy
        )
    if not host:
        raise refused(shown, FetchReason.BAD_URL, "names no host", remedy)
    if target.userinfo or "@" in target.netloc.decode("ascii", "replace"):
        detail = "has a user name or password in it"
        raise refused(shown, FetchReason.BAD_URL, detail, "leave out what stands before the @")
    # The library would turn port 0 into the scheme's own.
    if port is not None and not 0 < port < 65536:
        raise refused(shown, FetchReason.BAD_URL, f"port {port} does not exist", remedy)
    return target


def next_target(asked: str, here: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads, as far as we go along. Raises FetchError."""
    try:
        there = str(here.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        detail = f"{here} redirects to something that is no address: {location[:100]!r}"
        raise refused(
            asked, FetchReason.BAD_URL, detail, "ask the publisher for the feed's address"
        ) from error
    target = check_url(there)
    if here.scheme == "https" and target.scheme == "http":
        raise refused(
            asked,
            FetchReason.PROTOCOL,
            f"{here} redirects from https to plain http: {target}",
            "if you accept that anybody on the way can change the text, use the http:// address itself",
        )
    return target


def origin(target: httpx.URL) -> str:
    """Scheme and host, for errors about addresses whose paths are secret."""
    return f"{target.scheme}://{target.netloc.decode('ascii', 'replace')}"


def without_login(url: str) -> str:
    """The address without a user name and password, for errors."""
    scheme, mark, rest = url.partition("//")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"
