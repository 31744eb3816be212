"""What a good file means: conditions, entities, versions, routes, feeds, tests, frames."""

# what the fuzzer splices in, in one line

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.rules.building import build_texts
from monitor.core.rules.expand import case_forms
from monitor.core.rules.problems import errors_of, render
from monitor.core.rules.trials import run_tests
from monitor.core.types import AlertKind, Rule, RuleStatus, Severity

GOOD = """\
version: 1
lists:
  attack_words: [attack, terror*]
entities:
  bortnikov:
    type: person
    name: Alexander Bortnikov
    roles: [FSB chief]
    side: russian_government
    aliases:
      - Bortnikov
      - {text: Бортников, lang: ru, inflect: true}
      - {text: Бортніков, lang: uk, forms: [Бортнікова]}
    context: [FSB]
rules:
  - id: attack-claims
    title: Who is blamed
    owner: desk
    status: test
    severity: high
    tags: [terrorism]
    match:
      all:
        - any: [{entity: bortnikov}, {phrase: concert hall}]
        - near: {terms: [$attack_words, {entity: bortnikov}], within: 5, ordered: true}
      none:
        - {keyword: football, in: title}
    where:
      languages: [en, ru]
      publishers: {include: ["tag:wire"], exclude: [Some Paper]}
      published_within: 3d
    alert: {on: [match, contradiction], min_score: 0.6, routes: [desk]}
    runbook: https://wiki.example.org/x
    tests:
      - name: near
        article: {title: Attack described by Bortnikov, lang: en, tags: [wire]}
        should_match: true
        matched: [bortnikov]
      - name: not football
        article: {title: Football attack Bortnikov, tags: [wire]}
        should_match: false
"""
ROUTES = """\
version: 1
receivers: {desk: "webhook+${DESK_URL}", default: "stdout:"}
route:
  - {match: {severity: high}, receivers: [desk, default]}
  - {receivers: [default]}
"""
ENV = {"DESK_URL": "https://hooks.example.org/s3cret"}


def read_rule(text: str = GOOD) -> Rule:
    built = build_texts({"a.yml": text, "routes.yml": ROUTES}, ENV)
    assert not errors_of(built.problems), render(built.problems)
    return built.rules.rules["attack-claims"]


def test_a_rule_is_read_whole() -> None:
    rule = read_rule()
    assert (rule.severity, rule.status, rule.owner) == (Severity.HIGH, RuleStatus.TEST, "desk")
    assert rule.where.languages == ("en", "ru")
    assert rule.where.include_publishers == ("tag:wire",)
    assert rule.where.published_within == timedelta(days=3)
    assert rule.alert.on == (AlertKind.MATCH, AlertKind.CONTRADICTION)
    assert rule.alert.min_score == 0.6
    either, close, without = rule.condition.children
    assert [child.operator for child in (either, close, without)] == ["any", "near", "none"]
    assert close.children[0].terms == ("attack", "terror*")
    assert dict(close.options) == {"within": "5", "ordered": "true"}
    assert rule.source_text.startswith("    id: attack-claims")
    assert "should_match: false" in rule.source_text


def test_an_entity_has_every_form_of_its_names() -> None:
    entity = build_texts({"a.yml": GOOD, "routes.yml": ROUTES}, ENV).rules.entities["bortnikov"]
    forms = {form for alias in entity.aliases for form in alias.forms}
    assert {"Bortnikov", "Бортниковым", "Бортнікова"} <= forms
    assert (entity.side, entity.roles, entity.context) == ("russian_government", ("FSB chief",), ("FSB",))


def test_the_tests_of_a_rule_run() -> None:
    built = build_texts({"a.yml": GOOD, "routes.yml": ROUTES}, ENV)
    assert [trial.passed for trial in run_tests(built.tests, built.rules)] == [True, True]


def test_routes_and_secrets() -> None:
    routing = build_texts({"routes.yml": ROUTES}, ENV).routing
    assert [(receiver.name, receiver.url) for receiver in routing.receivers] == [
        ("desk", "webhook+https://hooks.example.org/s3cret"),
        ("default", "stdout:"),
    ]
    assert [(route.receivers, list(map(str, route.matchers))) for route in routing.nodes()] == [
        (("default",), []),
        (("desk", "default"), ["severity = high"]),
    ]


def test_feeds() -> None:
    text = "version: 1\nfeeds: [{url: 'https://x.org/f', publisher: X, tags: [a], lang: en, interval: 90s}]\n"
    (feed,) = build_texts({"feeds.yml": text}).feeds
    assert (feed.url, feed.publisher, feed.tags, feed.lang) == ("https://x.org/f", "X", ("a",), "en")
    assert feed.interval == timedelta(seconds=90)


# ---------------------------------------------------------------- versions

CHANGES = [
    ("title: Who is blamed", "title: Who is accused", False),
    ("owner: desk", "owner: other", False),
    ("tags: [terrorism]", "tags: [war]", False),
    ("name: not football", "name: no football", False),
    ("[attack, terror*]", "[terror*, attack]", False),
    ("[attack, terror*]", "[attack, terror*, bomb]", True),
    ("forms: [Бортнікова]", "forms: [Бортніковим]", True),
    ("keyword: football", "keyword: hockey", True),
    ("within: 5", "within: 6", True),
    ("in: title", "in: text", True),
    ("published_within: 3d", "published_within: 4d", True),
    ("min_score: 0.6", "min_score: 0.7", True),
    ("severity: high", "severity: low", True),
]


