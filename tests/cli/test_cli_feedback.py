"""The loop of an analyst: feedback, stats, suggest, adopt-test, and the rule is better."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger

from monitor.cli import main
from monitor.core.matching import match
from monitor.core.polling import content_hash
from monitor.core.types import Entry, Findings, PlannedVersion
from monitor.rulefiles import load_folder
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.judging import judging
from monitor.store.tasks import take_articles

RULES = """\
# Strikes, by the labour desk.
version: 1

rules:
  - id: strikes
    title: Strikes
    match:
      all:
        - keyword: [strike*, walkout]   # any kind
        - keyword: [port, harbour, quay]
    tests:
      - name: a strike
        article: {title: Strike in the port}
        should_match: true
      - name: nothing
        article: {title: Nothing in the port}
        should_match: false   # of course
  - id: ports
    title: Ports
    match: {any: [{keyword: [port, harbour]}]}
"""
WEATHER = (
    "Lightning strikes the harbour of Arlen",
    "Harbour crane hit as lightning strikes",
    "Storm: lightning strikes ship in port",
    "A port in the dark after lightning strike",
)
LABOUR = (
    "Dockers begin strike in the port of Brask",
    "Walkout at the harbour, says the union",
    "Union calls strike at port over wages",
    "Port strike: talks fail in Cormo",
    "Strike at the harbour enters third week",
)
BODIES = (
    "The morning was grey over the town. People went to work as usual.",
    "A long queue stood before the bakery. Nobody could say for how long.",
    "The mayor had called a meeting for the evening. Few came, and they left early.",
)

Say = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True)
class Desk:
    """A rules folder, a database, and the program in between."""

    folder: Path
    rules: Path
    say: Say

    @property
    def file(self) -> Path:
        return self.rules / "strikes.yml"

    def ok(self, *arguments: str) -> str:
        code, out, err = self.say(*arguments)
        assert code == 0, out + err
        return out

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ok(*arguments, "--json").splitlines()]

    def ids(self, rule: str = "strikes") -> dict[str, int]:
        """Title → id of the rule's match."""
        listed = self.objects("matches", "list", "--rule", rule)
        return {found["article"]["title"]: found["id"] for found in listed}

    def mark(self) -> None:
        ids = self.ids()
        for title in WEATHER:
            self.ok("feedback", f"match:{ids[title]}", "noise", "--by", "eva")
        for title in LABOUR:
            self.ok("feedback", f"match:{ids[title]}", "real", "--by", "eva")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    for name in [name for name in os.environ if name.startswith("CLAIMWATCH_")]:
        monkeypatch.delenv(name)
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "strikes.yml").write_text(RULES, encoding="utf-8")
    monkeypatch.setenv("CLAIMWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CLAIMWATCH_RULES", str(rules))
    monkeypatch.chdir(tmp_path)
    db = new_ledger(f"sqlite:///{tmp_path / 'claimwatch.db'}")
    publish(db, rules, *LABOUR, *WEATHER, "Nothing happened in Brask")
    db.close()

    def say(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main.run(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return Desk(folder=tmp_path, rules=rules, say=say)


def publish(db: Database, rules: Path, *titles: str) -> None:
    """Store articles and what the rules find in them, as a worker would."""
    now = datetime.now(UTC)
    for number, title in enumerate(titles):
        text = f"{BODIES[number % 3]} {title}, reports say. {BODIES[(number + 1) % 3]}"
        entry = Entry(
            guid=title, url=f"https://wire.example/{number}", title=title, summary="", text=text, author="",
            lang="en", published_at=now - timedelta(hours=number), updated_at=None,
        )  # fmt: skip
        planned = PlannedVersion(
            article_id=None, identity=f"import|Wire|guid:{title}", version=1,
            content_hash=content_hash(entry), publisher="Wire", entry=entry,
        )  # fmt: skip
        save_imported(db, [planned], backfill=False)
    taken = take_articles(db, limit=100, lease_for=timedelta(minutes=1))
    for reading in match(taken.articles, load_folder(rules).rules):
        with judging(db, taken, reading.article.version_id, ()) as book:
            book.save(Findings(article=reading.article, matches=reading.matches))


# ---------------------------------------------------------------- feedback


def test_a_word_is_said_shown_and_taken_back(desk: Desk) -> None:
    number = desk.ids()[WEATHER[0]]
    out = desk.ok("feedback", str(number), "noise", "--by", "eva", "--note", "a storm")
    assert f"match:{number} is noise: {WEATHER[0]}" in out
    assert "counts for strikes" in out
    assert f"claimwatch rules adopt-test {number}" in out
    (word,) = desk.objects("feedback", "list")
    assert (word["by"], word["note"], word["word"], word["rules"]) == ("eva", "a storm", "noise", ["strikes"])
    assert desk.objects("matches", "list", "--status", "noise")[0]["id"] == number
    assert f"match:{number} is real (was noise)" in desk.ok("feedback", f"match:{number}", "real")
    assert f"match:{number} is noise (was real)" in desk.ok("feedback", str(number), "--undo")
    assert f"match:{number} is open again (was noise)" in desk.ok("feedback", str(number), "--undo")
    assert {word["state"] for word in desk.objects("feedback", "list", "--history")} == {"undone"}
    (answer,) = desk.objects("feedback", str(number), "outdated")
    assert (answer["id"], answer["before"], answer["standing"]["word"]) == (
        f"match:{number}",
        None,
        "outdated",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("4711", "noise"), 1, "no match or contradiction 4711"),
        (("match:4711", "noise"), 1, "no match 4711"),
        (("thread:nobody", "noise"), 1, "no thread nobody"),
        (("nobody", "noise"), 1, "no thread nobody"),
        (("1",), 2, "one of real, noise, outdated, or --undo"),
        (("1", "noise", "--undo"), 2, "one of real, noise, outdated, or --undo"),
        (("1", "--undo"), 2, "nothing to undo"),
        (("1", "nois"), 2, "'nois' is not one of"),
        (("1", "noise", "--note", "x" * 2001), 2, "over 2000 characters"),
        (("list", "--since", "yesterday"), 2, "no time"),
    ],
)
def test_what_cannot_be_said_is_told_without_a_traceback(
    desk: Desk, arguments: tuple[str, ...], code: int, told: str
) -> None:
    got, out, err = desk.say("feedback", *arguments)
    assert (got, told in err) == (code, True), err
    assert "Traceback" not in out + err
    assert desk.objects("feedback", "list") == []


