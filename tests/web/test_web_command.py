"""`claimwatch web` as a process: where it listens, and how it begins and ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import claimwatch_processes as processes
import httpx
import pytest
from newsroom import ledger, rules_folder

# The command line with this room's commands alone, whether or not claimwatch is installed here.
RUN = """
import sys
from importlib.metadata import EntryPoint
from monitor.cli import main
web = EntryPoint("web", "monitor.web.commands:register", main.GROUP)
build = main.build_app
main.build_app = lambda: build([web])
main.main()
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    return kept | {"CLAIMWATCH_DATA_DIR": str(folder), "CLAIMWATCH_RULES": str(rules_folder(folder))}


def web(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "web", *options],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(folder: Path, *options: str) -> tuple[int, str]:
    """Exit code and standard error of one that ends by itself."""
    env = processes.environment(folder, {"data_dir": str(folder), "rules": str(rules_folder(folder))})
    done = processes.claimwatch(["web", *options], env=env, cwd=folder)
    return done.returncode, done.stderr


def test_any_free_port_is_told_and_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with ledger(tmp_path):
        process = web(tmp_path, "--port", "0")
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Claimwatch is at http://127.0.0.1:"), process.communicate()[1]
            url = line.split()[-1]
            assert httpx.get(f"{url}healthz", timeout=30, trust_env=False).status_code == 200
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=30)
    assert process.returncode == 0, rest


def test_a_port_that_is_taken_is_told_with_the_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused(tmp_path, "--port", str(port))
    assert code == 2, said
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "--port" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_it_does_not_listen_where_others_could_read(tmp_path: Path, host: str) -> None:
    code, said = refused(tmp_path, "--host", host, "--port", "0")
    assert code == 2, said
    assert f"will not listen on {host}" in said
    assert "127.0.0.1" in said
