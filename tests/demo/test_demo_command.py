"""`claimwatch demo` as a user runs it: a process of its own, everything real."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A clean environment with a temporary folder of its own, by which the demo's processes are known."""
    paths = [str(ROOT)]
    try:
        distribution("claimwatch")
    except PackageNotFoundError:
        paths.append(str(_looks_installed(tmp_path / "installed")))
    (tmp_path / "tmp").mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    return clean | {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(tmp_path / "tmp")}


def _looks_installed(folder: Path) -> Path:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    info = folder / f"claimwatch-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: claimwatch\nVersion: {project['version']}\n"
    )
    rows = project["entry-points"]["claimwatch.commands"].items()
    lines = "".join(f"{name} = {value}\n" for name, value in rows)
    (info / "entry_points.txt").write_text(f"[claimwatch.commands]\n{lines}")
    return folder


def processes_of(env: dict[str, str]) -> list[str]:
    """Command lines of running processes that carry the test's temporary folder in their environment."""
    mark = f"TMPDIR={env['TMPDIR']}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [line for line in found if line]


def until(true: Callable[[], bool], *, within: float = 120) -> None:
    give_up_at = time.monotonic() + within
    while not true():
        assert time.monotonic() < give_up_at, "it did not come true"
        time.sleep(0.2)


COMMAND = [sys.executable, "-m", "monitor.cli", "demo"]


def test_the_demo_shows_a_contradiction_with_both_quotes_and_leaves_nothing_behind(
    env: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        COMMAND, env=env, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    contradictions = done.stdout.partition("\nContradictions:")[2].partition("\nAlerts delivered")[0]
    assert contradictions.count("“") >= 2
    assert "Why: " in contradictions
    for sort in ("denial", "numeric", "reversal"):
        assert f"({sort}, " in contradictions, sort
    assert "an update, no conflict" in contradictions
    assert "told nobody again" in done.stdout
    assert re.search(r"Alerts delivered to the webhook receiver: [1-9]", done.stdout)
    assert "counted as one origin" in done.stdout
    assert "stored as version 2" in done.stdout
    assert "http" not in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "articles stored: 21" in done.stderr
    until(lambda: processes_of(env) == [], within=10)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / ".claimwatch").exists()


def test_kept_it_serves_the_page_and_the_commands_until_it_is_stopped(
    env: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with out.open("wb") as file:
        demo = subprocess.Popen([*COMMAND, "--keep"], env=env, cwd=tmp_path, stdout=file, stderr=file)
    try:
        until(lambda: "claimwatch health" in out.read_text() or demo.poll() is not None)
        said = out.read_text()
        assert demo.poll() is None, said
        settings = dict(re.findall(r"export (\w+)=(\S+)", said))
        page = re.search(r"web page: (\S+)", said)
        assert page
        until(lambda: answers(page[1] + "healthz"), within=60)
        listed = subprocess.run(
            [sys.executable, "-m", "monitor.cli", "contradictions", "list", "--json"],
            env=env | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert listed.returncode == 0, listed.stderr
        assert listed.stdout
    finally:
        demo.send_signal(signal.SIGINT)
        code = demo.wait(60)
    assert code == 0
    until(lambda: processes_of(env) == [], within=10)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False


def test_interrupted_it_stops_everything(env: dict[str, str], tmp_path: Path) -> None:
    demo = subprocess.Popen(
        COMMAND, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until(lambda: any(" poll" in line for line in processes_of(env)), within=60)
    demo.send_signal(signal.SIGTERM)
    out, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, out
    until(lambda: processes_of(env) == [], within=10)
    assert list((tmp_path / "tmp").iterdir()) == []
