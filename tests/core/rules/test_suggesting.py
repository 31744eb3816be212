"""From marked articles to proposals: every effect is found by matching again."""

from __future__ import annotations

import pytest

from monitor.core.rules.building import build_texts
from monitor.core.rules.ruleset import RuleSet
from monitor.core.rules.stats import Asked
from monitor.core.rules.suggesting import Example, Suggestions, filter_text, suggest, without_term
from monitor.core.rules.trials import text_article
from monitor.core.rules.wordings import wordings
from monitor.core.types import Condition

RULES = """\
version: 1
entities:
  mercury: {type: org, name: Mercury Line, aliases: [Mercury]}
rules:
  - id: strikes
    title: Strikes
    match:
      all:
        - keyword: [strike*, walkout]
        - any: [{entity: mercury}, {keyword: [port, harbour]}]
"""


def rules(text: str = RULES) -> RuleSet:
    built = build_texts({"a.yml": text})
    assert not built.problems or all(one.level != "error" for one in built.problems)
    return built.rules


def example(number: int, text: str, status: str, origin: str = "") -> Example:
    from dataclasses import replace

    article = replace(text_article(text, "en"), id=number, version_id=number)
    return Example(article=article, origin=origin or f"article:{number}", status=status)


def examples(**by_status: list[str]) -> list[Example]:
    found: list[Example] = []
    for status, texts in by_status.items():
        found += [example(len(found) + at + 1, text, status) for at, text in enumerate(texts)]
    return found


WEATHER = [
    "Lightning strikes the harbour of Arlen",
    "Harbour crane hit as lightning strikes",
    "Storm: lightning strikes ship in port",
    "A port in the dark after lightning strike",
]
LABOUR = [
    "Dockers begin strike in the port of Brask",
    "Walkout at the harbour, says the union",
    "Union calls strike at port over wages",
    "Port strike: talks fail in Cormo",
    "Strike at the harbour enters third week",
]


def found_in(some: list[Example], **options: int) -> Suggestions:
    set_ = rules()
    return suggest(set_.rules["strikes"], some, set_, **options)


def test_the_word_of_the_noise_is_proposed_with_what_it_removes() -> None:
    found = found_in(examples(noise=WEATHER, real=LABOUR))
    (best,) = found.exclusions
    assert (best.term, best.title_only) == ("lightning", False)
    assert (len(best.effect.noise), len(best.effect.real), len(best.effect.unmarked)) == (4, 0, 0)
    assert found.together == best.effect


def test_a_phrase_is_proposed_where_its_words_alone_stand_in_what_is_real() -> None:
    noise = [
        "Rod Strike band plays the port hall",
        "The Strike band at the harbour",
        "Encore: Strike band, port",
    ]
    real = [
        "Union band leads strike at port",
        "Strike in port: band of workers",
        "Harbour strike",
        "Port strike goes on",
    ]
    found = found_in(examples(noise=noise, real=real))
    assert [one.term for one in found.exclusions] == ["strike band"]
    assert found.exclusions[0].effect.real == ()


def test_forms_of_one_word_are_joined_by_their_beginning() -> None:
    noise = [
        "Сильная гроза: port strike",
        "После грозы strike in port",
        "Грозой harbour strike",
        "О грозах port strike",
    ]
    found = found_in(examples(noise=[*noise, "Грозам port strike"], real=LABOUR))
    assert [(one.term, len(one.effect.noise)) for one in found.exclusions] == [("гроз*", 5)]


def test_what_loses_something_real_comes_last_and_is_not_in_the_sum() -> None:
    real = [*LABOUR * 3, "Dockers strike in port while lightning strikes"]
    found = found_in(examples(noise=[*WEATHER, WEATHER[0] + " again"], real=real))
    lossy = [one for one in found.exclusions if one.effect.real]
    assert lossy
    assert list(found.exclusions[-len(lossy) :]) == lossy
    assert found.together is None or not found.together.real


@pytest.mark.parametrize("texts", [WEATHER[:2], []])
def test_two_examples_are_too_few(texts: list[str]) -> None:
    found = found_in(examples(noise=texts, real=LABOUR))
    assert (found.exclusions, found.together, found.narrowings) == ((), None, ())


