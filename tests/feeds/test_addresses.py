"""No request reaches an address that it must not reach, whatever the URL, the name or the redirect."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import socket
from collections.abc import Sequence
from pathlib import Path

import httpcore
import pytest
from publishers import moves_to, publisher

from monitor.errors import FetchError, FetchReason
from monitor.feeds.addresses import FORBIDDEN, forbidden_because
from monitor.feeds.egress import Egress

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "attacks" / "ssrf.json"
PUBLIC = "93.184.216.34"

#: Ours, so that the test means something where the shared table is not at hand.
_OWN_ATTACKS = r"""
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f.1/ http://0177.0.0.1/ http://0/
http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:a9fe:a9fe]/
http://[64:ff9b::10.0.0.1]/ http://[64:ff9b:1::7f00:1]/ http://[2002:7f00:1::]/
http://[2001:0:7f00:1::]/ http://[fe80::1%25lo]/ http://[fec0::1]/ http://[fc00::1]/ http://[ff02::1]/
http://10.1.2.3/ http://172.31.0.1/ http://192.168.0.1/ http://100.100.100.200/
http://169.254.169.254/latest/meta-data/ http://168.63.129.16/ http://255.255.255.255/
http://localhost/ http://localhost./ http://x.localhost/ http://mixed.test/ http://disguised.test/
http://user:pw@127.0.0.1/ http://paper.test@127.0.0.1/ http://127.0.0.1\@paper.test/
http://paper.test:22/ http://paper.test:0/ http://paper.test:65536/ http://127.0.0.1:6379/
file:///etc/passwd gopher://127.0.0.1/ feed:http://127.0.0.1/ javascript:alert(1) data:text/xml,<rss/>
http:127.0.0.1/ http:///127.0.0.1/ //127.0.0.1/ http+unix://%2Fvar%2Frun%2Fdocker.sock/
http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://%31%32%37.0.0.1/ http://paper.test%0d%0aHost:127.0.0.1/
"""


class RecordingBackend(httpcore.AsyncNetworkBackend):
    """Notes what would have been connected to, and connects to nothing."""

    def __init__(self) -> None:
        self.reached: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore.AsyncNetworkStream:
        self.reached.append((host, port))
        raise httpcore.ConnectError("recorded")

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing is retried")


async def hostile_names(host: str, port: int) -> Sequence[str]:
    """What an attacker's name server, and glibc, would answer."""
    host = host.rstrip(".").lower()
    fixed = {"mixed.test": [PUBLIC, "127.0.0.1"], "disguised.test": ["::ffff:10.0.0.1"]}
    if host in fixed:
        return fixed[host]
    if "metadata" in host or host == "instance-data":
        return ["169.254.169.254"]
    inner = re.fullmatch(r".*?(\d+\.\d+\.\d+\.\d+)\.(?:nip|xip|sslip)\.io", host)
    if inner:
        return [inner[1]]
    if any(word in host for word in ("local", "nip.io", "lvh.me", "burpcollaborator", "ip6-")):
        return ["127.0.0.1", "::1"]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return [PUBLIC]
    return [str(answer[4][0]) for answer in found]


def reached_by(urls: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """URL → the connections that fetching it would have made; posting too."""

    async def run() -> dict[str, list[tuple[str, int]]]:
        backend, reached = RecordingBackend(), {}
        async with Egress(resolve=hostile_names, backend=backend, timeout=5) as egress:
            for url in urls:
                backend.reached = reached[url] = []
                with pytest.raises(FetchError):
                    await egress.fetch(url)
                with pytest.raises(FetchError):
                    await egress.post(url, b"{}", {}, timeout=5)
        return reached

    return asyncio.run(run())


def forbidden_connections(urls: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    return {
        url: reached
        for url, reached in reached_by(urls).items()
        # Judged by hand-written bounds here, not by the table under test.
        if any(address != "1.1.1.1" and not address.startswith("93.184.") for address, _ in reached)
        or any(port not in (80, 443) for _, port in reached)
    }


def test_no_disguise_of_our_own_list_reaches_a_forbidden_address() -> None:
    assert forbidden_connections(_OWN_ATTACKS.split()) == {}


def test_no_disguise_of_the_shared_table_reaches_a_forbidden_address() -> None:
    if not SHARED.exists():
        pytest.skip(f"no {SHARED}")
    assert forbidden_connections(json.loads(SHARED.read_text("utf-8"))) == {}


def test_an_ordinary_name_is_connected_to_by_its_address() -> None:
    assert reached_by(["http://paper.test/feed", "https://paper.test/feed"]) == {
        "http://paper.test/feed": [(PUBLIC, 80)] * 2,
        "https://paper.test/feed": [(PUBLIC, 443)] * 2,
    }


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("93.184.216.34", True),
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("172.15.255.255", True),
        ("172.32.0.0", True),
        ("100.63.255.255", True),
        ("172.16.0.0", False),
        ("100.127.255.255", False),
        ("168.63.129.16", False),
        ("192.0.0.8", False),
        ("198.19.0.1", False),
        ("4000::1", False),
        ("::ffff:93.184.216.34", False),
        ("fe80::1%eth0", False),
        ("3fff::1", False),
        ("5f00::1", False),
    ],
)
def test_the_table_decides_by_network(address: str, fine: bool) -> None:
    assert (forbidden_because(address) == "") is fine


