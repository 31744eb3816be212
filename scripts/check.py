"""All checks that need no service, each with its time; every failure is shown again at the end.

Started by ./run check; with names of steps it runs only those. As many run at once as there are cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

#: The longest first, so that the others run beside them.
STEPS: dict[str, list[str]] = {
    "types": [str(BIN / "mypy")],
    "frame": [
        sys.executable, "-m", "pytest",
        "tests/test_docs.py", "tests/test_contracts.py", "tests/test_frame.py",
        # starts the whole service: ./run test does that
        "--deselect", "tests/test_docs.py::test_the_quickstart_does_what_it_says",
    ],
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "floors": [str(BIN / "lint-imports")],
    "rules": [sys.executable, "-m", "monitor.cli", "rules", "lint", "rules", "--strict"],
    "rule-tests": [sys.executable, "-m", "monitor.cli", "rules", "test", "rules"],
    "rule-form": [sys.executable, "-m", "monitor.cli", "rules", "fmt", "--check", "rules"],
    "licences": [sys.executable, "scripts/check_licences.py"],
}  # fmt: skip


def carry_out(name: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """The step with all that it said, and the seconds it took."""
    started = time.monotonic()
    done = subprocess.run(
        STEPS[name], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    return done, time.monotonic() - started


def main(names: list[str]) -> int:
    """Run the steps; 1 when any failed, 2 for a step that does not exist."""
    if unknown := sorted(set(names) - set(STEPS)):
        print(f"check: no step {', '.join(unknown)}; there are: {', '.join(STEPS)}")
        return 2
    failed: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        running = {pool.submit(carry_out, name): name for name in STEPS if name in (names or STEPS)}
        for one in as_completed(running):
            done, seconds = one.result()
            name = running[one]
            verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
            print(f"check: {name:10}{seconds:6.1f} s  {verdict}", flush=True)
            if done.returncode != 0:
                failed[name] = done.stdout
    for name, output in failed.items():
        print(f"\n==== {name}: {' '.join(STEPS[name][:3])} ...\n{output.rstrip()}")
    if failed:
        print(f"\ncheck: {len(failed)} of {len(names or STEPS)} failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
