"""The program in a process of its own, without the second of imports that every start of Python costs.

A server imports everything once and gives each run a fork of itself: memory, environment, folder, outputs and
exit status are the run's own, as they would be of `python -m monitor.cli`. What is about starting itself (the
time of --help, the encoding of a terminal) starts Python instead.

python tests/program.py SOCKET        (started by `run`)
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
import time
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
#: The end of a run that took too long.
TIMED_OUT = -1


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
        folder = Path(name)
        (folder / "in").write_bytes(input_)
        asked = {
            "arguments": list(arguments),
            "env": dict(env),
            "cwd": str(cwd),
            "folder": name,
            "timeout": timeout,
        }
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(_server())
            server.sendall(json.dumps(asked).encode() + b"\n")
            status = json.loads(server.makefile().readline())
        out, err = (folder / "out").read_bytes(), (folder / "err").read_bytes()
    if status == TIMED_OUT:
        raise subprocess.TimeoutExpired(list(arguments), timeout, out, err)
    return subprocess.CompletedProcess(list(arguments), status, out, err)


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
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(16)
        # Nobody waits for those who look after the runs.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print("ready", flush=True)
        while sys.stdin.fileno() not in select.select([listener, sys.stdin], [], [])[0]:
            asking, _ = listener.accept()
            with asking:
                if os.fork() == 0:
                    listener.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    _look_after(asking)


def _import_everything() -> None:
    import monitor
    import workers

    for package in (monitor, workers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".revisions" not in module.name:
                importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)


def _look_after(asking: socket.socket) -> None:
    """Start one run, tell how it ended, and end. Returns only in the run itself."""
    asked = json.loads(asking.makefile().readline())
    program = os.fork()
    if program == 0:
        asking.close()
        _become(asked)
    give_up_at = time.monotonic() + asked["timeout"]
    while True:
        pid, status = os.waitpid(program, os.WNOHANG)
        if pid:
            told = os.waitstatus_to_exitcode(status)
            break
        if time.monotonic() > give_up_at:
            os.kill(program, signal.SIGKILL)
            os.waitpid(program, 0)
            told = TIMED_OUT
            break
        time.sleep(0.005)
    with contextlib.suppress(BrokenPipeError):
        asking.sendall(json.dumps(told).encode() + b"\n")
    os._exit(0)


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be `python -m monitor.cli`."""
    atexit._clear()
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.path[:0] = asked["env"].get("PYTHONPATH", "").split(os.pathsep)
    importlib.invalidate_caches()
    folder = Path(asked["folder"])
    for number, name, mode in ((0, "in", os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
        file = os.open(folder / name, mode | os.O_CREAT, 0o600)
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
