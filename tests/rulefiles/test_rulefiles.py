"""The rules folder on disk: read whole, watched, the last good set kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from monitor.core.matching import match
from monitor.core.rules.problems import errors_of, findings_of, render
from monitor.core.rules.trials import run_tests, text_article
from monitor.errors import ConfigError, RulesError
from monitor.rulefiles import RuleFolder, check_folder, load_folder

SHIPPED = Path(__file__).parents[2] / "rules"
RULE = "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{keyword: WORD}]}}\n"


def write(folder: Path, text: str, name: str = "a.yml") -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- shipped rules


def test_the_shipped_rules_have_no_problem_and_pass_their_tests() -> None:
    folder = shipped()
    assert render(findings_of(folder.problems)) == ""
    trials = run_tests(folder.tests, folder.rules)
    assert len(trials) >= 25
    assert [(trial.test.name, trial.reason) for trial in trials if trial.counts] == []
    assert folder.routing.root is not None
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
    assert (len(folder.rules.rules), folder.routing.root, folder.feeds) == (0, None, ())


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