@pytest.mark.parametrize(("before", "after", "changes"), CHANGES)
def test_a_version_changes_with_what_the_rule_does_and_nothing_else(
    before: str, after: str, changes: bool
) -> None:
    assert before in GOOD
    assert (read_rule(GOOD.replace(before, after)).version != read_rule().version) is changes


def test_the_version_of_the_set_changes_with_entities_no_rule_asks_for() -> None:
    plain = build_texts({"a.yml": GOOD, "routes.yml": ROUTES}, ENV).rules
    other = "version: 1\nentities: {oman: {type: place, name: Oman, aliases: [Oman]}}\n"
    more = build_texts({"a.yml": GOOD, "b.yml": other, "routes.yml": ROUTES}, ENV).rules
    assert plain.version != more.version
    assert plain.rules["attack-claims"].version == more.rules["attack-claims"].version


# ---------------------------------------------------------------- case forms

FORMS = [
    ("Бортников", True, {"Бортникова", "Бортникову", "Бортниковым", "Бортникове"}),
    ("Мария Захарова", True, {"Марии Захаровой", "Марию Захарову"}),
    ("Владимир Зеленский", True, {"Владимира Зеленского", "Владимиру Зеленскому"}),
    ("Федеральная служба безопасности", False, {"Федеральной службы безопасности"}),
    ("Главное управление разведки", False, {"Главного управления разведки"}),
    ("Соединённые Штаты", False, {"Соединённых Штатов", "Соединённые Штаты"}),
    ("Южная Корея", False, {"Южной Кореи", "Южную Корею"}),
    ("Крым", False, {"Крыму", "Крыме"}),
    ("Крокус Сити Холл", False, {"Крокус Сити Холле", "Крокуса Сити Холла"}),
    ("ВСУ", False, {"ВСУ"}),
]


@pytest.mark.parametrize(("name", "person", "expected"), FORMS)
def test_case_forms_agree(name: str, person: bool, expected: set[str]) -> None:
    forms = case_forms(name, "ru", person=person)
    assert expected <= set(forms)
    assert forms[0] == name
    assert len(forms) <= 20


def test_naive_crossings_are_not_made() -> None:
    assert "Марии Захаровым" not in case_forms("Мария Захарова", "ru", person=True)
    assert "Южный Корею" not in case_forms("Южная Корея", "ru", person=False)
    assert "Соединённых Штаты" not in case_forms("Соединённые Штаты", "ru", person=False)


# ---------------------------------------------------------------- fuzz

EVERY_FILE = {
    "a.yml": GOOD,
    "routes.yml": ROUTES,
    "feeds.yml": "version: 1\nfeeds: [{url: 'https://x.org/f', interval: 90s, tags: [a]}]\n",
    "frames/f.yml": "version: 1\nid: f\nkind: other\nroles: [agent]\nphrases: ['{agent} do it']\n",
}
SPLICES = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\t",
        ":",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "*",
        "&a ",
        "*a",
        "!",
        "|",
        ">",
        "'",
        '"',
        "#",
        "%",
        "null",
        "~",
        "true",
        "-1",
        "1e999",
        "99999999999999999999",
        "$x",
        "${",
        "${A}",
        "any",
        "none",
        "near",
        "in",
        "\x00",
        "\x85",
        "�",
        "\u202e",
        "💥",
        "é" * 300,
        "? ",
        "<<: ",
        "---\n",
        "...\n",
        "!!int ",
        "!!set ",
        "0x",
        ".inf",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(EVERY_FILE)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), SPLICES), max_size=4),
)
def test_mutated_files_give_problems_and_never_a_traceback(
    path: str, edits: list[tuple[float, int, str]]
) -> None:
    text = EVERY_FILE[path]
    for share, cut, splice in edits:
        at = int(share * len(text))
        text = text[:at] + splice + text[at + cut :]
    built = build_texts(EVERY_FILE | {path: text}, ENV)
    report = render(built.problems)
    assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in built.problems)
    assert bool(report) == bool(built.problems)
    if not errors_of(built.problems):
        run_tests(built.tests, built.rules)


VALUES = st.recursive(
    st.one_of(st.none(), st.sampled_from(["", "x", "true", "$a", "-1", "stdout:"])),
    lambda children: st.one_of(
        st.lists(children, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "version",
                    "rules",
                    "lists",
                    "entities",
                    "match",
                    "any",
                    "all",
                    "none",
                    "keyword",
                    "near",
                    "terms",
                    "id",
                    "title",
                    "aliases",
                    "text",
                    "receivers",
                    "route",
                    "feeds",
                    "url",
                    "phrases",
                    "tests",
                    "in",
                ]
            ),
            children,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["a.yml", "routes.yml", "feeds.yml", "frames/f.yml"]), VALUES)
def test_any_yaml_gives_problems_and_never_a_traceback(path: str, value: object) -> None:

    text = json.dumps(value)
    wrapped = f'{{"version": 1, "rules": [{text}], "entities": {{"a": {text}}}, "lists": {{"b": {text}}}}}'
    for content in (text, wrapped):
        built = build_texts({path: content})
        render(built.problems)
