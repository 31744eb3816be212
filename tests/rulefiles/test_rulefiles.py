"""The rules folder on disk: read whole, watched, the last good set kept."""

from __future__ import annotations

import os
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from monitor.core.matching import match
from monitor.core.rules.problems import errors_of, findings_of, render
from monitor.core.rules.trials import run_tests, text_article
from monitor.errors import ConfigError, RulesError
from monitor.rulefiles import LOOK_SECONDS, RuleFolder, RulesWatcher, check_folder, load_folder

SHIPPED = Path(__file__).parents[2] / "rules"
RULE = "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{keyword: WORD}]}}\n"


_WRITES = count(1)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self) -> None:
        self.now += LOOK_SECONDS


def write(folder: Path, text: str, name: str = "a.yml") -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    # Two writes within one tick of the file system's clock must still differ.
    stamp = file.stat().st_mtime_ns + 1000 * next(_WRITES)
    os.utime(file, ns=(stamp, stamp))


# ---------------------------------------------------------------- shipped rules


def test_the_shipped_rules_have_no_problem_and_pass_their_tests() -> None:
    folder = shipped()
    assert render(findings_of(folder.problems)) == ""
    trials = run_tests(folder.tests, folder.rules)
    assert len(trials) >= 25
    assert [(trial.test.name, trial.reason) for trial in trials if trial.counts] == []
    assert folder.routing.routes[-1].matchers == {}
    assert folder.feeds
    assert folder.rules.frames


SPOTTED = [
    ("Бортников заявил, что за терактом стоят спецслужбы", {"bortnikov"}),
    ("Podolyak dismissed the FSB chief's words in Kyiv", {"podolyak", "fsb", "kyiv"}),
    ("The Kremlin and Lukashenka disagreed about Minsk", {"kremlin", "lukashenko", "minsk"}),
    ("ISIS-K claimed the attack on Crocus City Hall", {"isis_k", "crocus_city_hall"}),
    ("в «Крокус Сити Холле» в Москве", {"crocus_city_hall", "moscow"}),
    ("Главного управления разведки Украины", {"hur", "ukraine"}),
    (
        "The White House, the U.N. and the EU called for calm",
        {"white_house", "united_nations", "european_union"},
    ),
    ("They told us who trumped whom with turkey", set()),
]


@pytest.mark.parametrize(("text", "names"), SPOTTED)
def test_shipped_entities_are_spotted(text: str, names: set[str]) -> None:
    (reading,) = match([text_article(text)], shipped().rules)
    assert {mention.entity for mention in reading.mentions} >= names
    if not names:
        assert reading.mentions == ()


@cache
def shipped() -> RuleFolder:
    return load_folder(SHIPPED)


# ---------------------------------------------------------------- one reading


def test_a_missing_folder_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_folder(tmp_path / "nowhere")
    assert "CLAIMWATCH_RULES" in caught.value.remedy


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    with pytest.raises(ConfigError, match="is a file"):
        load_folder(tmp_path / "a.yml")


def test_an_error_carries_the_full_report(tmp_path: Path) -> None:
    write(tmp_path, RULE.replace("keyword", "keywrod"))
    write(tmp_path, "version: 2\n", "b.yml")
    with pytest.raises(RulesError, match="2 errors") as caught:
        load_folder(tmp_path)
    assert "a.yml:3:43: error[unknown-key]" in caught.value.report
    assert "b.yml:1:10: error[unsupported-version]" in caught.value.report
    assert len(errors_of(check_folder(tmp_path).problems)) == 2


def test_an_empty_folder_has_no_rules_and_no_routes(tmp_path: Path) -> None:
    folder = load_folder(tmp_path)
    assert (len(folder.rules.rules), folder.routing.routes, folder.feeds) == (0, (), ())


def test_hidden_files_and_other_endings_are_left_alone(tmp_path: Path) -> None:
    for name in (".a.yml", "a.yml~", "notes.txt", ".git/a.yml"):
        write(tmp_path, "}", name)
    assert load_folder(tmp_path).problems == ()


def test_what_is_not_utf8_is_unreadable_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"version: 1\nlists: {a: [caf\xe9]}\n")
    (problem,) = check_folder(tmp_path).problems
    assert (problem.code, problem.place.line) == ("unreadable", 2)