def test_copies_of_one_text_are_one_example() -> None:
    copies = [example(number, WEATHER[0], "noise", origin="the wire") for number in range(1, 9)]
    real = [example(20 + number, text, "real") for number, text in enumerate(LABOUR)]
    assert found_in([*copies, *real]).exclusions == ()


def test_unmarked_articles_speak_against_a_word_that_stands_in_most_of_them() -> None:
    noise = [f"{one} on Monday" for one in WEATHER]
    unmarked = [f"{one} on Monday" for one in LABOUR * 4]
    found = found_in(examples(noise=noise, real=LABOUR, open=unmarked))
    assert [one.term for one in found.exclusions] == ["lightning"]
    assert "monday" not in found.exclusions[0].instead


def test_the_unmarked_that_a_proposal_would_remove_are_told() -> None:
    found = found_in(examples(noise=WEATHER, real=LABOUR, open=["Lightning strikes port office", *LABOUR]))
    assert [one.article.title for one in found.exclusions[0].effect.unmarked] == [
        "Lightning strikes port office"
    ]


def test_marked_articles_that_the_rule_no_longer_matches_are_counted_apart() -> None:
    found = found_in(
        examples(noise=[*WEATHER, "Nothing of it"], real=[*LABOUR, "Gone too"], open=["Neither"])
    )
    assert found.gone == 2
    assert (len(found.matched.noise), len(found.matched.real), len(found.matched.unmarked)) == (4, 5, 0)


def test_a_term_whose_matches_are_mostly_noise_is_told_with_what_the_rule_loses_without_it() -> None:
    noise = [
        "Mercury strike at dawn",
        "Strike of Mercury on the disc",
        "A strike: Mercury rises",
        "Port strike, a novel",
    ]
    found = found_in(examples(noise=noise, real=LABOUR))
    (narrow,) = found.narrowings
    assert (narrow.asked, narrow.noise, narrow.marked) == (Asked("", "mercury"), 3, 3)
    assert narrow.without is not None
    assert (len(narrow.without.noise), len(narrow.without.real)) == (3, 0)


def test_a_term_that_the_rule_cannot_do_without_says_so() -> None:
    one_word = Condition(operator="all", children=(Condition(operator="keyword", terms=("strike",)),))
    assert without_term(one_word, Asked("strike")) is None
    two = Condition(
        operator="any", children=(*one_word.children, Condition(operator="keyword", terms=("port",)))
    )
    assert without_term(two, Asked("strike")) == Condition(operator="any", children=(two.children[1],))


def test_an_exclusion_keeps_its_words_when_a_term_is_taken_out() -> None:
    none = Condition(operator="none", children=(Condition(operator="keyword", terms=("strike",)),))
    both = Condition(operator="all", children=(Condition(operator="keyword", terms=("strike", "port")), none))
    left = without_term(both, Asked("strike"))
    assert left is not None
    assert left.children[1] == none
    assert left.children[0].terms == ("port",)


def test_the_proposals_as_a_filter_file_do_what_they_promise() -> None:
    found = found_in(examples(noise=WEATHER, real=LABOUR))
    text = filter_text("strikes", found.exclusions, 'Why: "because": 100 % of it')
    built = build_texts({"a.yml": RULES, "filters/strikes.yml": text})
    assert [one for one in built.problems if one.level == "error"] == []
    after = suggest(built.rules.rules["strikes"], examples(noise=WEATHER, real=LABOUR), built.rules)
    assert (after.matched.noise, len(after.matched.real), after.gone) == ((), 5, 4)


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        (
            "Lightning strikes, twice",
            ["lightning", "lightning strikes", "lightni*"],
            ["strikes twice", "twice,"],
        ),
        ("The year of the port", ["port"], ["the", "year", "of", "of the port", "the port"]),
        ("Bank of England", ["bank of england"], ["bank of"]),
        ("In 1985 or 12 am", [], ["1985", "am"]),
        ("Ёлка «Заря»", ["елка", "заря"], ["Ёлка"]),
        ("", [], [""]),
    ],
)
def test_wordings_are_what_a_rule_would_find(text: str, there: list[str], absent: list[str]) -> None:
    terms = {term for term, title_only in wordings(text_article(text)) if not title_only}
    assert set(there) <= terms
    assert not terms & set(absent)
