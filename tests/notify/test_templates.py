"""Templates of routes: filled in by a child, capped, and broken ones fall back to the built-in text."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from receivers import an_alert, taken

from monitor.notify import templates
from monitor.notify.card import card
from monitor.notify.templates import read_templates, written
from monitor.notify.text import text
from monitor.store.notifications import TakenNotification


def fill(template: str, one: TakenNotification | None = None) -> TakenNotification:
    return asyncio.run(written(replace(one or taken(), template="short"), template))


def test_a_template_says_it_in_the_teams_words() -> None:
    made = fill(
        "{{ alert.severity|upper }}: {{ alert.headline }}\n"
        "{% for c in alert.claims %}- {{ c.quote }}\n{% endfor %}"
    )
    first, *rest = text(made).splitlines()
    assert first.startswith("HIGH: Ada Brook")
    assert rest == ["- the dam was cracked", "- it never was"]
    assert (card(made).title, card(made).lines) == (first, tuple(rest))


def test_what_strangers_wrote_is_no_template_and_obeys_nothing() -> None:
    evil = an_alert(headline="{{ 7*7 }}\x1b[2J", reason="")
    assert text(fill("{{ alert.headline }}", taken(evil))) == "{{ 7*7 }}"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ alert.headlin }}", "has no attribute 'headlin'"),
        ("{% if %}", "line 1"),
        ("{{ 1 // 0 }}", "ZeroDivisionError"),
        ("   ", "empty text"),
        ("{{ alert.__class__.__mro__ }}", "unsafe"),
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "took"),
        ("{{ 'a' * 9999999999 }}", ""),
    ],
)
def test_a_broken_template_falls_back_to_the_built_in_text_and_says_so(template: str, why: str) -> None:
    made = fill(template)
    *built_in, note = text(made).splitlines()
    assert built_in == text(taken()).splitlines()
    assert "the template 'short' did not work" in note
    assert why in note


def test_a_text_without_end_is_cut() -> None:
    made = fill("{% for i in range(99999) %}{% for j in range(99999) %}word {% endfor %}{% endfor %}")
    assert len(made.written) <= 16_001
    assert made.note == ""


GOOD = {
    "loop": "{% for c in alert.claims %}{{ loop.index }}{{ c.quote|upper }}{% endfor %}",
    "set": "{% if alerts %}{% set n = 1 %}{% endif %}{{ n|default(0) }}{{ range(3)|list }}",
    "asked": "{% if extra is defined %}{{ extra }}{% endif %}{{ message.count }}",
    "macro": "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(alert.id) }}",
}
BAD = [
    ("{{ a", 1, "", "unexpected end of template"),
    ("one\n{% if %}", 2, "", "Expected an expression"),
    ("{% if alert %}\n{{ alert.headline|uper }}{% endif %}", 2, "uper", "did you mean 'upper'"),
    ("{{ alert.id is od }}", 1, "od", "did you mean 'odd'"),
    ("\n\n{{ alrt.headline }}", 3, "alrt", "did you mean 'alert'"),
    ("{% include 'other' %}", 1, "", "cannot use other templates"),
    ("{% block a %}{% endblock %}{% block a %}{% endblock %}", 1, "", "defined twice"),
    ("(" * 4 + "{{ " + "(" * 5000 + ")" * 5000 + " }}", 1, "", ""),
]


def test_templates_are_read_without_being_run_and_each_mistake_has_its_line() -> None:
    bad = {f"bad{number}": row[0] for number, row in enumerate(BAD)}
    found = asyncio.run(read_templates(GOOD | bad))
    assert set(found) == set(bad)
    for number, (template, line, word, said) in enumerate(BAD):
        (one,) = found[f"bad{number}"]
        assert (one.line, one.word) == (line, word), template
        assert said in f"{one.message} {one.help}", template
    several = asyncio.run(read_templates({"a": "{{ alert|x }}\n{{ y }}\n{{ alert|z }}"}))
    assert [(one.line, one.word) for one in several["a"]] == [(1, "x"), (2, "y"), (3, "z")]


def test_a_template_that_is_too_much_to_read_is_told_apart_from_its_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = templates._answer

    async def dying(asked: dict[str, dict[str, str]]) -> dict[str, object]:
        if "heavy" in asked["read"]:
            raise templates.BrokenTemplateError("it took too much time or memory")
        return await real(asked)

    monkeypatch.setattr(templates, "_answer", dying)
    found = asyncio.run(read_templates({"light": "{{ alert.id }}", "heavy": "x"}))
    assert [one.message for one in found.pop("heavy")] == ["it took too much time or memory"]
    assert found == {}
