"""Makes .venv from the locks in requirements/; started by ./run with the system's own Python.

Standard library only. One start at a time works on the folder (the others wait for it); an
environment whose making was cut off is made anew. Leaves with 2 when this machine lacks something
that a person must add, with 3 when the package index cannot be reached.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
#: Stands while the environment is being made; found at the next start, it was cut off.
UNFINISHED = VENV / "unfinished"
LOCKS = {"runtime": ("runtime",), "dev": ("runtime", "dev")}

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Connection refused",
    "Network is unreachable",
    "No route to host",
    "ConnectTimeout",
    "ReadTimeout",
    "timed out",
    "ProxyError",
    "SSLError",
    "CERTIFICATE_VERIFY_FAILED",
)


def say(text: str) -> None:
    """One line for the person who waits; never on stdout, which belongs to the command."""
    print(f"claimwatch: {text}", file=sys.stderr, flush=True)


def refuse(problem: str, remedy: str, *, code: int = 2) -> NoReturn:
    """Say what is wrong and what helps, and leave."""
    print(f"claimwatch: {problem}\n  {remedy}", file=sys.stderr, flush=True)
    sys.exit(code)


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other start works on this folder; the system frees the lock when we die."""
    with (ROOT / "run").open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def wanted_stamp(level: str) -> str:
    """What ./run compares: checksum of the locks, this folder, the interpreter."""
    command = ["sh", str(ROOT / "run"), "_stamp", level]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def is_ready(level: str) -> bool:
    """Somebody else has finished the very same work."""
    stamp = VENV / f"stamp-{level}"
    return stamp.is_file() and stamp.read_text() == wanted_stamp(level)


def make_venv() -> None:
    """An environment to install into: the one that is there, or a new one where it is unusable."""
    usable = (
        not UNFINISHED.exists()
        and subprocess.run(
            [VENV / "bin" / "python", "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        ).returncode
        == 0
        if (VENV / "bin" / "python").exists()
        else False
    )
    if usable and not moved():
        UNFINISHED.touch()
        return
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        refuse(
            f"cannot make {VENV}: {last_line(done.stdout + done.stderr)}",
            "On Debian and Ubuntu: sudo apt-get install -y python3-venv; then run this again.",
        )
    UNFINISHED.touch()


def moved() -> bool:
    """The environment was made in another folder: its programs point there."""
    activate = VENV / "bin" / "activate"
    return activate.is_file() and str(VENV) not in activate.read_text()


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def pip(*arguments: str, packages: int = 0) -> None:
    """Run pip quietly; with `packages`, count them on a terminal. Leaves with a reason when it fails."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--no-input", "--no-compile"]
    command += ["--disable-pip-version-check", "--retries", "2", *arguments]
    environment = os.environ | {
        "PIP_USER": "0",
        "PIP_NO_WARN_SCRIPT_LOCATION": "1",
        "PIP_PROGRESS_BAR": "off",
    }
    if os.geteuid() == 0:
        environment["PIP_ROOT_USER_ACTION"] = "ignore"
    heard: list[str] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        seen = 0
        for line in process.stdout:
            heard.append(line)
            seen += line.startswith(("Collecting ", "Requirement already satisfied"))
            if packages and sys.stderr.isatty():
                print(
                    f"\r  {min(seen, packages)} of {packages} packages ", end="", file=sys.stderr, flush=True
                )
    if packages and sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if process.returncode != 0:
        explain("".join(heard))


def explain(output: str) -> NoReturn:
    """Why pip failed, in our words where we know the reason."""
    if any(sign in output for sign in NO_NETWORK):
        refuse(
            "the packages cannot be downloaded: the package index does not answer.",
            "The first start needs the network (later ones do not). Behind a proxy or with an index of"
            " your own, set it up for pip (HTTPS_PROXY, PIP_INDEX_URL, PIP_CERT); then run this again.",
            code=3,
        )
    if "No space left on device" in output:
        refuse("the disk is full.", "About 500 MB are needed; make room and run this again.")
    if "DO NOT MATCH THE HASHES" in output:
        refuse(
            "a package differs from the one the lock names, so nothing of it was installed.",
            "Something between here and the index changed it; try another network or mirror.\n"
            + output[-1500:],
        )
    if "No matching distribution" in output:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        refuse(
            f"a package has no build for Python {version} on this machine: {last_line(output)}",
            "The locks are made for Python 3.11 to 3.13 on Linux (x86_64, aarch64) and macOS.",
        )
    print(output[-3000:], file=sys.stderr)
    refuse(
        "pip failed; its last words are above.", "Remove .venv and run this again; if it stays, report it."
    )


def install(level: str) -> None:
    """Everything that `level` needs, into the environment, and the program itself."""
    started = time.monotonic()
    locks = [ROOT / "requirements" / f"{name}.txt" for name in LOCKS[level]]
    count = sum(line[:1].isalnum() for lock in locks for line in lock.read_text().splitlines())
    first = not (VENV / "stamp-runtime").exists()
    amount = "about 150 MB to download, half a minute to two minutes" if first else "only what changed"
    say(f"installing {count} packages into .venv ({amount}) ...")
    make_venv()
    pip("-r", "requirements/pip.txt", "--require-hashes", "--only-binary", ":all:")
    for lock in locks:
        pip("-r", str(lock), "--require-hashes", "--only-binary", ":all:", "--no-deps", packages=count)
    pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    # On all cores, which pip does not: else every process would pay for it at its first start.
    subprocess.run(
        [VENV / "bin" / "python", "-m", "compileall", "-q", "-j", "0", "-x", r"/tests?/", VENV / "lib"],
        capture_output=True,
        check=False,
    )
    UNFINISHED.unlink()
    for name in ("runtime", level):
        (VENV / f"stamp-{name}").write_text(wanted_stamp(name))
    say(f"installed in {time.monotonic() - started:.0f} s; later starts need no network")


def main() -> None:
    """Install what `argv[1]` (runtime or dev) needs, unless it is there."""
    level = sys.argv[1] if len(sys.argv) == 2 else ""
    if level not in LOCKS:
        refuse(f"unknown environment {level!r}.", "Known: runtime, dev.")
    if not os.access(ROOT, os.W_OK | os.X_OK):
        refuse(
            f"the folder {ROOT} cannot be written to, and the environment is made in it.",
            "Copy the folder to a place that is yours, or ask its owner to run ./run setup once.",
        )
    with alone():
        if not is_ready(level):
            install(level)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("interrupted; the next start makes the environment anew")
        sys.exit(130)
    except PermissionError as error:
        refuse(
            f"{error.filename}: permission denied.",
            "Make the folder .venv yours, or remove it; then run this again.",
        )
    except OSError as error:
        refuse(f"cannot make the environment: {error}", "Mend that, remove .venv and run this again.")
