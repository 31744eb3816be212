"""Write docs/quality.md: our unread stories, beside other ways and the goals, in a few minutes.

`python scripts/write_quality.py [POLNEAR]`; the corpus is looked for beside the repository where none is
named, and the page says so where it is not there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "tests" / "data" / "stories"
POLNEAR = ROOT.parent / "shared" / "data" / "polnear" / "dev.jsonl"


def main(arguments: list[str]) -> int:
    """Run `claimwatch eval` once and keep what it says; its exit code."""
    polnear = Path(arguments[0]) if arguments else POLNEAR
    command = [
        sys.executable, "-m", "monitor.cli", "eval", str(STORIES / "check"), str(STORIES / "fresh"),
        "--baselines", "--markdown",
        "--examples", str(STORIES / "tune"), "--polnear", str(polnear), "--rules", str(ROOT / "rules"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if done.returncode == 0:
        (ROOT / "docs" / "quality.md").write_text(done.stdout, encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
