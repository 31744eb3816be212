"""`claimwatch alerts simulate`: what other routes would have sent of stored alerts, and what not and why."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_process import Outcome, Run
from ledgers import new_ledger

ROUTES = """\
version: 1
receivers: {desk: "stdout:", night: "stdout:"}
route:
  receivers: [desk]
  routes:
    - match: {rule: bridge}
      receivers: [desk, night]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "routes.yml").write_text(ROUTES)
    return folder


@pytest.fixture
def run(claimwatch: Run, filled: Path, rules: Path, tmp_path: Path) -> Run:
    shutil.copytree(filled, tmp_path / "data")

    def simulate(*arguments: str) -> Outcome:
        return claimwatch("alerts", "simulate", *arguments, env={"CLAIMWATCH_RULES": str(rules)})

    return simulate


def test_the_messages_that_would_have_gone_out_are_shown_with_their_receivers(run: Run) -> None:
    shown = run("--since", "1d")
    assert shown.code == 0, shown.err
    first, second, *rest = shown.out.splitlines()
    assert first.endswith("desk  alert: Ostrova and Sand disagree on who blew up the bridge")
    assert "  night  alert: " in second
    assert rest == [
        "1 alert → 2 messages",
        "  desk: 1 message, at most 1 on one day",
        "  night: 1 message, at most 1 on one day",
    ]
    assert [(one["sent"], one["receiver"], one["alerts"]) for one in run("--json").objects] == [
        (True, "desk", [1]),
        (True, "night", [1]),
    ]


def test_what_other_routes_hold_back_is_told_with_the_reason(
    run: Run, claimwatch: Run, tmp_path: Path
) -> None:
    other = tmp_path / "new-routes.yml"
    other.write_text('version: 1\nreceivers: {desk: "stdout:"}\nroute: {receivers: [desk]}\n')
    assert claimwatch("alerts", "ack", "1", "--by", "Ada").code == 0
    # The acknowledgement came after the alert: it was told all the same.
    assert "1 alert → 1 message" in run("--routes", str(other)).out
    half_a_day_on = f"{datetime.now(UTC) + timedelta(hours=12):%H:%M}"
    other.write_text(
        'version: 1\nreceivers: {desk: "stdout:"}\n'
        f'route: {{receivers: [desk], digest: {{at: ["{half_a_day_on}"]}}}}\n'
    )
    waits = run("--routes", str(other))
    assert "  1 still wait at the end" in waits.out.splitlines()
    (told,) = run("--routes", str(other), "--json").objects
    assert (told["sent"], told["waits"], told["reason"]) == (False, True, "digest")
    assert (told["alert"], told["receiver"]) == (1, "desk")


def test_nothing_is_sent_and_nothing_is_written(run: Run, claimwatch: Run) -> None:
    before = claimwatch("alerts", "show", "1", "--json").out
    run()
    assert claimwatch("alerts", "show", "1", "--json").out == before


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        (None, 2, "No such file"),
        ("version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [nobody]}\n", 1, "unknown-receiver"),
        ("version: 1\n  route: [\n", 1, "yaml-syntax"),
        (b"\xff\xfe", 2, "not UTF-8"),
    ],
)
def test_routes_that_cannot_be_read_are_told_with_their_place(
    run: Run, tmp_path: Path, written: str | bytes | None, code: int, said: str
) -> None:
    file = tmp_path / "bad.yml"
    if written is not None:
        file.write_bytes(written if isinstance(written, bytes) else written.encode())
    refused = run("--routes", str(file))
    assert (refused.code, refused.out) == (code, "")
    assert said in refused.err
    assert "bad.yml" in refused.err
    assert "Traceback" not in refused.err


def test_a_time_that_is_none_is_refused(run: Run) -> None:
    refused = run("--since", "lately")
    assert refused.code == 2
    assert "--since" in refused.err


def test_an_empty_ledger_says_so_and_a_missing_one_what_to_do(
    claimwatch: Run, rules: Path, tmp_path: Path
) -> None:
    env = {"CLAIMWATCH_RULES": str(rules)}
    missing = claimwatch("alerts", "simulate", env=env)
    assert missing.code == 3
    assert "nothing is stored yet" in missing.err
    (tmp_path / "data").mkdir()
    new_ledger(f"sqlite:///{tmp_path / 'data' / 'claimwatch.db'}").close()
    empty = claimwatch("alerts", "simulate", env=env)
    assert (empty.code, empty.out) == (0, "")
    assert "there are no alerts in this time" in empty.err
    quiet = claimwatch("alerts", "simulate", "--json", env=env)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
