"""Every mistake in a rule file: its code, its place, and a hint."""

# ruff: noqa: E501  # one mistake a line, as long as it is

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from monitor.core.rules.building import Built, build_texts
from monitor.core.rules.lint import CHECKS
from monitor.core.rules.problems import CODES, Level, errors_of, render

ENTITIES = """\
version: 1
entities:
  bortnikov: {type: person, name: Alexander Bortnikov, aliases: [Bortnikov]}
lists:
  attack_words: [attack, terror*]
"""


def problems(text: str, path: str = "topics/a.yml", **more: str) -> list[tuple[str, int, int]]:
    """(code, line, column) of each problem; warnings about tests left out."""
    built = build_texts({"entities/x.yml": ENTITIES, path: dedent(text)} | more)
    return [
        (problem.code, problem.place.line, problem.place.column)
        for problem in built.problems
        if problem.code not in ("no-tests", "one-sided-tests", "unused-entity")
    ]


def rule(match: str, rest: str = "") -> str:
    return f"version: 1\nrules:\n  - id: a-rule\n    title: A\n    match: {match}\n{rest}"


FILES = [
    ("", "missing-key", 1, 1),
    ("- a list\n", "wrong-type", 1, 1),
    ("rules: []\n", "missing-key", 1, 1),
    ("version: 2\n", "unsupported-version", 1, 10),
    ("version: one\n", "unsupported-version", 1, 10),
    ("version: 1\nlists: {a: [b\n", "yaml-syntax", 3, 1),
    ("version: 1\nlists:\n\ta: [b]\n", "yaml-syntax", 3, 1),
    ("version: 1\nversion: 1\n", "duplicate-key", 2, 1),
    ("version: 1\n[a, b]: c\n", "bad-key", 2, 1),
    ("version: 1\nlists: {Big Words: [word]}\n", "bad-key", 2, 9),
    ("version: 1\nrulez: []\n", "unknown-key", 2, 1),
    ("version: 1\nrules: {}\n", "wrong-type", 2, 8),
    ("version: 1\nrules:\n", "wrong-type", 2, 1),
    ("version: 1\nlists: {words: [ab*]}\n", "wildcard", 2, 17),
    ("version: 1\nlists: {words: [te*ror]}\n", "wildcard", 2, 17),
    ("version: 1\nlists: {words: ['—']}\n", "empty-term", 2, 17),
    ("version: 1\nlists: {words: [$attack_words]}\n", "bad-value", 2, 17),
    ("version: 1\nlists: {words: [Кpокус]}\n", "mixed-alphabet", 2, 17),
    ("version: 1\nlists: {attack_words: [shot]}\n", "duplicate-id", 2, 9),
    ("version: 1\nentities: {a: {type: persn, name: A, aliases: [Aaa]}}\n", "unknown-value", 2, 22),
    ("version: 1\nentities: {a: {type: person, name: A, aliases: []}}\n", "bad-value", 2, 48),
    ("version: 1\nentities: {a: {type: person, aliases: [Aaa]}}\n", "missing-key", 2, 12),
    ("version: 1\nentities: {a: {type: person, name: A, aliases: [{text: Aaa, langs: ru}]}}\n", "unknown-key", 2, 61),
    ("version: 1\nentities: {a: {type: person, name: A, aliases: [Aaa], wikidata: Q1}}\n", "not-supported-yet", 2, 55),
    ("version: 1\nentities: {a: {type: org, name: A, aliases: [{text: Київ, lang: uk, inflect: true}]}}\n", "no-case-forms", 2, 69),
    ("version: 1\nentities: {a: {type: org, name: A, aliases: [{text: Лондон, inflect: true}]}}\n", "no-case-forms", 2, 61),
    ("version: 1\nentities: {a: {type: org, name: A, aliases: [{text: ФСБ, lang: ru, inflect: true}]}}\n", "nothing-to-inflect", 2, 68),
    ("version: 1\nentities: {a: {type: org, name: A, aliases: [{text: Aaa, inflect: yes}]}}\n", "wrong-type", 2, 67),
    ("version: 1\nentities: {a: {type: org, name: A, aliases: [Bortnikov]}}\n", "shared-alias", 2, 46),
    (rule("{any: [{entity: bortnikow}]}"), "unknown-entity", 5, 28),
    (rule("{any: [{keyword: $attack_word}]}"), "unknown-list", 5, 29),
    (rule("{any: [{keyword: a, phrase: b}]}"), "one-condition", 5, 19),
    (rule("{any: [{in: title}]}"), "one-condition", 5, 19),
    (rule("{any: [{keywrod: attack}]}"), "unknown-key", 5, 20),
    (rule("{any: [attack]}"), "wrong-type", 5, 19),
    (rule("{any: {keyword: attack}}"), "wrong-type", 5, 18),
    (rule("{any: []}"), "bad-value", 5, 18),
    (rule("{keyword: attack}"), "unknown-key", 5, 13),
    (rule("[attack]"), "wrong-type", 5, 12),
    (rule("{any: [{keyword: attack, in: body}]}"), "unknown-value", 5, 41),
    (rule("{any: [{keyword: }]}"), "wrong-type", 5, 20),
    (rule("{any: [{keyword: []}]}"), "empty-term", 5, 29),
    (rule("{any: [{regex: 'a.*b'}]}"), "regex-without-literal", 5, 27),
    (rule("{any: [{regex: 'it''s ab**'}]}"), "bad-regex", 5, 37),
    (rule(r'{any: [{regex: "\\u0416\t(?x)"}]}'), "bad-regex", 5, 37),
    (rule("{any: [{regex: abc(*X)}]}"), "bad-regex", 5, 30),
    (rule("{any: [{query: abc AND}]}"), "query-syntax", 5, 34),
    (rule("{any: [{query: 'it''s AND OR'}]}"), "query-syntax", 5, 38),
    (rule("{any: [{regex: }]}"), "wrong-type", 5, 20),
    (rule("{any: [{regex: ''}]}"), "empty-term", 5, 27),
    (rule("\n      any:\n      - regex: |-\n          one\n          two**\n"), "bad-regex", 9, 15),
    (rule("{none: [{keyword: attack}]}"), "no-positive-condition", 5, 5),
    (rule("{any: [{keyword: attack}, {none: [{keyword: war}]}]}"), "no-positive-condition", 5, 5),
    (rule("{any: [{near: {terms: [attack]}}]}"), "wrong-type", 5, 34),
    (rule("{any: [{near: {within: 3}}]}"), "missing-key", 5, 20),
    (rule("{any: [{near: {terms: [attack, war], within: 90}}]}"), "bad-value", 5, 57),
    (rule("{any: [{near: {terms: [attack, war], within: 20}}]}"), "bad-value", 5, 57),
    (rule("{any: [{near: {terms: [attack, war], within: few}}]}"), "wrong-type", 5, 57),
    (rule("{any: [{same_sentence: [attack, {all: [{keyword: war}]}]}]}"), "unknown-value", 5, 45),
    (rule("{any: [{keyword: attack}]}", "    severty: high\n"), "unknown-key", 6, 5),
    (rule("{any: [{keyword: attack}]}", "    severity: hihg\n"), "unknown-value", 6, 15),
    (rule("{any: [{keyword: attack}]}", "    alert: {group_wait: 2h}\n"), "bad-value", 6, 25),
    (rule("{any: [{keyword: attack}]}", "    alert: {min_origins: 0}\n"), "bad-value", 6, 26),
    (rule("{any: [{keyword: attack}]}", "    alert: {min_score: 2}\n"), "bad-value", 6, 24),
    (rule("{any: [{keyword: attack}]}", "    alert: {routes: [nobody]}\n"), "unknown-receiver", 6, 22),
    (rule("{any: [{keyword: attack}]}", "    where: {published_within: soon}\n"), "bad-duration", 6, 31),
    (rule("{any: [{keyword: attack}]}", "    where: {languages: [English]}\n"), "bad-value", 6, 25),
    (rule("{any: [{keyword: attack}]}", "  - id: a-rule\n    title: B\n    match: {any: [{keyword: b}]}\n"), "duplicate-id", 6, 9),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column"), FILES)
def test_a_mistake_is_reported_at_its_place(text: str, code: str, line: int, column: int) -> None:
    assert (code, line, column) in problems(text)


OTHERS = [
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: [{receivers: [b]}]\n", "unknown-receiver", 3, 22),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: [{match: {rule: x}, receivers: [a]}]\n", "no-catch-all", 3, 9),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], routes: [{match: ['kind ~']}]}\n", "bad-matcher", 3, 44),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], routes: [{match: {knid: x}}]}\n", "unknown-label", 3, 43),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], routes: [{}, {}]}\n", "dead-route", 3, 34),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], template: x}\n", "unknown-template", 3, 35),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], quiet: [{from: '25:00', to: '07:00'}]}\n", "bad-value", 3, 40),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], quiet: [{from: '22:00', to: '07:00', zone: Kiev}]}\n", "bad-value", 3, 68),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], digest: {every: 7h}}\n", "bad-value", 3, 41),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: {receivers: [a], digest: {every: 1h, at: ['08:00']}}\n", "bad-value", 3, 33),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\ninhibit: [{when: {kind: match}, holds_back: {}}]\nroute: {receivers: [a]}\n", "bad-value", 3, 45),
    ("routes.yml", "version: 1\nreceivers: {a: '${MISSING}'}\nroute: [{receivers: [a]}]\n", "missing-variable", 2, 16),
    ("routes.yml", "version: 1\nreceivers: {a: '${low case}'}\nroute: [{receivers: [a]}]\n", "bad-value", 2, 16),
    ("routes.yml", "version: 1\nreceivers: {a: nowhere}\nroute: [{receivers: [a]}]\n", "bad-url", 2, 16),
    ("routes.yml", "version: 1\nreceivers: {a: 'stdout:'}\nroute: []\n", "bad-value", 3, 8),
    ("feeds.yml", "version: 1\nfeeds: [{url: 'ftp://x/y'}]\n", "bad-url", 2, 15),
    ("feeds.yml", "version: 1\nfeeds: [{url: 'https://[x/y'}]\n", "bad-url", 2, 15),
    ("feeds.yml", "version: 1\nfeeds:\n- url: https://x.org/f\n- url: https://x.org/f\n", "duplicate-id", 4, 8),
    ("feeds.yml", "version: 1\nfeeds: [{url: 'https://x.org/f', interval: 1s}]\n", "bad-value", 2, 44),
    ("filters/a.yml", "version: 1\n", "missing-key", 1, 1),
    ("filters/a.yml", "version: 1\nfilters:\n- {id: f, rules: [nobody], none: [{keyword: abc}], reason: x}\n", "unknown-rule", 3, 19),
    ("filters/a.yml", "version: 1\nfilters:\n- {id: f, rules: ['tag:x'], none: [{keyword: abc}], reason: x}\n", "unknown-rule", 3, 19),
    ("filters/a.yml", "version: 1\nfilters:\n- {id: f, rules: ['*'], none: [{entity: nobody}], reason: x}\n", "unknown-entity", 3, 41),
    ("filters/a.yml", "version: 1\nfilters:\n- {id: f, rules: ['*'], none: [], reason: x}\n", "bad-value", 3, 31),
    ("frames/a.yml", "version: 1\nid: a\nphrases: 7\n", "bad-frame", 3, 10),
    ("frames/a.yml", "[]\n", "wrong-type", 1, 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "code", "line", "column"), OTHERS)
