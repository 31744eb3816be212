"""`claimwatch rules history` and `rules status`: what they say, also where there is nothing to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger

from monitor.cli.main import run
from monitor.cli.rule_versions import changes_of
from monitor.rulefiles import load_folder
from monitor.store.database import open_database
from monitor.store.rules import record_rules
from monitor.store.rules_in_use import tell_rules

STORM = "  - {id: storm, title: Storm, match: {all: [{keyword: $words}, {entity: harbour}]}}\n"
CALM = "  - {id: calm, title: Calm, match: {any: [{keyword: calm}]}}\n"
FILTER = "version: 1\nfilters:\n  - {id: sport, rules: ['*'], none: [{keyword: football}], reason: R}\n"


class Desk:
    """A ledger and a rules folder, and the processes' part of the work done by hand."""

    def __init__(self, folder: Path, url: str) -> None:
        self.rules = folder / "rules"
        self.rules.mkdir()
        self.url = url
        db = new_ledger(url)
        db.close()

    def write(
        self, *rules: str, words: str = "storm, gale", aliases: str = "Harbour", filters: str = ""
    ) -> None:
        (self.rules / "a.yml").write_text(
            f"version: 1\nlists: {{words: [{words}]}}\n"
            f"entities:\n  harbour: {{type: place, name: Harbour, aliases: [{aliases}]}}\n"
            f"rules:\n{''.join(rules)}",
            encoding="utf-8",
        )
        (self.rules / "filters").mkdir(exist_ok=True)
        (self.rules / "filters" / "f.yml").write_text(filters or "version: 1\nfilters: []\n")

    def use(self) -> None:
        """A process loads the folder as it is now."""
        folder = load_folder(self.rules)
        db = open_database(self.url)
        record_rules(db, folder.rules.rules.values(), folder.recorded_text)
        db.close()

    def tell(self, process: str, version: str, problem: str = "") -> None:
        db = open_database(self.url)
        tell_rules(db, role="worker", process=process, folder="/r", version=version, rules=1, problem=problem)
        db.close()


