"""What lint says about rules that could be used: which code, where, and where it holds its tongue."""

# ruff: noqa: E501  # one case a line, as long as it is

from __future__ import annotations

import pytest

from monitor.core.rules.building import build_texts
from monitor.core.rules.lint import CHECKS
from monitor.core.rules.problems import Level, Problem

TESTED = "tests: [{name: a, article: {title: a}, should_match: true}, {name: b, article: {title: b}, should_match: false}]"
ROUTES = "version: 1\nreceivers: {desk: 'stdout:', night-pager: 'stdout:'}\nroute:\n  - {match: {rule: paged}, receivers: [night-pager]}\n  - receivers: [desk]\n"


def found(text: str, *, routes: str = ROUTES) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.place.line, problem.place.column) for problem in problems(text, routes)]


def problems(text: str, routes: str = ROUTES) -> tuple[Problem, ...]:
    built = build_texts({"a.yml": f"version: 1\n{text}", "routes.yml": routes})
    assert not [problem for problem in built.problems if problem.level is Level.ERROR], built.problems
    return built.problems


def rule(match: str, rest: str = "", *, name: str = "a-rule", tests: str = TESTED) -> str:
    """One rule in four lines; its match begins at column 12 of line 4 of the file."""
    return f"rules:\n  - {{id: {name}, title: A,\n     match: {match},\n     {rest + ', ' if rest else ''}{tests}}}\n"


CASES = [
    # words that everything has
    (rule("{any: [{keyword: the}]}"), "common-word", 4, 30),
    (rule("{any: [{keyword: [ferry, Что]}]}"), "common-word", 4, 38),
    (rule("{all: [{keyword: ferry}, {any: [{phrase: який}]}]}"), "common-word", 4, 54),
    ("lists: {small: [ferry, of]}\n" + rule("{any: [{keyword: $small}]}"), "common-word", 5, 30),
    ("entities: {who: {type: org, name: WHO, aliases: [Health Body, WHO]}}\n" + rule("{any: [{entity: who}]}"), "common-word", 2, 63),
    # exclusions that leave nothing
    (rule("{any: [{keyword: ferry}], none: [{keyword: ferry}]}"), "never-matches", 4, 47),
    (rule("{any: [{keyword: [attack, attackers]}], none: [{keyword: attack*}]}"), "never-matches", 4, 61),
    (rule("{all: [{keyword: ferry}, {phrase: red attack boat}], none: [{keyword: war}, {keyword: Attack}]}"), "never-matches", 4, 90),
    (rule("{all: [{near: {terms: [ferry, port]}}], none: [{keyword: port}]}"), "never-matches", 4, 61),
    (rule("{any: [{all: [{keyword: ferry}, {none: [{keyword: ferry}]}]}]}"), "never-matches", 4, 54),
    (rule("{any: [{keyword: ferry}, {keyword: port}], none: [{any: [{keyword: [ferry, port]}]}]}"), "never-matches", 4, 64),
    (rule("{any: [{keyword: ferry, in: title}], none: [{keyword: ferry}]}"), "never-matches", 4, 58),
    ("entities: {e: {type: org, name: E, aliases: [Eee]}}\n" + rule("{any: [{entity: e}], none: [{entity: e}]}"), "never-matches", 5, 42),
    # pagers
    (rule("{any: [{keyword: ferry}]}", "alert: {on: [contradiction, match], routes: [desk, night-pager]}"), "pager-on-match", 5, 34),
    (rule("{any: [{keyword: ferry}]}", "alert: {on: [match]}", name="paged"), "pager-on-match", 5, 19),
    (rule("{any: [{keyword: ferry}]}", "severity: critical, alert: {on: [match]}"), "pager-on-match", 5, 39),
    # twins
    (rule("{any: [{keyword: [ferry, port]}]}") + rule("{any: [{keyword: [port, ferry]}]}", name="b")[7:], "same-condition", 6, 10),
    # entities
    ("entities:\n  e: {type: org, name: E, aliases: [Eee]}\n", "unused-entity", 3, 3),
    ("entities: {e: {type: org, name: E, aliases: [Eee]}, f: {type: org, name: F, aliases: [Fff, eee]}}\n", "shared-alias", 2, 92),
    # tests
    (rule("{any: [{keyword: ferry}]}", tests="tags: []"), "no-tests", 3, 10),
    (rule("{any: [{keyword: ferry}]}", tests=TESTED.replace("false", "true")), "one-sided-tests", 3, 10),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column"), CASES)
def test_a_doubt_is_reported_at_its_place(text: str, code: str, line: int, column: int) -> None:
    assert (code, line, column) in found(text)


FINE = [
    rule("{any: [{near: {terms: [the, ferry]}}, {same_sentence: [of, {keyword: port}]}, {phrase: the ferry}]}"),
    rule("{any: [{keyword: ferry}], none: [{keyword: the}]}"),
    "entities: {who: {type: org, name: WHO, aliases: [{text: WHO, case: exact}]}}\n" + rule("{any: [{entity: who}]}"),
    rule("{any: [{keyword: [ferry, port]}], none: [{keyword: port}]}"),
    rule("{any: [{keyword: attack*}], none: [{keyword: attack}]}"),
    rule("{any: [{keyword: ferry}], none: [{keyword: ferry, in: title}]}"),
    rule("{any: [{keyword: ferry}], none: [{all: [{keyword: ferry}, {keyword: film}]}]}"),
    rule("{any: [{keyword: oman}], none: [{keyword: man}]}"),
    rule("{any: [{keyword: ferry}]}", "alert: {on: [match]}"),
    rule("{any: [{keyword: ferry}]}", "severity: critical, alert: {on: [contradiction], routes: [night-pager]}"),
    rule("{any: [{keyword: ferry}]}") + rule("{any: [{keyword: ferry}]}", "where: {languages: [en]}", name="b")[7:],
]  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_what_makes_sense_is_not_reported(text: str) -> None:
    assert found(text) == []


def test_every_check_is_tried_here_with_its_level() -> None:
    assert {code for _, code, _, _ in CASES} == {check.code for check in CHECKS}
    for text, code, _, _ in CASES:
        (level,) = {problem.level for problem in problems(text) if problem.code == code}
        assert level is next(check.level for check in CHECKS if check.code == code)


@pytest.mark.parametrize(
    ("word", "message", "help"),
    [
        ("Крoкус", "'o' is Latin, as in Кр[o]кус", "the same all in Cyrillic letters: Крокус"),
        ("Сrocus", "'С' is Cyrillic, as in [С]rocus", "the same all in Latin letters: Crocus"),
        ("Крwкус", "'w' is Latin, as in Кр[w]кус", "type the word again on one keyboard layout"),
    ],
)
def test_letters_of_another_alphabet_are_shown_in_their_word(word: str, message: str, help: str) -> None:
    (problem,) = [one for one in problems(f"lists: {{words: [{word}]}}\n") if one.code == "mixed-alphabet"]
    assert problem.message.endswith(message)
    assert problem.help == help
    assert problem.place.column == 17


def test_a_twin_names_the_other_place() -> None:
    twins = rule("{any: [{keyword: ferry}]}") + rule("{any: [{keyword: ferry}]}", name="b")[7:]
    (problem,) = problems(twins)
    assert "'a-rule' in rules/a.yml:3" in problem.message
