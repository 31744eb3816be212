"""rules/rules.schema.json: current, takes every file that loads, and refuses what has a wrong shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from monitor.core.operators import OPERATORS
from monitor.core.rules.documents import read_document
from monitor.core.rules.key_notes import FIELD_NOTES, OPERATOR_NOTES
from monitor.core.rules.schema import SHAPES, schema, schema_text

jsonschema = pytest.importorskip("jsonschema", reason="no jsonschema here; requirements/dev.txt has it")

ROOT = Path(__file__).parents[2]
SHIPPED = [
    path
    for path in sorted((ROOT / "rules").rglob("*.yml"))
    if path.parent.name in ("rules", "topics", "entities", "lists")
]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def complaints(text: str) -> list[str]:
    validator = jsonschema.Draft7Validator(schema())
    return [error.message for error in validator.iter_errors(read_document("a.yml", text).typed)]


def rule(match: str, rest: str = "") -> str:
    return f"version: 1\nrules:\n  - id: a-rule\n    title: A\n    match: {match}\n{rest}"


def entity(rest: str) -> str:
    return f"version: 1\nentities: {{a: {{{rest}}}}}\n"


def test_the_schema_is_one_and_current() -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    written = (ROOT / "rules" / "rules.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: claimwatch rules schema --out rules/rules.schema.json"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_file_names_the_schema_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named is not None
    assert (path.parent / named[1]).resolve() == ROOT / "rules" / "rules.schema.json"
    assert complaints(text) == []


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_the_page_fits(block: str) -> None:
    assert complaints(block) == []


def test_words_that_yaml_takes_for_numbers_fit() -> None:
    assert complaints(rule("{any: [{keyword: [NO, 007, 1.10, true, on, C++]}]}", "    tags: [2024]\n")) == []


WRONG = [
    "- a list\n",
    "rules: []\n",
    "version: 2\n",
    "version: one\n",
    "version: 1\nrulez: []\n",
    "version: 1\nrules: {}\n",
    "version: 1\nlists: {Big Words: [word]}\n",
    "version: 1\nlists: {words: [ab*]}\n",
    "version: 1\nlists: {words: [te*ror]}\n",
    "version: 1\nlists: {words: [$attack_words]}\n",
    entity("type: persn, name: A, aliases: [Aaa]"),
    entity("type: person, name: A, aliases: []"),
    entity("type: person, aliases: [Aaa]"),
    entity("type: person, name: A, aliases: [{text: Aaa, langs: ru}]"),
    entity("type: person, name: A, aliases: [{text: Aaa, inflect: yes}]"),
    entity("type: person, name: A, aliases: [{text: Aaa, case: upper}]"),
    rule("{any: [{keyword: a, phrase: b}]}"),
    rule("{any: [{in: title}]}"),
    rule("{any: [{keywrod: attack}]}"),
    rule("{any: [attack]}"),
    rule("{any: {keyword: attack}}"),
    rule("{any: []}"),
    rule("{keyword: attack}"),
    rule("[attack]"),
    rule("{any: [{keyword: attack, in: body}]}"),
    rule("{any: [{all: [{keyword: attack}], in: title}]}"),
    rule("{any: [{keyword: }]}"),
    rule("{any: [{keyword: []}]}"),
    rule("{any: [{near: {terms: [attack]}}]}"),
    rule("{any: [{near: {within: 3}}]}"),
    rule("{any: [{near: {terms: [attack, war], within: 90}}]}"),
    rule("{any: [{near: {terms: [attack, war], within: few}}]}"),
    rule("{any: [{near: {terms: [attack, war], ordered: maybe}}]}"),
    rule("{any: [{near: {terms: [attack, {keyword: war, in: title}]}}]}"),
    rule("{any: [{same_sentence: [attack, {all: [{keyword: war}]}]}]}"),
    rule("{any: [{keyword: attack}]}", "    severty: high\n"),
    rule("{any: [{keyword: attack}]}", "    severity: hihg\n"),
    rule("{any: [{keyword: attack}]}", "    alert: {min_score: 2}\n"),
    rule("{any: [{keyword: attack}]}", "    where: {published_within: soon}\n"),
    rule("{any: [{keyword: attack}]}", "    where: {languages: [English]}\n"),
    rule("{any: [{keyword: attack}]}", "    tests: [{name: a, article: {titel: b}, should_match: true}]\n"),
    rule("{any: [{keyword: attack}]}", "    tests: [{name: a, article: {title: b}, should_match: maybe}]\n"),
    "version: 1\nreceivers: {a: 'stdout:'}\nroute: []\n",
    "version: 1\nreceivers: {a: 'stdout:'}\nroute: [{receiver: [a]}]\n",
    "version: 1\nfeeds: [{url: 'https://x.org/f', interval: often}]\n",
    "version: 1\nfeeds: [{uri: 'https://x.org/f'}]\n",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_shape_is_refused(text: str) -> None:
    assert complaints(dedent(text))


def test_every_key_and_operator_has_its_note() -> None:
    definitions: dict[str, Any] = json.loads(schema_text())["definitions"]
    keys = {
        f"{name}.{key}"
        for name, definition in definitions.items()
        if name.endswith("Shape")
        for key in definition["properties"]
        if name.endswith("Shape")
    }
    assert keys == {key for key in FIELD_NOTES if not key.startswith("near.")}
    assert set(OPERATOR_NOTES) == set(OPERATORS)
    assert {row.shape for row in OPERATORS.values()} <= set(SHAPES)
