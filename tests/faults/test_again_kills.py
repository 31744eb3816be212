"""`claimwatch rules apply` while workers are killed: each article is judged again, nobody is told anything.

Real workers, real Redis, SQLite and PostgreSQL; the command itself is killed once too.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

import killable
import pytest
from claimwatch_processes import claimwatch, environment, start
from ledgers import new_ledger
from redis_server import RedisServer
from sqlalchemy import select
from test_kills import FORKS

from monitor.config import Settings
from monitor.core.polling import content_hash
from monitor.core.types import Entry, PlannedVersion
from monitor.rulefiles import RulesWatcher
from monitor.store.again import again_counts
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.tables import alert, article_version, match, notification
from workers.jobs import Toolbox, process_articles

pytestmark = pytest.mark.long

ARTICLES = 240
KILLS = 8
TEXTS = ("A storm came over the coast.", "A storm came over the hills.", "The fair opened at noon.")
BEFORE = "{id: storm, title: A storm, match: {any: [{keyword: storm}]}, alert: {on: [match]}}"
AFTER = """
  - {id: storm, title: A storm, match: {all: [{keyword: storm}, {keyword: coast}]}, alert: {on: [match]}}
  - {id: fair, title: A fair, match: {any: [{keyword: [fair, coast]}]}, alert: {on: [match]}}
"""


class House:
    """One ledger with its rules and its workers."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.redis = RedisServer()
        self.redis.start()
        self.db: Database = new_ledger(database_url)
        self.workers: list[BaseProcess] = []
        self.rules = folder / "rules"
        self.rules.mkdir()
        self.write_rules(f"  - {BEFORE}\n")
        # What a worker loads before its first look is measured elsewhere; here it dies every second.
        (self.rules / "shipped.yml").write_text("version: 1\nshipped: []\n")
        (self.rules / "routes.yml").write_text(
            f"version: 1\nreceivers:\n  desk: file:{folder / 'told'}\nroute:\n  - receivers: [desk]\n"
        )
        self.env: Mapping[str, str] = environment(
            folder,
            {
                "data_dir": str(folder / "data"),
                "rules": str(self.rules),
                "embedder": "off",
                "database_url": database_url,
                "redis_url": self.redis.url,
                "lease_seconds": "3",
                "log_level": "warning",
            },
        )

    def write_rules(self, rules: str) -> None:
        (self.rules / "a.yml").write_text(f"version: 1\nrules:\n{rules}")

    def store_and_judge(self) -> None:
        """As news, by the rules of before."""
        save_imported(self.db, [planned(number) for number in range(ARTICLES)], backfill=False)
        tools = Toolbox(
            db=self.db,
            watcher=RulesWatcher(self.rules),
            parsers={"en": killable.NoWords()},
            settings=Settings(rules=self.rules, data_dir=self.folder),
        )
        while process_articles(tools):
            pass

    def tend(self) -> None:
        self.workers = [one for one in self.workers if one.is_alive()]
        while len(self.workers) < 2:
            child = FORKS.Process(target=killable.live, args=("articles", self.env, self.folder / "log"))
            child.start()
            self.workers.append(child)

    def close(self) -> None:
        for child in self.workers:
            child.kill()
            child.join()
        self.redis.close()
        self.db.close()


def planned(number: int) -> PlannedVersion:
    entry = Entry(
        guid=str(number),
        url=f"https://wire.example/{number}",
        title=f"Report {number}",
        summary="",
        text=TEXTS[number % 3],
        author="",
        lang="en",
        published_at=None,
        updated_at=None,
    )
    return PlannedVersion(
        article_id=None,
        identity=f"test|{number}",
        version=1,
        content_hash=content_hash(entry),
        publisher="The Wire",
        entry=entry,
    )


@pytest.fixture
def house(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    made = House(tmp_path, database_url)
    yield made
    made.close()


def apply(house: House) -> subprocess.CompletedProcess[str]:
    return claimwatch(["rules", "apply", "--since", "1d"], env=house.env, cwd=house.folder)


def kill_the_command_as_soon_as_it_wrote(house: House) -> None:
    child = start(
        ["rules", "apply", "--since", "1d"], env=house.env, cwd=house.folder, log=house.folder / "log"
    )
    while not again_counts(house.db).waiting and child.poll() is None:
        time.sleep(0.005)
    child.kill()
    child.wait()


def test_killed_workers_and_a_killed_command_leave_what_one_calm_run_would(house: House) -> None:
    house.store_and_judge()
    assert again_counts(house.db).waiting == 0
    told_before = told(house)
    house.write_rules(AFTER)

    kill_the_command_as_soon_as_it_wrote(house)
    asked = apply(house)
    assert (asked.returncode, f"{ARTICLES} articles will be judged again" in asked.stdout) == (0, True), asked
    house.tend()
    chance, kills, deadline = random.Random(1), 0, time.monotonic() + 120
    next_kill = time.monotonic() + 3.5
    while kills < KILLS or again_counts(house.db).waiting:
        assert time.monotonic() < deadline, (house.folder / "log").read_text()[-2000:]
        if kills < KILLS and time.monotonic() >= next_kill:
            chance.choice(house.workers).kill()
            kills += 1
            next_kill = time.monotonic() + chance.uniform(0.1, 0.8)
        house.tend()
        time.sleep(0.05)
        if kills == KILLS and again_counts(house.db).stuck:
            # Killed under three workers in a row: asking once more is the remedy.
            assert apply(house).returncode == 0

    third = ARTICLES // 3
    assert matches(house) == {
        # Renewed where it holds, ended where it does not, and what is new is backfill.
        ("storm", "coast", False, True): third,
        ("storm", "hills", False, False): third,
        ("fair", "coast", True, True): third,
        ("fair", "noon", True, True): third,
    }
    assert told(house) == told_before | {("fair", "suppressed", "backfill"): 2 * third}
    assert told_before == {("storm", "waiting", ""): 2 * third}
    assert not (house.folder / "told").exists()


def matches(house: House) -> Counter[tuple[str, str, bool, bool]]:
    """(rule, which text, backfill, holds) → how many."""
    wanted = select(match.c.rule_id, article_version.c.text, match.c.backfill, match.c.ended_at)
    with house.db.read() as connection:
        rows = connection.execute(wanted.join(article_version, article_version.c.id == match.c.version_id))
        return Counter(
            (row.rule_id, row.text.rstrip(".").split()[-1], row.backfill, row.ended_at is None)
            for row in rows
        )


def told(house: House) -> Counter[tuple[str, str, str]]:
    """(rule, state, reason) → how many notifications."""
    wanted = select(alert.c.rules, notification.c.state, notification.c.reason)
    with house.db.read() as connection:
        rows = connection.execute(wanted.join(notification, notification.c.alert_id == alert.c.id))
        return Counter((row.rules[0], row.state, row.reason or "") for row in rows)
