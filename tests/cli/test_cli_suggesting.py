"""The loop of an analyst, second half: suggest, adopt-test, and the rule is better."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from feedback_desk import LABOUR, RULES, WEATHER, Desk

# ---------------------------------------------------------------- suggest


def test_suggest_proposes_the_word_and_the_written_filter_keeps_its_promise(desk: Desk) -> None:
    desk.mark()
    before = desk.file.read_text()
    out = desk.ok("rules", "suggest", "strikes", "--write", "filters/strikes.yml")
    assert 'none: {keyword: "lightning"}' in out
    assert "removes 4 of 4 noise, 0 of 5 real, 0 of 0 unmarked" in out
    assert desk.file.read_text() == before
    assert desk.say("rules", "lint")[0] == 0
    assert desk.say("rules", "fmt", "--check", str(desk.rules / "filters"))[0] == 0
    (after,) = desk.objects("rules", "suggest", "strikes")
    assert (after["matched"], after["gone"]) == ({"noise": 0, "real": 5, "unmarked": 0}, 4)
    code, _, err = desk.say("rules", "suggest", "strikes", "--write", "filters/strikes.yml")
    assert code == 1
    assert "nothing is written" in err


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("strikes.yml", "no filter file"),
        ("../filters/x.yml", "no filter file"),
        ("filters/x.txt", "no filter file"),
        ("filters/../strikes.yml", "no filter file"),
    ],
)
def test_a_filter_is_written_among_the_filters_only(desk: Desk, file: str, told: str) -> None:
    desk.mark()
    before = desk.file.read_text()
    code, _, err = desk.say("rules", "suggest", "strikes", "--write", file)
    assert (code, told in err) == (2, True)
    assert desk.file.read_text() == before


def test_a_filter_that_breaks_a_test_of_the_rule_is_not_written(desk: Desk) -> None:
    desk.mark()
    more = (
        "      - name: lightning strike of dockers\n"
        "        article: {title: Lightning strike shuts port}\n"
        "        should_match: true\n"
    )
    desk.file.write_text(RULES.replace("  - id: ports", more + "  - id: ports"))
    code, _, err = desk.say("rules", "suggest", "strikes", "--write", "filters/strikes.yml")
    assert code == 2
    assert "'lightning strike of dockers'" in err
    assert not (desk.rules / "filters").exists()


def test_suggest_without_noise_says_what_to_do(desk: Desk) -> None:
    code, out, err = desk.say("rules", "suggest")
    assert (code, out) == (0, "")
    assert "claimwatch feedback ID noise" in err
    assert "too little to learn from" in desk.ok("rules", "suggest", "strikes")
    assert desk.say("rules", "suggest", "--write", "filters/x.yml")[0] == 2


# ---------------------------------------------------------------- adopt-test


def test_noise_becomes_a_failing_test_that_the_proposed_filter_makes_pass(desk: Desk) -> None:
    desk.mark()
    number = desk.ids()[WEATHER[0]]
    desk.file.chmod(0o640)
    code, out, _ = desk.say("rules", "adopt-test", str(number))
    assert code == 1
    assert "it fails as the rule is now: it matches" in out
    assert "claimwatch rules suggest strikes" in out
    text = desk.file.read_text()
    assert text.startswith(RULES.partition("  - id: ports")[0])
    assert "# any kind" in text
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o640
    assert desk.say("rules", "test")[0] == 1
    desk.ok("rules", "suggest", "strikes", "--write", "filters/strikes.yml")
    assert desk.say("rules", "test")[0] == 0


def test_what_is_real_becomes_a_test_that_passes(desk: Desk) -> None:
    desk.mark()
    out = desk.ok("rules", "adopt-test", str(desk.ids()[LABOUR[0]]))
    assert "it passes" in out
    assert f"name: {LABOUR[0]}" in desk.file.read_text()
    code, _, err = desk.say("rules", "adopt-test", str(desk.ids()[LABOUR[0]]))
    assert code == 2
    assert "a test with this title already" in err


def test_a_known_gap_fails_no_run(desk: Desk) -> None:
    number = desk.ids()[WEATHER[1]]
    out = desk.ok("rules", "adopt-test", str(number), "--no", "--known-gap")
    assert "marked as a known gap" in out
    assert "1 known gaps" in desk.ok("rules", "test")


def test_a_dry_run_shows_the_difference_and_writes_nothing(desk: Desk) -> None:
    before = desk.file.read_text()
    out = desk.ok("rules", "adopt-test", str(desk.ids()[LABOUR[0]]), "--should-match", "--dry-run")
    assert f"+      - name: {LABOUR[0]}" in out
    assert "nothing written" in out
    assert desk.file.read_text() == before


def test_what_cannot_become_a_test_says_why_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.file.read_text()
    number = str(desk.ids()[LABOUR[0]])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.yml").write_text(RULES.replace("strikes", "others"))
    for arguments, code, told in (
        ((number,), 2, "nobody has said whether"),
        (("4711", "--no"), 1, "no match 4711"),
        ((number, "--no", "--rules", str(elsewhere)), 2, "which no file of"),
        ((number, "--no", "--rules", str(tmp_path / "nowhere")), 2, "does not exist"),
    ):
        got, _, err = desk.say("rules", "adopt-test", *arguments)
        assert (got, told in err) == (code, True), err
    desk.file.write_text("rules: [\n")
    assert desk.say("rules", "adopt-test", number, "--no")[0] == 1
    assert desk.file.read_text() == "rules: [\n"
    desk.file.write_text(before)


def test_a_file_that_somebody_changes_meanwhile_is_left_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitor.cli import rule_adopt

    number = str(desk.ids()[LABOUR[0]])
    theirs = RULES.replace("by the labour desk", "by somebody else")
    real = rule_adopt._outcome

    def meanwhile(*arguments: Any) -> str:
        desk.file.write_text(theirs)
        return real(*arguments)

    monkeypatch.setattr(rule_adopt, "_outcome", meanwhile)
    code, _, err = desk.say("rules", "adopt-test", number, "--should-match")
    assert code == 2
    assert "was changed by somebody else" in err
    assert desk.file.read_text() == theirs


def test_a_linked_rule_file_stays_a_link(desk: Desk, tmp_path: Path) -> None:
    real = tmp_path / "kept-elsewhere.yml"
    desk.file.rename(real)
    desk.file.symlink_to(real)
    desk.ok("rules", "adopt-test", str(desk.ids()[LABOUR[0]]), "--should-match")
    assert desk.file.is_symlink()
    assert LABOUR[0] in real.read_text()
