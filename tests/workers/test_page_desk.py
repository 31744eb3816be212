"""Full text: the pages of articles on loopback, from the feed that asks for them to the version they make."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from polled import poller_settings
from sqlalchemy import select

from monitor.config import Settings
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database
from monitor.store.feeds import list_feeds, poll_now
from monitor.store.page_tables import article_page
from monitor.store.pages import page_counts, save_page, take_pages
from monitor.store.tables import article_version, task
from workers.poller import Poller

WORDS = "The harbour master said on Sunday that the ferry would sail again, and not a minute later. "
ARTICLE = (
    "<html><head><title>Ferry late</title></head><body><nav><a href=/>Home</a> <a href=/x>More news</a></nav>"
    f"<article><h1>Ferry late</h1><p>{WORDS * 3}</p><p>Nobody asked why. {WORDS * 2}</p></article>"
    "<footer>All rights reserved by the paper of the harbour.</footer></body></html>"
)


class Site:
    """A publisher: bodies by path, a redirect where the body is a str that begins with "->"; counts asks."""

    def __init__(self) -> None:
        self.pages: dict[str, str | int] = {}
        self.asked: list[str] = []
        self.closed = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                page = site.pages.get(self.path, 404)
                if page == "drip":
                    self.send_response(200)
                    self.end_headers()
                    with suppress(ConnectionError):
                        while not site.closed.wait(0.1):
                            self.wfile.write(b"<")
                    return
                if isinstance(page, int) or page.startswith("->"):
                    self.send_response(page if isinstance(page, int) else 302)
                    self.send_header("Location", str(page)[2:])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml" if body.startswith(b"<rss") else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def feed(self, *entries: tuple[str, str, str]) -> None:
        """(path of the page, title, description) each."""
        listed = "".join(
            f"<item><guid>{path}</guid><link>{self.url}{path}</link><title>{title}</title>"
            f"<description>{words}</description></item>"
            for path, title, words in entries
        )
        self.pages["/rss"] = f"<rss version='2.0'><channel><title>Paper</title>{listed}</channel></rss>"

    def close(self) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return poller_settings(tmp_path, fetch_timeout=2, networks="127.0.0.1/32")


def poll(db: Database, settings: Settings, site: Site, full_text: str = "when-summary-only") -> Poller:
    feeds = f"version: 1\nfeeds:\n  - {{url: {site.url}/rss, interval: 10m, full_text: {full_text}}}\n"
    (settings.rules / "feeds.yml").write_text(feeds)
    poll_now(db)

    async def run() -> Poller:
        async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
            poller = Poller(db, RulesWatcher(settings.rules), settings, egress, parser, page_pause=0.0)
            await poller.once()
            return poller

    return asyncio.run(run())


def versions(db: Database) -> list[Any]:
    wanted = article_version.c
    with db.read() as connection:
        order = select(article_version).order_by(wanted.article_id, wanted.version)
        return list(connection.execute(order))


def test_an_article_is_stored_as_the_feed_gave_it_and_then_with_the_text_of_its_page(
    database: Database, settings: Settings, site: Site
) -> None:
    site.feed(("/ferry", "Ferry late", "The ferry is late."))
    site.pages["/ferry"] = ARTICLE
    poll(database, settings, site)
    first, second = versions(database)
    assert (first.text, first.from_page) == ("The ferry is late.", False)
    assert second.text.startswith("The harbour master said")
    assert "\n\nNobody asked why." in second.text
    assert "All rights reserved" not in second.text
    assert (second.title, second.summary, second.from_page) == ("Ferry late", "The ferry is late.", True)
    assert second.content_hash == first.content_hash
    with database.read() as connection:
        judged = set(connection.execute(select(task.c.version_id)).scalars())
    assert judged == {first.id, second.id}
    # and the feed says nothing new to it
    site.feed(("/ferry", "Ferry late", "The ferry is late."), ("/pier", "Pier closed", "For good."))
    poll(database, settings, site)
    assert [row.title for row in versions(database)] == ["Ferry late", "Ferry late", "Pier closed"]
    assert site.asked.count("/ferry") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_that_robots_txt_forbids_is_not_read_and_said(
    database: Database, settings: Settings, site: Site
) -> None:
    site.feed(("/ferry", "Ferry late", "The ferry is late."), ("/pier", "Pier closed", "For good."))
    site.pages |= {"/robots.txt": "User-agent: *\nDisallow: /ferry", "/ferry": ARTICLE, "/pier": ARTICLE}
    poll(database, settings, site)
    assert "/ferry" not in site.asked
    (feed,) = list_feeds(database)
    counts = page_counts(database, feed.id)
    assert (counts.read, counts.failed, counts.last_reason) == (1, 1, "disallowed")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_edited_entry_keeps_the_text_of_its_page_until_it_is_read_again(
    database: Database, settings: Settings, site: Site
) -> None:
    site.feed(("/ferry", "Ferry late", "The ferry is late."))
    site.pages["/ferry"] = ARTICLE
    poll(database, settings, site)
    site.feed(("/ferry", "Ferry very late", "The ferry is very late."))
    site.pages["/ferry"] = ARTICLE.replace("Nobody asked why", "Everybody asked why")
    poll(database, settings, site)
    texts = [(row.title, row.text.count("Nobody"), row.text.count("Everybody")) for row in versions(database)]
    assert texts == [
        ("Ferry late", 0, 0),
        ("Ferry late", 1, 0),
        ("Ferry very late", 1, 0),
        ("Ferry very late", 0, 1),
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_that_cannot_be_read_leaves_the_article_and_says_why(
    database: Database, settings: Settings, site: Site
) -> None:
    pages: dict[str, tuple[str | int, str, str]] = {
        "/404": (404, "failed", "http_status"),
        "/410": (410, "failed", "gone"),
        "/503": (503, "waiting", "http_status"),
        "/private": ("->http://127.0.0.2/", "failed", "forbidden_address"),
        "/metadata": ("->http://169.254.169.254/latest/meta-data", "failed", "forbidden_address"),
        "/circle": ("->/circle", "failed", "too_many_redirects"),
        "/drip": ("drip", "waiting", "timeout"),
        "/empty": ("", "failed", "not_a_feed"),
        "/huge": (f"<p>{'x' * (50 << 20)}</p>", "failed", "too_large"),
        "/less": ("<article><h1>Ferry</h1><p>Only this.</p></article>", "read", "no_more"),
    }
    site.feed(*((path, f"Title of {path}", f"{path} is late, and nobody knows why.") for path in pages))
    site.pages |= {path: page for path, (page, _, _) in pages.items()}
    poll(database, settings, site)
    assert {row.title: row.from_page for row in versions(database)} == {
        f"Title of {path}": False for path in pages
    }
    with database.read() as connection:
        rows = connection.execute(select(article_page)).all()
    told = {row.url.removeprefix(site.url): (row.state, row.reason) for row in rows}
    assert told == {path: (state, reason) for path, (_, state, reason) in pages.items()}
    (feed,) = list_feeds(database)
    counts = page_counts(database, feed.id)
    assert (counts.waiting, counts.read, counts.failed) == (2, 1, 7)
    assert counts.last_reason


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sitemap_without_titles_gets_its_words_from_the_pages(
    database: Database, settings: Settings, site: Site
) -> None:
    site.pages["/rss"] = f"<urlset><url><loc>{site.url}/ferry</loc></url></urlset>"
    site.pages["/ferry"] = ARTICLE
    poll(database, settings, site, "always")
    assert [row.title for row in versions(database)] == ["", "Ferry late"]


def test_what_a_lost_lease_read_is_not_stored(database: Database, settings: Settings, site: Site) -> None:
    site.feed(("/ferry", "Ferry late", "Late."))
    site.pages["/ferry"] = 503
    poll(database, settings, site)
    with database.write() as connection:
        connection.execute(article_page.update().values(due_at=article_page.c.created_at))
    (one,) = take_pages(database, limit=5, lease_for=timedelta(seconds=-1))
    (other,) = take_pages(database, limit=5, lease_for=timedelta(minutes=1))
    longer = replace(one.current.entry, text="Much longer than before.")
    with pytest.raises(Exception, match="another poller took it over"):
        save_page(database, one, longer)
    assert len(versions(database)) == 1
    assert save_page(database, other, longer) is not None
    assert take_pages(database, limit=5, lease_for=timedelta(minutes=1)) == ()
