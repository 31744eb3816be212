"""Seconds of `rules stats` on a ledger with a million matches.

    .venv/bin/python benchmarks/rule_stats.py [MATCHES [DATABASE_URL]]     (1,000,000 in a new SQLite file)

Rows are made, not judged: 1,000 rules whose sizes fall off as in a power law, 60 days, two articles for five
matches, one alert for ten matches, one word of feedback for a hundred. Printed: what each count took, for all
rules and for the largest one, over the last 30 days; the second of two runs.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Table, insert

from monitor.store import rule_stats
from monitor.store import tables as t
from monitor.store.database import Database, open_database
from monitor.store.feedback_tables import feedback, feedback_rule
from monitor.store.migrations import upgrade

RULES = [f"rule-{number:04d}" for number in range(1000)]
SHARES = list(accumulate(1 / (number + 1) ** 0.8 for number in range(len(RULES))))
DAYS = 60
WINDOW = timedelta(days=30)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/claimwatch.db"
        db = open_database(url)
        upgrade(db)
        fill(db, count)
        print(f"{db.dialect}, {count:,} matches of {len(RULES):,} rules in {DAYS} days; seconds:")
        for name, ask in questions(db):
            print(f"  {name:<40} {best_of_two(ask):6.3f}")
        db.close()


def questions(db: Database) -> Iterator[tuple[str, Callable[[], object]]]:
    since, largest = datetime.now(UTC) - WINDOW, RULES[0]
    yield "all rules: matches by day", lambda: rule_stats.matches_by_day(db, since=since)
    yield "all rules: alerts", lambda: rule_stats.alerts_by_rule(db, since=since)
    yield "all rules: words of feedback", lambda: rule_stats.words_by_rule(db, since=since)
    yield "all rules: last match", lambda: rule_stats.last_matches(db, RULES)
    yield "largest rule: publishers", lambda: rule_stats.publishers(db, rule=largest, since=since, top=8)
    yield "largest rule: terms", lambda: rule_stats.terms(db, rule=largest, since=since)
    yield (
        "largest rule: shared with other rules",
        lambda: rule_stats.shared_versions(db, rule=largest, since=since),
    )


def best_of_two(ask: Callable[[], object]) -> float:
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - started)
    return min(taken)


# ---------------------------------------------------------------- rows


def fill(db: Database, count: int) -> None:
    chance = random.Random(1)
    now = datetime.now(UTC)
    ats = [now - timedelta(days=chance.random() * DAYS) for _ in range(max(1, count * 2 // 5))]
    for table, rows in (
        (t.article, articles(ats)),
        (t.article_version, versions(ats)),
        (t.match, matches(ats, count, chance)),
        (t.alert, alerts(len(ats), count // 10, now, chance)),
        (t.alert_rule, of_rules("alert_id", count // 10, chance)),
        (t.notification, notifications(count // 10, now)),
        (feedback, words(len(ats), count // 100, now, chance)),
        (feedback_rule, of_rules("feedback_id", count // 100, chance)),
    ):
        insert_all(db, table, rows)


def insert_all(db: Database, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, 20_000)):
        with db.write() as connection:
            connection.execute(insert(table), some)


def articles(ats: list[datetime]) -> Iterator[dict[str, Any]]:
    for id, at in enumerate(ats, 1):
        yield {
            "id": id, "identity": f"a{id}", "feed_id": None, "version": 1, "current_id": id, "at": at,
            "publisher": f"Publisher {id % 300}", "first_seen_at": at,
        }  # fmt: skip


def versions(ats: list[datetime]) -> Iterator[dict[str, Any]]:
    for id, at in enumerate(ats, 1):
        yield {
            "id": id, "article_id": id, "version": 1, "content_hash": str(id), "url": f"https://news.example/{id}",
            "publisher": f"Publisher {id % 300}", "title": f"Title {id}", "summary": "", "text": "x" * 400,
            "author": "", "lang": "en", "published_at": at, "updated_at": None, "fetched_at": at, "at": at,
            "backfill": False, "origin": f"article:{id}",
        }  # fmt: skip


def matches(ats: list[datetime], count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    seen: set[tuple[int, str]] = set()
    while len(seen) < count:
        article = chance.randrange(len(ats))
        for rule in set(chance.choices(RULES, cum_weights=SHARES, k=3)):
            if (article, rule) in seen or len(seen) == count:
                continue
            seen.add((article, rule))
            spans = [
                {"field": "text", "start": at, "end": at + 5, "term": f"term {int(chance.expovariate(0.3))}"}
                for at in range(chance.randint(1, 5))
            ]
            yield {
                "id": len(seen), "article_id": article + 1, "version_id": article + 1, "rule_id": rule,
                "rule_version": "v1", "spans": spans, "at": ats[article], "created_at": ats[article],
            }  # fmt: skip


def alerts(articles: int, count: int, now: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for id in range(1, count + 1):
        yield {
            "id": id, "fingerprint": f"f{id}", "kind": "match", "severity": "low", "headline": "",
            "reason": "", "rules": [], "labels": {}, "conflict": "",
            "suppressed": None if id % 7 else "backfill",
            "version_id": chance.randint(1, articles),
            "created_at": now - timedelta(days=chance.random() * DAYS),
        }  # fmt: skip


def notifications(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    for id in range(1, count + 1):
        state, reason = ("sent", "accepted") if id % 7 else ("suppressed", "backfill")
        yield {
            "id": id, "alert_id": id, "receiver": "desk", "idempotency_key": str(id), "state": state,
            "reason": reason, "detail": "", "attempts": 1, "unrecorded": 0, "due_at": now, "token": None,
            "created_at": now, "sent_at": None,
        }  # fmt: skip


def words(articles: int, count: int, now: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for id in range(1, count + 1):
        yield {
            "id": id, "kind": "match", "key": f"k{id}", "word": chance.choice(("real", "noise", "outdated")),
            "state": "standing", "person": "", "note": "", "rule_version": "v1", "extractor": "",
            "comparator": "", "name": f"match:{id}", "subject": "", "article_id": chance.randint(1, articles),
            "at": now - timedelta(days=chance.random() * DAYS), "created_at": now, "closed_at": None,
        }  # fmt: skip


def of_rules(column: str, count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for id in range(1, count + 1):
        yield {column: id, "rule_id": chance.choices(RULES, cum_weights=SHARES)[0]}


if __name__ == "__main__":
    main()
