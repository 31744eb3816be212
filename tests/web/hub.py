"""A hub on loopback (W3C WebSub): takes subscriptions, verifies them, pushes; misbehaves as it is told to."""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx


@dataclass
class Hub:
    status: int = 202
    location: str = ""
    lease_seconds: str = "86400"
    # How it verifies, before it answers; None: not by itself.
    verify_at: httpx.Client | None = None
    # What it is asked to subscribe, as sent.
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                hub.asked.append(dict(parse_qsl(body)))
                if hub.verify_at is not None:
                    hub.says(hub.verify_at, hub.asked[-1]["hub.mode"])
                self.send_response(hub.status)
                if hub.location:
                    self.send_header("Location", hub.location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())  # a careless hub repeats the secret

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hub"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def says(self, client: httpx.Client, mode: str = "subscribe", **changes: str) -> httpx.Response:
        """Verify, or deny, what it was asked last; names of parameters without their `hub.`."""
        asked = self.asked[-1]
        told = {
            "mode": mode,
            "topic": asked["hub.topic"],
            "challenge": "c-123",
            "lease_seconds": self.lease_seconds,
        }
        query = urlencode({f"hub.{name}": value for name, value in (told | changes).items()})
        return client.get(f"{urlsplit(asked['hub.callback']).path}?{query}")

    def pushes(
        self, client: httpx.Client, body: bytes = b"<rss/>", *, method: str = "sha256", secret: str = ""
    ) -> httpx.Response:
        """Tell of news, signed."""
        asked = next(one for one in reversed(self.asked) if "hub.secret" in one)
        key = (secret or asked["hub.secret"]).encode()
        signed = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={signed}"}
        return client.post(urlsplit(asked["hub.callback"]).path, content=body, headers=headers)
