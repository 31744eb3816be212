"""What ails the feeds, as troubles to be told. Pure: the feeds, our own outages and `now` come in as values.

Time counts up to a feed's last poll, never up to now: while nobody polls, no feed falls ill.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.alerting.health import About, Trouble
from monitor.core.feed_health import usual_silence
from monitor.core.lines import shorten
from monitor.core.types import Rhythm, Severity

#: A feed is in trouble after so many failures in a row, none of them alone …
FEWEST_FAILURES = 4
#: … over so long, or over its longest usual quiet where that is longer, up to a limit: until then it has
#: probably lost nothing.
LEAST_FAILING = timedelta(hours=6)
MOST_FAILING = timedelta(days=2)
#: Nobody is told any more of what began so long ago, nor that a feed has ended.
NEWS_FOR = timedelta(days=7)
#: Whether it is us is seen from the feeds polled last: each is, within this, unless somebody wants less.
POLLED_WITHIN = timedelta(hours=2)
#: A feed that failed so often in a row speaks against us; one failure is nothing.
SPEAKS_AGAINST_US = 2
_FEWEST_FEEDS = 3
_FEWEST_HOSTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCondition:
    """What the ledger says of a feed that may be ill."""

    id: int
    url: str
    # Who publishes it; empty: nobody knows yet.
    publisher: str
    # "active", or "gone" when the publisher said so.
    state: str
    created_at: datetime
    # When it answered last, and was asked last; None: never.
    last_success_at: datetime | None
    last_polled_at: datetime | None
    # In a row.
    failures: int
    # Of the last one, in words.
    last_detail: str
    rhythm: Rhythm

    @property
    def well_at(self) -> datetime:
        """When it answered last, or was added."""
        return self.last_success_at or self.created_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Our own network was away."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at the feeds found."""

    troubles: tuple[Trouble, ...]
    # What it could judge; what else is known stays as it is.
    abouts: Collection[About]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledLately:
    """How many active feeds were asked within `POLLED_WITHIN`."""

    feeds: int
    # Of these, those that answered, or were added, within `NEWS_FOR`.
    alive: int


def look_at_feeds(
    feeds: Sequence[FeedCondition], polled: PolledLately, outages: Sequence[Outage], *, now: datetime
) -> Look:
    """The troubles of these feeds now, one for each feed and kind, in the feeds' order.

    `feeds` has those that may be ill, `polled` counts them all. Where most feeds fail at once it is us: that
    is one trouble, and no feed is judged until it is over; the time of outages does not count as a feed's
    failing. Where nothing was polled lately nothing is judged.
    """
    if not polled.feeds:
        return Look(troubles=(), abouts=())
    failing = _most_failing(feeds, polled, now)
    if failing:
        return Look(troubles=(_network(failing, polled.feeds),), abouts=(About.NETWORK,))
    troubles = tuple(trouble for feed in feeds for trouble in _of(feed, outages, now))
    return Look(troubles=troubles, abouts=(About.NETWORK, About.FEED))


def _most_failing(
    feeds: Sequence[FeedCondition], polled: PolledLately, now: datetime
) -> Sequence[FeedCondition]:
    """The feeds that fail where those are most of them; empty: they are not."""
    failing = [
        feed
        for feed in feeds
        if feed.failures >= SPEAKS_AGAINST_US
        and feed.state == "active"
        and feed.last_polled_at
        and feed.last_polled_at > now - POLLED_WITHIN
        # What has been dead for long says nothing about today, unless there is nothing else.
        and (not polled.alive or feed.well_at > now - NEWS_FOR)
    ]
    hosts = {urlsplit(feed.url).hostname for feed in failing}
    most = 2 * len(failing) > (polled.alive or polled.feeds)
    return failing if most and len(failing) >= _FEWEST_FEEDS and len(hosts) >= _FEWEST_HOSTS else ()


def _network(failing: Sequence[FeedCondition], polled: int) -> Trouble:
    some = "; ".join(f"{feed.url}: {shorten(feed.last_detail, 100)}" for feed in failing[:3])
    return Trouble(
        about=About.NETWORK,
        subject="feeds",
        headline=f"{len(failing):,} of the {polled:,} feeds polled lately fail: is our own network away?",
        reason=f"{some}; no feed is judged until most of them answer again",
        severity=Severity.CRITICAL,
    )


def _of(feed: FeedCondition, outages: Sequence[Outage], now: datetime) -> Iterator[Trouble]:
    if feed.state == "gone":
        if feed.last_polled_at and feed.last_polled_at > now - NEWS_FOR:
            yield _gone(feed)
        return
    failing = _failing_for(feed, outages)
    allowed = _may_fail_for(feed.rhythm)
    if feed.failures >= FEWEST_FAILURES and failing > allowed:
        yield _failing(feed, failing, begins=_is_news(failing - allowed))
    usual, last = usual_silence(feed.rhythm), feed.rhythm.last_new_at
    if usual is not None and last is not None:
        silence = feed.well_at - last
        if silence > usual:
            yield _silent(feed, silence, begins=_is_news(silence - usual))


def _failing_for(feed: FeedCondition, outages: Sequence[Outage]) -> timedelta:
    since, until = feed.well_at, feed.last_polled_at or feed.well_at
    away = sum((_overlap(since, until, outage) for outage in outages), timedelta(0))
    return until - since - away


def _overlap(since: datetime, until: datetime, outage: Outage) -> timedelta:
    return max(min(until, outage.until) - max(since, outage.since), timedelta(0))


def _may_fail_for(rhythm: Rhythm) -> timedelta:
    return max(LEAST_FAILING, min(rhythm.quiet or timedelta(0), MOST_FAILING))


def _is_news(ill_for: timedelta) -> bool:
    return ill_for < NEWS_FOR


def _failing(feed: FeedCondition, length: timedelta, *, begins: bool) -> Trouble:
    return _told(
        feed,
        "failing",
        f"cannot be read for {_span(length)}: {feed.failures:,} failures in a row",
        f"{shorten(feed.last_detail, 300)}; `claimwatch feeds show` has the remedy",
        Severity.MEDIUM,
        begins=begins,
    )


def _silent(feed: FeedCondition, length: timedelta, *, begins: bool) -> Trouble:
    quiet = _span(feed.rhythm.quiet or timedelta(0))
    return _told(
        feed,
        "silent",
        f"answers but brings nothing new for {_span(length)}",
        f"usually it is not quiet for longer than {quiet}; has the publisher moved it?",
        Severity.LOW,
        begins=begins,
    )


def _gone(feed: FeedCondition) -> Trouble:
    return _told(
        feed,
        "gone",
        "has ended: its publisher answered 410, and it is not polled any more",
        "find its successor, or take it out: `claimwatch feeds remove`",
        Severity.LOW,
    )


def _told(
    feed: FeedCondition, kind: str, what: str, why: str, severity: Severity, *, begins: bool = True
) -> Trouble:
    return Trouble(
        about=About.FEED,
        subject=f"{kind}:{feed.id}",
        headline=f"Feed {shorten(feed.publisher or feed.url, 80)} {what}",
        reason=f"{feed.url}: {why}",
        severity=severity,
        begins=begins,
    )


def _span(length: timedelta) -> str:
    """In hours, from two days on in days."""
    hours = round(length / timedelta(hours=1))
    if hours >= 48:
        return f"{round(length / timedelta(days=1)):,} days"
    return f"{hours} hour{'' if hours == 1 else 's'}"
