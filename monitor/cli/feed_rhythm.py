"""How often a feed is asked and brings entries, in words and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.cli.output import ago, span

if TYPE_CHECKING:
    from monitor.core.feed_health import Delay
    from monitor.core.types import Feed

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def pace_words(feed: Feed) -> str:
    """How often it is asked."""
    from monitor.core.pacing import pace_of

    return f"{span(pace_of(feed))} (learned)" if feed.learned else span(feed.interval)


def silence_words(feed: Feed, now: datetime) -> str:
    """That it brings nothing for longer than it usually does; empty where it does not."""
    from monitor.core.feed_health import silent_for

    silence = silent_for(feed, now=now)
    if silence is None or feed.rhythm.quiet is None:
        return ""
    return f"silent: nothing new for {span(silence)}; usually not for longer than {span(feed.rhythm.quiet)}"


def rhythm_facts(feed: Feed, now: datetime) -> list[tuple[str, str]]:
    """Rows of `feeds show`; those that are empty say nothing."""
    last, quiet, move = feed.rhythm.last_new_at, feed.rhythm.quiet, feed.move
    return [
        ("publisher wants", wish_words(feed)),
        ("last new entry", ago(last, now) if last else ""),
        ("longest usual quiet", span(quiet) if quiet else ""),
        ("moving to", f"{move.url}: seen {move.times} times; believed after a day" if move else ""),
    ]


def wish_words(feed: Feed) -> str:
    """What the publisher's document asks for; empty: nothing."""
    wishes = feed.wishes
    told = [f"no more than one request in {span(wishes.every)}"] if wishes.every else []
    if wishes.skip_hours:
        told.append("none at " + ", ".join(f"{hour}h" for hour in wishes.skip_hours) + " UTC")
    if wishes.skip_days:
        told.append("none on " + ", ".join(_DAYS[day] for day in wishes.skip_days))
    return "; ".join(told)


def rhythm_json(feed: Feed, now: datetime) -> dict[str, Any]:
    """Fields of `feeds list --json`."""
    from monitor.core.feed_health import silent_for
    from monitor.core.pacing import pace_of

    last, silence = feed.rhythm.last_new_at, silent_for(feed, now=now)
    return {
        "learned": feed.learned,
        "pace_s": round(pace_of(feed).total_seconds(), 1),
        "last_new_at": last.strftime("%Y-%m-%dT%H:%M:%SZ") if last else None,
        "silent_s": round(silence.total_seconds()) if silence else None,
        "moving_to": feed.move.url if feed.move else None,
    }


def delay_words(delay: Delay | None) -> str:
    """From publication to our first sight of it; empty: nobody can tell yet."""
    if delay is None:
        return ""
    counted = "1 article" if delay.articles == 1 else f"the last {delay.articles} articles"
    return f"{span(delay.median)} in the middle, nine of ten within {span(delay.p90)} ({counted})"


def delay_json(delay: Delay | None) -> dict[str, Any] | None:
    """A field of `feeds show --json`; None: nobody can tell yet."""
    if delay is None:
        return None
    return {
        "median_s": round(delay.median.total_seconds(), 1),
        "p90_s": round(delay.p90.total_seconds(), 1),
        "articles": delay.articles,
    }
