"""What docs/feeds.md shows is what happens."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from monitor.core.rules.documents import read_document
from monitor.core.rules.feed_reading import read_feeds

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")


def test_the_feeds_of_the_page_are_read_without_a_problem() -> None:
    blocks = re.findall(r"```yaml\n(# feeds.yml.*?)```", PAGE, re.DOTALL)
    assert blocks
    for block in blocks:
        document = read_document("feeds.yml", block)
        assert read_feeds(document)
        assert document.problems == []


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop = "trap 'kill \"$(cat my-site/server.pid)\" 2>/dev/null || :' EXIT\n"
    (tmp_path / "run").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m monitor.cli "$@"\n', encoding="utf-8"
    )
    (tmp_path / "run").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    environment |= {"PYTHONPATH": str(ROOT), "NO_PROXY": "*"}
    done = subprocess.run(
        ["sh", "-c", "set -eu\n" + stop + block.replace("8765", str(port))],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "[summaries-only]" in said
    assert "full_text: when-summary-only" in said
    assert "page: {entry: li}" in said
    assert "all 2 are there already" in said