def test_nothing_said_yet_is_told_in_words(desk: Desk) -> None:
    code, out, err = desk.say("feedback", "list")
    assert (code, out) == (0, "")
    assert "nothing was said yet" in err


# ---------------------------------------------------------------- stats


def test_stats_have_a_line_for_each_rule_and_say_what_is_missing(desk: Desk) -> None:
    code, out, err = desk.say("rules", "stats")
    assert code == 0
    titles, first, second = out.splitlines()
    assert titles.startswith("rule\tmatches\ta day\tby day\t")
    assert [line.split("\t")[:2] for line in (first, second)] == [["ports", "9"], ["strikes", "9"]]
    assert "not marked" in first
    assert "nothing is marked yet" in err
    desk.mark()
    _, out, err = desk.say("rules", "stats")
    assert "44 % (19–73 %, n 9)" in out
    assert err == ""


def test_one_rule_is_told_in_full(desk: Desk) -> None:
    desk.mark()
    out = desk.ok("rules", "stats", "strikes", "--cost")
    for words in (
        "strikes: Strikes",
        "9 in 30 days",
        "44 % (19–73 %, n 9): 4 noise, 5 real, 0 outdated",
        "Wire 9",
        "strike*",
        "quay",
        "100 % of its articles are also matched by ports (Jaccard 1.00)",
        "9 of 10 articles are one",
    ):
        assert words in out
    (line,) = desk.objects("rules", "stats", "strikes")
    assert line["noise"] == pytest.approx(
        {"part": 4, "whole": 9, "share": 4 / 9, "low": 0.1888, "high": 0.7333}, abs=1e-3
    )
    assert line["dead_terms"] == [{"term": "quay", "entity": None}]
    assert sum(line["days"]) == line["matches"] == 9
    assert line["overlap"] == [{"rule": "ports", "both": 9, "jaccard": 1.0, "covered": 1.0}]


def test_a_window_without_matches_and_a_rule_that_nobody_has_are_told_in_words(desk: Desk) -> None:
    code, out, err = desk.say("rules", "stats", "--since", "2100-01-01")
    assert code == 0
    assert "no rule matched anything" in err
    code, out, err = desk.say("rules", "stats", "strike")
    assert (code, out) == (2, "")
    assert "did you mean 'strikes'?" in err


def test_counts_are_shown_also_where_the_rule_files_are_broken(desk: Desk) -> None:
    desk.file.write_text("rules: [\n")
    code, out, err = desk.say("rules", "stats")
    assert code == 0
    assert "counting without the rule files" in err
    assert "strikes\t9" in out
    assert "no rule file has it" in desk.ok("rules", "stats", "strikes")


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
