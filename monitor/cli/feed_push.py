"""How it stands with the hub of a feed (WebSub), in words and as JSON; tokens and secrets are never read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.cli.output import ago, when

if TYPE_CHECKING:
    from monitor.core.types import Feed, Push


def push_facts(feed: Feed, now: datetime, *, public_url: str) -> list[tuple[str, str]]:
    """Rows of `feeds show`; none where the feed offers no hub."""
    push = feed.push
    if push is None:
        return []
    told = f"{push.pushes:,}, the last {ago(push.pushed_at, now)}" if push.pushed_at else ""
    refused = f"{push.refused:,} without the hub's signature" if push.refused else ""
    return [("hub", push_words(push, now, public_url=public_url)), ("pushes", told), ("refused", refused)]


def push_words(push: Push, now: datetime, *, public_url: str) -> str:
    """The hub and the state of our subscription."""
    from monitor.core.websub import MOST_MISSED

    if not public_url:
        return f"{push.hub.url}: not subscribed, as CLAIMWATCH_PUBLIC_URL names no address for it to reach"
    why = f": {push.detail}" if push.detail else ""
    if push.live_until and push.live_until > now:
        if push.missed >= MOST_MISSED:
            return f"{push.hub.url}: not relied on, news came {push.missed} times without a push"
        return f"{push.hub.url}: tells of news until {when(push.live_until)} UTC{why}"
    words = {
        "offered": "will be asked",
        "asked": f"asked, and has not verified it yet{why}",
        "live": f"the subscription has ended{why}",
        "denied": f"denied the subscription{why}; asked again after a day",
        "leaving": "no longer needed",
    }
    return f"{push.hub.url}: {words[push.state]}"


def push_json(push: Push | None) -> dict[str, Any] | None:
    """A field of `feeds list --json`; None: the feed offers no hub."""
    if push is None:
        return None

    def moment(at: datetime | None) -> str | None:
        return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None

    return {
        "hub": push.hub.url,
        "topic": push.hub.topic,
        "state": push.state,
        "live_until": moment(push.live_until),
        "pushed_at": moment(push.pushed_at),
        "pushes": push.pushes,
        "refused": push.refused,
        "missed": push.missed,
        "detail": push.detail,
    }
