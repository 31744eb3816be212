"""A poller that is killed with feeds in its hands: another one takes them over when the leases end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from claimwatch_processes import REPOSITORY, environment

from monitor.config import Settings
from monitor.core.types import FeedSpec
from monitor.store.database import open_database
from monitor.store.feeds import add_feeds, lease_due_feeds, next_due_at
from monitor.store.migrations import upgrade
from workers import poller

#: A poller in a process of its own, with short waits.
POLLER = """
from monitor.config import load_settings
from workers import poller
from workers.processes import run_poller

poller.READ_LIMIT = poller.LEASE_MARGIN = 0.5
poller.LONGEST_WAIT = 0.5
run_poller(load_settings())
"""
LEASE = 3.5


def test_a_lease_is_so_short_that_others_take_over_within_a_minute() -> None:
    held = Settings().fetch_timeout + poller.READ_LIMIT + poller.LONGEST_WAIT + poller.LEASE_MARGIN
    assert held + poller.TICK < 60


def test_feeds_of_a_killed_poller_are_due_again_when_its_leases_end(
    database_url: str, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "feeds.yml").write_text("version: 1\nfeeds: []\n")
    db = open_database(database_url)
    upgrade(db)
    env = environment(
        tmp_path,
        {
            "data_dir": str(tmp_path),
            "database_url": database_url,
            "rules": str(rules),
            "allow_networks": "127.0.0.0/8",
            "fetch_timeout": "2",
        },
    )
    with socket.socket() as hanging:  # accepts, and never answers
        hanging.bind(("0.0.0.0", 0))
        hanging.listen(20)
        port = hanging.getsockname()[1]
        add_feeds(db, [FeedSpec(url=f"http://127.0.0.{host}:{port}/a") for host in range(1, 6)])
        child = subprocess.Popen([sys.executable, "-c", POLLER], env=env, cwd=REPOSITORY)
        try:
            hanging.settimeout(60)
            hanging.accept()  # it has leased them all, and waits for answers
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        killed = time.monotonic()
        taken = 0
        while taken < 5:
            taken += len(lease_due_feeds(db, limit=10, lease_for=timedelta(minutes=1)))
            if time.monotonic() - killed > LEASE + 20:
                pytest.fail(f"{taken} of 5 feeds were taken over; next due at {next_due_at(db)}")
            time.sleep(0.1)
    db.close()
