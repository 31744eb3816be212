"""`claimwatch up` with real processes, and the commands that do everything in one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from claimwatch_processes import claimwatch, environment, start_anew
from loopback import Publisher

pytestmark = pytest.mark.long

RULE = """
version: 1
rules:
  - {id: storm, title: Storm, match: {any: [{keyword: [storm]}]}, alert: {on: [match]}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


@pytest.fixture
def rules(tmp_path: Path, publisher: Publisher) -> Path:
    folder = tmp_path / "rules"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "storm.yml").write_text(RULE)
    # The demo shows all of it with what is shipped; here five processes start again and again.
    (folder / "shipped.yml").write_text("version: 1\nshipped: []\n")
    url = publisher.publish("/a", "A", [("g1", "A storm", "A storm came over the coast.")])
    (folder / "feeds.yml").write_text(f"version: 1\nfeeds:\n  - url: {url}\n    publisher: A\n")
    (folder / "routes.yml").write_text(
        f"version: 1\nreceivers:\n  desk: file:{tmp_path / 'alerts.jsonl'}\nroute:\n  - receivers: [desk]\n"
    )
    return folder


@pytest.fixture
def env(tmp_path: Path, rules: Path) -> dict[str, str]:
    return environment(
        tmp_path,
        {
            "data_dir": str(tmp_path / "data"),
            "rules": str(rules),
            "allow_networks": "127.0.0.0/8",
            "port": str(free_port()),
            "workers": "1",
            "embedder": "off",
        },
    )


