"""The real Russian parser: offsets, trees without circles, dictionary forms; loaded only when asked for."""

from __future__ import annotations

from functools import lru_cache

import pytest

from monitor.core.claims.parsed import Parser
from monitor.errors import ConfigError
from monitor.models import LoadedParsers, load_russian_parser, russian_parser

TEXTS = [
    "Кран упал, сообщила Анна Руис.",
    "",
    "   ",
    "«Нет», — сказал он 🛬; №14 — naïve.",
    "В субботу весь класс был в аквапарке “Волна”, пили там воду из фонтанчика». Она ушла.",
]


@lru_cache(maxsize=1)
def parser() -> Parser:
    return load_russian_parser()


def test_tokens_stand_at_their_offsets_and_every_word_hangs_on_a_root() -> None:
    parsed = parser().parse(TEXTS)
    assert len(parsed) == len(TEXTS)
    assert parsed[1] == parsed[2] == ()
    for text, tokens in zip(TEXTS, parsed, strict=True):
        for n, token in enumerate(tokens):
            assert text[token.start : token.end] == token.text
            assert token.lemma == token.lemma.lower()
            for _ in tokens:
                n = tokens[n].head
            assert tokens[n].head == n


@pytest.mark.parametrize(
    ("heads", "whole"),
    [
        ([1, 1, 1], [1, 1, 1]),
        ([1, 0, 0], [0, 0, 0]),
        ([1, 2, 0, 2], [0, 2, 0, 2]),
        ([0, 1], [0, 1]),
        ([], []),
    ],
)
def test_words_that_hang_on_each_other_in_a_circle_get_a_root(heads: list[int], whole: list[int]) -> None:
    assert russian_parser.without_circles(heads) == whole


def test_the_tree_tells_who_speaks_and_lemmas_are_dictionary_forms() -> None:
    (tokens,) = parser().parse(["Министры заявили, что пятеро рабочих погибли."])
    said = next(i for i, t in enumerate(tokens) if t.lemma == "заявить")
    assert [t.lemma for t in tokens if t.head == said and t.dep == "nsubj"] == ["министр"]
    assert {"пятеро", "погибнуть"} <= {t.lemma for t in tokens}
    assert "Case=Nom" in tokens[0].tag


def test_a_parser_is_loaded_when_its_first_text_comes_and_once() -> None:
    loaded: list[str] = []

    def load() -> Parser:
        loaded.append("ru")
        return parser()

    parsers = LoadedParsers({"ru": load})
    assert "ru" in parsers
    assert "de" not in parsers
    assert loaded == []
    assert parsers["ru"] is parsers["ru"]
    assert loaded == ["ru"]


def test_a_model_that_is_missing_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(russian_parser, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ConfigError, match="not installed") as caught:
        russian_parser.require_russian()
    assert "install" in caught.value.remedy


def test_a_sentence_is_read_the_same_alone_and_among_others() -> None:
    texts = [
        "Да.",
        "Министр заявил, что мост, построенный в прошлом году, рухнул из-за ошибки проектировщиков.",
        "",
        "«Мы этого не делали», — сказал Иван Петров.",
        "Погибли трое.",
    ]
    assert parser().parse(texts) == tuple(parser().parse([text])[0] for text in texts)
