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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import program
import pytest

ROOT = Path(__file__).parents[2]


def clean_environment(folder: Path) -> dict[str, str]:
    """It has a temporary folder of its own, by which the demo's processes are known."""
    paths = [str(ROOT)]
    try:
        distribution("claimwatch")
    except PackageNotFoundError:
        paths.append(str(_looks_installed(folder / "installed")))
    (folder / "tmp").mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    return clean | {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(folder / "tmp")}


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


pytestmark = pytest.mark.long

COMMAND = [sys.executable, "-m", "monitor.cli", "demo"]


@dataclass(frozen=True)
class Kept:
    """A demo that has shown all it shows and stays up."""

    demo: subprocess.Popen[bytes]
    folder: Path
    env: dict[str, str]

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text()

    @property
    def err(self) -> str:
        return (self.folder / "err").read_text()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """One run for all that is asked of it: it takes every process half a minute."""
    folder = tmp_path_factory.mktemp("kept")
    env = clean_environment(folder)
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        demo = subprocess.Popen(
            [*COMMAND, "--keep"], env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
    made = Kept(demo, folder, env)
    try:
        until(lambda: "claimwatch health" in made.out or demo.poll() is not None, within=300)
        assert demo.poll() is None, made.out + made.err
        yield made
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)


def test_the_demo_shows_a_contradiction_with_both_quotes(kept: Kept) -> None:
    shown = kept.out.partition("Everything keeps running")[0]
    contradictions = shown.partition("\nContradictions:")[2].partition("\nAlerts delivered")[0]
    assert contradictions.count("“") >= 2
    assert "Why: " in contradictions
    for sort in ("denial", "numeric", "reversal"):
        assert f"({sort}, " in contradictions, sort
    assert "an update, no conflict" in contradictions
    assert "told nobody again" in shown
    assert re.search(r"Alerts delivered to the webhook receiver: [1-9]", shown)
    assert "counted as one origin" in shown
    assert "stored as version 2" in shown
    assert "http" not in shown
    assert "\x1b" not in kept.out + kept.err
    assert "articles stored: 21" in kept.err
    assert not (kept.folder / ".claimwatch").exists()


def test_kept_it_serves_the_page_and_the_commands(kept: Kept) -> None:
    settings = dict(re.findall(r"export (\w+)=(\S+)", kept.out))
    page = re.search(r"web page: (\S+)", kept.out)
    assert page
    until(lambda: answers(page[1] + "healthz"), within=60)
    listed = program.run(["contradictions", "list", "--json"], env=kept.env | settings, cwd=kept.folder)
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout


def test_stopped_it_ends_well_and_leaves_no_process_and_the_folder_that_it_named(kept: Kept) -> None:
    assert processes_of(kept.env)
    kept.demo.send_signal(signal.SIGINT)
    assert kept.demo.wait(60) == 0
    until(lambda: processes_of(kept.env) == [], within=10)
    (left,) = (kept.folder / "tmp").iterdir()
    assert f"the folder is left: {left}" in kept.out


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False


def test_interrupted_it_stops_everything(tmp_path: Path) -> None:
    env = clean_environment(tmp_path)
    demo = subprocess.Popen(
        COMMAND, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until(lambda: any(" poll" in line for line in processes_of(env)), within=60)
    demo.send_signal(signal.SIGTERM)
    out, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, out
    until(lambda: processes_of(env) == [], within=10)
    assert list((tmp_path / "tmp").iterdir()) == []
