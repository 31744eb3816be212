"""Speech that goes on after a semicolon: 'the road was closed, she said; nobody had been warned'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, carried_over
from monitor.core.claims.page import Page


def detect_carried_over(page: Page) -> Iterator[Draft]:
    return carried_over(page, lambda s: (s.start, s.start + len(s.text.rstrip(" ."))))