def test_a_link_that_leads_nowhere_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to(tmp_path / "gone.yml")
    (problem,) = check_folder(tmp_path).problems
    assert problem.code == "unreadable"


def test_a_huge_file_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    with (tmp_path / "a.yml").open("wb") as stream:
        stream.truncate(5_000_000_000)
    (problem,) = check_folder(tmp_path).problems
    assert problem.code == "too-large"


def test_variables_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        "version: 1\nreceivers: {a: '${CLAIMWATCH_SECRET_X}'}\nroute: [{receivers: [a]}]\n",
        "routes.yml",
    )
    monkeypatch.delenv("CLAIMWATCH_SECRET_X", raising=False)
    with pytest.raises(RulesError) as caught:
        load_folder(tmp_path)
    assert "CLAIMWATCH_SECRET_X is not set" in caught.value.report
    monkeypatch.setenv("CLAIMWATCH_SECRET_X", "stdout:")
    assert load_folder(tmp_path).routing.receivers[0].url == "stdout:"


# ---------------------------------------------------------------- watching


def words(watcher: RulesWatcher) -> set[str]:
    return {form.form for form in watcher.current().rules.lexicon.wanted}


def test_a_change_is_seen_at_the_next_look_and_not_before(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    clock = Clock()
    watcher = RulesWatcher(tmp_path, clock=clock)
    first = watcher.current()
    clock.wait()
    assert watcher.current() is first
    write(tmp_path, RULE.replace("WORD", "other"))
    assert watcher.current() is first
    clock.wait()
    assert words(watcher) == {"other"}


def test_a_new_file_and_a_removed_one_are_seen(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    clock = Clock()
    watcher = RulesWatcher(tmp_path, clock=clock)
    write(tmp_path, RULE.replace("a-rule", "b-rule").replace("WORD", "more"), "topics/b.yml")
    clock.wait()
    assert words(watcher) == {"WORD", "more"}
    (tmp_path / "a.yml").unlink()
    clock.wait()
    assert words(watcher) == {"more"}


def test_a_broken_file_keeps_the_last_good_set_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    clock = Clock()
    watcher = RulesWatcher(tmp_path, clock=clock)
    good = watcher.current()
    write(tmp_path, RULE + "  - {id: ")
    clock.wait()
    assert watcher.current() is good
    assert "a.yml" in watcher.problem
    assert "error[yaml-syntax]" in watcher.problem
    write(tmp_path, RULE.replace("WORD", "mended"))
    clock.wait()
    assert words(watcher) == {"mended"}
    assert watcher.problem == ""


def test_a_broken_file_that_is_put_back_clears_the_problem(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    clock = Clock()
    watcher = RulesWatcher(tmp_path, clock=clock)
    before = (tmp_path / "a.yml").stat().st_mtime_ns
    write(tmp_path, "}")
    clock.wait()
    watcher.current()
    assert watcher.problem
    (tmp_path / "a.yml").write_text(RULE)
    os.utime(tmp_path / "a.yml", ns=(before, before))
    clock.wait()
    watcher.current()
    assert watcher.problem == ""


def test_a_folder_that_goes_away_keeps_the_last_good_set(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    write(tmp_path, RULE, "rules/a.yml")
    clock = Clock()
    watcher = RulesWatcher(folder, clock=clock)
    folder.rename(tmp_path / "away")
    clock.wait()
    assert words(watcher) == {"WORD"}
    assert "does not exist" in watcher.problem
    (tmp_path / "away").rename(folder)
    clock.wait()
    watcher.current()
    assert watcher.problem == ""


def test_broken_rules_at_the_start_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, "}")
    with pytest.raises(RulesError):
        RulesWatcher(tmp_path)


def test_problems_do_not_pile_up_over_readings(tmp_path: Path) -> None:
    write(tmp_path, RULE)
    clock = Clock()
    watcher = RulesWatcher(tmp_path, clock=clock)
    before = len(watcher.current().problems)
    for number in range(3):
        write(tmp_path, f"version: 1\nlists: {{l{number}: [word]}}\n", "b.yml")
        clock.wait()
        watcher.current()
    assert len(watcher.current().problems) == before
