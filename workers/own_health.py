"""What the deliverer does for the service itself: it tells people what ails it, and pagers what is over.

Run before a delivery, a few times a minute: by `claimwatch work -q deliveries`, `up` and `once`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, timedelta

import structlog

from monitor.core.alerting.health import About, Trouble, plan_health, resolved_alert
from monitor.core.lines import shorten
from monitor.core.types import Notification, Severity
from monitor.notify import resolves
from monitor.store.alerts import alert_as_raised, raise_own
from monitor.store.feed_conditions import look_at_ledger
from monitor.store.own_health import failing_receivers, oldest_due_article, resolved_untold, tell_troubles
from monitor.store.silences import ending_silences
from monitor.store.tasks import outstanding
from workers.jobs import Toolbox

log = structlog.get_logger(__name__)

#: Seconds between two looks.
LOOK_EVERY = 20.0
#: News that has waited so long for a worker is no news any more.
BACKLOG = timedelta(minutes=15)
#: Seconds between two looks at the feeds: what ails one is a matter of hours, and all their rows are read.
LOOK_AT_FEEDS_EVERY = 300.0
#: What is looked at each time; feeds have their own look.
ABOUTS = (About.QUEUE, About.DELIVERY, About.RULES, About.SILENCE)


class OwnHealth:
    """Looks now and then; between looks a call costs nothing."""

    def __init__(self, tools: Toolbox) -> None:
        self._tools = tools
        self._next_look = 0.0
        self._next_look_at_feeds = 0.0

    def __call__(self) -> None:
        """Raises UnavailableError where the ledger is away."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_EVERY
            if time.monotonic() >= self._next_look_at_feeds:
                self._next_look_at_feeds = time.monotonic() + LOOK_AT_FEEDS_EVERY
                look_at_feeds(self._tools)
            look(self._tools)


def look(tools: Toolbox) -> None:
    """Raise what began, resolve what is over, and tell receivers that keep incidents what is resolved."""
    _tell(tools, [*troubles(tools), *silences_that_end(tools)], ABOUTS)
    tell_resolved(tools)


def look_at_feeds(tools: Toolbox) -> None:
    """Raise what began to ail the feeds, and resolve what is over."""
    found = look_at_ledger(tools.db)
    _tell(tools, found.troubles, found.abouts)


def _tell(tools: Toolbox, found: Sequence[Trouble], abouts: Collection[About]) -> None:
    folder = tools.watcher.current()
    begun, over = tell_troubles(
        tools.db, found, abouts, lambda alert: plan_health(alert, folder.routing, folder.rules)
    )
    for group in begun:
        log.warning("health.trouble", trouble=group)
    for group in over:
        log.info("health.over", trouble=group)


def troubles(tools: Toolbox) -> Iterator[Trouble]:
    """What ails queue, deliveries and rules now."""
    waiting = outstanding(tools.db)
    stuck = waiting.stuck_articles
    if stuck:
        yield Trouble(
            about=About.QUEUE,
            subject="stuck",
            headline=f"{_many(stuck, 'article is', 'articles are')} stuck: all attempts failed",
            reason=(
                "`claimwatch articles retry --dry-run` lists them with their errors, and without --dry-run "
                "gives them three new attempts; other articles are not held up by them"
            ),
            severity=Severity.HIGH,
        )
    behind = oldest_due_article(tools.db)
    if behind is not None and behind > BACKLOG:
        yield Trouble(
            about=About.QUEUE,
            subject="backlog",
            headline=(
                f"News waits: {waiting.articles:,} articles, the oldest for "
                f"{behind // timedelta(minutes=1):,} minutes"
            ),
            reason="is a worker running? `claimwatch health` says which processes are alive",
            severity=Severity.CRITICAL,
        )
    for failing in failing_receivers(tools.db):
        counted = " and ".join(
            words
            for words, number in (
                (_many(failing.dead, "notification was", "notifications were") + " given up", failing.dead),
                (_many(failing.waiting, "is", "are") + " tried again and again", failing.waiting),
            )
            if number
        )
        yield Trouble(
            about=About.DELIVERY,
            subject=failing.receiver,
            receiver=failing.receiver,
            headline=f"Receiver {failing.receiver} gets no alerts: {counted}",
            reason=(
                f"last outcome: {shorten(failing.last, 300)}; `claimwatch alerts deliveries "
                f"--receiver {failing.receiver}` lists the attempts, `claimwatch alerts replay` sends again"
            ),
            severity=Severity.CRITICAL,
        )
    problem = tools.watcher.problem
    if problem:
        yield Trouble(
            about=About.RULES,
            subject=str(tools.watcher.path),
            headline=f"The rule files in {tools.watcher.path} are broken; the last good ones are used",
            reason=shorten(problem.strip().partition("\n")[0], 400),
        )


def silences_that_end(tools: Toolbox) -> Iterator[Trouble]:
    """Nothing is ill, but alerts will reach people again: whoever asked for quiet should know."""
    for one in ending_silences(tools.db, timedelta(seconds=tools.settings.silence_warning)):
        matchers = " and ".join(one.matchers)
        held = _many(one.held, "notification", "notifications")
        yield Trouble(
            about=About.SILENCE,
            subject=str(one.id),
            owner=one.author,
            headline=(
                f"Silence {one.id} by {one.author or 'somebody'} ends at "
                f"{one.ends_at.astimezone(UTC):%H:%M} UTC: {shorten(matchers, 120)}"
            ),
            reason=(
                f"“{shorten(one.comment, 200)}”; it held {held}; `claimwatch silences list` says what it "
                "would hold now, `claimwatch silences add` makes another one if it should go on"
            ),
            severity=Severity.LOW,
        )


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def tell_resolved(tools: Toolbox) -> None:
    """One event for each resolution and each receiver that keeps incidents, on the path of all alerts."""
    routing = tools.watcher.current().routing
    keeping = [receiver.name for receiver in routing.receivers if resolves(receiver.url)]
    for resolved in resolved_untold(tools.db, keeping):
        alert = alert_as_raised(tools.db, resolved.alert_id)
        if alert is None:
            continue
        told = resolved_alert(
            alert,
            alert_id=resolved.alert_id,
            acknowledgement=resolved.acknowledgement,
            receiver=resolved.receiver,
            by=resolved.by,
        )
        raise_own(tools.db, told, [Notification(alert=told.fingerprint, receiver=resolved.receiver)])
