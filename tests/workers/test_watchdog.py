"""A process that hangs ends itself, also inside C code."""

from __future__ import annotations

import subprocess
import sys

HANGS = """
from workers import watchdog
watchdog.STEP_LIMIT = 0.5
{arm}
watchdog.step()
import re
{hang}
print("went on")
"""


def run(arm: str, hang: str) -> subprocess.CompletedProcess[str]:
    code = HANGS.format(arm=arm, hang=hang)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_step_that_hangs_in_c_code_ends_the_process_and_says_where() -> None:
    done = run("watchdog.arm()", 're.match("(a*)*b", "a" * 40)')
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "went on" not in done.stdout


def test_rest_and_commands_that_people_run_are_not_timed() -> None:
    assert "went on" in run("watchdog.arm()", "watchdog.rest(); import time; time.sleep(1)").stdout
    assert "went on" in run("", "import time; time.sleep(1)").stdout
