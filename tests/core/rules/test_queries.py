"""Boolean strings: the tree they mean, every mistake at its column, and strings of other tools."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.matching import match
from monitor.core.rules.building import build_texts
from monitor.core.rules.importing import import_lines, rule_file
from monitor.core.rules.problems import errors_of, render
from monitor.core.rules.query import parse_query
from monitor.core.rules.trials import text_article
from monitor.core.types import Condition

LISTS = {"blame": ("blame*", "accuse")}
ENTITIES = {"bortnikov", "crocus"}


def shown(condition: Condition | None) -> str:
    """A tree in one line."""
    if condition is None:
        return "nothing"
    field = f"{condition.field}:" if condition.field else ""
    if condition.operator == "near":
        options = dict(condition.options)
        kind = "onear" if options["ordered"] == "true" else "near"
        return f"{field}{kind}{options['within']}({' '.join(map(shown, condition.children))})"
    if condition.children:
        return f"{condition.operator}({' '.join(map(shown, condition.children))})"
    sign = {"keyword": "", "phrase": '"', "entity": "@"}[condition.operator]
    return field + sign + "|".join(condition.terms)


MEANINGS = [
    ("a1", "a1"),
    ("abc OR def AND ghi", "any(abc all(def ghi))"),
    ("(abc OR def) AND ghi", "all(any(abc def) ghi)"),
    ('abc NOT "def ghi"', 'all(abc none("def ghi))'),
    ("abc AND NOT def NOT ghi AND jkl", "all(abc jkl none(def ghi))"),
    ("abc NOT (def OR ghi)", "all(abc none(any(def ghi)))"),
    ("terror* NEAR/3 @crocus", "near3(terror* @crocus)"),
    ("abc ONEAR def ONEAR ghi", "onear8(abc def ghi)"),
    ("(abc OR def) NEAR/2 $blame AND ghi", "all(near2(any(abc def) blame*|accuse) ghi)"),
    (
        'title:abc OR text:("def g" NEAR/4 hij) OR any:klm',
        'any(title:abc text:near4(text:"def g text:hij) klm)',
    ),
    ("title:(abc AND text:def)", "all(title:abc text:def)"),
    ('"AND" OR "near/5"', 'any("AND "near/5)'),
    ("ANDROID OR NOTE OR NEARBY", "any(ANDROID NOTE NEARBY)"),
    ("Крокус AND(@bortnikov)", "all(Крокус @bortnikov)"),
    (
        '("Crocus City Hall" OR Крокус) AND (@bortnikov OR attack NEAR/8 Crocus) NOT "crocus bulb*"',
        'all(any("Crocus City Hall Крокус) any(@bortnikov near8(attack Crocus)) none("crocus bulb*))',
    ),
]


@pytest.mark.parametrize(("query", "tree"), MEANINGS)
def test_a_query_means(query: str, tree: str) -> None:
    condition, mistakes = parse_query(query, LISTS, ENTITIES)
    assert (shown(condition), mistakes) == (tree, ())


MISTAKES = [
    ("", "query-syntax", 0, ""),
    ("(abc OR def", "query-syntax", 0, "never closed"),
    ("abc) OR def", "query-syntax", 3, "closes nothing"),
    ("abc AND", "query-syntax", 7, "the query ends"),
    ("abc AND OR def", "query-syntax", 8, "'OR' stands where"),
    ("OR abc", "query-syntax", 0, "'OR' stands where"),
    ("NOT abc", "query-syntax", 0, "NOT stands alone"),
    ("abc OR NOT def", "query-syntax", 7, "NOT stands alone"),
    ("abc OR (NOT def)", "query-syntax", 8, "NOT stands alone"),
    ("abc def", "query-syntax", 4, "beside another"),
    ("abc and def", "query-syntax", 4, "beside another"),
    ("and abc", "query-syntax", 0, "no term"),
    ("abc near/5 def", "query-syntax", 4, "beside another"),
    ('abc AND "def', "query-syntax", 8, "never closed"),
    ("abc AND “def”", "query-syntax", 8, "quotation mark"),
    ("abc AND ()", "query-syntax", 9, "where a term is wanted"),
    ("titel:abc", "query-syntax", 0, "no field"),
    ("abc NEAR/3 (def AND ghi)", "query-syntax", 4, "NEAR joins"),
    ("abc NEAR/3 def NEAR/4 ghi", "query-syntax", 15, "behind NEAR/3"),
    ("abc NEAR/3 title:def", "query-syntax", 0, "one field"),
    ("abc NEAR/77 def", "query-syntax", 4, "at most 50"),
    ("a1 NEAR a2 NEAR a3 NEAR a4 NEAR a5 NEAR a6", "query-syntax", 35, "more than 5"),
    ("(" * 30 + "abc" + ")" * 30, "query-syntax", 20, "nest"),
    ("abc NEAR/20 def", "bad-value", 4, "words 20 apart"),
    ("abc AND @bortnikow", "unknown-entity", 8, "bortnikow"),
    ("abc AND $blam", "unknown-list", 8, "blam"),
    ("abc AND te*", "wildcard", 8, "fewer than 3"),
    ('abc AND "te*r"', "wildcard", 9, "only at the end"),
    ("abc AND --", "empty-term", 8, "no letter"),
]


@pytest.mark.parametrize(("query", "code", "at", "message"), MISTAKES)
def test_a_mistake_is_told_at_its_place(query: str, code: str, at: int, message: str) -> None:
    _, mistakes = parse_query(query, LISTS, ENTITIES)
    assert [(mistake.code, mistake.at) for mistake in mistakes][-1] == (code, at)
    assert message in mistakes[-1].message


def test_names_are_guessed() -> None:
    _, mistakes = parse_query("@bortnikow OR titel:abc", LISTS, ENTITIES)
    assert [mistake.help.split("?")[0] for mistake in mistakes] == [
        "did you mean 'bortnikov'",
        "did you mean 'title'",
    ]


PIECES = ["abc", "AND", "OR", "NOT", "NEAR/3", "(", ")", '"', " ", " ", "title:", "@crocus", "$blame", "x*"]
PIECES += ["“", "~3", "/", "and", "-", "|", "w/5"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_text_is_a_query_or_a_mistake_within_it(text: str) -> None:
    condition, mistakes = parse_query(text, LISTS, ENTITIES)
    assert (condition is None) is bool([m for m in mistakes if m.level == "error"])
    assert all(0 <= mistake.at <= len(text) for mistake in mistakes)
    for one in import_lines(text):
        assert one.errors or parse_query(one.query, {}, ())[0] is not None


# ---------------------------------------------------------------- in rule files

RULE = "version: 1\nrules:\n  - {id: a, title: A, %s}\n"


def test_a_query_stands_for_match_or_beside_other_conditions() -> None:
    for body in ("query: ferry NOT film", "match: {all: [{query: ferry OR boat}], none: [{keyword: film}]}"):
        built = build_texts({"a.yml": RULE % body})
        assert not errors_of(built.problems), render(built.problems)
        readings = match([text_article("a ferry"), text_article("a ferry film")], built.rules)
        assert [bool(reading.matches) for reading in readings] == [True, False]


#: What stands at the place of the mistake.
IN_FILES = [
    ("query: 'abc AND @nobody'", "unknown-entity", "@nobody"),
    ('query: "\\"abc\\" AND OR"', "query-syntax", "OR"),
    ("query: abc, match: {any: [{keyword: abc}]}", "one-condition", "query: abc"),
    ("match: {any: [{query: abc def}]}", "query-syntax", "def"),
    ("match: {any: [{query: abc, in: title}]}", "unknown-key", "in: title"),
    ("match: {any: [{query: [abc]}]}", "wrong-type", "[abc]"),
    ("severity: low", "missing-key", "{id"),
]


@pytest.mark.parametrize(("body", "code", "there"), IN_FILES)
def test_a_mistake_in_a_file_has_its_column(body: str, code: str, there: str) -> None:
    line = (RULE % body).split("\n")[2]
    found = errors_of(build_texts({"a.yml": RULE % body}).problems)
    places = [(problem.code, problem.place.line, problem.place.column) for problem in found]
    assert places == [(code, 3, line.index(there) + 1)]


# ---------------------------------------------------------------- other tools

FOREIGN = [
    ("abc and def or ghi", "abc AND def OR ghi"),
    ("“abc def” w/5 ghi", '"abc def" NEAR/5 ghi'),
    ("abc NEAR5 def", "abc NEAR/5 def"),
    ("abc near:5 def", "abc NEAR/5 def"),
    ("abc pre/3 def", "abc ONEAR/3 def"),
    ('"abc def"~4', '("abc" NEAR/4 "def")'),
    ("abc -def", "abc NOT def"),
    ("abc def", "abc AND def"),
    ("+abc +def", "abc AND def"),
    ("(abc || def) && !ghi", "(abc OR def) AND NOT ghi"),
    ("title:abc and not title:(def or ghi)", "title:abc AND NOT title:(def OR ghi)"),
    ("well-known - thing", None),
    ("intitle:bank or Headline:(a or b)", "title:bank OR title:(a OR b)"),
    ('body:"a b" || lead:c', 'text:"a b" OR summary:c'),
    ("flood ENGAGEMENT:>10", None),
]


@pytest.mark.parametrize(("written", "query"), FOREIGN)
def test_a_string_of_another_tool_is_translated(written: str, query: str | None) -> None:
    (one,) = import_lines(written + "\n\n# a remark\n")
    if query is None:
        assert one.errors
    else:
        assert (one.query, one.errors) == (query, ())
        assert one.warnings


@pytest.mark.parametrize(
    ("written", "ours"),
    [("flood AND lang:en", "where: {languages"), ("site:paper.example AND flood", "publishers: {include")],
)
def test_what_other_tools_say_in_the_string_and_we_beside_it_is_told(written: str, ours: str) -> None:
    (one,) = import_lines(written)
    assert ours in one.errors[0].help


def test_what_is_imported_is_a_rule_file_of_drafts() -> None:
    imported = import_lines("abc's and “d'e f”\n(broken\nтеракт* AND Крокус\n")
    assert [bool(one.errors) for one in imported] == [False, True, False]
    built = build_texts({"a.yml": rule_file(imported)})
    assert not errors_of(built.problems), render(built.problems)
    assert {rule.status for rule in built.rules.rules.values()} == {"draft"}
    assert build_texts({"a.yml": rule_file(())}).problems == ()
