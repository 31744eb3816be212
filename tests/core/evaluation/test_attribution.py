"""Attribution against marked news: tokens, kinds, speakers."""

from __future__ import annotations

import pytest

from monitor.core.evaluation.attribution import (
    ALL,
    FoundAttribution,
    is_source,
    read_marked,
    score_article,
    total_of,
)
from monitor.errors import InputError

TEXT = "The dam held, said mayor Ada Brook. “It leaks,” sailors said. It rained all day."


def row(*attributions: dict[str, object]) -> dict[str, object]:
    return {"doc": "d1", "title": "Dam", "text": TEXT, "attributions": list(attributions)}


def marked(quoted: str, content: str, source: str = "") -> dict[str, object]:
    def spans(words: str) -> list[list[object]]:
        return [[TEXT.index(words), TEXT.index(words) + len(words), words]]

    return {"quoted": quoted, "content": spans(content)} | ({"source": spans(source)} if source else {})


ARTICLE = read_marked(
    row(
        marked("indirect", "The dam held", "mayor Ada Brook"),
        marked("direct", "“It leaks,”", "sailors"),
        {"quoted": "indirect"},
    ),
    "here",
)


def found(words: str, surface: str) -> FoundAttribution:
    start = TEXT.index(words)
    return FoundAttribution(start=start, end=start + len(words), surface=surface)


def test_an_attribution_without_content_is_left_out() -> None:
    assert [one.kind for one in ARTICLE.attributions] == ["indirect", "direct"]


def test_what_is_found_counts_for_the_kind_that_it_stands_on() -> None:
    scores = score_article(ARTICLE, [found("The dam held", "Ada Brook"), found("It rained", "sailors")])
    assert scores["indirect"].f1 == 1.0
    assert scores["indirect"].speakers.value == 1.0
    assert scores["direct"].recall.value == 0.0
    assert scores["direct"].speakers.value is None
    # Three of five marked tokens; three of the five found tokens are marked.
    assert scores[ALL].recall.value == pytest.approx(3 / 5)
    assert scores[ALL].precision.value == pytest.approx(3 / 5)
    assert scores[ALL].found.value == 0.5


def test_a_wrong_speaker_and_a_stretch_that_is_too_long_are_seen() -> None:
    scores = score_article(ARTICLE, [found("“It leaks,” sailors said", "the mayor")])
    assert scores["direct"].recall.value == 1.0
    assert scores["direct"].precision.value == pytest.approx(0.5)
    assert scores["direct"].speakers.value == 0.0


@pytest.mark.parametrize(
    ("surface", "source", "same"),
    [
        ("Ada Brook", "longtime mayor Ada Brook", True),
        ("the mayor", "Mayor", True),
        ("Ada Brook", "Ada Stone", False),
        ("", "Ada", False),
    ],
)
def test_two_wordings_are_one_speaker_where_one_holds_the_other(
    surface: str, source: str, same: bool
) -> None:
    assert is_source(surface, source) is same


def test_articles_add_up_and_all_comes_last() -> None:
    scores = [score_article(ARTICLE, [found("The dam held", "Ada Brook")])] * 2
    whole = total_of(scores)
    assert list(whole) == ["direct", "indirect", ALL]
    assert whole["indirect"].found.of == 2


@pytest.mark.parametrize("bad", [[], {"doc": "d"}, row({"quoted": "direct", "content": [["a"]]})])
def test_a_line_that_is_no_marked_article_is_named(bad: object) -> None:
    with pytest.raises(InputError, match=r"dev\.jsonl:3"):
        read_marked(bad, "dev.jsonl:3")
