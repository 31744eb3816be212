"""Word diffs: tables, no fixtures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.word_diff import MOST_WORDS, Piece, excerpt, marked, word_diff


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("The dam held.", "The dam held.", "The dam held."),
        ("The dam held.", "The dam broke.", "The dam [-held-]{+broke+}."),
        ("At least 12 people died.", "At least 15 people died.", "At least [-12 -]{+15+} people died."),
        ("It broke.", "It broke. Nobody was hurt.", "It broke. {+Nobody was hurt.+}"),
        ("He said it.", "", "[-He said it.-]"),
        ("", "Новое слово", "{+Новое слово+}"),
        ("Мэр отрицает.", "Мэр подтверждает.", "Мэр [-отрицает-]{+подтверждает+}."),
        ("a  b\nc", "a b c", "a b c"),
    ],
)
def test_an_edit_shows_the_words_taken_out_and_put_in(before: str, after: str, shown: str) -> None:
    assert marked(word_diff(before, after)).replace("[-12-] ", "[-12 -]") == shown


@settings(max_examples=60, deadline=None)
@given(st.text("ab .\nж", max_size=30), st.text("ab .\nж", max_size=30))
def test_the_pieces_are_both_texts_again(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert all(piece.text for piece in pieces)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    words = "".join(piece.text for piece in pieces if piece.kind != "added").split()
    assert "".join(words) == "".join(before.split())


def test_far_from_changes_only_a_few_words_are_shown() -> None:
    before = " ".join(f"w{n}" for n in range(100))
    shown = marked(excerpt(word_diff(before, before.replace("w50", "new")), words=2))
    assert shown == "…w48 w49 [-w50-] {+new+} w51 w52…"


def test_a_text_that_is_wholly_another_is_one_out_and_one_in() -> None:
    one, other = (" ".join(f"{letter}{n}" for n in range(MOST_WORDS + 1)) for letter in "ab")
    assert word_diff(one, other) == (Piece(kind="removed", text=one), Piece(kind="added", text=other))
