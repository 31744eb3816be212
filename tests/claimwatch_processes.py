"""Real claimwatch processes for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path

import program

REPOSITORY = Path(__file__).parent.parent

ENTRY_POINTS = """[claimwatch.commands]
processes = workers.commands:register
web = monitor.web.commands:register
"""


def environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """An environment with these CLAIMWATCH_ settings and no others, in which `claimwatch` is installed.

    Where the tests run from a bare checkout, `folder` gets what an installation would add.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    paths = [str(REPOSITORY), str(REPOSITORY / "tests")]
    if not entry_points(group="claimwatch.commands"):
        metadata = folder / "installed" / "claimwatch-0.dist-info"
        metadata.mkdir(parents=True, exist_ok=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: claimwatch\nVersion: 0\n")
        (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
        paths.append(str(metadata.parent))
    env["PYTHONPATH"] = os.pathsep.join(paths)
    env |= {f"CLAIMWATCH_{name.upper()}": value for name, value in settings.items()}
    return env


def start(arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> program.Running:
    """`claimwatch ARGUMENTS` as a child, which has its imports behind it; both its outputs go to `log`."""
    return program.start(arguments, env=env, cwd=cwd, log=log)


def start_anew(
    arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path
) -> subprocess.Popen[bytes]:
    """The same from the start of Python on: for what /proc tells of a process, and how it ends."""
    with log.open("ab") as where:
        return subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", *arguments],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=where,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def claimwatch(
    arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, input_: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `claimwatch ARGUMENTS` to its end."""
    done = program.run(arguments, env=env, cwd=cwd, input_=input_ or b"")
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
