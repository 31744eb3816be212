"""The outside world of a test, on loopback: a publisher of feeds and a receiver of alerts."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape


@dataclass
class _Site:
    """An HTTP server in a thread of this process."""

    server: ThreadingHTTPServer

    @classmethod
    def start(cls, handler: type[BaseHTTPRequestHandler]) -> _Site:
        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Clients that die in the middle are what some tests are about."""

        server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return cls(server)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Publisher:
    """Serves RSS feeds by path, with validators; counts requests and 304s."""

    def __init__(self) -> None:
        self._feeds: dict[str, tuple[str, bytes]] = {}
        self.requests = 0
        self.not_modified = 0
        # Markup of its own in the channel of what is published from now on.
        self.channel = ""
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.requests += 1
                etag, body = publisher._feeds.get(self.path, ("", b""))
                if not body:
                    self.send_error(404)
                    return
                if self.headers.get("If-None-Match") == etag:
                    publisher.not_modified += 1
                    self.send_response(304)
                    self.send_header("ETag", etag)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._site = _Site.start(Handler)

    def publish(self, path: str, title: str, entries: Sequence[tuple[str, str, str]]) -> str:
        """Make the feed at this path list these (guid, title, text); its URL."""
        listed = "".join(
            f"<item><guid isPermaLink='false'>{escape(guid)}</guid><title>{escape(head)}</title>"
            f"<link>{self._site.url}/{escape(guid)}</link><description>{escape(text)}</description></item>"
            for guid, head, text in entries
        )
        body = (
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>{escape(title)}</title>"
            f"<link>{self._site.url}</link><description>x</description>{self.channel}{listed}</channel></rss>"
        ).encode()
        self._feeds[path] = (f'"{hash(body)}"', body)
        return self._site.url + path

    def close(self) -> None:
        self._site.close()


@dataclass(frozen=True)
class Received:
    key: str
    body: Mapping[str, Any]


@dataclass
class Receiver:
    """Takes webhooks, and misbehaves as often as it is told to (shares of 1)."""

    fail: float = 0.0
    slow: float = 0.0
    # accepted, but the answer comes after the sender has given up
    ambiguous: float = 0.0
    ambiguous_for: float = 5.0
    seed: int = 1
    posts: list[Received] = field(default_factory=list)
    refused: int = 0
    doubtful: int = 0

    def __post_init__(self) -> None:
        receiver = self
        chance = random.Random(self.seed)
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    luck = chance.random()
                    failing = luck < receiver.fail
                    if failing:
                        receiver.refused += 1
                    else:
                        key = self.headers["Idempotency-Key"] or ""
                        receiver.posts.append(Received(key, json.loads(body)))
                    doubtful = luck > 1 - receiver.ambiguous
                    receiver.doubtful += doubtful
                if receiver.fail <= luck < receiver.fail + receiver.slow:
                    time.sleep(0.5)
                if doubtful:
                    time.sleep(receiver.ambiguous_for)
                self.send_response(503 if failing else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._site = _Site.start(Handler)

    @property
    def url(self) -> str:
        return f"webhook+{self._site.url}/hook"

    def accepted(self) -> dict[str, Mapping[str, Any]]:
        """What a receiver that honours the key has: one body a key."""
        return {post.key: post.body for post in list(self.posts)}

    def close(self) -> None:
        self._site.close()


@dataclass
class Hub:
    """Serves files by path, whole or from a byte on; breaks connections and moves as it is told to."""

    files: dict[str, bytes] = field(default_factory=dict)
    # Bytes after which the next answer breaks off, once; 0: it does not.
    breaks_after: int = 0
    # Takes no notice of Range, as a simple server.
    whole_only: bool = False
    # Status of every answer; 0: as it should be.
    status: int = 0
    # Path → where it has moved.
    moved: dict[str, str] = field(default_factory=dict)
    # (path, first byte asked for) of each request.
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                first = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
                hub.asked.append((self.path, first))
                body = hub.files.get(self.path)
                if self.path in hub.moved:
                    self.send_response(302)
                    self.send_header("Location", hub.moved[self.path])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if hub.status or body is None:
                    self.send_error(hub.status or 404)
                    return
                if hub.whole_only:
                    first = 0
                if first >= len(body) > 0:
                    self.send_error(416)
                    return
                self.send_response(206 if first else 200)
                if first:
                    self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
                self.send_header("Content-Length", str(len(body) - first))
                self.end_headers()
                last = first + hub.breaks_after if hub.breaks_after else len(body)
                hub.breaks_after = 0
                self.wfile.write(body[first:last])

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._site = _Site.start(Handler)

    @property
    def url(self) -> str:
        return self._site.url

    def close(self) -> None:
        self._site.close()


@dataclass
class Chat:
    """A chat endpoint (OpenAI's shape) that says `content`, or misbehaves as it is told to."""

    content: str = '{"verdict": "contradiction", "confidence": 0.9, "why": "It cannot be open and shut."}'
    # In place of the whole body; None: a proper answer with `content`.
    raw: bytes | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # Seconds before anything is sent.
    hang: float = 0.0
    # Path, headers and body of each question.
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                chat.asked.append((self.path, dict(self.headers), body))
                time.sleep(chat.hang)
                proper = {"choices": [{"message": {"role": "assistant", "content": chat.content}}]}
                answer = json.dumps(proper).encode() if chat.raw is None else chat.raw
                self.send_response(chat.status)
                for name, value in chat.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._site = _Site.start(Handler)

    @property
    def url(self) -> str:
        return f"{self._site.url}/v1"

    def close(self) -> None:
        self._site.close()
