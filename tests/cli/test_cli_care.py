"""`claimwatch alerts ack|unack|resolve` and `claimwatch silences`, as people type them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_process import Run


@pytest.fixture
def run(claimwatch: Run, filled: Path, tmp_path: Path) -> Run:
    shutil.copytree(filled, tmp_path / "data")
    return claimwatch


def test_an_alert_is_acknowledged_seen_so_and_taken_back(run: Run) -> None:
    said = run("alerts", "ack", "1", "--by", "Ada", "--for", "4h", "--note", "calling the ministry")
    assert said.code == 0, said.err
    assert said.out.startswith("alert 1 is acknowledged by Ada until ")
    shown = run("alerts", "show", "1")
    assert "acknowledged by Ada" in shown.out
    assert "calling the ministry" in shown.out
    (listed,) = run("alerts", "list", "--json").objects
    assert (listed["status"], listed["acknowledgement"]["owner"]) == ("acknowledged", "Ada")
    assert run("alerts", "resolve", "1", "--json").objects[0]["before"] == "acknowledged"
    assert run("alerts", "unack", "1").out == "alert 1 is new (was resolved)\n"
    again = run("alerts", "unack", "1")
    assert again.code == 2
    assert "claimwatch alerts ack 1" in again.err


def test_care_for_an_alert_that_does_not_exist_is_told(run: Run) -> None:
    for word in ("ack", "unack", "resolve"):
        missing = run("alerts", word, "77")
        assert missing.code == 1
        assert "there is no alert 77" in missing.err
    assert run("alerts", "ack", "1", "--for", "soon").code == 2


def test_a_silence_is_added_counted_listed_and_ended(run: Run) -> None:
    tried = run("silences", "add", "rule = bridge", "--for", "2h", "-c", "drill", "--dry-run")
    assert tried.out == "  it would have held 1 of 1 alerts of the last day: 1 contradiction\n" + (
        "  notifications that wait now and fit: 1\n"
    )
    assert "all of them" in tried.err
    assert run("silences", "list").err.startswith("there is no silence")
    added = run("silences", "add", "rule = bridge", "--for", "30m", "-c", "drill", "--by", "Ada")
    assert added.out.startswith("silence 1 is active until ")
    (listed,) = run("silences", "list", "--json").objects
    assert (listed["matchers"], listed["comment"], listed["author"]) == (["rule = bridge"], "drill", "Ada")
    assert "ends in 30 min" in run("silences", "list").out
    assert run("silences", "expire", "1").out == "silence 1 is over; it held 0 notifications\n"
    assert run("silences", "expire", "1").code == 2
    assert run("silences", "expire", "9").code == 1
    assert run("silences", "list").out == ""
    assert "expired by" in run("silences", "list", "--all").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rule bridge", "--for", "1h"), "is no matcher"),
        (("rule =~ (", "--for", "1h"), "missing )"),
        (("rule = bridge",), "say how long"),
        (("rule = bridge", "--for", "1h", "--until", "2030-01-01"), "say how long"),
        (("rule = bridge", "--until", "2020-01-01"), "over before it begins"),
        (("rule = bridge", "--for", "100d"), "90 days at most"),
        (("rule = bridge", "--for", "soon"), "no length of time"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused_in_words(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    refused = run("silences", "add", *arguments, "-c", "why")
    assert refused.code == 2
    assert said in refused.err
    assert "Traceback" not in refused.err


def test_a_misspelt_label_is_pointed_out(run: Run) -> None:
    tried = run("silences", "add", "rulle = bridge", "--for", "1h", "-c", "x", "--dry-run")
    assert "did you mean 'rule'" in tried.err
