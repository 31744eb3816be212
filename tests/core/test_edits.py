"""Edits that say nothing, and edits that look like them: tables, no fixtures."""

from __future__ import annotations

import pytest

from monitor.core.edits import evened, is_printable, settled

BEFORE = "The ferry left an hour late."


@pytest.mark.parametrize(
    "stamp",
    [
        "Updated 10:32 GMT",
        "Last updated: 23 March 2024 at 14:05",
        "Last updated on Sat 23 Mar 2024, 14.05 CET",
        "Published: 2024-03-23T10:00:00Z",
        "Posted 3 hours ago",
        "2 minutes ago",
        "just now",
        "5 min read",
        "12 comments",
        "1,204 views",
        "Comments (12)",
        "Shares: 3.4k",
        "Read more",
        "Continue reading →",
        "• Read more (12)",
        "Обновлено 14:05 МСК",
        "Опубликовано: 23 марта 2024 года, 14:05",
        "15 минут назад",
        "1 204 просмотра",
        "Читать далее…",
        "Stand: 23. März 2024, 14:05 Uhr",
        "vor 15 Minuten",
        "Mis à jour le 23 mars 2024 à 14h05",
        "Оновлено 23 березня 2024 року о 14:05",
    ],
)
def test_a_line_that_is_only_a_stamp_makes_no_difference(stamp: str) -> None:
    assert settled(f"{BEFORE}\n{stamp}\nNobody was hurt.") == settled(f"{BEFORE}\nNobody was hurt.")
    assert settled(f"{BEFORE} [{stamp.lstrip('• ')}]") == BEFORE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 dead", "15 dead"),
        ("Updated: 12 people are dead", "Updated: 15 people are dead"),
        ("The toll was updated at 10:32 to 12 dead.", "The toll was updated at 10:32 to 15 dead."),
        ("He spoke at 10:32.", "He spoke at 11:32."),
        ("23 March 2024", "24 March 2024"),
        ("The attack began (at 19:58) in the hall.", "The attack began (at 20:03) in the hall."),
        ("He posted 3 videos", "He posted 4 videos"),
        ("Two shares fell", "Three shares fell"),
        ("The minister read more than that.", "The minister said more than that."),
        ("5 minutes", "6 minutes"),
        ("Views: the mayor", "Views: the minister"),
        ("Stand: die Brücke hält", "Stand: die Brücke fällt"),
    ],
)
def test_numbers_and_moments_that_belong_to_the_news_do(one: str, other: str) -> None:
    assert settled(one) != settled(other)
    assert settled(f"{BEFORE}\n{one}") != settled(f"{BEFORE}\n{other}")


def test_white_space_makes_no_difference_and_a_stamp_alone_is_a_text() -> None:
    assert settled(" The  ferry\n\nleft. ") == "The ferry left."
    assert settled("Updated 10:32") == "Updated 10:32"
    assert settled("") == ""


def test_evening_out_is_what_splitting_and_joining_gives() -> None:
    characters = [chr(code) for code in (*range(0x3100), 0xFEFF, 0x1F600)]
    assert [is_printable(one) for one in characters] == [one.isprintable() for one in characters]
    for one in characters:
        for text in (one, f"{one}a", f"a{one}", f"a {one} b", f"a{one}{one}b"):
            assert evened(text) == " ".join(text.split())


def test_a_hostile_text_costs_little() -> None:
    for piece in ("(updated 1 ", "1 1 1 1 ", "updated ", "( ", "1,", "read more "):
        assert settled(piece * 20_000)
