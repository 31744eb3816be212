"""Child processes that do not outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

#: prctl(2): the signal to get when the parent dies.
_PR_SET_PDEATHSIG = 1

#: A child that lived this long was well; its next death is a first one, in seconds.
WELL_AFTER = 60.0
#: First and longest wait before a child is started again, in seconds.
RESTART_FIRST = 0.2
RESTART_LONGEST = 30.0


def die_with_parent() -> None:
    """Runs in a child before its program: SIGTERM to it when the parent dies, however that happens.

    On Linux only; elsewhere children of a supervisor that was killed must be ended by hand.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process that is started again when it dies, a little later each time."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.name = name
        self._command = list(command)
        self._env = dict(env)
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._wait = RESTART_FIRST

    def start(self) -> None:
        """Start the program in a session of its own: a terminal's Ctrl-C reaches us alone."""
        self.process = subprocess.Popen(  # noqa: S603  # our own program
            self._command,
            env=self._env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self._started_at = time.monotonic()
        self._start_again_at = 0.0

    @property
    def pid(self) -> int:
        """0 while it is not running."""
        return self.process.pid if self.process is not None and self.process.poll() is None else 0

    def tend(self) -> str:
        """Start it again where it died; what happened in words, or "" for nothing new."""
        if self.process is None or self.process.poll() is None:
            return ""
        now = time.monotonic()
        if not self._start_again_at:
            if now - self._started_at > WELL_AFTER:
                self._wait = RESTART_FIRST
            self._start_again_at = now + self._wait
            waited, self._wait = self._wait, min(self._wait * 2, RESTART_LONGEST)
            return f"{self.name} {how_it_ended(self.process.returncode)}; starting again in {waited:.1f} s"
        if now >= self._start_again_at:
            self.start()
        return ""

    def signal(self, number: int) -> None:
        """Send a signal to it and to everything it started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


def how_it_ended(code: int) -> str:
    """A return code in words."""
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"left with exit code {code}"


def stop_all(children: Sequence[Child], *, within: float) -> None:
    """SIGTERM to all at once, SIGKILL (with their own children) to whoever is left after `within` seconds."""
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + within
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.05))
        except subprocess.TimeoutExpired:
            child.signal(signal.SIGKILL)
            child.process.wait()
        else:
            child.signal(signal.SIGKILL)  # what it may have left behind
