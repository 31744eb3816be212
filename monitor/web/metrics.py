"""`/metrics`: what the ledger counts, for Prometheus (docs/metrics.md has every name).

All is read at the moment of the question, so any web process can be asked, and none has to remember anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from monitor import __version__
from monitor.api.ledger import Ledger
from monitor.core.rules.agreement import RulesInUse
from monitor.core.types import Feed
from monitor.errors import ClaimwatchError
from monitor.store.database import Database
from monitor.store.feed_tallies import drop_counts, entry_counts
from monitor.store.feeds import list_feeds
from monitor.store.health import heartbeats
from monitor.store.migrations import require_current
from monitor.store.rules_in_use import rules_in_use
from monitor.store.tasks import outstanding
from monitor.web.state import RulesReader, role_states

__all__ = ["CONTENT_TYPE_LATEST", "METRICS", "exposition"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge: what it says, and its labels."""

    help: str
    labels: tuple[str, ...] = ()


#: Every metric; a new one is a row here, a line in `_counted`, and a row in docs/metrics.md.
METRICS: Mapping[str, Metric] = {
    "claimwatch_info": Metric("The program's version; always 1.", ("version",)),
    "claimwatch_database_up": Metric("1 where the database answers and has this program's schema."),
    "claimwatch_processes": Metric("Processes that were heard of in the last minute.", ("role",)),
    "claimwatch_rules_folder_broken": Metric("1 where the rule files of the web process are broken."),
    "claimwatch_rules_in_use": Metric("Rules of a set that a running process uses.", ("version",)),
    "claimwatch_rules_loaded_timestamp_seconds": Metric(
        "When a running process first used this set.", ("version",)
    ),
    "claimwatch_rules_processes": Metric("Running processes that use a set of rules.", ("role", "version")),
    "claimwatch_rules_broken_processes": Metric("Running processes whose rule files are broken.", ("role",)),
    "claimwatch_feeds": Metric("Feeds: new (never polled), fine, failing or gone.", ("state",)),
    "claimwatch_feed_entries": Metric(
        "Entries of documents that were read, by what became of them.", ("became",)
    ),
    "claimwatch_feed_left_out": Metric("What was left out of documents, or cut.", ("reason",)),
    "claimwatch_articles_waiting": Metric("Article versions that wait for a worker."),
    "claimwatch_articles_stuck": Metric("Article versions put aside after several attempts."),
    "claimwatch_notifications_waiting": Metric("Notifications that wait to be delivered."),
    "claimwatch_notifications_dead": Metric("Notifications that were given up."),
}

#: Name, label values in the order of the table, value.
Sample = tuple[str, tuple[str, ...], float]


def exposition(ledger: Ledger, rules: RulesReader, now: datetime) -> bytes:
    """The metrics in Prometheus' text format. Of a database that is away only that it is."""
    samples: list[Sample] = [("claimwatch_info", (__version__,), 1)]
    samples.append(("claimwatch_rules_folder_broken", (), bool(rules.state().problem)))
    try:
        db = ledger.database()
        require_current(db)
        samples += _counted(db, now)
        samples.append(("claimwatch_database_up", (), 1))
    except ClaimwatchError:
        samples.append(("claimwatch_database_up", (), 0))
    registry = CollectorRegistry()
    registry.register(_Families(samples))
    return generate_latest(registry)


class _Families(Collector):
    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = list(samples)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, metric in METRICS.items():
            family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
            for sample, labels, value in self._samples:
                if sample == name:
                    family.add_metric(labels, float(value))
            if family.samples:
                yield family


def _counted(db: Database, now: datetime) -> Iterator[Sample]:
    for role in role_states(heartbeats(db), now):
        yield "claimwatch_processes", (role.role,), role.alive
    yield from _of_rules([use for use in rules_in_use(db) if use.live])
    states = Counter(_state(feed) for feed in list_feeds(db))
    for state in ("new", "fine", "failing", "gone"):
        yield "claimwatch_feeds", (state,), states[state]
    for became, count in entry_counts(db).items():
        yield "claimwatch_feed_entries", (became,), count
    for one in drop_counts(db):
        yield "claimwatch_feed_left_out", (one.what,), one.count
    work = outstanding(db)
    yield "claimwatch_articles_waiting", (), work.open_articles
    yield "claimwatch_articles_stuck", (), work.stuck_articles
    yield "claimwatch_notifications_waiting", (), work.open_notifications
    yield "claimwatch_notifications_dead", (), work.dead_notifications


def _of_rules(uses: Iterable[RulesInUse]) -> Iterator[Sample]:
    by_version: dict[str, list[RulesInUse]] = {}
    by_role: dict[str, list[RulesInUse]] = {}
    for use in uses:
        by_version.setdefault(use.version, []).append(use)
        by_role.setdefault(use.role, []).append(use)
    for version, those in by_version.items():
        yield "claimwatch_rules_in_use", (version,), those[0].rules
        first = min(use.since for use in those)
        yield "claimwatch_rules_loaded_timestamp_seconds", (version,), first.timestamp()
    for role, those in by_role.items():
        for version, count in Counter(use.version for use in those).items():
            yield "claimwatch_rules_processes", (role, version), count
        yield "claimwatch_rules_broken_processes", (role,), sum(bool(use.problem) for use in those)


def _state(feed: Feed) -> str:
    if feed.state == "gone":
        return "gone"
    if feed.last_polled_at is None:
        return "new"
    return "failing" if feed.failures else "fine"
