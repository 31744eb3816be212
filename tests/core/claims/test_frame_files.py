"""Frame files: what they say of wrong ones, and that the shipped ones do what their examples show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reading_room import FRAMES_FOLDER, claims_of, frames, rules
from ruamel.yaml import YAML

from monitor.core.claims import FrameMistakes, parse_frame
from monitor.core.types import ContradictionKind

GOOD: dict[str, Any] = {
    "version": 1,
    "id": "ownership",
    "kind": "other",
    "question": "who owns {thing}",
    "roles": ["owner", "thing"],
    "exclusive": ["owner"],
    "phrases": ["{owner} own|possess {thing}"],
    "denials": ["{owner} sell {thing}"],
    "same": [["ship", "vessel"]],
}


def test_a_good_file_becomes_a_frame() -> None:
    frame = parse_frame(GOOD, path="rules/frames/ownership.yml")
    assert (frame.id, frame.kind, frame.exclusive) == ("ownership", ContradictionKind.OTHER, ("owner",))
    assert frame.same == (("ship", "vessel"),)


def test_a_frame_without_an_id_is_named_after_its_file() -> None:
    assert parse_frame({**GOOD, "id": "x"} | {"id": "x"}, path="a/b.yml").id == "x"
    assert (
        parse_frame({k: v for k, v in GOOD.items() if k != "id"}, path="a/belongings.yml").id == "belongings"
    )


WRONG = [
    ({"phrase": []}, ("phrase",)),
    ({"version": 2}, ("version",)),
    ({"id": "Two Words"}, ("id",)),
    ({"kind": "quarrel"}, ("kind",)),
    ({"exclusive": ["thief"]}, ("exclusive", 0)),
    ({"people": ["thief"]}, ("people", 0)),
    ({"kinds": ["thief"]}, ("kinds", 0)),
    ({"kinds": ["thing"], "same": []}, ("kinds",)),
    ({"phrases": []}, ("phrases",)),
    ({"phrases": "own"}, ("phrases",)),
    ({"phrases": ["{owner} own {thing}", "{thief} steal {thing}"]}, ("phrases", 1)),
    ({"phrases": ["{owner}"]}, ("phrases", 0)),
    ({"denials": ["{owner} sell [thing]"]}, ("denials", 0)),
    ({"question": "who owns {ship}"}, ("question",)),
    ({"same": ["ship"]}, ("same", 0)),
    ({"grows": "yes"}, ("grows",)),
    ({"own_voice": "no"}, ("own_voice",)),
    ({"phrases": ["{owner} own {thing} state:whole"]}, ("phrases", 0)),
    ({"roles": [1]}, ("roles", 0)),
]


@pytest.mark.parametrize(("change", "at"), WRONG)
def test_each_mistake_names_the_keys_that_lead_to_it(
    change: dict[str, Any], at: tuple[str | int, ...]
) -> None:
    with pytest.raises(FrameMistakes) as caught:
        parse_frame({**GOOD, **change}, path="x.yml")
    assert at in [m.at for m in caught.value.mistakes]


def test_all_mistakes_come_at_once() -> None:
    with pytest.raises(FrameMistakes) as caught:
        parse_frame({**GOOD, "kind": "quarrel", "grows": 3, "phrases": []}, path="x.yml")
    assert len(caught.value.mistakes) == 3


def _examples() -> list[tuple[str, str]]:
    yaml = YAML(typ="safe")
    files = sorted(Path(FRAMES_FOLDER).glob("*.yml"))
    documents = [(p.stem, yaml.load(p.read_text("utf-8"))) for p in files]
    return [
        (stem, text)
        for stem, d in documents
        for part in (d, d.get("ru", {}))
        for text in part.get("examples", ())
    ]


@pytest.mark.parametrize(("frame", "text"), _examples())
def test_the_examples_of_a_shipped_frame_evoke_it(frame: str, text: str) -> None:
    found = {use.frame for claim in claims_of(text, rules()) for use in claim.frames}
    assert frame in found


def test_every_shipped_frame_has_examples_and_a_question() -> None:
    assert {f.id for f in frames()} == {name for name, _ in _examples()}
    assert all(f.question for f in frames())


USES = [
    ("The union said the contractor was behind the fire.", True, {"agent": "contractor", "event": "fire"}),
    ("The raid was carried out by smugglers, police said.", True, {"agent": "smuggler", "event": "raid"}),
    ("Police said smugglers did not carry out the raid.", False, {"agent": "smuggler", "event": "raid"}),
    (
        "Police said it was not true that smugglers carried out the raid.",
        False,
        {"agent": "smuggler", "event": "raid"},
    ),
    ("The mayor had nothing to do with the fire, police said.", False, {"agent": "mayor", "event": "fire"}),
    ("The union said the mayor had no part in the fire.", False, {"participant": "mayor", "event": "fire"}),
    (
        "The union denied that the mayor had no part in the fire.",
        True,
        {"participant": "mayor", "event": "fire"},
    ),
    ("The union denied having ordered the raid.", False, {"agent": "union", "event": "raid"}),
    ("Police accused the mayor of ordering the raid.", True, {"agent": "mayor", "event": "raid"}),
    ("Police blamed the fire on the mayor.", True, {"agent": "mayor", "event": "fire"}),
    ("The mayor was held responsible for the fire by police.", True, {"agent": "mayor", "event": "fire"}),
]


@pytest.mark.parametrize(("text", "affirmed", "roles"), USES)
def test_frames_are_found_through_the_grammar(text: str, affirmed: bool, roles: dict[str, str]) -> None:
    uses = [u for c in claims_of(text, rules()) for u in c.frames if u.frame == "responsibility"]
    assert (affirmed, roles) in [(u.affirmed, dict(u.roles)) for u in uses]


@pytest.mark.parametrize(
    "text",
    [
        "Police said nobody knew who was behind the fire.",
        # Where somebody stood.
        "Ana Ruiz said the mayor was standing right behind her.",
        "The union said the mayor had been behind him in the queue.",
    ],
)
def test_who_is_unknown_or_stands_behind_somebody_did_nothing(text: str) -> None:
    uses = [u for c in claims_of(text) for u in c.frames]
    assert [u for u in uses if u.frame == "responsibility"] == []


@pytest.mark.parametrize(
    ("text", "evoked"),
    [
        ("The navy said the search would continue.", {"operation"}),
        # Whoever goes on to do something is no operation, and papers are released from nowhere.
        ("The navy said the admiral went on to name the ports.", set()),
        ("The governor said he would continue his tour.", set()),
        ("The union said the chairman had been released.", {"custody"}),
        ("The union said the chairman had released his tax returns.", set()),
    ],
)
def test_roles_are_filled_by_their_kind_or_by_nobody(text: str, evoked: set[str]) -> None:
    found = {use.frame for claim in claims_of(text) for use in claim.frames}
    assert found & {"operation", "custody"} == evoked
