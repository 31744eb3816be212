"""`feeds`, `health` and `doctor`, as people run them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_process import Run

from monitor.cli.database import SILENT_AFTER, ailments
from monitor.store.health import Heartbeat
from monitor.store.tasks import Outstanding

URL = "https://news.example/rss.xml"


def test_a_feed_is_added_listed_shown_changed_and_removed(claimwatch: Run, tmp_path: Path) -> None:
    """Without a rules folder the ledger alone knows it."""
    env = {"CLAIMWATCH_RULES": str(tmp_path / "nowhere")}
    options = ("--publisher", "News", "--tag", "wire", "--interval", "10m", "--unchecked")
    added = claimwatch("feeds", "add", URL, *options, env=env)
    assert (added.code, added.out) == (0, f"added: {URL}\n")
    (feed,) = claimwatch("feeds", "list", "--json").objects
    assert (feed["url"], feed["publisher"], feed["tags"], feed["interval_s"]) == (URL, "News", ["wire"], 600)
    assert feed["condition"] == "not polled yet"
    changed = claimwatch("feeds", "add", URL, "--publisher", "The News", "--unchecked", env=env)
    assert changed.out == f"changed: {URL}\n"
    shown = claimwatch("feeds", "show", URL)
    assert "The News" in shown.out
    assert claimwatch("feeds", "remove", URL, env=env).code == 0
    gone = claimwatch("feeds", "remove", URL, env=env)
    assert gone.code == 1
    assert "claimwatch feeds list" in gone.err
    empty = claimwatch("feeds", "list")
    assert (empty.code, empty.out) == (0, "")


# ---------------------------------------------------------------- health and doctor

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
IDLE = Outstanding(
    articles=0,
    notifications=0,
    stuck_articles=0,
    dead_notifications=0,
    open_articles=0,
    open_notifications=0,
)


def beat(role: str, ago: timedelta = timedelta(seconds=5)) -> Heartbeat:
    return Heartbeat(role=role, process="host:1", at=NOW - ago, note="")


def test_all_is_well_while_every_role_gives_signs() -> None:
    assert ailments((beat("poller"), beat("worker"), beat("deliverer")), IDLE, now=NOW) == ()


def test_one_living_process_of_a_role_is_enough() -> None:
    silent = beat("worker", SILENT_AFTER * 2)
    assert ailments((beat("poller"), beat("worker"), silent), IDLE, now=NOW) == ()


@pytest.mark.parametrize(
    ("beats", "role", "words"),
    [
        ((), "", "no poller"),
        ((beat("poller"),), "", "no worker"),
        ((beat("poller"), beat("worker", SILENT_AFTER * 2)), "", "of a worker was 3 min ago"),
        ((beat("poller"), beat("worker"), beat("web", SILENT_AFTER * 2)), "", "of a web"),
        ((beat("poller"),), "worker", "no worker"),
    ],
)
def test_a_silent_role_is_an_ailment(beats: tuple[Heartbeat, ...], role: str, words: str) -> None:
    assert words in " ".join(ailments(beats, IDLE, now=NOW, role=role))


def test_one_role_is_well_whatever_the_others_do() -> None:
    assert ailments((beat("poller"),), IDLE, now=NOW, role="poller") == ()


def test_health_without_any_process_is_exit_code_1(claimwatch: Run) -> None:
    assert claimwatch("db", "upgrade").code == 0
    done = claimwatch("health", "--json")
    assert done.code == 1
    assert json.loads(done.out)["healthy"] is False
    assert claimwatch("health", "worker").code == 1


def test_doctor_examines_everything_and_names_remedies(claimwatch: Run, tmp_path: Path) -> None:
    assert claimwatch("db", "upgrade").code == 0
    well = claimwatch("doctor")
    assert well.code == 0, well.out
    for subject in ("claimwatch", "SQLite", "database", "Redis", "rules"):
        assert subject in well.out
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "one.yml").write_text("version: 1\nrules: [{id: 7}]\n")
    ill = claimwatch("doctor", "--json", env={"CLAIMWATCH_RULES": str(tmp_path / "broken")})
    assert ill.code == 1
    assert [finding["subject"] for finding in ill.objects if not finding["ok"]] == ["rules"]