def test_a_mistake_in_another_file_is_reported_at_its_place(
    path: str, text: str, code: str, line: int, column: int
) -> None:
    assert (code, line, column) in problems(text, path)


def test_every_code_is_tried_here() -> None:
    tried = {code for _, code, _, _ in FILES} | {code for _, _, code, _, _ in OTHERS}
    # Tried below, where files are read from disk, in test_template_lint.py and in test_rule_lint.py.
    elsewhere = {"too-large", "too-deep", "unreadable", "bad-template"} | {check.code for check in CHECKS}
    assert tried | elsewhere == set(CODES)


def test_all_mistakes_of_all_files_come_at_once_in_order_of_place() -> None:
    built = build_texts(
        {
            "topics/b.yml": rule("{any: [{entity: nobody}]}", "    severity: hihg\n"),
            "entities/a.yml": "version: 1\nentities: {a: {type: persn, name: A, aliases: [{text: Aaa, in: x}]}}\n",
            "feeds.yml": "version: 1\nfeeds: [{url: x}]\n",
        }
    )
    errors = [problem for problem in built.problems if problem.level is Level.ERROR]
    assert [(problem.path, problem.code) for problem in errors] == [
        ("rules/entities/a.yml", "unknown-value"),
        ("rules/entities/a.yml", "unknown-key"),
        ("rules/feeds.yml", "bad-url"),
        ("rules/topics/b.yml", "unknown-entity"),
        ("rules/topics/b.yml", "unknown-value"),
    ]
    assert len(built.problems) == len(set(built.problems))