@pytest.fixture
def desk(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path, database_url)
    monkeypatch.setenv("CLAIMWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("CLAIMWATCH_RULES", str(made.rules))
    return made


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Exit code, standard output and standard error of a command."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        return code, *capsys.readouterr()

    return call


def objects(said: Said, *arguments: str) -> list[dict[str, Any]]:
    _, out, _ = said(*arguments, "--json")
    return [json.loads(line) for line in out.splitlines()]


# ---------------------------------------------------------------- history


def test_every_change_of_a_rule_is_explained_by_a_diff(desk: Desk, said: Said) -> None:
    steps: list[dict[str, str]] = [
        {},
        {"words": "storm, gale, hurricane"},
        {"words": "storm, gale, hurricane", "aliases": "Harbour, Haven"},
        {"words": "storm, gale, hurricane", "aliases": "Harbour, {text: Haven, case: exact}"},
        {
            "words": "storm, gale, hurricane",
            "aliases": "Harbour, {text: Haven, case: exact}",
            "filters": FILTER,
        },
    ]
    for step in steps:
        desk.write(STORM, CALM, **step)
        desk.use()
    desk.write(STORM.replace("title: Storm", "title: Storms, severity: high"))
    desk.use()
    history = objects(said, "rules", "history", "storm")
    assert len(history) == 6
    assert [one["in_folder"] for one in history] == [True, *[False] * 5]
    assert len({one["version"] for one in history}) == 6
    changed = [[line for line in one["diff"].splitlines()[2:] if line[0] in "+-"] for one in history]
    assert changed[4] == ["+    - hurricane"]
    assert changed[3] == ["+    - Haven"]
    assert changed[2] == ["-    - Haven", "+    - Haven # capitals as written"]
    assert changed[1] == [
        "+filters:",
        "+  - {id: sport, rules: ['*'], none: [{keyword: football}], reason: R}",
    ]
    assert all("severity: high" in line for line in changed[0] if line[0] == "+")
    assert history[5]["diff"] == ""


def test_a_word_in_another_place_or_a_new_test_is_no_new_version(desk: Desk, said: Said) -> None:
    desk.write(STORM)
    desk.use()
    desk.write(STORM, words="gale, storm")
    desk.use()
    assert len(objects(said, "rules", "history", "storm")) == 1


def test_the_history_of_a_deleted_rule_stays(desk: Desk, said: Said) -> None:
    for rules in ((STORM, CALM), (STORM, CALM.replace("keyword: calm", "keyword: still")), (STORM,)):
        desk.write(*rules)
        desk.use()
    code, out, err = said("rules", "history", "calm")
    assert code == 0
    assert "no file in the folder here defines 'calm' any more" in err
    assert out.count("calm ") == 2
    assert "(in the folder here)" not in out
    assert "  -  - {id: calm, title: Calm, match: {any: [{keyword: calm}]}}" in out


@pytest.mark.parametrize("meant", ["storm", "calm"])
def test_a_misspelt_rule_is_guessed_also_where_it_is_deleted(desk: Desk, said: Said, meant: str) -> None:
    desk.write(STORM, CALM)
    desk.use()
    desk.write(STORM)
    code, _, err = said("rules", "history", meant + "m")
    assert code == 2
    assert f"did you mean '{meant}'?" in err


def test_a_rule_that_nobody_used_yet_says_so(desk: Desk, said: Said) -> None:
    desk.write(STORM)
    code, _, err = said("rules", "history", "storm")
    assert code == 2
    assert "no process has used rule 'storm' yet" in err


def test_what_a_rule_file_smuggles_in_does_not_steer_the_terminal(desk: Desk, said: Said) -> None:
    desk.write('  - {id: storm, title: "\\e[31mStorm \u202e", match: {any: [{keyword: a storm}]}}\n')
    desk.use()
    _, out, _ = said("rules", "history", "storm")
    assert "Storm" in out
    assert not set(out) & {"\x1b", "\u202e"}


def test_the_oldest_version_has_no_diff() -> None:
    assert changes_of([]) == []


# ---------------------------------------------------------------- status


def test_processes_are_current_behind_or_broken(desk: Desk, said: Said) -> None:
    desk.write(STORM)
    version = load_folder(desk.rules).version
    desk.tell("north:1", version)
    code, out, err = said("rules", "status")
    assert (code, err) == (0, "")
    assert f"version {version}: 1 rules, 1 entities, 0 feeds" in out
    desk.tell("south:2", "another")
    desk.tell("west:3", version, "x.yml:1:1: error[bad-key]: no\n")
    folder, *processes = objects(said, "rules", "status")
    assert (folder["version"], folder["problem"]) == (version, "")
    assert {one["process"]: one["state"] for one in processes} == {
        "north:1": "current",
        "south:2": "behind",
        "west:3": "broken",
    }
    code, out, err = said("rules", "status")
    assert code == 1
    assert "x.yml:1:1: error[bad-key]: no" in out
    assert "behind: a process takes a change within 5 s" in err


def test_broken_files_here_are_shown_whole(desk: Desk, said: Said) -> None:
    desk.write(STORM.replace("$words", "$wordz"))
    code, out, _ = said("rules", "status")
    assert code == 1
    assert "error[unknown-list]" in out
    assert "did you mean 'words'?" in out
    (folder,) = objects(said, "rules", "status")
    assert folder["version"] is None
    assert "error[unknown-list]" in folder["problem"]


def test_without_processes_or_ledger_the_folder_is_shown_all_the_same(
    desk: Desk, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(STORM)
    code, _, err = said("rules", "status")
    assert code == 0
    assert "no process is running" in err
    monkeypatch.setenv("CLAIMWATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere.db'}")
    code, out, err = said("rules", "status")
    assert code == 0
    assert "1 rules" in out
    assert "no word of the processes: nothing is stored yet" in err
