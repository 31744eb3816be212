"""Real processes while somebody edits the rules: each swaps by itself, and the ledger says who uses what."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from claimwatch_processes import claimwatch, environment, start
from ledgers import new_ledger
from program import Running
from redis_server import RedisServer

from monitor.core.rules.agreement import RulesInUse
from monitor.store.database import open_database
from monitor.store.rules_in_use import rules_in_use

RULE = """version: 1
rules:
  - id: storm
    title: Storm
    match: {any: [{keyword: [WORD]}]}
    tests:
      - {name: one, article: {title: a WORD}, should_match: true}
      - {name: two, article: {title: calm}, should_match: false}
"""


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


class Installation:
    """One ledger, one Redis, and machines: each a rules folder with processes of its own."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.settings = {
            "database_url": database_url,
            "redis_url": redis_url,
            "data_dir": str(folder / "data"),
        }
        self.children: list[Running] = []

    def rules(self, machine: str, text: str) -> Path:
        """What stands in the rules folder of a machine from now on."""
        folder = self.folder / machine
        folder.mkdir(exist_ok=True)
        (folder / "a.yml").write_text(text, encoding="utf-8")
        return folder

    def env(self, machine: str, **more: str) -> dict[str, str]:
        settings = {**self.settings, "rules": str(self.folder / machine), **more}
        return environment(self.folder, settings)

    def start(self, machine: str, *command: str, **more: str) -> Running:
        child = start(command, env=self.env(machine, **more), cwd=self.folder, log=self.folder / "log")
        self.children.append(child)
        return child

    def run(self, machine: str, *command: str) -> subprocess.CompletedProcess[str]:
        return claimwatch(command, env=self.env(machine), cwd=self.folder)

    def status(self, machine: str) -> tuple[int, dict[str, Any], dict[str, dict[str, Any]]]:
        """Exit code, the folder of that machine, and the processes by role and folder's name."""
        done = self.run(machine, "rules", "status", "--json")
        folder, *processes = [json.loads(line) for line in done.stdout.splitlines()]
        named = {f"{one['role']} {Path(one['folder']).name}": one for one in processes}
        return done.returncode, folder, named

    def uses(self) -> tuple[RulesInUse, ...]:
        """What the processes told."""
        db = open_database(self.settings["database_url"])
        try:
            return rules_in_use(db)
        finally:
            db.close()

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(20)


@pytest.fixture
def redis_url() -> Iterator[str]:
    server = RedisServer()
    server.start()
    yield server.url
    server.close()


@pytest.fixture
def installation(tmp_path: Path, request: pytest.FixtureRequest, redis_url: str) -> Iterator[Installation]:
    # Each kind of database has its test here, and tests/store has what they could differ in.
    database_url = str(request.getfixturevalue(request.param))
    db = new_ledger(database_url)
    db.close()
    made = Installation(tmp_path, database_url, redis_url)
    yield made
    made.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("installation", ["postgres_url"], indirect=True)
def test_every_role_swaps_by_itself_and_says_so(installation: Installation) -> None:
    port = free_port()
    installation.rules("north", RULE.replace("WORD", "storm"))
    for command in (("poll",), ("work", "-q", "deliveries"), ("web", "--port", str(port))):
        installation.start("north", *command)
    roles = {"poller north", "deliverer north", "web north"}

    until(lambda: {f"{use.role} north" for use in installation.uses()} == roles)
    code, folder, before = installation.status("north")
    assert (code, folder["rules"], {one["state"] for one in before.values()}) == (0, 1, {"current"})

    installation.rules("north", RULE.replace("WORD", "gale"))
    waited = installation.run("north", "rules", "status", "--wait", "60")
    assert waited.returncode == 0, waited.stdout + waited.stderr
    code, folder, after = installation.status("north")
    assert {one["version"] for one in after.values()} == {folder["version"]}
    assert folder["version"] not in {one["version"] for one in before.values()}
    assert all(after[role]["since"] > before[role]["since"] for role in roles)

    installation.rules("north", RULE.replace("match", "macth"))
    until(lambda: all(use.problem for use in installation.uses()))
    code, told, broken = installation.status("north")
    assert code == 1
    assert "unknown-key" in told["problem"]
    assert {one["version"] for one in broken.values()} == {folder["version"]}
    assert all("a.yml:5:5: error[unknown-key]" in one["problem"] for one in broken.values())
    health = installation.run("north", "health")
    assert health.returncode == 1
    assert "are broken" in health.stderr
    assert "on with the last good rules" in health.stderr
    served = json.loads(get(port, "/healthz"))
    assert served["status"] == "degraded"
    assert "a.yml:3:5: error[missing-key]" in served["rules"]["disagreements"][0]
    metrics = get(port, "/metrics")
    assert 'claimwatch_rules_broken_processes{role="poller"} 1.0' in metrics
    assert "claimwatch_rules_folder_broken 1.0" in metrics
    assert f'claimwatch_rules_processes{{role="deliverer",version="{folder["version"]}"}} 1.0' in metrics

    installation.rules("north", RULE.replace("WORD", "gale"))
    assert installation.run("north", "rules", "status", "--wait", "60").returncode == 0
    assert "claimwatch_rules_folder_broken 0.0" in get(port, "/metrics")
    installation.stop()
    assert installation.uses() == (), "a process that ended well is forgotten at once"


@pytest.mark.parametrize("installation", ["sqlite_url"], indirect=True)
def test_an_idle_worker_swaps_and_the_next_article_is_judged_by_the_new_rules(
    installation: Installation,
) -> None:
    installation.rules("north", RULE.replace("WORD", "storm"))
    installation.start("north", "work")
    until(installation.uses)
    installation.rules("north", RULE.replace("WORD", "gale"))
    assert installation.run("north", "rules", "status", "--wait", "60").returncode == 0
    article = {"url": "https://wire.example/1", "title": "A gale", "text": "A gale.", "publisher": "P"}
    archive = installation.folder / "one.jsonl"
    archive.write_text(json.dumps(article) + "\n")
    assert installation.run("north", "import", str(archive)).returncode == 0
    (match,) = [
        json.loads(line)
        for line in installation.run("north", "matches", "list", "--json").stdout.splitlines()
    ]
    history = [
        json.loads(line)
        for line in installation.run("north", "rules", "history", "storm", "--json").stdout.splitlines()
    ]
    assert [one["in_folder"] for one in history] == [True, False]
    assert match["rule_version"] == history[0]["version"]
    assert (history[0]["matches"], history[1]["matches"]) == (1, 0)
    assert "+    match: {any: [{keyword: [gale]}]}" in history[0]["diff"]


@pytest.mark.parametrize("installation", ["postgres_url"], indirect=True)
def test_machines_with_different_folders_are_told_apart(installation: Installation) -> None:
    installation.rules("north", RULE.replace("WORD", "storm"))
    installation.rules("south", RULE.replace("WORD", "gale"))
    for machine in ("north", "south"):
        installation.start(machine, "work", "-q", "deliveries")
    until(lambda: len(installation.uses()) == 2)
    for here, there in (("north", "south"), ("south", "north")):
        code, _, processes = installation.status(here)
        assert code == 1
        assert processes[f"deliverer {here}"]["state"] == "current"
        assert processes[f"deliverer {there}"]["state"] == "behind"
    said = installation.run("north", "rules", "status")
    assert "behind: a process takes a change within 5 s" in said.stderr
    installation.rules("south", RULE.replace("WORD", "storm"))
    assert installation.run("north", "rules", "status", "--wait", "60").returncode == 0
