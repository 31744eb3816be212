"""All checks that need no service, each with its time; every failure is shown again at the end.

Started by ./run check; with names of steps it runs only those.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "floors": [str(BIN / "lint-imports")],
    "frame": [
        sys.executable, "-m", "pytest",
        "tests/test_docs.py", "tests/test_contracts.py", "tests/test_frame.py",
        # starts the whole service: ./run test does that
        "--deselect", "tests/test_docs.py::test_the_quickstart_does_what_it_says",
    ],
    "rules": [sys.executable, "-m", "monitor.cli", "rules", "lint", "rules", "--strict"],
    "rule-tests": [sys.executable, "-m", "monitor.cli", "rules", "test", "rules"],
    "rule-form": [sys.executable, "-m", "monitor.cli", "rules", "fmt", "--check", "rules"],
    "licences": [sys.executable, "scripts/check_licences.py"],
}  # fmt: skip


def main(names: list[str]) -> int:
    """Run the steps; 1 when any failed, 2 for a step that does not exist."""
    if unknown := sorted(set(names) - set(STEPS)):
        print(f"check: no step {', '.join(unknown)}; there are: {', '.join(STEPS)}")
        return 2
    failed: dict[str, str] = {}
    for name in names or STEPS:
        started = time.monotonic()
        done = subprocess.run(
            STEPS[name], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
        print(f"check: {name:10}{time.monotonic() - started:6.1f} s  {verdict}", flush=True)
        if done.returncode != 0:
            failed[name] = done.stdout
    for name, output in failed.items():
        print(f"\n==== {name}: {' '.join(STEPS[name][:3])} ...\n{output.rstrip()}")
    if failed:
        print(f"\ncheck: {len(failed)} of {len(names or STEPS)} failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
