"""Hubs that tell of a feed's news (W3C WebSub)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hub:
    """What a feed offers: who tells of its news, and under which address it is known there."""

    # Absolute; empty: it offers no hub.
    url: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """How it stands with the hub of a feed."""

    hub: Hub
    # "offered" | "asked" (the hub has to verify) | "live" | "denied" | "leaving"
    state: str
    # When the subscription ends unless it is renewed; None: there never was one.
    live_until: datetime | None = None
    # When the hub told of news last; None: never.
    pushed_at: datetime | None = None
    pushes: int = 0
    # What came without the right signature.
    refused: int = 0
    # Polls in a row that found news which the hub had not told of.
    missed: int = 0
    # Why there is no subscription, in words; empty: nothing is wrong.
    detail: str = ""


NO_HUB = Hub("", "")
