"""`feeds add`, `check`, `import` and `export`, as people run them, against a publisher on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli_process import EVIL, Run

HOSTILE = "".join(letter for letter in EVIL if letter not in "\x07\x08\x1b")  # XML cannot hold those
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Loop News</title>
<link>https://news.example</link><item><title>Bridge {HOSTILE}
opened</title><link>https://news.example/1</link><pubDate>Tue, 26 Mar 2024 10:00:00 GMT</pubDate>
<description>It is open.</description></item></channel></rss>"""
PAGE = """<html><title>Loop</title><link rel=alternate type=application/rss+xml href=/news.rss title=All>
<link rel=alternate type=application/rss+xml href=/none><article><a href=/a>One thing</a></article></html>"""
FAULTY = """<rss version="2.0"><channel><title>F</title>
<item><title>Caf\xc3\x83\xc2\xa9 &nbsp; opens</title></item>"""


@pytest.fixture
def server() -> Iterator[str]:
    """A publisher with a feed, a page that names it, one that names nothing, and a faulty feed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/news.rss": (200, FEED, "application/rss+xml"),
                "/": (200, PAGE, "text/html"),
                "/bare": (200, "<html><p>Hi", "text/html"),
                "/faulty": (200, FAULTY, "text/plain"),
            }
            status, body, content_type = pages.get(self.path, (404, "none", "text/plain"))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("ETag", '"one"')
            self.end_headers()
            self.wfile.write(body.encode("latin-1" if self.path == "/faulty" else "utf-8"))

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "feeds.yml").write_text(
        "# ours\nversion: 1\nfeeds:  # all of them\n  - {url: https://a.example/rss}  # keep me\n"
    )
    return {"CLAIMWATCH_ALLOW_NETWORKS": "127.0.0.0/8", "CLAIMWATCH_RULES": str(folder)}


def feeds_yml(tmp_path: Path) -> str:
    return (tmp_path / "rules" / "feeds.yml").read_text(encoding="utf-8")


def test_a_page_is_asked_for_its_feed_and_the_feed_is_written_into_feeds_yml(
    claimwatch: Run, server: str, env: dict[str, str], tmp_path: Path
) -> None:
    before = feeds_yml(tmp_path)
    added = claimwatch("feeds", "add", server, "--yes", "--tag", "wire", env=env)
    assert added.code == 0, added.err
    assert f"{server}/news.rss" in added.out
    assert "announced" in added.out
    assert feeds_yml(tmp_path) == (
        before + f"  - {{url: {server}/news.rss, publisher: Loop News, tags: [wire]}}\n"
    )
    changed = claimwatch("feeds", "add", f"{server}/news.rss", "--interval", "1h", env=env)
    assert changed.out.startswith(f"changed: {server}/news.rss")
    assert "tags: [wire]" not in feeds_yml(tmp_path)
    assert "interval: 1h" in feeds_yml(tmp_path)
    listed = claimwatch("feeds", "list", "--json", env=env).objects
    assert [(one["learned"], one["interval_s"]) for one in listed] == [(False, 3600)]
    removed = claimwatch("feeds", "remove", f"{server}/news.rss", env=env)
    assert removed.code == 0, removed.err
    assert feeds_yml(tmp_path) == before


def test_nobody_there_to_choose_is_said_and_nothing_is_written(
    claimwatch: Run, server: str, env: dict[str, str], tmp_path: Path
) -> None:
    before = feeds_yml(tmp_path)
    unsure = claimwatch("feeds", "add", server, env=env)
    assert unsure.code == 2
    assert "--yes" in unsure.err
    nothing = claimwatch("feeds", "add", f"{server}/bare", "--yes", env=env)
    assert nothing.code == 1
    assert "--entry" in nothing.err
    broken = claimwatch("feeds", "add", f"{server}/bare", "--entry", "h2 >", env=env)
    assert broken.code == 2
    assert feeds_yml(tmp_path) == before


def test_a_page_without_a_feed_is_added_with_its_selectors_and_checked_by_them(
    claimwatch: Run, server: str, env: dict[str, str], tmp_path: Path
) -> None:
    added = claimwatch("feeds", "add", server, "--entry", "article", env=env)
    assert added.code == 0, added.err
    assert "page: {entry: article}" in feeds_yml(tmp_path)
    checked = claimwatch("feeds", "check", server, "--json", env=env)
    (told,) = checked.objects
    assert (told["is_feed"], told["format"], told["entries"]) == (True, "page", 1)


def test_check_says_what_is_found_and_what_could_be_better(
    claimwatch: Run, server: str, env: dict[str, str], tmp_path: Path
) -> None:
    done = claimwatch("feeds", "check", f"{server}/news.rss", env=env)
    assert done.code == 0, done.err
    for words in ("Loop News", "rss20", "1, ", "2024-03-26 10:00", "Bridge", "[stale]", "[summaries-only]"):
        assert words in done.out
    assert "[ignored-validators]" in done.out
    assert not (tmp_path / "data").exists()


def test_check_as_json_names_each_fault_by_a_stable_code(
    claimwatch: Run, server: str, env: dict[str, str]
) -> None:
    done = claimwatch("feeds", "check", f"{server}/faulty", "--json", env=env)
    assert done.code == 4, done.err
    (told,) = done.objects
    levels = {one["code"]: one["level"] for one in told["findings"]}
    assert levels["faulty-document"] == levels["no-identity"] == "fault"
    assert levels["no-dates"] == levels["no-links"] == levels["content-type"] == "advice"
    assert all(one["remedy"] for one in told["findings"])


@pytest.mark.parametrize(
    ("path", "words", "allowed"),
    [
        ("/", "the page links to this feed", True),
        ("/none", "the server refuses the feed", True),
        ("/news.rss", "CLAIMWATCH_ALLOW_NETWORKS", False),
    ],
)
def test_check_explains_what_is_wrong_with_an_address(
    claimwatch: Run, server: str, env: dict[str, str], path: str, words: str, allowed: bool
) -> None:
    done = claimwatch("feeds", "check", server + path, env=env if allowed else {})
    assert done.code == 1
    assert words in done.err
    assert "help:" in done.err


def test_a_list_comes_in_with_its_folders_as_tags_and_goes_out_again(
    claimwatch: Run, env: dict[str, str], tmp_path: Path
) -> None:
    opml = tmp_path / "list.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="World News"><outline text="Asia">'
        '<outline text="B &amp; C" xmlUrl="https://b.example/rss?a=1&b=2"/></outline></outline>'
        '<outline text="bad" xmlUrl="file:///etc/passwd"/><outline text="A" xmlUrl="https://a.example/rss"/>'
        "</body></opml>"
    )
    done = claimwatch("feeds", "import", str(opml), "--tag", "new", env=env)
    assert done.code == 4
    assert "file:///etc/passwd" in done.err
    assert "1 are there already" in done.err
    (line,) = (one for one in feeds_yml(tmp_path).splitlines() if "tags: [world-news, asia, new]" in one)
    assert "interval" not in line
    assert "# keep me" in feeds_yml(tmp_path)
    again = claimwatch("feeds", "import", str(opml), env=env)
    assert "all 2 are there already" in again.out
    out = claimwatch("feeds", "export", "--opml", env=env)
    assert out.code == 0, out.err
    assert 'xmlUrl="https://b.example/rss?a=1&amp;b=2"' in out.out
    assert '<outline text="world-news">' in out.out
    assert claimwatch("feeds", "import", str(tmp_path / "none.opml"), env=env).code == 2
