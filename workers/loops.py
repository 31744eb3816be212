"""The event loop of whoever polls: uvloop where it is installed, else the standard library's.

Of asking a feed that has not changed, the standard loop costs a third (docs/performance.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop that nobody runs yet; to be closed."""
    try:
        import uvloop
    except ImportError:  # no wheel for this machine, or left out on purpose
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def run(main: Coroutine[Any, Any, Answer]) -> Answer:
    """As `asyncio.run`, on such a loop."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
