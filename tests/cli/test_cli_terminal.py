"""monitor.core.terminal: nothing a stranger wrote steers the terminal."""

from __future__ import annotations

import json

import pytest

from monitor.core.terminal import clean, clean_block, escape_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain «text» and Текст", "plain «text» and Текст"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\picture", "picture"),
        ("\x9b31mred in one byte", "red in one byte"),
        ("\x1bcreset", "reset"),
        ("bell\x07 back\x08space \x7f", "bell backspace"),
        ("\u202edesrever\u202c \u2066isolate\u2069", "desrever isolate"),
        ("tag\U000e0041s", "tags"),
        ("one\r\ntwo\tthree", "one two three"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_one_line_keeps_what_is_read_and_drops_what_is_obeyed(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_block_keeps_its_lines_and_a_carriage_return_cannot_overwrite_one() -> None:
    assert clean_block("first\nsecond\rforged\n") == "first\nsecondforged\n"


def test_json_keeps_its_value_when_unsafe_characters_are_escaped() -> None:
    value = {"title": "\x1b[31m \x9b \u202e \x7f \U000e0041 ok"}
    document = escape_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(document) == value
    assert not any(character in document for character in "\x1b\x9b\u202e\x7f\U000e0041")
