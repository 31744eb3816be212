"""`claimwatch rules`: what it prints and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.rules import LintFormat, app
from monitor.core.rules.reports import FORMATS
from monitor.errors import UsageError
from monitor.rulefiles import shipped_folder

GOOD = """\
version: 1
rules:
  - id: a-rule
    title: A
    match: {all: [{keyword: ferry}, {any: [{keyword: sank}, {keyword: capsize*}]}], none: [{keyword: film}]}
    tests:
      - {name: sinks, article: {title: Ferry sank}, should_match: true}
      - {name: film, article: {title: Ferry sank in film}, should_match: false}
"""
PELE = "version: 1\nentities:\n  pele: {type: person, name: Pelé, aliases: [Pelé]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_text(GOOD)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(arguments))
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


def test_lint_of_good_rules_counts_what_is_there(folder: Path) -> None:
    (folder / "shipped.yml").write_text("version: 1\nshipped: []\n")
    assert run("lint", str(folder)) == (
        0,
        "no problems: 1 rules, 0 entities, 0 frames, 0 receivers, 0 feeds, 2 tests\n",
    )


def test_lint_counts_apart_what_comes_with_the_program(folder: Path) -> None:
    (folder / "shipped.yml").write_text("version: 1\nshipped: [frames]\n")
    frames = len(list((shipped_folder() / "frames").glob("*.yml")))
    code, output = run("lint", str(folder))
    assert code == 0
    assert output.endswith(f"2 tests\nbeside them, shipped with the program: {frames} frames\n")


def test_lint_shows_errors_and_fails(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nrulez: []\n")
    code, output = run("lint", str(folder))
    assert code == 1
    assert "b.yml:2:1: error[unknown-key]: unknown key 'rulez'" in output
    assert "did you mean 'rules'?" in output


def test_one_file_is_judged_with_its_folder_and_told_by_itself(folder: Path) -> None:
    (folder / "topics").mkdir()
    (folder / "b.yml").write_text("version: 1\nrulez: []\n")
    using = GOOD.replace("a-rule", "c-rule").replace("keyword: film", "entity: pele")
    (folder / "topics" / "c.yml").write_text(using)
    code, output = run("lint", str(folder / "topics" / "c.yml"))
    assert (code, "no file defines an entity 'pele'" in output, "rulez" in output) == (1, True, False)

    (folder / "people.yml").write_text(PELE)
    code, output = run("lint", str(folder / "topics" / "c.yml"))
    assert (code, output) == (
        0,
        f"no problems: {folder}/topics/c.yml, read with {folder}; 1 in other files there\n",
    )


def test_the_tests_of_one_file_run_by_themselves(folder: Path) -> None:
    (folder / "b.yml").write_text(GOOD.replace("a-rule", "b-rule"))
    assert run("test", str(folder)) == (0, "4 passed, 0 failed\n")
    assert run("test", str(folder / "b.yml"), "-k", "film") == (0, "1 passed, 0 failed\n")
    (folder / "people.yml").write_text(PELE)
    with pytest.raises(UsageError, match=r"no rule of .*people\.yml has tests"):
        run("test", str(folder / "people.yml"))


def test_a_file_of_another_kind_is_no_rule_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing")
    with pytest.raises(UsageError, match=r"notes\.txt is not a rule file"):
        run("lint", str(folder / "notes.txt"))


def test_lint_gives_programs_an_object_a_line(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nrulez: []\n")
    code, output = run("lint", str(folder), "--format", "json")
    (problem,) = [json.loads(line) for line in output.splitlines()]
    assert (code, problem["code"], problem["line"], problem["column"]) == (1, "unknown-key", 2, 1)


def test_lint_speaks_every_format_and_knows_no_other(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nrulez: []\n")
    assert [name.value for name in LintFormat] == list(FORMATS)
    for name in FORMATS:
        code, output = run("lint", str(folder), "--format", name)
        assert code == 1
        assert "unknown-key" in output


def test_a_sarif_log_comes_also_where_nothing_is_wrong(folder: Path) -> None:
    code, output = run("lint", str(folder), "--format", "sarif")
    assert (code, json.loads(output)["runs"][0]["results"]) == (0, [])
    assert run("lint", str(folder), "--format", "github") == (0, "")


def test_notes_are_shown_when_asked_for_and_never_fail(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nentities: {e: {type: org, name: E, aliases: [Eee]}}\n")
    assert "unused-entity" not in run("lint", str(folder))[1]
    code, output = run("lint", str(folder), "--notes", "--strict")
    assert code == 0
    assert "b.yml:2:12: info[unused-entity]" in output
    assert "1 note" in output


def test_warnings_fail_only_when_strict(folder: Path) -> None:
    (folder / "a.yml").write_text(GOOD.split("    tests")[0])
    assert run("lint", str(folder))[0] == 0
    assert run("lint", str(folder), "--strict")[0] == 1


def test_fmt_writes_files_in_one_form_and_then_has_nothing_to_do(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nlists:\n    words:\n    - 'one' # a comment\n")
    (folder / "a.yml").unlink()
    assert run("fmt", str(folder), "--check")[0] == 1
    assert "'one'" in (folder / "b.yml").read_text()
    assert run("fmt", str(folder))[0] == 0
    assert (folder / "b.yml").read_text() == "version: 1\nlists:\n  words:\n    - one   # a comment\n"
    assert run("fmt", str(folder), "--check") == (0, "1 unchanged, 0 changed, 0 left as they are\n")


def test_fmt_leaves_a_broken_file_alone_and_fails(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nlists: {\n")
    assert run("fmt", str(folder))[0] == 1
    assert (folder / "b.yml").read_text() == "version: 1\nlists: {\n"


ENTITIES = "version: 1\nentities: {hall: {type: place, name: Hall, aliases: [Big Hall]}}\n"
NEW = ("new", "--id", "fire", "--title", "Fire: what burnt", "--words", "burn*, пожар*")


def test_a_new_rule_passes_its_tests_and_lint(folder: Path) -> None:
    (folder / "e.yml").write_text(ENTITIES)
    code, output = run(*NEW, "--entity", "hall", "--rules", str(folder))
    assert code == 0
    assert "topics/fire.yml" in output
    assert run("lint", str(folder), "--strict")[0] == 0
    assert run("test", str(folder), "-k", "fire") == (0, "2 passed, 0 failed\n")
    assert run("fmt", str(folder / "topics" / "fire.yml"), "--check")[0] == 0


def test_new_asks_for_what_no_option_says(folder: Path) -> None:
    answers = "fire\nFire\nburnt\n\n"
    assert CliRunner().invoke(app, ["new", "--rules", str(folder)], input=answers).exit_code == 0
    assert run("test", str(folder), "-k", "fire") == (0, "2 passed, 0 failed\n")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--id": "a-rule"}, "there is a rule 'a-rule' already"),
        ({"--id": "../x"}, "cannot be used here"),
        ({"--words": "a*"}, "fewer than 3 letters"),
        ({"--words": ","}, "the list is empty"),
        ({"--entity": "hal"}, "there is no entity 'hal'"),
    ],
)
def test_new_writes_nothing_that_would_not_load(folder: Path, changed: dict[str, str], message: str) -> None:
    (folder / "e.yml").write_text(ENTITIES)
    options = dict(zip(NEW[1::2], NEW[2::2], strict=True)) | changed
    with pytest.raises(UsageError, match=message):
        run("new", *(part for pair in options.items() for part in pair), "--rules", str(folder))
    assert sorted(path.name for path in folder.rglob("*")) == ["a.yml", "e.yml"]


def test_new_never_writes_over_a_file(folder: Path) -> None:
    (folder / "topics").mkdir()
    (folder / "topics" / "fire.yml").write_text("version: 1\n")
    with pytest.raises(UsageError, match="there is a file"):
        run(*NEW, "--rules", str(folder))


def test_tests_pass(folder: Path) -> None:
    assert run("test", str(folder)) == (0, "2 passed, 0 failed\n")
    assert run("test", str(folder), "-k", "film") == (0, "1 passed, 0 failed\n")


def test_a_failing_test_shows_the_article_and_the_first_condition_that_failed(folder: Path) -> None:
    (folder / "a.yml").write_text(GOOD.replace("Ferry sank}", "Ferry sails}"))
    code, output = run("test", str(folder))
    assert code == 1
    assert "a-rule: sinks (should match)" in output
    assert "title: ⟦Ferry⟧ sails" not in output  # only what a match or an entity found is marked
    assert "none of these holds: keyword sank; keyword capsize*" in output
    assert "1 passed, 1 failed" in output


def test_a_match_that_should_not_be_is_marked(folder: Path) -> None:
    (folder / "a.yml").write_text(GOOD.replace("in film}", "in port}"))
    code, output = run("test", str(folder))
    assert code == 1
    assert "title: ⟦Ferry⟧ ⟦sank⟧ in port" in output


def test_known_gaps_are_counted_and_do_not_fail(folder: Path) -> None:
    (folder / "a.yml").write_text(
        GOOD.replace("Ferry sank}, should_match: true", "Boat sank}, should_match: true, known_gap: true")
    )
    assert run("test", str(folder)) == (0, "1 passed, 0 failed, 1 known gaps\n")


def test_a_name_that_no_test_has_is_a_usage_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="no test has 'nothing'"):
        run("test", str(folder), "-k", "nothing")


def test_boolean_strings_are_imported_as_drafts(tmp_path: Path) -> None:
    strings = tmp_path / "strings.txt"
    strings.write_text("ferry and sank\n(broken\n")
    code, output = run("import", "--boolean", str(strings))
    assert code == 1
    assert "query: 'ferry AND sank'" in output
    assert "status: draft" in output
    assert "strings.txt:1: and is AND now" in output
    assert "strings.txt:2: error: the bracket is never closed" in output
    with pytest.raises(UsageError, match="cannot be read"):
        run("import", "--boolean", str(tmp_path / "nothing"))


def test_lint_reads_the_templates_of_the_routes(folder: Path) -> None:
    (folder / "routes.yml").write_text(
        "version: 1\nreceivers: {desk: 'stdout:'}\ntemplates:\n  short: |\n    {{ alert.id }}\n"
        "    {{ alert.headline|uper }}\nroute: {receivers: [desk], template: short}\n"
    )
    code, output = run("lint", str(folder))
    assert code == 1
    assert f"{folder}/routes.yml:6:23" in output
    assert "bad-template" in output
    assert "did you mean 'upper'?" in output
    (folder / "routes.yml").write_text((folder / "routes.yml").read_text().replace("uper", "upper"))
    assert run("lint", str(folder))[0] == 0
