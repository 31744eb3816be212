"""The demo's publishers: five invented outlets on one loopback server, each in its own feed format.

They behave as good publishers do: strong ETags and 304, content types, feeds that grow, and an editor who
changes an article. The same server takes the demo's alerts in, as a webhook receiver would.

Times: the articles' own times are moved so that the last one is minutes old, and the distances between
them are shrunk to a quarter, so that the five days fit into less than two and no rule finds them too old.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape, quoteattr

NEWEST_IS_OLD = timedelta(minutes=3)
SHRINK = 0.25
ALERTS_PATH = "/alerts"
MAX_ALERT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """One article as its publisher shows it now."""

    id: str
    title: str
    # Paragraphs, one line each.
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    # From which poll on it stands in the feed: 1 or 2.
    wave: int
    # The id of the text it copies; empty: its own.
    copy_of: str
    # What the editor makes of it at the second poll; None: nothing.
    edit: DemoArticle | None

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher with its articles, oldest first."""

    key: str
    name: str
    site: str
    format: str
    lang: str
    tags: tuple[str, ...]
    articles: tuple[DemoArticle, ...]

    def address(self, article: DemoArticle) -> str:
        return f"{self.site}/{article.id}"


# ---------------------------------------------------------------- reading what is packaged


def read_outlets(now: datetime) -> tuple[Outlet, ...]:
    """All outlets of workers/demo_data, their times moved to end shortly before `now`."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    folder = files("workers") / "demo_data"
    pages = {
        file.name.removesuffix(".yml"): yaml.load(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yml")
    }
    last = max(_utc(row["at"]) for page in pages.values() for row in page["articles"])

    def moved(at: datetime) -> datetime:
        return (now - NEWEST_IS_OLD - (last - _utc(at)) * SHRINK).replace(microsecond=0)

    return tuple(_outlet(key, page, moved) for key, page in pages.items())


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _outlet(key: str, page: Mapping[str, Any], moved: Callable[[datetime], datetime]) -> Outlet:
    return Outlet(
        key=key,
        name=page["publisher"],
        site=page["site"],
        format=page["format"],
        lang=page["lang"],
        tags=tuple(page["tags"]),
        articles=tuple(
            sorted((_article(row, moved) for row in page["articles"]), key=lambda one: one.published_at)
        ),
    )


def _article(row: Mapping[str, Any], moved: Callable[[datetime], datetime]) -> DemoArticle:
    published_at = moved(row["at"])
    article = DemoArticle(
        id=row["id"],
        title=row["title"],
        paragraphs=_paragraphs(row["text"]),
        published_at=published_at,
        updated_at=published_at,
        wave=row.get("wave", 1),
        copy_of=row.get("copy_of", ""),
        edit=None,
    )
    edit = row.get("edit")
    if not edit:
        return article
    edited = replace(
        article,
        title=edit["title"],
        paragraphs=_paragraphs(edit["text"]),
        updated_at=moved(edit["at"]),
    )
    return replace(article, edit=edited)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


# ---------------------------------------------------------------- writing feeds


def _rss20(outlet: Outlet, articles: Sequence[DemoArticle]) -> str:
    entries = "".join(
        f"<item><title>{escape(one.title)}</title><link>{outlet.address(one)}</link>"
        f'<guid isPermaLink="false">{outlet.key}:{one.id}</guid>'
        f"<pubDate>{format_datetime(one.published_at)}</pubDate>"
        f"<description>{escape(one.paragraphs[0])}</description>"
        f"<content:encoded>{escape(one.html)}</content:encoded></item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{outlet.site}</link><description>News</description>"
        f"<language>{outlet.lang}</language>{entries}</channel></rss>"
    )


def _atom10(outlet: Outlet, articles: Sequence[DemoArticle]) -> str:
    entries = "".join(
        f"<entry><id>tag:{outlet.site.removeprefix('https://')},2024:{one.id}</id><title>{escape(one.title)}</title>"
        f"<link href={quoteattr(outlet.address(one))}/><published>{one.published_at.isoformat()}</published>"
        f"<updated>{one.updated_at.isoformat()}</updated><summary>{escape(one.paragraphs[0])}</summary>"
        f'<content type="html">{escape(one.html)}</content></entry>'
        for one in articles
    )
    newest = max((one.updated_at for one in articles), default=datetime.now(UTC))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}"><id>{outlet.site}/</id>'
        f"<title>{escape(outlet.name)}</title><link href={quoteattr(outlet.site)}/>"
        f"<updated>{newest.isoformat()}</updated>{entries}</feed>"
    )


def _rss10(outlet: Outlet, articles: Sequence[DemoArticle]) -> str:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(outlet.address(one))}/>" for one in articles)
    entries = "".join(
        f"<item rdf:about={quoteattr(outlet.address(one))}><title>{escape(one.title)}</title>"
        f"<link>{outlet.address(one)}</link><description>{escape(one.paragraphs[0])}</description>"
        f"<dc:date>{one.published_at.isoformat()}</dc:date>"
        f"<content:encoded>{escape(one.html)}</content:encoded></item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel rdf:about={quoteattr(outlet.site)}><title>{escape(outlet.name)}</title>"
        f"<link>{outlet.site}</link><description>News</description><dc:language>{outlet.lang}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{entries}</rdf:RDF>"
    )


def _json11(outlet: Outlet, articles: Sequence[DemoArticle]) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": outlet.name,
            "home_page_url": outlet.site,
            "language": outlet.lang,
            "items": [
                {
                    "id": f"{outlet.key}:{one.id}",
                    "url": outlet.address(one),
                    "title": one.title,
                    "summary": one.paragraphs[0],
                    "content_html": one.html,
                    "date_published": one.published_at.isoformat(),
                    "date_modified": one.updated_at.isoformat(),
                }
                for one in articles
            ],
        },
        ensure_ascii=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFormat:
    """A way to write a feed."""

    name: str
    write: Callable[[Outlet, Sequence[DemoArticle]], str]
    content_type: str


#: As the outlets' files name them.
FORMATS = {
    "rss20": FeedFormat(name="RSS 2.0", write=_rss20, content_type="application/rss+xml; charset=utf-8"),
    "atom10": FeedFormat(name="Atom", write=_atom10, content_type="application/atom+xml; charset=utf-8"),
    "rss10": FeedFormat(name="RSS 1.0", write=_rss10, content_type="application/rdf+xml; charset=utf-8"),
    "json11": FeedFormat(name="JSON Feed", write=_json11, content_type="application/feed+json"),
}


# ---------------------------------------------------------------- serving


class Publishers:
    """The loopback server; use as a context manager. Safe to ask from any thread."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.outlets = {f"/{outlet.key}/feed": outlet for outlet in outlets}
        self.wave = 1
        #: HTTP status → answers given to pollers.
        self.answers: Counter[int] = Counter()
        self._alerts: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"publishers": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="publishers", daemon=True
        )

    def __enter__(self) -> Publishers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def publish_second_wave(self) -> None:
        """The later articles and the edits stand in the feeds from now on."""
        self.wave = 2

    def alerts(self) -> tuple[dict[str, Any], ...]:
        """What the receiver was told, in order, each once (by idempotency key)."""
        with self._lock:
            return tuple(self._alerts.values())

    def feed(self, path: str) -> tuple[bytes, str] | None:
        """Body and content type of a feed as it stands now, newest first; None: there is none there."""
        outlet = self.outlets.get(path)
        if outlet is None:
            return None
        shown = [
            one.edit if one.edit and self.wave >= 2 else one
            for one in reversed(outlet.articles)
            if one.wave <= self.wave
        ]
        form = FORMATS[outlet.format]
        return form.write(outlet, shown).encode(), form.content_type

    def take_alert(self, key: str, body: bytes) -> None:
        """Keep an alert that was delivered."""
        with self._lock:
            self._alerts.setdefault(key, json.loads(body))


class _Handler(BaseHTTPRequestHandler):
    publishers: Publishers
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    timeout = 10

    def do_GET(self) -> None:  # the name the standard library calls
        found = self.publishers.feed(self.path)
        if found is None:
            self._answer(404)
            return
        body, content_type = found
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, headers={"ETag": etag})
            return
        self._answer(200, body, {"ETag": etag, "Content-Type": content_type})

    def do_POST(self) -> None:  # the name the standard library calls
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != ALERTS_PATH or not 0 < length <= MAX_ALERT_BYTES:
            self.close_connection = True
            self._answer(400)
            return
        body = self.rfile.read(length)
        key = self.headers.get("Idempotency-Key") or hashlib.sha256(body).hexdigest()
        self.publishers.take_alert(key, body)
        self._answer(204)

    def _answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        if self.command == "GET":
            self.publishers.answers[status] += 1
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo's own words are enough."""
