"""Which addresses we may connect to, and the network backend that connects to no other.

A name is resolved once. Every answer must be allowed, and the connection goes to one of those very
addresses, so that no second look-up can say something else. TLS still checks the certificate against
the name, as that happens above this layer.

The table is written out because `ipaddress.is_global` and `is_private` change between Python versions
and do not know what a gateway translates (NAT64, 6to4). It follows the IANA special-purpose registries
(RFC 6890 and its updates) and adds the metadata services of cloud providers.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpcore

from monitor.feeds.wire import WireBackend

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

#: Network → what it is, in words for the error.
_FORBIDDEN_TABLE = """
0.0.0.0/8           this machine
10.0.0.0/8          a private network
100.64.0.0/10       a carrier's private network
127.0.0.0/8         this machine
168.63.129.16/32    a cloud's host service
169.254.0.0/16      link-local, where cloud metadata lives
172.16.0.0/12       a private network
192.0.0.0/24        reserved for protocols
192.0.2.0/24        reserved for documentation
192.31.196.0/24     reserved for AS112
192.52.193.0/24     reserved for multicast relays
192.88.99.0/24      a 6to4 relay
192.168.0.0/16      a private network
192.175.48.0/24     reserved for AS112
198.18.0.0/15       reserved for benchmarks
198.51.100.0/24     reserved for documentation
203.0.113.0/24      reserved for documentation
224.0.0.0/4         multicast
240.0.0.0/4         reserved
::/96               this machine, or an IPv4 address in disguise
::ffff:0:0/96       an IPv4 address in disguise
::ffff:0:0:0/96     an IPv4 address in disguise
64:ff9b::/96        an IPv4 address behind NAT64
64:ff9b:1::/48      an IPv4 address behind NAT64
100::/64            discarded
2001::/23           reserved for protocols, Teredo among them
2001:db8::/32       reserved for documentation
2002::/16           an IPv4 address in 6to4
3fff::/20           reserved for documentation
5f00::/16           reserved for segment routing
fc00::/7            a private network
fe80::/10           link-local
fec0::/10           a private network
ff00::/8            multicast
"""
FORBIDDEN: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(network), words)
    for network, words in (line.split(maxsplit=1) for line in _FORBIDDEN_TABLE.split("\n") if line)
)
_GLOBAL_UNICAST_V6 = ipaddress.ip_network("2000::/3")

#: Ports of addresses that are not in the allowed networks.
WEB_PORTS = frozenset({80, 443})
#: How many of a name's addresses are tried, and how long each may take to answer, in seconds.
MOST_ADDRESSES = 4
CONNECT_SECONDS = 5.0


# Look-ups that hang must not take the threads that others of asyncio's users wait for.
_LOOK_UPS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="look-up")


class ForbiddenError(Exception):
    """The address or port is one that we do not connect to."""

    def __init__(self, message: str, *, address: str = "", port: int | None = None) -> None:
        super().__init__(message)
        self.address = address
        self.port = port


class UnresolvedError(Exception):
    """The name has no address, or nobody can say."""


@functools.lru_cache(maxsize=8192)
def is_address(host: str) -> bool:
    """Whether a host is written as an address, in the one plain form of its kind."""
    try:
        return str(ipaddress.ip_address(host)) == host
    except ValueError:
        return False


def forbidden_because(address: str, allowed: Iterable[Network] = ()) -> str:
    """Why an address may not be reached, in words; empty: it may.

    Raises ValueError where `address` is no address. An IPv6 scope ("%eth0") is ignored.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if is_allowed(address, allowed):
        return ""
    for network, words in FORBIDDEN:
        if ip.version == network.version and ip in network:
            return words
    if ip.version == 6 and ip not in _GLOBAL_UNICAST_V6:
        return "not a global address"
    return ""


def is_allowed(address: str, allowed: Iterable[Network]) -> bool:
    """Whether the operator named a network that this address is in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return any(ip.version == network.version and ip in network for network in allowed)


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The system's answers, in its order of preference. Raises UnresolvedError."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.run_in_executor(
            _LOOK_UPS, functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        )
    except (OSError, UnicodeError) as error:  # UnicodeError: a label over 63 characters
        raise UnresolvedError(f"the name {host} cannot be resolved: {_words(error)}") from error
    return [str(answer[4][0]) for answer in found]


def _words(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to allowed addresses only, and to those that were checked.

    `ports`: what addresses outside the allowed networks may be asked on; None: any.
    Raises ForbiddenError, UnresolvedError, or httpcore's connection errors.
    """

    def __init__(
        self,
        *,
        resolve: Resolver,
        allowed: Sequence[Network],
        ports: frozenset[int] | None = WEB_PORTS,
        inner: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._resolve = resolve
        networks = tuple(allowed)
        # Of each backend its own: to tell allowed networks apart would cost as much as the look.
        self._why_not = functools.lru_cache(8192)(functools.partial(forbidden_because, allowed=networks))
        self._is_allowed = functools.lru_cache(8192)(functools.partial(is_allowed, allowed=networks))
        self._ports = ports
        self._inner = inner or WireBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of `host` that answers; ALL of them must be allowed."""
        # An address needs no look-up, and a forbidden one shall not cause any.
        addresses = [host] if is_address(host) else list(dict.fromkeys(await self._resolve(host, port)))
        if not addresses:
            raise UnresolvedError(f"the name {host} has no address")
        for address in addresses:
            self._check(host, address, port)
        failure: Exception | None = None
        for address in addresses[:MOST_ADDRESSES]:
            try:
                stream = await self._inner.connect_tcp(
                    address, port, CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            peer = stream.get_extra_info("server_addr")
            if peer and peer[0] != address:
                try:
                    self._check(host, str(peer[0]), port)
                except ForbiddenError:
                    await stream.aclose()
                    raise
            return stream
        raise failure or UnresolvedError(f"the name {host} has no address")

    def _check(self, host: str, address: str, port: int) -> None:
        try:
            why = self._why_not(address)
        except ValueError:
            raise ForbiddenError(f"{host} resolves to {address!r}, which is no address") from None
        shown = address if host == address else f"{host} ({address})"
        if why:
            raise ForbiddenError(f"{shown} is {why}", address=address)
        if self._ports is not None and port not in self._ports and not self._is_allowed(address):
            raise ForbiddenError(f"port {port} of {shown} is not a web port", address=address, port=port)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise ForbiddenError("a unix socket")

    async def sleep(self, seconds: float) -> None:
        """As asyncio's."""
        await asyncio.sleep(seconds)
