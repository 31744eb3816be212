"""Entities as one text each, and names that hide others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.matching import match
from monitor.core.rules.building import Built, build_texts
from monitor.core.rules.problems import Level, errors_of
from monitor.core.types import Article, EntityType

NOW = datetime(2031, 5, 6, 12, tzinfo=UTC)


def built(*lines: str, more: str = "") -> Built:
    text = "version: 1\nentities:\n" + "".join(f"  {line}\n" for line in lines) + more
    return build_texts({"entities/all.yml": text})


def mentioned(what: Built, title: str, text: str = "") -> list[tuple[str, str]]:
    article = Article(
        id=1,
        version=1,
        version_id=1,
        feed_id=None,
        url="",
        publisher="Paper",
        tags=(),
        title=title,
        summary="",
        text=text,
        lang="",
        published_at=NOW,
        fetched_at=NOW,
    )
    (reading,) = match([article], what.rules)
    return [(m.entity, article.field(m.field)[m.start : m.end]) for m in reading.mentions]


def test_a_text_says_what_a_mapping_says() -> None:
    line = built(
        "arran: 'place | Arran | council | =Arran; Арран / Аррана | Arran officials; the isle | ferry'"
    )
    mapping = built(
        "arran:",
        "  type: place",
        "  name: Arran",
        "  side: council",
        "  aliases: [{text: Arran, case: exact}, {text: Арран, forms: [Аррана]}]",
        "  roles: [Arran officials, the isle]",
        "  context: [ferry]",
    )
    assert not errors_of(line.problems)
    assert line.rules.entities["arran"] == mapping.rules.entities["arran"]
    assert line.rules.version == mapping.rules.version


@pytest.mark.parametrize(
    ("line", "side", "roles"),
    [
        ("a: place | A-land | us | Aland", "us", ()),
        ("a: place | A-land |  | Aland", "", ()),
        ("a: place | A-land | | Aland", "", ()),
        ("a: place | A-land | us | Aland |", "us", ()),
        ("a: place | A-land | us | Aland; | chief ; ", "us", ("chief",)),
        ("a: |\n    place | A-land\n    | us |\n    Aland\n    | chief", "us", ("chief",)),
    ],
)
def test_fields_may_be_empty_and_lines_may_break_anywhere(
    line: str, side: str, roles: tuple[str, ...]
) -> None:
    what = built(line)
    assert not errors_of(what.problems)
    entity = what.rules.entities["a"]
    assert (entity.type, entity.name, entity.side, entity.roles) == (EntityType.PLACE, "A-land", side, roles)
    assert [alias.text for alias in entity.aliases] == ["Aland"]


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("a: place | A-land", "bad-value", "2 fields"),
        ("a: one | two | three | four | five | six | seven", "bad-value", "7 fields"),
        ("a: plaice | A-land | us | Aland", "unknown-value", "plaice"),
        ("a: place | | us | Aland", "bad-value", "name"),
        ("a: place | A-land | us | ;", "bad-value", "aliases"),
        ("a: place | A-land | Our Side | Aland", "bad-value", "side"),
        ("a: 17", "bad-value", "1 fields"),
    ],
)
def test_a_broken_text_is_named_with_its_line(line: str, code: str, says: str) -> None:
    (problem,) = [p for p in built(line).problems if p.level is Level.ERROR]
    assert (problem.code, problem.place.line) == (code, 3)
    assert says in problem.message


def test_what_is_wrong_with_one_entity_leaves_no_trace_in_the_others() -> None:
    what = built("a: place | A-land | us | Aland", "b: nothing")
    assert [p.code for p in errors_of(what.problems)] == ["bad-value"]


HIDING = [
    ("Jordan opens the bridge", ["Jordan"]),
    ("Jordan Peterson opens the shop", []),
    ("JORDAN PETERSON opens the shop", []),
    ("Jordan Peterson flies to Jordan", ["Jordan"]),
    ("Michael Jordan Petersons", ["Jordan"]),
    ("Air Jordan and Jordan Peterson", []),
    ("Jordan, Jordan Peterson, Jordan", ["Jordan", "Jordan"]),
]


@pytest.mark.parametrize(("title", "names"), HIDING)
def test_a_longer_name_after_a_minus_hides_the_entity_there_and_nowhere_else(
    title: str, names: list[str]
) -> None:
    what = built("jordan: place | Jordan | | Jordan; -Jordan Peterson; -Air Jordan")
    assert [name for _, name in mentioned(what, title)] == names


def test_a_name_hides_only_in_its_own_field_and_only_its_own_entity() -> None:
    what = built("a: place | A | | Jordan; -Jordan Peterson", "b: person | B | | Jordan; Peterson")
    assert mentioned(what, "Jordan Peterson", "Jordan") == [
        ("b", "Jordan"),
        ("b", "Peterson"),
        ("a", "Jordan"),
        ("b", "Jordan"),
    ]


def test_a_hidden_name_matches_no_rule_and_a_name_that_hides_is_none() -> None:
    rule = "rules: [{id: r, title: R, match: {any: [{entity: a}]}}]\n"
    what = built("a: place | A | | Jordan; -Jordan Peterson; -Peterson", more=rule)
    for title in ("Jordan Peterson", "Peterson"):
        assert mentioned(what, title) == []


def test_mappings_hide_names_too() -> None:
    what = built("a:", "  type: place", "  name: A", '  aliases: [Jordan, "-Jordan Peterson"]')
    assert mentioned(what, "Jordan Peterson") == []
    assert mentioned(what, "Jordan") == [("a", "Jordan")]


def test_lint_does_not_take_two_hiding_names_for_a_shared_alias() -> None:
    what = built("a: place | A | | Aland; -Aland Bay", "b: place | B | | Bland; -Aland Bay")
    assert not [p for p in what.problems if p.code == "shared-alias"]


def test_an_entity_of_a_table_needs_no_rule_that_asks_for_it() -> None:
    what = built("a: place | A | | Aland", "b:", "  type: place", "  name: B", "  aliases: [Bland]")
    assert [p.message for p in what.problems if p.code == "unused-entity"] == [
        "no rule asks for 'b'; it still tells who speaks"
    ]


# A word of the fourth field; the code of what is said about it, and the word it points at.
DOUBTFUL = [
    ("Ab*", "wildcard", "Ab*"),
    ("Ar*an", "wildcard", "Ar*an"),
    ("***", "empty-term", "***"),
    ("Крокуc", "mixed-alphabet", "Крокуc"),
    ("=Крокуc", "mixed-alphabet", "Крокуc"),
    ("Aland / Skуnet", "mixed-alphabet", "Skуnet"),
    ("who", "common-word", "who"),
    ("x" * 201, "bad-value", "x" * 201),
]


@pytest.mark.parametrize(("names", "code", "at"), DOUBTFUL)
@pytest.mark.parametrize(
    "layout", ["a: place | A | | Good; {}; Fine", "a: |\n    place | A |\n    | Good;\n    {};\n    Fine"]
)
def test_words_of_a_line_are_checked_as_those_of_a_mapping_are_and_each_at_its_place(
    layout: str, names: str, code: str, at: str
) -> None:
    text = layout.format(names)
    (problem,) = [p for p in built(text).problems if p.code not in ("no-tests", "unused-entity")]
    assert problem.code == code
    place = problem.place
    assert problem.source_line[place.column - 1 : place.column - 1 + place.width] == at


def test_a_name_that_two_entities_share_is_shown_at_the_name_in_the_line() -> None:
    what = built("a: place | A | | Aland", "b: place | B | | Bland; Aland / Alands")
    (problem,) = [p for p in what.problems if p.code == "shared-alias"]
    assert problem.source_line[problem.place.column - 1 :] == "Aland / Alands"
    assert "= before it" in problem.help