def test_a_report_shows_line_caret_and_hint() -> None:
    built = build_texts(
        {"entities/a.yml": "version: 1\nentities:\n  a:\n    type: persn\n    name: A\n    aliases: [Aaa]\n"}
    )
    assert render(built.problems) == dedent("""\
        rules/entities/a.yml:4:11: error[unknown-value]: entities.a.type: 'persn' is not one of person, org, place, event, other
           |
         4 |     type: persn
           |           ^^^^^
           = help: did you mean 'person'?

        1 error""")  # fmt: skip


def test_a_report_never_moves_the_cursor() -> None:
    built = build_texts({"a.yml": 'version: 1\nlists: {words: ["\\e[2J*x"]}\nbad\x85key: "\u202e"\n'})
    report = render(built.problems)
    assert built.problems
    assert all(character.isprintable() or character == "\n" for character in report)


def test_the_caret_stands_under_wide_characters() -> None:
    built = build_texts({"a.yml": "version: 1\nlists: {words: [東京都, ab*]}\n"})
    shown, caret = render(built.problems).splitlines()[2:4]
    assert caret.index("^") - shown.index("東") == shown.index("ab*") - shown.index("東") + 3


def test_duplicate_ids_name_both_places() -> None:
    (problem,) = errors_of(build_texts({"a.yml": ENTITIES, "b.yml": ENTITIES.split("lists")[0]}).problems)
    assert problem.path == "rules/b.yml"
    assert "rules/a.yml:3" in problem.message


