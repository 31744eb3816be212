"""What comes with the program beside a folder: what stays, and what gives way to the folder's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from monitor.core.rules.building import Builder, Built
from monitor.core.rules.compiled import CompiledEntity
from monitor.core.rules.documents import read_document
from monitor.core.rules.shipped import Shipped, read_shipped

FRAME = "version: 1\nid: {id}\nkind: other\nquestion: {question}\nroles: [who]\nphrases: ['{{who}} sleep']\n"
ENTITIES = """version: 1
entities:
  macron:
    type: person
    name: Emmanuel Macron
    aliases: [Macron, Emmanuel Macron, {text: Макрон, lang: ru, forms: [Макрона]}]
  russian_government:
    type: org
    name: Government of Russia
    aliases: [Kremlin, Russian government, -Kremlin clock]
  paris:
    type: place
    name: Paris
    aliases: [Paris, {text: Париж, lang: ru, forms: [Парижа]}]
"""
RULE = "version: 1\nrules:\n  - {id: a, title: A, match: {any: [{entity: paris}]}}\n"


def shipped() -> Shipped:
    frames = [
        read_document(f"{id}.yml", FRAME.format(id=id, question="as shipped")) for id in ("rest", "work")
    ]
    return read_shipped(frames, [read_document("entities.yml", ENTITIES)])


def built(files: Mapping[str, str]) -> Built:
    documents = {PurePosixPath(path): read_document(path, text) for path, text in files.items()}
    return Builder().build(documents, {}, shipped=shipped, linted=True)


def one(id: str, type: str, name: str, *aliases: str) -> str:
    return f"version: 1\nentities:\n  {id}: {{type: {type}, name: {name}, aliases: [{', '.join(aliases)}]}}\n"


def test_a_folder_of_rules_alone_has_all_that_is_shipped_and_lint_is_silent_about_it() -> None:
    folder = built({"a.yml": RULE})
    assert {frame.id for frame in folder.rules.frames} == {"rest", "work"}
    assert set(folder.rules.entities) == {"macron", "russian_government", "paris"}
    assert {problem.code for problem in folder.problems} == {"no-tests"}
    assert folder.shipped_frames == {"rest", "work"}
    assert folder.shipped_entities == set(folder.rules.entities)


def test_a_frame_of_the_folder_takes_the_place_of_the_shipped_one_and_the_others_stay() -> None:
    folder = built({"a.yml": RULE, "frames/mine.yml": FRAME.format(id="rest", question="as mine")})
    assert [(frame.id, frame.question) for frame in folder.rules.frames] == [
        ("rest", "as mine"),
        ("work", "as shipped"),
    ]
    assert folder.shipped_frames == {"work"}


def test_what_is_shipped_is_compiled_once_for_all_folders_and_what_a_folder_changes_is_its_own() -> None:
    whole = shipped()

    def compiled(files: Mapping[str, str]) -> Mapping[str, CompiledEntity]:
        documents = {PurePosixPath(path): read_document(path, text) for path, text in files.items()}
        return Builder().build(documents, {}, shipped=lambda: whole).rules.compiled_entities

    first = compiled({"a.yml": RULE})
    second = compiled({"a.yml": RULE, "b.yml": one("paris", "place", "Paris", "Lutetia")})
    assert whole.compiled is not None
    assert dict(first) == dict(whole.compiled.compiled_entities)
    assert second["macron"] is first["macron"]
    assert second["paris"] is not first["paris"]
    assert [form.form for form in second["paris"].wanted] == ["Lutetia"]
    assert compiled({"a.yml": RULE, "shipped.yml": "version: 1\nshipped: []\n"}) == {}


# What the folder defines; what is left of the shipped entities: id → the names it is found by.
GIVING_WAY: list[tuple[str, str, dict[str, list[str]]]] = [
    (
        "the same id",
        one("macron", "person", "The President", "President"),
        {"macron": ["President"]},
    ),
    (
        "its full name, under another id",
        one("capital", "place", "City of Light", "PARIS"),
        {"paris": []},
    ),
    (
        "a person with a name of a person: never two ids for one",
        one("emmanuel", "person", "E. Macron", "Macron"),
        {"macron": []},
    ),
    (
        "a person by a case form",
        one("emmanuel", "person", "E. M.", "Макрона"),
        {"macron": []},
    ),
    (
        "another thing with one of its names: the others stay",
        one("kremlin", "place", "Moscow Kremlin", "Kremlin"),
        {"russian_government": ["Russian government", "-Kremlin clock"]},
    ),
    (
        "no name in common",
        one("lyon", "place", "Lyon", "Lyon"),
        {"paris": ["Paris", "Париж"], "macron": ["Macron", "Emmanuel Macron", "Макрон"]},
    ),
]


@pytest.mark.parametrize(("case", "own", "left"), GIVING_WAY, ids=[row[0] for row in GIVING_WAY])
def test_a_shipped_entity_gives_way_to_one_of_the_folder(
    case: str, own: str, left: dict[str, list[str]]
) -> None:
    entities = built({"own.yml": own}).rules.entities
    for id, names in left.items():
        found = [alias.text for alias in entities[id].aliases] if id in entities else []
        assert found == names


def test_an_entity_with_mistakes_does_not_bring_the_shipped_one_back() -> None:
    folder = built({"own.yml": "version: 1\nentities:\n  paris: {type: planet, name: P, aliases: [P]}\n"})
    assert "paris" not in folder.rules.entities
    assert {problem.code for problem in folder.problems} >= {"unknown-value"}


@pytest.mark.parametrize(
    ("parts", "frames", "entities"),
    [("[frames, entities]", 2, 3), ("[frames]", 2, 0), ("[entities]", 0, 3), ("[]", 0, 0)],
)
def test_shipped_yml_says_what_is_wanted(parts: str, frames: int, entities: int) -> None:
    folder = built({"shipped.yml": f"version: 1\nshipped: {parts}\n"})
    assert (len(folder.rules.frames), len(folder.rules.entities)) == (frames, entities)
    assert folder.problems == ()


def test_a_mistake_in_shipped_yml_is_an_error_with_its_place() -> None:
    (problem,) = built({"shipped.yml": "version: 1\nshipped: [frame]\n"}).problems
    assert (problem.code, problem.place.line, problem.place.column) == ("unknown-value", 2, 11)
    assert "did you mean 'frames'" in problem.help


def test_a_rule_that_asks_for_a_shipped_entity_has_a_version_that_follows_its_names() -> None:
    plain = built({"a.yml": RULE}).rules.rules["a"].version
    other = built({"a.yml": RULE, "own.yml": one("paris", "place", "Paris", "Lutetia")})
    assert other.rules.rules["a"].version != plain
