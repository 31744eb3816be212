"""A match becomes a test: the least text, and a file to which only lines are added."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.matching import match
from monitor.core.rules.adopting import (
    AdoptingError,
    NewTest,
    around_spans,
    insert_test,
    minimise,
    new_test,
    smallest,
    without_exclusions,
)
from monitor.core.rules.building import build_texts
from monitor.core.rules.formatting import formatted
from monitor.core.rules.trials import text_article
from monitor.core.types import Article, Condition

RULE = """\
version: 1
rules:
  - id: a-rule
    title: A
    match: {all: [{keyword: ferry}, {keyword: sank}], none: [{keyword: film}]}
"""
TEXT = (
    "It rained. A ferry left the harbour. Nobody knew why. Dogs barked all night! "
    "Later it sank.\nThe film is about something else. The end."
)


def holds_for(condition: str = "matches"):  # type: ignore[no-untyped-def]  # a test's own closure
    compiled = build_texts({"a.yml": RULE}).rules

    def holds(article: Article) -> bool:
        (reading,) = match([article], compiled)
        return bool(reading.matches) is (condition == "matches")

    return holds


def article(text: str, **fields: object) -> Article:
    return replace(text_article("Title\n" + text, "en"), **fields)  # type: ignore[arg-type]  # fields by name


# ---------------------------------------------------------------- the least text


def test_only_the_sentences_that_decide_are_kept_and_a_gap_is_a_line_break() -> None:
    least = smallest(article(TEXT.replace("film", "book")), holds_for())
    assert (least.title, least.text) == ("Title", "A ferry left the harbour.\nLater it sank.")


def test_neighbours_are_kept_as_they_stand_for_noise() -> None:
    least = smallest(article("One. Two.  A ferry sank. Four. Five."), holds_for(), context=1)
    assert least.text == "Two.  A ferry sank. Four."


def test_where_the_title_decides_no_sentence_is_kept_but_the_first_for_noise() -> None:
    whole = article("The cup final. It rained.", title="Ferry sank")
    assert smallest(whole, holds_for()).text == ""
    assert smallest(whole, holds_for(), context=1).text == "The cup final."


def test_what_does_not_hold_comes_back_whole() -> None:
    whole = article("Nothing.")
    assert smallest(whole, holds_for()) is whole


def test_where_it_comes_from_is_left_out_unless_it_decides() -> None:
    given = article("A ferry sank.", publisher="The Wire", url="https://wire.example/1", tags=("wire",))
    assert smallest(given, holds_for()).publisher == ""
    kept = smallest(given, lambda one: "wire" in one.tags and holds_for()(one))
    assert (kept.publisher, kept.tags) == ("The Wire", ("wire",))


def test_the_summary_stays_only_where_it_decides() -> None:
    given = article("It rained.", summary="A ferry sank.")
    assert smallest(given, holds_for()).summary == "A ferry sank."
    assert smallest(replace(given, text="A ferry sank."), holds_for()).summary == ""


def test_sentences_around_spans_are_kept_where_nothing_holds_any_more() -> None:
    given = article("One. Two. A boat sank. Four. Five. Six.")
    start = given.text.index("boat")
    assert around_spans(given, [(start, start + 4)]).text == "Two. A boat sank. Four."
    assert around_spans(given, []).text == ""


@settings(max_examples=60)
@given(st.sets(st.integers(0, 40), min_size=1, max_size=6), st.integers(41, 60))
def test_what_is_left_is_needed_to_the_last_part(needed: set[int], size: int) -> None:
    assert minimise(range(size), lambda kept: needed <= set(kept)) == sorted(needed)


def test_the_bare_rule_excludes_nothing_and_asks_for_the_same() -> None:
    rule = build_texts({"a.yml": RULE}).rules.rules["a-rule"]
    assert not holds_for()(article(TEXT))
    bare = without_exclusions(rule.condition)

    def operators(condition: Condition) -> set[str]:
        return {condition.operator}.union(*map(operators, condition.children))

    assert "none" not in operators(bare)
    assert "keyword" in operators(bare)


# ---------------------------------------------------------------- the name


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("Ferry sank", set(), "Ferry sank"),
        ("Ferry sank", {"Ferry sank"}, "Ferry sank (2)"),
        ("Ferry sank", {"Ferry sank", "Ferry sank (2)"}, "Ferry sank (3)"),
        ("", set(), "Some text"),
        ("\x1b[31mred\x1b[0m alert", set(), "red alert"),
    ],
)
def test_a_name_comes_from_the_title_and_is_free(title: str, taken: set[str], name: str) -> None:
    given = replace(text_article("\nSome text"), title=title)
    assert new_test(given, should_match=True, taken=taken).name == name


# ---------------------------------------------------------------- the file

TEST = NewTest(
    name="it's: a “name”",
    article={"title": "Ferry: sank # really", "text": "One.\nTwo - 'three'", "lang": "en", "tags": ("wire",)},
    should_match=False,
)

BLOCK = (
    RULE
    + """\
    tests:   # of the rule
      # the first
      - name: one   # why
        article: {title: 'Ferry sank'}
        should_match: true   # yes

  # the other rule
  - id: other
    title: O
    match: {any: [{keyword: other}]}
