"""`claimwatch rules explain` as an analyst uses it: a text, a file, a stored article; what goes wrong."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger
from typer.testing import CliRunner

from monitor.cli.rules import app
from monitor.core.types import Entry, PlannedVersion
from monitor.errors import EXIT_USAGE, RulesError, UsageError
from monitor.store.ingest import save_imported

RULES = """\
version: 1
lists:
  sinking: [sank, sinks, capsize*]
entities:
  vyborg:
    type: place
    name: Vyborg
    aliases:
      - Vyborg
      - {text: Выборг, lang: ru, inflect: true}
      - {text: Viborg, case: exact, forms: [V1, V2, V3, V4, V5, V6, V7, V8, V9, V10]}
rules:
  - id: ferry
    title: A ferry sinks
    match: {all: [{keyword: ferry}, {any: [{keyword: $sinking}, {entity: vyborg}]}], none: [{keyword: film}]}
    where: {publishers: {exclude: [Tabloid]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yml").write_text(RULES)
    return rules


def run(folder: Path, *arguments: str, stdin: str | bytes = "") -> tuple[int, str]:
    outcome = CliRunner().invoke(app, ["explain", "ferry", *arguments, "--rules", str(folder)], input=stdin)
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


def test_without_an_article_it_shows_what_the_rule_looks_for(folder: Path) -> None:
    code, output = run(folder)
    assert code == 0
    assert "keyword $sinking (3 words)" in output
    assert "$sinking: sank, sinks, capsize*" in output
    assert "Выборг (ru): Выборга, Выборгу, Выборгом, Выборге" in output
    assert "Viborg (its capitals count): V1, V2, V3, V4, V5, V6, … (10 in all; --forms shows them)" in output
    assert "not from: Tabloid" in output
    assert "V1, V2, V3, V4, V5, V6, V7, V8, V9, V10" in run(folder, "--forms")[1]


def test_for_programs_it_is_one_object(folder: Path) -> None:
    looked = json.loads(run(folder, "--json")[1])
    assert (looked["rule"], looked["lists"]) == ("ferry", [["sinking", ["sank", "sinks", "capsize*"]]])
    assert looked["entities"][0]["aliases"][2]["exact_case"] is True


MATCHED = """\
MATCH  ferry  VERSION
  “A ferry capsized”

  ✓ yes  all of these
  ✓ yes    keyword ferry
               title: A ⟦ferry⟧ capsized
  ✓ yes    at least one of these
  ✓ yes      keyword $sinking (3 words)
                 title: A ferry ⟦capsized⟧   capsize*
  ✗ no       entity vyborg
  ✓ yes    none of these
  ✗ no       keyword film
"""

STOPPED = """\
NO MATCH  ferry  VERSION
  “The ferry to Выборгск”

  stopped: none of these holds: keyword $sinking (3 words); entity vyborg
  near miss: “Выборгск” goes on behind 'Выборг': 'Выборг*' would find it (title)

  ✗ no   all of these
  ✓ yes    keyword ferry
               title: The ⟦ferry⟧ to Выборгск
  ✗ no     at least one of these  ◀ stopped here
  ✗ no       keyword $sinking (3 words)
  ✗ no       entity vyborg
  ✓ yes    none of these
  ✗ no       keyword film
"""


@pytest.mark.parametrize(
    ("text", "code", "expected"), [("A ferry capsized", 0, MATCHED), ("The ferry to Выборгск", 1, STOPPED)]
)
def test_a_text_is_explained_as_a_tree(folder: Path, text: str, code: int, expected: str) -> None:
    version = json.loads(run(folder, "--json")[1])["version"]
    assert run(folder, "--text", text) == (code, expected.replace("VERSION", version))


def test_the_first_line_is_the_title_unless_there_is_one(folder: Path) -> None:
    assert "title: A ⟦ferry⟧ sank" in run(folder, "--text", "A ferry sank\nAll saved.")[1]
    assert "text: A ⟦ferry⟧ sank" in run(folder, "--text", "A ferry sank", "--title", "News")[1]
    assert run(folder, "--title", "A ferry sank")[0] == 0


def test_an_exclusion_names_its_words(folder: Path) -> None:
    code, output = run(folder, "--text", "A ferry sank in the film")
    assert code == 1
    assert "excluded: 'none' excludes it: keyword film, which found “film”" in output


LINE: dict[str, Any] = {
    "url": "https://x.org/1",
    "title": "A ferry sank",
    "publisher": "Tabloid",
    "lang": "en",
}


def test_a_file_is_a_text_or_json_lines(folder: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("A ferry sank\n", encoding="utf-8-sig")
    assert run(folder, "--file", str(text))[0] == 0
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps(LINE | {"publisher": name}) for name in ("Tabloid", "Paper")))
    code, output = run(folder, "--file", str(lines), "--json")
    first, second = [json.loads(line) for line in output.splitlines()]
    assert code == 1
    assert (first["matches"], first["stopped_by"], second["matches"]) == (False, "where", True)
    assert "'Tabloid' is from Tabloid" in first["reason"]
    assert first["article"]["title"] == "A ferry sank"


def test_standard_input_is_either(folder: Path) -> None:
    assert run(folder, "--file", "-", stdin="A ferry sank")[0] == 0
    assert "kept out before" in run(folder, "--file", "-", stdin=json.dumps(LINE))[1]


def test_control_characters_never_reach_the_screen(folder: Path) -> None:
    _, output = run(folder, "--text", "A \x1b[2Jferry\x07 \u202esank\nmore ferry")
    assert not {"\x1b", "\x07", "\u202e"} & set(output)
    assert "⟦ferry⟧" in output


BAD: list[tuple[tuple[str, ...], bytes, str]] = [
    (("--text", "a", "--article", "1"), b"", "exclude each other"),
    (("--version", "2"), b"", "which version of --article"),
    (("--file", "/nowhere/at/all"), b"", "cannot be read"),
    (("--file", "-"), b"", "is empty"),
    (("--file", "-"), b"\xff\xfe", "not UTF-8"),
    (("--file", "-"), b'{"title": 1}', "-:1: title: not a text"),
    (("--file", "-"), b'{"title": "a"}\n', "-:1: no publisher"),
    (("--file", "-"), b"{broken", "-:1: no JSON"),
]


@pytest.mark.parametrize(("arguments", "stdin", "message"), BAD)
def test_what_cannot_be_used_is_named(
    folder: Path, arguments: tuple[str, ...], stdin: bytes, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        run(folder, *arguments, stdin=stdin)


def test_a_rule_that_is_not_there_is_guessed(folder: Path) -> None:
    caught = CliRunner().invoke(app, ["explain", "fery", "--rules", str(folder)]).exception
    assert isinstance(caught, UsageError)
    assert "no rule 'fery'" in str(caught)
    assert "did you mean 'ferry'?" in caught.remedy


def test_a_broken_folder_is_no_article_that_does_not_match(folder: Path) -> None:
    (folder / "b.yml").write_text("version: 1\nrules: [{id: b}]\n")
    caught = CliRunner().invoke(app, ["explain", "ferry", "--text", "x", "--rules", str(folder)]).exception
    assert isinstance(caught, RulesError)
    assert caught.exit_code == EXIT_USAGE


# ---------------------------------------------------------------- stored articles


def planned(version: int, title: str, id: int | None) -> PlannedVersion:
    at = datetime(2024, 3, 26, tzinfo=UTC) + timedelta(hours=version)
    entry = Entry(
        guid="1", url="https://x.org/1", title=title, summary="", text="", author="", lang="en",
        published_at=at, updated_at=None,
    )  # fmt: skip
    return PlannedVersion(
        article_id=id,
        identity="import|1",
        version=version,
        content_hash=title,
        publisher="Paper",
        entry=entry,
    )


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The id of an article with two versions, of which only the first matches."""
    url = f"sqlite:///{tmp_path / 'claimwatch.db'}"
    monkeypatch.setenv("CLAIMWATCH_DATABASE_URL", url)
    db = new_ledger(url)
    save_imported(db, [planned(1, "A ferry sank", None)], backfill=True)
    save_imported(db, [planned(2, "A ferry arrived", 1)], backfill=True)
    db.close()
    return 1


def test_a_stored_article_is_explained_in_any_version(folder: Path, stored: int) -> None:
    code, output = run(folder, "--article", str(stored))
    assert code == 1
    assert "article 1, version 2: “A ferry arrived”" in output
    code, output = run(folder, "--article", str(stored), "--version", "1", "--json")
    told = json.loads(output)
    assert (code, told["matches"], told["article"]["version"]) == (0, True, 1)


def test_an_article_that_is_not_there_is_a_finding(folder: Path, stored: int) -> None:
    assert run(folder, "--article", "99")[0] == 1
    code, output = run(folder, "--article", str(stored), "--version", "9")
    assert code == 1
    assert "there is no version 9 of article 1" in output


def test_a_screen_without_unicode_gets_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr("sys.stdout", stream)
    app(["explain", "ferry", "--text", "A ferry sank", "--rules", str(folder)], standalone_mode=False)
    stream.flush()
    output = stream.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]  # BytesIO it is
    assert "yes    keyword ferry" in output
    assert "title: A [[ferry]] sank" in output
