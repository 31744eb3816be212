"""What a channel gives back when the receiver accepted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """An accepted notification."""

    # The HTTP status; None where the channel has none.
    status: int | None = None
    # The beginning of the answer, on one line, for the record.
    detail: str = ""
