"""Queries as people type them, and the stretches of text that show what was found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.searching import LONGEST_SNIPPET, Query, fits, marked, read_query, snippets
from monitor.errors import QueryError


@pytest.mark.parametrize(
    ("written", "wanted", "refused"),
    [
        ("", (), ()),
        ("  dam  HELD ", ("dam", "held"), ()),
        ("dam dam", ("dam",), ()),
        ('"The  dam held" -flood', ("the dam held",), ("flood",)),
        ('-"a flood" dam', ("dam",), ("a flood",)),
        ("«Дамба цела»", ("дамба цела",), ()),
        ("anti-dam", ("anti-dam",), ()),
        ('say"so"', ("say", "so"), ()),
        ("Ёлка", ("елка",), ()),
    ],
)
def test_a_query_has_words_phrases_and_what_must_not_stand_there(
    written: str, wanted: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    assert read_query(written) == Query(wanted=wanted, refused=refused)


@pytest.mark.parametrize(
    ("written", "position", "why"),
    [
        ('dam "held', 5, "never closed"),
        ('dam ""', 5, "nothing to look for"),
        ("dam - flood", 5, "nothing to look for"),
        ("-", 1, "nothing to look for"),
        ("dam \u200b", 5, "nothing to look for"),
        ('-"', 1, "character 2 is never closed"),
    ],
)
def test_a_query_that_cannot_be_read_names_the_place(written: str, position: int, why: str) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        read_query(written)
    assert caught.value.position == position
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("written", "texts", "expected"),
    [
        ("", ["anything"], True),
        ("dam flood", ["The DAM held", "no flood"], True),
        ("dam flood", ["The dam held"], False),
        ("Бортников", ["директора Бортникова"], True),
        ('"dam held"', ["the dam\n held"], True),
        ('"dam held"', ["the dam", "held on"], False),
        ("-flood", ["the dam"], True),
        ("dam -flood", ["the dam", "Flooded"], False),
        ("don't", ["they don’t"], True),
    ],
)
def test_all_words_must_stand_in_the_texts_and_none_of_the_others(
    written: str, texts: list[str], expected: bool
) -> None:
    assert fits(read_query(written), texts) is expected


def test_snippets_show_all_words_with_as_few_texts_as_can_be_and_always_the_quote() -> None:
    fields = {"quote": "The dam held.", "speaker": "Mayor Ünlü", "title": "Dam: mayor speaks"}
    shown = snippets(read_query("MAYOR dam"), fields)
    assert [marked(one) for one in shown] == ["[Dam]: [mayor] speaks"]
    shown = snippets(read_query("ünlü dam"), fields, ["quote"])
    assert [marked(one) for one in shown] == ["The [dam] held.", "Mayor [Ünlü]"]
    assert [marked(one) for one in snippets(read_query("nowhere"), fields)] == ["The dam held."]
    assert snippets(read_query("dam"), {"text": ""}) == ()


def test_a_long_text_is_cut_between_words_where_most_of_the_words_stand() -> None:
    text = "dam " + "water " * 100 + "The flood and the dam are far behind. " + "water " * 100
    (one,) = snippets(read_query("dam flood"), {"text": text})
    assert text[one.start : one.end] == one.text
    assert "The [flood] and the [dam] are" in marked(one)
    assert len(one.text) <= LONGEST_SNIPPET
    assert text[one.start - 1] == text[one.end] == " "
    # one word of four hundred letters is cut somewhere, and shown
    (one,) = snippets(read_query("bb"), {"text": "a" * 300 + "bb" + "c" * 300})
    assert "[bb]" in marked(one)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(alphabet="aAéЁё ﬁ\"-'", max_size=12))
def test_whatever_the_text_marks_lie_in_it_in_order(text: str, written: str) -> None:
    try:
        query = read_query(written)
    except QueryError:
        return
    for one in snippets(query, {"text": text}):
        assert text[one.start : one.end] == one.text
        places = [place for mark in one.marks for place in mark]
        assert places == sorted(places)
        assert all(0 <= place <= len(one.text) for place in places)
        if query.wanted and fits(query, [text]):
            assert one.marks
