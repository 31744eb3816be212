"""`claimwatch export`: what other programs read back from the files."""

from __future__ import annotations

import csv
import importlib.util
import io
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from xml.etree import ElementTree

import feedparser
import pytest
from cli_process import Run

from monitor.cli.exporting import KindChoice, _objects, whole_file
from monitor.core.exporting import FORMATS, KINDS
from monitor.core.exporting.flat import cell_text, csv_lines
from monitor.core.exporting.kinds import Cell, at_path
from monitor.core.exporting.names import name_of
from monitor.errors import InputError
from monitor.store.database import open_database
from monitor.store.filters import Filters


def needed(name: str) -> Any:
    """A library that the tests read our files with."""
    if importlib.util.find_spec(name) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is missing")
        pytest.skip(f"{name} is not installed")
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def objects(filled: Path) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """All that is stored, by kind."""
    db = open_database(f"sqlite:///{filled / 'claimwatch.db'}")
    yield {kind.value: list(_objects(db, kind, Filters(limit=0))) for kind in KindChoice}
    db.close()


def test_every_kind_has_a_row_and_every_column_a_value_in_the_json(
    objects: dict[str, list[dict[str, Any]]],
) -> None:
    assert set(KINDS) == set(objects)
    for kind, every in objects.items():
        for path in KINDS[kind].columns:
            above, _, name = path.rpartition(".")
            for one in every:
                assert name in (at_path(one, above) if above else one) or name == "entity", (kind, path)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_spreadsheet_reads_the_table_and_finds_no_formula(
    objects: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    text = "".join(FORMATS["csv"](kind, objects[kind]))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == [str(one["id"]) for one in objects[kind]]
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\x00=1"]
)
def test_no_cell_of_text_begins_like_a_formula(text: str) -> None:
    assert cell_text(text, Cell.TEXT).startswith("'")
    (_, line) = csv_lines("articles", [{"title": f'{text}","=2'}])
    (cells,) = csv.reader([line], strict=True)
    assert sum(cell.startswith("'") for cell in cells) == 1
    assert not any(cell.startswith("=") for cell in cells)


def test_plain_values_stay_what_they_are() -> None:
    for value, text in (
        (None, ""),
        (True, "true"),
        (-1.5, "-1.5"),
        ([{"a": "é"}], '[{"a": "é"}]'),
        ("a=b", "a=b"),
    ):
        assert cell_text(value, Cell.JSON) == text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_feed_reader_reads_every_entry(objects: dict[str, list[dict[str, Any]]], kind: str) -> None:
    text = "".join(FORMATS["atom"](kind, objects[kind]))
    ElementTree.fromstring(text)  # our own
    feed = feedparser.parse(text.encode())  # what readers use
    assert not feed.bozo
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == len(objects[kind])
    assert all(entry.title and entry.updated_parsed for entry in feed.entries)
    assert feed.feed.updated == (feed.entries[0].updated if feed.entries else "1970-01-01T00:00:00Z")