"""
)

PLACES = {
    "no tests": RULE,
    "no tests, no line break at the end": RULE.rstrip("\n"),
    "behind the last of its tests": BLOCK,
    "tests without indentation": RULE
    + "    tests:\n    - name: one\n      article: {title: Ferry sank}\n      should_match: true\n",
    "a wide dash": RULE
    + "    tests:\n      -   name: one\n          article: {title: Ferry sank}\n"
    + "          should_match: true\n",
    "a block of text at the end": RULE
    + "    tests:\n      - name: one\n        should_match: true\n        article:\n          text: |\n"
    + "            Ferry\n            sank\n\nlists: {x: [abc]}\n",
    "a list in brackets": RULE
    + "    tests: [{name: one, article: {title: Ferry sank}, should_match: true}]  # all\n",
    "a list in brackets over lines": RULE
    + "    tests: [\n      {name: one, article: {title: Ferry sank}, should_match: true},\n    ]\n",
    "an empty list": RULE + "    tests: []\n    owner: me\n",
    "an empty key": RULE + "    tests:\n    owner: me\n",
    "Windows line breaks": BLOCK.replace("\n", "\r\n"),
    "no rule behind it, comments at the end": RULE + "    owner: me   # me\n# the end\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_test_is_added_and_nothing_else_changes(place: str) -> None:
    before = PLACES[place]
    after = insert_test(before, "a-rule", TEST)
    built = build_texts({"a.yml": after})
    assert [one.message for one in built.problems if one.level == "error"] == []
    (written,) = (test for test in built.tests if test.name == TEST.name)
    assert (written.rule, written.should_match, written.article_tags) == ("a-rule", False, ("wire",))
    assert written.article["text"] == "One.\nTwo - 'three'"
    if "brackets" in place or "empty list" in place:
        return
    changes = [
        line
        for line in difflib.ndiff(before.splitlines(keepends=False), after.splitlines(keepends=False))
        if line.startswith(("- ", "? "))
    ]
    assert changes == []


def test_line_breaks_stay_those_of_the_file() -> None:
    after = insert_test(PLACES["Windows line breaks"], "a-rule", TEST)
    assert after.count("\n") == after.count("\r\n")


def test_what_fmt_would_not_change_it_would_not_change_afterwards() -> None:
    tidy = formatted(BLOCK)
    assert formatted(insert_test(tidy, "a-rule", TEST)) == insert_test(tidy, "a-rule", TEST)


@pytest.mark.parametrize(
    ("text", "rule", "why"),
    [
        (RULE, "other", "no rule 'other'"),
        ("version: 1\nrules: [{id: a-rule, title: A, match: {any: [{keyword: abc}]}}]\n", "a-rule", "braces"),
        (RULE + "    tests: none\n", "a-rule", "no list"),
        ("rules: [\n", "a-rule", "no rule"),
        ("", "a-rule", "no rule"),
    ],
)
def test_a_file_that_cannot_take_it_says_why(text: str, rule: str, why: str) -> None:
    with pytest.raises(AdoptingError, match=why):
        insert_test(text, rule, TEST)


def test_an_article_without_text_makes_no_test() -> None:
    with pytest.raises(AdoptingError, match="no text"):
        new_test(text_article("\x00 \n\u200e"), should_match=True, taken=())


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=80).map("a".__add__))
def test_any_article_makes_a_test_that_reads_back(title: str, text: str) -> None:
    made = new_test(replace(text_article(""), title=title, text=text), should_match=True, taken=())
    after = insert_test(RULE, "a-rule", made)
    (written,) = build_texts({"a.yml": after}).tests
    assert written.article["text"] == made.article["text"]
    assert written.article["title"] == made.article["title"]
