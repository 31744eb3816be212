"""Ends this process when one step of the work hangs.

An exception cannot end a loop in C code, and may strike in the middle of a transaction.
A dead process can do no harm: its attempt is counted already, the lease runs out, the supervisor starts
another, and an article that does it three times is quarantined.
"""

from __future__ import annotations

import faulthandler
import sys

#: No step takes longer unless it hangs, in seconds.
STEP_LIMIT = 120.0

_armed = False


def arm() -> None:
    """From now on, steps are timed (in worker processes; never in a command that people run)."""
    global _armed
    _armed = True


def step() -> None:
    """A step of the work begins; the one before it has ended."""
    if _armed:
        # its own thread, without the interpreter's lock; writes where each thread stands, then leaves
        faulthandler.dump_traceback_later(STEP_LIMIT, exit=True, file=sys.__stderr__ or sys.stderr)


def rest() -> None:
    """No step is under way."""
    if _armed:
        faulthandler.cancel_dump_traceback_later()
