"""A process that starts while the rules folder is broken: it begins with the last good rules, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.rules.kept import KeptRules
from monitor.errors import ConfigError, RulesError, UnavailableError
from monitor.logs import log_to_stderr
from monitor.rulefiles import RulesWatcher, load_folder
from monitor.rulefiles.watching import AGAIN_SECONDS, LOOK_SECONDS, SETTLE_SECONDS

RULE = "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{keyword: WORD}]}}\n"
BROKEN = RULE.replace("keyword", "keywrd")
KEPT_AT = datetime(2031, 5, 6, 12, tzinfo=UTC)


def kept(text: str = RULE) -> Callable[[], KeptRules | None]:
    return lambda: KeptRules(files={"topics/a.yml": text}, version="v", kept_at=KEPT_AT)


def broken(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.yml").write_text(BROKEN)
    return folder


def test_a_broken_folder_at_the_start_means_the_last_good_rules_and_a_loud_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("info")
    state = RulesWatcher(broken(tmp_path / "rules"), last_good=kept()).state
    assert set(state.folder.rules.rules) == {"a-rule"}
    assert "a.yml:3:43: error[unknown-key]" in state.problem
    said = capsys.readouterr().err
    assert "rules.broken" in said
    assert "rules.started_with_last_good" in said
    assert "2031-05-06T12:00:00+00:00" in said


def test_a_folder_that_is_gone_at_the_start_is_a_broken_one(tmp_path: Path) -> None:
    state = RulesWatcher(tmp_path / "gone", last_good=kept()).state
    assert set(state.folder.rules.rules) == {"a-rule"}
    assert "does not exist" in state.problem


def test_a_good_folder_is_read_and_nothing_kept_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(RULE)

    def never() -> KeptRules | None:
        raise AssertionError

    assert RulesWatcher(tmp_path, last_good=never).problem == ""


def test_with_nothing_kept_the_error_is_that_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="1 error in the rules"):
        RulesWatcher(broken(tmp_path / "rules"), last_good=lambda: None)
    with pytest.raises(ConfigError, match="does not exist"):
        RulesWatcher(tmp_path / "gone", last_good=lambda: None)


def test_kept_rules_that_this_program_refuses_are_not_used(tmp_path: Path) -> None:
    folder = broken(tmp_path / "rules")
    with pytest.raises(RulesError) as caught:
        RulesWatcher(folder, last_good=kept(BROKEN.replace("a-rule", "other")))
    assert str(folder / "a.yml") in caught.value.report, "what to mend is the folder"


def test_a_ledger_that_is_away_leaves_the_error_of_the_folder(tmp_path: Path) -> None:
    def away() -> KeptRules | None:
        raise UnavailableError("the database is away", remedy="start it")

    with pytest.raises(RulesError):
        RulesWatcher(broken(tmp_path / "rules"), last_good=away)


def test_the_mended_folder_takes_over_from_the_kept_rules(tmp_path: Path) -> None:
    now = [100.0]
    folder = broken(tmp_path / "rules")
    watcher = RulesWatcher(folder, last_good=kept(), clock=lambda: now[0])

    def wait(seconds: float) -> None:
        for _ in range(int(seconds / LOOK_SECONDS) + 1):
            now[0] += LOOK_SECONDS
            watcher.look()

    wait(AGAIN_SECONDS * 2)
    assert "unknown-key" in watcher.problem, "still broken, and still said"
    (folder / "a.yml").write_text(RULE.replace("a-rule", "b-rule"))
    wait(SETTLE_SECONDS + 2 * LOOK_SECONDS)
    assert set(watcher.current().rules.rules) == {"b-rule"}
    assert watcher.problem == ""


def test_what_is_kept_is_every_file_of_the_folder_as_it_is_written(tmp_path: Path) -> None:
    files = {
        "topics/a.yml": RULE + "# a remark\n",
        "feeds.yml": "version: 1\nfeeds: []\n",
        "shipped.yml": "version: 1\nshipped: []\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    folder = load_folder(tmp_path)
    assert folder.files == files
    again = RulesWatcher(
        tmp_path / "gone", last_good=lambda: KeptRules(files=folder.files, version="", kept_at=KEPT_AT)
    )
    assert again.current().version == folder.version
