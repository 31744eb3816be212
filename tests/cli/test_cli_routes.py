"""`claimwatch routes`: where an alert would go and why, and a test that goes there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli_process import Run

ROUTES = """\
version: 1
receivers:
  all: "stdout:"
  duty: "file:{folder}/duty.jsonl"
  hook: "webhook+https://hooks.example.org/T0KEN"
route:
  receivers: [all]
  routes:
    - match: ["kind in (contradiction, reversal)", "severity = high"]
      receivers: [duty]
      escalate: {{after: 15m, receivers: [hook]}}
      routes:
        - match: {{lang: ru}}
          receivers: [hook]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "routes.yml").write_text(ROUTES.format(folder=tmp_path))
    return folder


def test_the_tree_is_shown_without_secrets(claimwatch: Run, rules: Path) -> None:
    shown = claimwatch("routes", "show", "--rules", str(rules))
    assert shown.code == 0, shown.err
    assert shown.out.splitlines()[:3] == [
        "everything else → all",
        "  kind in (contradiction, reversal) and severity = high → duty; "
        "unacknowledged after 15 min also hook",
        "    lang = ru → hook; unacknowledged after 15 min also hook",
    ]
    assert "hook  webhook+https://hooks.example.org/…" in shown.out
    assert "T0KEN" not in shown.out
    objects = claimwatch("routes", "show", "--rules", str(rules), "--json").objects
    assert [one["route"] for one in objects] == ["route", "route.routes[1]", "route.routes[1].routes[1]"]


def test_without_routes_nobody_is_told(claimwatch: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (("show",), ("test", "--label", "kind=match")):
        shown = claimwatch("routes", *arguments, "--rules", str(tmp_path / "empty"))
        assert shown.code == 1
    assert "goes to nobody" in shown.out


def test_labels_are_walked_through_the_tree_and_each_node_says_why(claimwatch: Run, rules: Path) -> None:
    labels = ("--label", "kind=contradiction", "--label", "severity = high", "--label", "lang=de")
    tried = claimwatch("routes", "test", *labels, "--rules", str(rules))
    assert tried.code == 0, tried.err
    assert tried.out.splitlines() == [
        "kind=contradiction, lang=de, severity=high",
        "  · route: a route within it takes it",
        "    ✓ route.routes[1]: takes it → duty",
        "      ✗ route.routes[1].routes[1]: wants lang = ru, and lang is 'de'",
        "goes to duty",
    ]
    (told,) = claimwatch("routes", "test", *labels, "--rules", str(rules), "--json").objects
    assert told["receivers"] == ["duty"]
    assert [step["takes"] for step in told["steps"]] == [False, True, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say which alert"),
        (("3", "--label", "kind=match"), "say which alert"),
        (("--label", "kind"), "no label"),
        (("--label", "kind=matc"), "did you mean 'match'?"),
        (("--label", "severity=worse"), "one of low, medium, high, critical"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(
    claimwatch: Run, rules: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = claimwatch("routes", "test", *arguments, "--rules", str(rules))
    assert refused.code == 2
    assert said in refused.err
    assert "Traceback" not in refused.err


def test_a_label_that_no_alert_has_is_pointed_out(claimwatch: Run, rules: Path) -> None:
    tried = claimwatch("routes", "test", "--label", "knid=match", "--rules", str(rules))
    assert "did you mean 'kind'" in tried.err


def test_a_stored_alert_goes_where_it_would_go_now_and_its_test_is_delivered(
    claimwatch: Run, rules: Path, filled: Path, tmp_path: Path
) -> None:
    shutil.copytree(filled, tmp_path / "data")
    (rules / "feeds.yml").write_text("version: 1\nfeeds: []\n")
    told = claimwatch("routes", "test", "1", "--rules", str(rules))
    assert told.out.splitlines()[-1] == "goes to all"  # its label severity is not there
    sent = claimwatch("routes", "test", "1", "--send", "--wait", "0", "--rules", str(rules), "--json")
    assert sent.code == 4  # nobody delivers yet
    assert sent.objects[-1]["notifications"][0]["state"] == "waiting"
    id = sent.objects[-1]["id"]
    claimwatch("once", env={"CLAIMWATCH_RULES": str(rules)})
    shown = claimwatch("alerts", "show", str(id), "--json").objects[0]
    assert [(one["receiver"], one["state"]) for one in shown["notifications"]] == [("all", "sent")]
    assert shown["headline"].startswith("TEST: ")
    assert shown["labels"]["test"] == "yes"
    assert len(shown["claims"]) == 2
    # the real one is as it was
    assert "test" not in claimwatch("alerts", "show", "1", "--json").objects[0]["labels"]


def test_an_alert_that_does_not_exist_is_no_crash(claimwatch: Run, rules: Path, filled: Path) -> None:
    missing = claimwatch(
        "routes", "test", "77", "--rules", str(rules), env={"CLAIMWATCH_DATA_DIR": str(filled)}
    )
    assert missing.code == 1
    assert "there is no alert 77" in missing.err


def test_a_broken_file_is_told_with_its_place(claimwatch: Run, rules: Path) -> None:
    (rules / "routes.yml").write_text("version: 1\nreceivers: {a: 'stdout:'}\nroute: {routes: []}\n")
    broken = claimwatch("routes", "test", "--label", "kind=match", "--rules", str(rules))
    assert broken.code == 1
    assert "routes.yml:3:1" in broken.err
    assert "no-catch-all" in broken.err


def test_the_payload_of_a_test_says_that_it_is_one(claimwatch: Run, rules: Path, tmp_path: Path) -> None:
    (rules / "feeds.yml").write_text("version: 1\nfeeds: []\n")
    labels = ("--label", "kind=contradiction", "--label", "severity=high")
    env = {"CLAIMWATCH_RULES": str(rules)}
    claimwatch("routes", "test", *labels, "--send", "--wait", "0", env=env)
    claimwatch("once", env=env)
    (line,) = (tmp_path / "duty.jsonl").read_text().splitlines()
    assert json.loads(line)["headline"].startswith("TEST: ")
