"""Templates of routes: filled in by a child, capped, and broken ones fall back to the built-in text."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from receivers import an_alert, taken

from monitor.notify.card import card
from monitor.notify.templates import written
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
