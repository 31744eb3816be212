"""A real Redis for a test: its own process, on a unix socket, without persistence unless asked."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from workers.embedded_redis import find_server


class RedisServer:
    """Can be killed and started again; the socket stays at the same path."""

    def __init__(self) -> None:
        # pytest's own folders are longer than a socket path may be
        self._folder = tempfile.TemporaryDirectory(prefix="cwredis-")
        self.socket = Path(self._folder.name) / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def client(self) -> Redis:
        return Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                find_server(),
                "--port",
                "0",
                "--unixsocket",
                str(self.socket),
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            cwd=self._folder.name,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                if self.client().ping():
                    return
            except RedisError:
                time.sleep(0.02)
        raise RuntimeError("redis-server does not start")

    def kill(self) -> None:
        """SIGKILL: whatever it held is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._folder.cleanup()