def processes_of(env: dict[str, str]) -> dict[int, str]:
    """Living processes that work on this data folder, with their command lines."""
    wanted = f"CLAIMWATCH_DATA_DIR={env['CLAIMWATCH_DATA_DIR']}".encode()
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if wanted in (folder / "environ").read_bytes() and command:
                found[int(folder.name)] = command
        except OSError:
            continue
    return found


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def up(env: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    child = start_anew(["up"], env=env, cwd=tmp_path, log=tmp_path / "log")
    yield child
    if child.poll() is None:
        child.terminate()
        child.wait(15)


def test_up_runs_everything_restarts_what_dies_and_leaves_nothing_running(
    up: subprocess.Popen[bytes], env: dict[str, str], tmp_path: Path
) -> None:
    alerts = tmp_path / "alerts.jsonl"
    until(lambda: alerts.exists() and alerts.read_text().count("\n") == 1)
    page = f"http://127.0.0.1:{env['CLAIMWATCH_PORT']}/healthz"

    def web_answers() -> bool:
        try:
            with urllib.request.urlopen(page, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    until(web_answers)
    said = (tmp_path / "log").read_text()
    assert all(name in said for name in ("redis", "poller", "worker 1", "deliverer", "web"))
    assert f":{env['CLAIMWATCH_PORT']}/" in said

    second = claimwatch(["up"], env=env, cwd=tmp_path)
    assert second.returncode == 2
    assert "already running" in second.stderr
    assert "help:" in second.stderr

    (poller,) = (pid for pid, command in processes_of(env).items() if command.rstrip().endswith(" poll"))
    os.kill(poller, signal.SIGKILL)
    until(
        lambda: any(
            pid != poller and command.rstrip().endswith(" poll") for pid, command in processes_of(env).items()
        )
    )
    assert "poller was killed by SIGKILL" in (tmp_path / "log").read_text()

    before = time.monotonic()
    up.terminate()
    assert up.wait(15) == 0
    assert time.monotonic() - before < 12
    until(lambda: not processes_of(env), 5)


def test_nothing_outlives_a_supervisor_that_was_killed(
    up: subprocess.Popen[bytes], env: dict[str, str], tmp_path: Path
) -> None:
    until(lambda: (tmp_path / "alerts.jsonl").exists())
    up.kill()
    up.wait()
    until(lambda: not processes_of(env), 15)


def test_up_without_rules_says_so_and_starts_nothing(env: dict[str, str], tmp_path: Path) -> None:
    env["CLAIMWATCH_RULES"] = str(tmp_path / "nowhere")
    done = claimwatch(["up"], env=env, cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert not processes_of(env)


def test_up_with_a_redis_that_is_away_says_so(env: dict[str, str], tmp_path: Path) -> None:
    env["CLAIMWATCH_REDIS_URL"] = "redis://:secret@127.0.0.1:1/0"
    done = claimwatch(["up"], env=env, cwd=tmp_path)
    assert done.returncode == 3
    assert "does not answer" in done.stderr
    assert "secret" not in done.stderr


def test_once_polls_processes_and_delivers_without_redis(env: dict[str, str], tmp_path: Path) -> None:
    env["PATH"] = str(tmp_path)
    done = claimwatch(["once"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 feeds polled (0 failed), 1 new article versions" in done.stdout
    (line,) = (tmp_path / "alerts.jsonl").read_text().splitlines()
    assert json.loads(line)["kind"] == "match"
    again = claimwatch(["once"], env=env, cwd=tmp_path)
    assert "0 feeds polled" in again.stdout
    assert len((tmp_path / "alerts.jsonl").read_text().splitlines()) == 1


def test_once_with_a_feed_that_fails_is_partial(env: dict[str, str], rules: Path, tmp_path: Path) -> None:
    feeds = rules / "feeds.yml"
    feeds.write_text(feeds.read_text() + "  - url: http://127.0.0.1:1/none\n    publisher: None\n")
    done = claimwatch(["once"], env=env, cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "2 feeds polled (1 failed), 1 new" in done.stdout


def test_work_and_poll_refuse_a_database_that_is_not_set_up(env: dict[str, str], tmp_path: Path) -> None:
    for command in (["work"], ["work", "-q", "deliveries"], ["poll"]):
        done = claimwatch(command, env=env, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "db upgrade" in done.stderr


def test_an_unknown_queue_is_named_with_the_known_ones(env: dict[str, str], tmp_path: Path) -> None:
    done = claimwatch(["work", "-q", "everything"], env=env, cwd=tmp_path)
    assert done.returncode == 2
    assert "articles, deliveries" in done.stderr


def line(**changes: str) -> str:
    return json.dumps(
        {"guid": "g", "title": "T", "text": "A storm.", "publisher": "P", "lang": "en"} | changes
    )


def test_import_goes_the_whole_path_and_names_bad_lines(env: dict[str, str], tmp_path: Path) -> None:
    archive = f"{line()}\nnonsense\n{line(text='A bigger storm.')}\n"
    done = claimwatch(["import", "-"], env=env, cwd=tmp_path, input_=archive.encode())
    assert done.returncode == 4
    assert "-:2: no JSON" in done.stderr
    assert "2 new article versions" in done.stdout
    assert not (tmp_path / "alerts.jsonl").exists()
    listed = claimwatch(["articles", "list", "--json"], env=env, cwd=tmp_path)
    (article,) = (json.loads(shown) for shown in listed.stdout.splitlines())
    assert (article["version"], article["versions"], article["state"]) == (2, 2, "judged")

    (tmp_path / "more.jsonl").write_text(line(guid="h") + "\n" + line(text="A bigger storm.") + "\n")
    done = claimwatch(["import", "more.jsonl", "--alert"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 new article versions, 1 known already" in done.stdout
    assert len((tmp_path / "alerts.jsonl").read_text().splitlines()) == 1


def test_import_of_a_file_that_is_not_there_says_so(env: dict[str, str], tmp_path: Path) -> None:
    done = claimwatch(["import", "nowhere.jsonl"], env=env, cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.jsonl: No such file" in done.stderr


def test_try_needs_neither_database_nor_redis(
    env: dict[str, str], publisher: Publisher, tmp_path: Path
) -> None:
    env["CLAIMWATCH_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    url = publisher.publish("/try", "Try", [("g1", "A storm", "A storm came."), ("g2", "Calm", "Nothing.")])
    done = claimwatch(["try", url, "--json"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (match,) = (json.loads(shown) for shown in done.stdout.splitlines())
    assert (match["type"], match["rule"], match["article"]["publisher"]) == ("match", "storm", "Try")

    (tmp_path / "story.txt").write_text("A storm\n\nA storm came over the coast.\x1b[31m\n")
    done = claimwatch(["try", "story.txt"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 articles, 1 match" in done.stdout
    assert "\x1b" not in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("http://127.0.0.1:9/feed", 3, "no connection"),
        ("http://10.1.2.3/feed", 2, "CLAIMWATCH_ALLOW_NETWORKS"),
        ("ftp://news.example/feed", 2, "http"),
    ],
)
def test_try_says_what_is_wrong_with_an_address(
    address: str, code: int, words: str, env: dict[str, str], tmp_path: Path
) -> None:
    done = claimwatch(["try", address], env=env, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
