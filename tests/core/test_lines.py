"""Text from feeds, made fit for a headline."""

from __future__ import annotations

import pytest

from monitor.core.lines import quoted, shorten, unquoted


@pytest.mark.parametrize(
    ("given", "limit", "short"),
    [
        ("short enough", 12, "short enough"),
        ("two\nlines and\x1b[31m red\x07\u202e", 30, "two lines and red"),
        ("cut between two words", 15, "cut between…"),
        ("unbreakable" * 3, 10, "unbreakab…"),
        ("no comma, before", 11, "no comma…"),
        ("abcdefghe\u0301z", 10, "abcdefgh…"),
        ("abcdef👩\u200d👧zzz", 9, "abcdef…"),
        ("abcdef🇺🇦🇷🇺zz", 10, "abcdef🇺🇦…"),
    ],
)
def test_shortening_never_splits_what_people_see_as_one_character(given: str, limit: int, short: str) -> None:
    assert shorten(given, limit) == short
    assert len(short) <= limit


@pytest.mark.parametrize(
    ("given", "inner"),
    [
        ("“We did not do it”", "We did not do it"),
        ("«Мы ни при чём»", "Мы ни при чём"),
        ("“One” and “two”", "“One” and “two”"),
        ('"', '"'),
        ("plain", "plain"),
    ],
)
def test_only_marks_around_the_whole_are_taken_off(given: str, inner: str) -> None:
    assert unquoted(given) == inner


def test_a_quote_gets_one_pair_of_marks() -> None:
    assert quoted("“We did not\ndo it”", 50) == "“We did not do it”"
