"""What people see on a real terminal: tables and quotes side by side, and colours only where wanted."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_process import ROOT


def on_terminal(*arguments: str, filled: Path, columns: int, **env: str) -> str:
    """What the command writes to a terminal of this width."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        cwd=filled,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "CLAIMWATCH_DATA_DIR": str(filled),
            "COLUMNS": str(columns),
            "TERM": "xterm-256color",
            **env,
        },
    )
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    os.close(leader)
    assert process.wait(60) == 0
    return written.decode()


@pytest.mark.parametrize("noun", ["articles", "claims", "contradictions"])
def test_a_table_fits_the_terminal_and_holds_nothing_hostile(filled: Path, noun: str) -> None:
    shown = on_terminal(noun, "list", filled=filled, columns=110, NO_COLOR="1")
    letters = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(len(line) for line in letters.splitlines()) <= 110
    assert "\x1b" not in letters
    assert "\t" not in shown
    assert "owned" not in shown
    assert "\x07" not in shown
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown


def test_both_sides_of_a_contradiction_stand_next_to_each_other_where_there_is_room(filled: Path) -> None:
    wide = on_terminal("contradictions", "show", "1", filled=filled, columns=120, NO_COLOR="1")
    assert any(
        "Ada Ostrova" in line and "Bruno Sand" in line and ":" in line for line in wide.splitlines()[2:]
    )
    narrow = on_terminal("contradictions", "show", "1", filled=filled, columns=60, NO_COLOR="1")
    assert not any("North Post" in line and "South" in line for line in narrow.splitlines())


def test_no_colour_means_none(filled: Path) -> None:
    assert "\x1b[1m" in on_terminal("contradictions", "show", "1", filled=filled, columns=100)
    plain = on_terminal("contradictions", "show", "1", filled=filled, columns=100, NO_COLOR="1")
    assert "\x1b[3" not in plain
