"""The program in a process of its own, without the seconds that every start of Python costs.

A server imports everything once, reads what comes with the program (parsers, shipped rules), and gives each
run a fork of itself: memory, environment, folder, outputs and exit status are the run's own, as they would be
of `python -m monitor.cli`. What is about starting itself (the time of --help, the encoding of a terminal)
starts Python instead.

python tests/program.py SOCKET        (started by `run` and `start`)
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

REPOSITORY = Path(__file__).parent.parent
#: What commands import when they need it, and what that imports late.
LATE = (
    "alembic.command",
    "spacy",
    "sqlalchemy.dialects.sqlite",
    "psycopg",
    "rich.table",
    "rich.traceback",
    "rq",
)


# ---------------------------------------------------------------- what tests call


def run(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    input_: bytes = b"",
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run `claimwatch ARGUMENTS` to its end. Raises TimeoutExpired, and then it is killed."""
    with tempfile.TemporaryDirectory(prefix="claimwatch-run-") as name:
        files = [Path(name) / stream for stream in ("in", "out", "err")]
        files[0].write_bytes(input_)
        running = Running(arguments, env, cwd, files)
        try:
            status = running.wait(timeout)
        except subprocess.TimeoutExpired as late:
            running.kill()
            running.wait()
            late.output, late.stderr = files[1].read_bytes(), files[2].read_bytes()
            raise
        return subprocess.CompletedProcess(
            list(arguments), status, files[1].read_bytes(), files[2].read_bytes()
        )


def start(arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path | None = None) -> Running:
    """Start `claimwatch ARGUMENTS`, in a session of its own; both its outputs go to `log`."""
    nowhere = Path(os.devnull)
    return Running(arguments, env, cwd, [nowhere, log or nowhere, log or nowhere])


class Running:
    """One run, with the verbs of subprocess.Popen."""

    def __init__(
        self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path, files: Sequence[Path]
    ) -> None:
        self.args = list(arguments)
        self.returncode: int | None = None
        asked = {"arguments": self.args, "env": dict(env), "cwd": str(cwd), "files": list(map(str, files))}
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(_server())
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        self._told = self._socket.makefile("rb")
        self.pid: int = json.loads(self._told.readline())

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended; of a signal, its number below zero. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._socket], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = int(json.loads(self._told.readline()))
            self._told.close()
            self._socket.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _server() -> str:
    """The address of this test process's server, started when it is first needed."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-program-"))
    address = str(folder / "socket")
    process = subprocess.Popen(
        [sys.executable, __file__, address],
        # It ends when this end is closed, whatever becomes of us.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the server of test programs did not start"

    def stop() -> None:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return address


# ---------------------------------------------------------------- the server


def serve(address: str) -> None:
    """Fork for whoever asks, until standard input ends."""
    _import_everything()
    _read_what_comes_with_the_program()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(16)
        print("ready", flush=True)
        while sys.stdin.fileno() not in select.select([listener, sys.stdin], [], [])[0]:
            asking, _ = listener.accept()
            with asking:
                if os.fork() == 0:
                    listener.close()
                    _look_after(asking)
            _reap()


def _reap() -> None:
    """Wait for those that have ended: so their time counts as ours, and whoever measures tests sees it."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _import_everything() -> None:
    import monitor
    import workers

    for package in (monitor, workers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".revisions" not in module.name:
                importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)


def _read_what_comes_with_the_program() -> None:
    """What every process reads once, and what does not change between two runs."""
    from monitor.models import load_parsers
    from monitor.rulefiles.program import shipped

    parsers = load_parsers()
    for lang in parsers:
        assert parsers[lang]
    shipped()


def _look_after(asking: socket.socket) -> None:
    """Start one run, tell its number and how it ended, and end. Returns only in the run itself."""
    asked = json.loads(asking.makefile().readline())
    program = os.fork()
    if program == 0:
        asking.close()
        _become(asked)
    with contextlib.suppress(BrokenPipeError):
        asking.sendall(b"%d\n" % program)
    _, status = os.waitpid(program, 0)
    with contextlib.suppress(BrokenPipeError):
        asking.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be `python -m monitor.cli`."""
    atexit._clear()
    os.setsid()
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.path[:0] = asked["env"].get("PYTHONPATH", "").split(os.pathsep)
    importlib.invalidate_caches()
    for number, name in enumerate(asked["files"]):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # for as long as the process lasts
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # so is this
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115  # so is this
    sys.argv = ["claimwatch", *asked["arguments"]]
    status: object = 0
    try:
        runpy.run_module("monitor.cli", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    except BaseException:
        traceback.print_exc()
        status = 1
    if status is not None and not isinstance(status, int):
        print(status, file=sys.stderr)
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    # Taking every imported module apart would copy the server's whole memory.
    os._exit(status or 0)


if __name__ == "__main__":
    serve(sys.argv[1])
