"""The language of a text, with what a feed or feeds.yml declares as a prior."""

from __future__ import annotations

import pytest

from monitor.feeds.language import declared_code, of_text

ENGLISH = "The harbour master closed the northern pier on Sunday after the storm."
RUSSIAN = "Начальник порта закрыл северный причал в воскресенье после шторма."
UKRAINIAN = "Начальник порту закрив північний причал у неділю після шторму, бо його пошкодило."


@pytest.mark.parametrize(
    ("text", "declared", "lang"),
    [
        (ENGLISH, "", "en"),
        (ENGLISH, "en", "en"),
        (ENGLISH, "de", "en"),
        (ENGLISH, "ru", "en"),
        (RUSSIAN, "en", "ru"),
        (RUSSIAN, "uk", "uk"),  # alike, and too short to be sure
        (RUSSIAN * 3, "uk", "ru"),
        (UKRAINIAN, "ru", "ru"),
        (UKRAINIAN * 3, "ru", "uk"),
        ("Паром опоздал на час из-за шторма", "en", "ru"),
        ("Kassiani", "el", "el"),
        ("iPhone", "ru", "ru"),
        ("", "fr", "fr"),
        ("12 : 45", "", ""),
    ],
)
def test_the_text_decides_where_it_can_and_the_prior_where_it_cannot(
    text: str, declared: str, lang: str
) -> None:
    assert of_text(text, declared) == lang


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"),
        ("RU_ru", "ru"),
        ("us", "en"),
        ("ua", "uk"),
        ("xx", ""),
        ("english", ""),
        ("", ""),
        ("fil", "fil"),
    ],
)
def test_a_tag_names_a_language_or_nothing(tag: str, code: str) -> None:
    assert declared_code(tag) == code