def test_every_row_of_the_table_is_refused_at_both_its_ends() -> None:
    for network, words in FORBIDDEN:
        for address in (network[0], network[-1]):
            assert forbidden_because(str(address)), (network, words)


def test_an_allowed_network_opens_itself_and_nothing_else() -> None:
    allowed = [ipaddress.ip_network("10.1.0.0/16")]
    assert forbidden_because("10.1.2.3", allowed) == ""
    assert forbidden_because("10.2.0.1", allowed)
    assert forbidden_because("::ffff:10.1.2.3", allowed)


def test_every_address_of_a_name_must_be_allowed() -> None:
    async def run() -> FetchError:
        async with Egress(resolve=hostile_names, backend=RecordingBackend()) as egress:
            with pytest.raises(FetchError) as failed:
                await egress.fetch("http://mixed.test/")
            return failed.value

    error = asyncio.run(run())
    assert error.reason is FetchReason.FORBIDDEN_ADDRESS
    assert "CLAIMWATCH_ALLOW_NETWORKS" in error.remedy


def test_a_name_that_changes_its_mind_is_resolved_once_for_each_connection() -> None:
    """DNS rebinding: the checked answer is the one that is connected to."""
    asked = 0

    async def rebinding(host: str, port: int) -> Sequence[str]:
        nonlocal asked
        asked += 1
        return [PUBLIC] if asked % 2 else ["127.0.0.1"]

    async def run() -> list[tuple[str, int]]:
        backend = RecordingBackend()
        async with Egress(resolve=rebinding, backend=backend) as egress:
            for _ in range(200):
                with pytest.raises(FetchError):
                    await egress.fetch("http://rebind.test/")
        return backend.reached

    reached = asyncio.run(run())
    assert asked == 200
    assert reached == [(PUBLIC, 80)] * 100


def test_a_peer_that_is_not_the_one_asked_for_is_hung_up_on() -> None:
    """Where something on this machine redirects connections, the address is looked at again."""

    class Redirected(httpcore.AsyncNetworkBackend):
        async def connect_tcp(
            self, host: str, port: int, *_: object, **__: object
        ) -> httpcore.AsyncNetworkStream:
            return Elsewhere([])

        async def sleep(self, seconds: float) -> None: ...

    class Elsewhere(httpcore.AsyncMockStream):
        closed = False

        def get_extra_info(self, info: str) -> object:
            return ("10.0.0.1", 80) if info == "server_addr" else None

        async def aclose(self) -> None:
            type(self).closed = True

    async def run() -> FetchError:
        async with Egress(resolve=hostile_names, backend=Redirected()) as egress:
            with pytest.raises(FetchError) as failed:
                await egress.fetch("http://paper.test/")
            return failed.value

    assert asyncio.run(run()).reason is FetchReason.FORBIDDEN_ADDRESS
    assert Elsewhere.closed


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.9/x", "http://169.254.169.254/", "http://[::1]/", "//10.0.0.1/", "file:///etc/passwd"],
)
def test_a_redirect_to_a_forbidden_address_is_refused(location: str) -> None:
    async def run() -> FetchError:
        async with publisher({"/": moves_to(location)}) as paper:
            only_it = [ipaddress.ip_network("127.0.0.1/32")]
            async with Egress(allow_networks=only_it, timeout=5) as egress:
                with pytest.raises(FetchError) as failed:
                    await egress.fetch(paper.url())
                return failed.value

    assert asyncio.run(run()).reason in (FetchReason.FORBIDDEN_ADDRESS, FetchReason.BAD_URL)