def test_a_file_that_cannot_be_read_does_not_make_its_names_unknown() -> None:
    built = build_texts(
        {"entities/a.yml": "version: 1\nentities: [", "b.yml": rule("{any: [{entity: bortnikov}]}")}
    )
    assert {problem.code for problem in built.problems} == {"yaml-syntax", "no-tests"}


def test_a_misspelt_name_is_guessed_across_files() -> None:
    built = build_texts({"a.yml": ENTITIES, "b.yml": rule("{any: [{entity: bortnikow}]}")})
    assert "did you mean 'bortnikov'?" in [problem.help for problem in built.problems]


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        ("", "no-tests"),
        ("    tests: [{name: a, article: {title: b}, should_match: true}]\n", "one-sided-tests"),
    ],
)
def test_untested_rules_are_warned_of(tests: str, code: str) -> None:
    built = build_texts({"a.yml": rule("{any: [{keyword: attack}]}", tests)})
    assert [(problem.code, problem.level) for problem in built.problems] == [(code, Level.WARNING)]


def test_a_secret_is_never_in_a_message() -> None:
    routes = "version: 1\nreceivers: {a: 'x${SECRET_URL}', b: '${SECRET_URL}'}\nroute: [{receivers: [a]}]\n"
    built = build_texts({"routes.yml": routes}, {"SECRET_URL": "hunter2"})
    assert "hunter2" not in render(built.problems)
    assert built.routing.receivers[1].url == "hunter2"


def test_too_large_and_too_deep_files_are_refused_quickly() -> None:
    bomb = "version: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + level)}: &{chr(98 + level)} [{','.join(['*' + chr(97 + level)] * 10)}]\n"
        for level in range(8)
    )
    assert "too-large" in {code for code, _, _ in problems(bomb)}
    assert problems("version: 1\n# " + "x" * 1_000_001)[0][0] == "too-large"
    assert problems("version: 1\nlists: " + "[" * 40 + "]" * 40)[0][0] == "too-deep"
    assert problems("[" * 3000)[0][0] == "too-deep"
    assert problems("&a [*a]")[0][0] == "too-deep"


def test_words_stay_as_written() -> None:
    """YAML 1.1 would make false, 7 and 1.1 of them."""
    built: Built = build_texts({"a.yml": rule("{any: [{keyword: [NO, 007, 1.10, true, on]}]}")})
    assert built.rules.rules["a-rule"].condition.children[0].children[0].terms == (
        "NO",
        "007",
        "1.10",
        "true",
        "on",
    )


def test_problems_are_flat_objects_for_programs() -> None:
    (problem,) = build_texts({"a.yml": "version: 3\n"}).problems
    assert json.loads(json.dumps(problem.as_json()))["code"] == "unsupported-version"
