"""`feeds`, `health` and `doctor`, as people run them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli_process import EVIL, Run

from monitor.cli.database import SILENT_AFTER, ailments
from monitor.store.health import Heartbeat
from monitor.store.tasks import Outstanding

URL = "https://news.example/rss.xml"
HOSTILE = "".join(letter for letter in EVIL if letter not in "\x07\x08\x1b")  # XML cannot hold those
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Loop News</title>
<link>https://news.example</link><item><title>Bridge {HOSTILE}
opened</title><link>https://news.example/1</link><pubDate>Tue, 26 Mar 2024 10:00:00 GMT</pubDate>
<description>It is open.</description></item></channel></rss>"""


def test_a_feed_is_added_listed_shown_changed_and_removed(claimwatch: Run) -> None:
    added = claimwatch("feeds", "add", URL, "--publisher", "News", "--tag", "wire", "--interval", "10m")
    assert (added.code, added.out) == (0, f"added: {URL}\n")
    (feed,) = claimwatch("feeds", "list", "--json").objects
    assert (feed["url"], feed["publisher"], feed["tags"], feed["interval_s"]) == (URL, "News", ["wire"], 600)
    assert feed["condition"] == "not polled yet"
    assert claimwatch("feeds", "add", URL, "--publisher", "The News").out == f"changed: {URL}\n"
    shown = claimwatch("feeds", "show", URL)
    assert "The News" in shown.out
    assert claimwatch("feeds", "remove", URL).code == 0
    gone = claimwatch("feeds", "remove", URL)
    assert gone.code == 1
    assert "claimwatch feeds list" in gone.err
    empty = claimwatch("feeds", "list")
    assert (empty.code, empty.out) == (0, "")


@pytest.fixture
def server() -> Iterator[str]:
    """A loopback publisher with a feed, a page and nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/feed": (200, FEED, "application/rss+xml"), "/page": (200, "<html><p>Hi", "text/html")}
            status, body, content_type = pages.get(self.path, (404, "none", "text/plain"))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("ETag", '"one"')
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


LOOPBACK = {"CLAIMWATCH_ALLOW_NETWORKS": "127.0.0.0/8"}


def test_check_says_what_is_found_at_an_address_and_stores_nothing(
    claimwatch: Run, server: str, tmp_path: Path
) -> None:
    done = claimwatch("feeds", "check", f"{server}/feed", env=LOOPBACK)
    assert done.code in {0, 4}, done.err
    for words in ("Loop News", "rss20", "1, ", "2024-03-26 10:00", "Bridge"):
        assert words in done.out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("path", "words", "env"),
    [
        ("/page", "there is no feed at this address", LOOPBACK),
        ("/none", "the server refuses the feed", LOOPBACK),
        ("/feed", "CLAIMWATCH_ALLOW_NETWORKS", {}),
    ],
)
def test_check_explains_what_is_wrong_with_an_address(
    claimwatch: Run, server: str, path: str, words: str, env: dict[str, str]
) -> None:
    done = claimwatch("feeds", "check", server + path, env=env)
    assert done.code == 1
    assert words in done.err
    assert "help:" in done.err


# ---------------------------------------------------------------- health and doctor

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
IDLE = Outstanding(
    articles=0,
    notifications=0,
    stuck_articles=0,
    dead_notifications=0,
    open_articles=0,
    open_notifications=0,
)


def beat(role: str, ago: timedelta = timedelta(seconds=5)) -> Heartbeat:
    return Heartbeat(role=role, process="host:1", at=NOW - ago, note="")


def test_all_is_well_while_every_role_gives_signs() -> None:
    assert ailments((beat("poller"), beat("worker"), beat("deliverer")), IDLE, now=NOW) == ()


def test_one_living_process_of_a_role_is_enough() -> None:
    silent = beat("worker", SILENT_AFTER * 2)
    assert ailments((beat("poller"), beat("worker"), silent), IDLE, now=NOW) == ()


@pytest.mark.parametrize(
    ("beats", "role", "words"),
    [
        ((), "", "no poller"),
        ((beat("poller"),), "", "no worker"),
        ((beat("poller"), beat("worker", SILENT_AFTER * 2)), "", "of a worker was 3 min ago"),
        ((beat("poller"), beat("worker"), beat("web", SILENT_AFTER * 2)), "", "of a web"),
        ((beat("poller"),), "worker", "no worker"),
    ],
)
def test_a_silent_role_is_an_ailment(beats: tuple[Heartbeat, ...], role: str, words: str) -> None:
    assert words in " ".join(ailments(beats, IDLE, now=NOW, role=role))


def test_one_role_is_well_whatever_the_others_do() -> None:
    assert ailments((beat("poller"),), IDLE, now=NOW, role="poller") == ()


def test_health_without_any_process_is_exit_code_1(claimwatch: Run) -> None:
    assert claimwatch("db", "upgrade").code == 0
    done = claimwatch("health", "--json")
    assert done.code == 1
    assert json.loads(done.out)["healthy"] is False
    assert claimwatch("health", "worker").code == 1


def test_doctor_examines_everything_and_names_remedies(claimwatch: Run, tmp_path: Path) -> None:
    assert claimwatch("db", "upgrade").code == 0
    well = claimwatch("doctor")
    assert well.code == 0, well.out
    for subject in ("claimwatch", "SQLite", "database", "Redis", "rules"):
        assert subject in well.out
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "one.yml").write_text("version: 1\nrules: [{id: 7}]\n")
    ill = claimwatch("doctor", "--json", env={"CLAIMWATCH_RULES": str(tmp_path / "broken")})
    assert ill.code == 1
    assert [finding["subject"] for finding in ill.objects if not finding["ok"]] == ["rules"]
