"""Encrypted connections to pinned addresses, with a certificate of our own."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from publishers import RSS, answer, local_egress, publisher, says

from monitor.errors import FetchError, FetchReason
from monitor.feeds.egress import Fetched

# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for paper.test, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=paper.test", "-addext", "subjectAltName=DNS:paper.test"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl program to make a certificate with")
    return folder


def over_tls(certificate: Path, host: str, *, trusted: bool) -> Fetched | FetchError:
    async def loopback_only(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    client = ssl.create_default_context(cafile=str(certificate / "cert.pem") if trusted else None)

    async def run() -> Fetched | FetchError:
        async with (
            publisher(says(RSS), tls=server) as paper,
            local_egress(resolve=loopback_only, tls=client) as egress,
        ):
            try:
                return await egress.fetch(paper.url(host=host, scheme="https"))
            except FetchError as error:
                return error

    return asyncio.run(run())


def test_tls_is_checked_against_the_name_though_the_address_is_pinned(certificate: Path) -> None:
    answered = over_tls(certificate, "paper.test", trusted=True)
    assert isinstance(answered, Fetched)
    for host, trusted in (("other.test", True), ("paper.test", False)):
        error = over_tls(certificate, host, trusted=trusted)
        assert isinstance(error, FetchError)
        assert error.reason is FetchReason.TLS
        assert "certificate" in error.detail


def test_a_server_without_tls_on_https_is_a_tls_failure() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(RSS))
        await writer.drain()
        writer.close()

    async def run() -> FetchReason:
        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server, local_egress() as egress:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(FetchError) as failed:
                await egress.fetch(f"https://127.0.0.1:{port}/")
            return failed.value.reason

    assert asyncio.run(run()) is FetchReason.TLS