def test_names_are_uuids_of_version_5() -> None:
    space = UUID("0c6f5b0e-6f3e-4a55-9a1d-4b8f2b1c7d90")
    assert name_of(["claim", "Ünlü"]) == str(uuid5(space, "claim\x1fÜnlü"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_stix_reads_the_bundle_and_finds_all_that_it_refers_to(
    objects: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    stix2 = needed("stix2")
    text = "".join(FORMATS["stix"](kind, objects[kind]))
    assert text == "".join(FORMATS["stix"](kind, objects[kind]))
    bundle = stix2.parse(text)
    ids = [one.id for one in bundle.objects]
    assert len(set(ids)) == len(ids) > len(objects[kind])
    for one in bundle.objects:
        assert {*one.get("object_refs", ()), one.get("created_by_ref", ids[0])} <= set(ids)


def test_a_claim_is_the_same_stix_object_in_every_export(objects: dict[str, list[dict[str, Any]]]) -> None:
    claims = json.loads("".join(FORMATS["stix"]("claims", objects["claims"])))["objects"]
    pairs = json.loads("".join(FORMATS["stix"]("contradictions", objects["contradictions"])))["objects"]
    notes = [one for one in claims if one["type"] == "note"]
    assert len(notes) == 2
    assert all(note in pairs for note in notes)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_parquet_has_the_columns_with_their_types(
    objects: dict[str, list[dict[str, Any]]], kind: str, tmp_path: Path
) -> None:
    needed("pyarrow")
    from pyarrow import parquet

    from monitor.cli.parquet import write_parquet

    for name, some in (("all", objects[kind]), ("none", [])):
        with whole_file(tmp_path / name) as file:
            write_parquet(file, kind, some)
    table = parquet.read_table(tmp_path / "all")
    assert table.column_names == list(KINDS[kind].columns)
    assert table.column("id").to_pylist() == [one["id"] for one in objects[kind]]
    assert parquet.read_table(tmp_path / "none").schema == table.schema
    if kind == "claims":
        assert str(table.schema.field("article.published_at").type) == "timestamp[us, tz=UTC]"
        assert table.column("quote").to_pylist() == [one["quote"] for one in objects[kind]]


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_a_million_records_need_no_more_memory_than_a_few(
    objects: dict[str, list[dict[str, Any]]], format: str
) -> None:
    taken = 0

    def endless() -> Iterator[dict[str, Any]]:
        nonlocal taken
        for one in itertools.cycle(objects["claims"]):
            taken += 1
            yield one

    pieces = FORMATS[format]("claims", endless())
    for _ in range(10):
        next(pieces)
    assert taken <= 20


# ---------------------------------------------------------------- files


def _half(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        _half(path)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("before", [path])
    with whole_file(path) as file:
        file.write(b"whole")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"whole", [path])
    with pytest.raises(InputError, match="cannot be written"), whole_file(tmp_path / "no" / "folder"):
        pass
    with pytest.raises(InputError, match="No space left"), whole_file(path):
        raise OSError(28, "No space left on device")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"whole", [path])


def test_export_writes_what_the_filters_leave(claimwatch: Run, filled: Path, tmp_path: Path) -> None:
    env = {"CLAIMWATCH_DATA_DIR": str(filled)}
    listed = claimwatch("claims", "list", "--json", env=env).out
    done = claimwatch("export", "claims", "--format", "jsonl", env=env)
    assert (done.code, done.out, done.err) == (0, listed, "")
    target = tmp_path / "one.csv"
    done = claimwatch("export", "claims", "-f", "csv", "--speaker", "sand", "-o", str(target), env=env)
    assert (done.code, done.out, done.err) == (0, "", f"1 claims are in {target}\n")
    with target.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["speaker.entity"] == "sand"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("claims",), 2, "--format"),
        (("claims", "-f", "xlsx"), 2, "'csv', 'jsonl', 'parquet', 'atom', 'stix'"),
        (("feeds", "-f", "csv"), 2, "KIND"),
        (("claims", "-f", "csv", "--limit", "0"), 2, "--limit"),
        (("claims", "-f", "csv", "--since", "soon"), 2, "--since"),
        (("claims", "-f", "csv", "-o", "/no/such/folder/x.csv"), 2, "cannot be written"),
        (("claims", "-f", "csv", "--rule", "none"), 0, "no claims with these filters"),
    ],
)
def test_what_cannot_be_exported_is_told(
    claimwatch: Run, filled: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = claimwatch("export", *arguments, env={"CLAIMWATCH_DATA_DIR": str(filled)})
    assert done.code == code
    assert words in done.err


def test_parquet_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from monitor.cli import parquet
    from monitor.errors import UsageError

    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pyarrow") as caught:
        parquet.require_pyarrow()
    assert "claimwatch[parquet]" in caught.value.remedy
