"""Why a rule matches or does not: the tree, what stopped it, and every kind of near miss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.matching import match
from monitor.core.rules.building import build_texts
from monitor.core.rules.describing import look
from monitor.core.rules.explaining import MAX_QUOTES, Explanation, Stop, explain
from monitor.core.rules.likeness import MissKind, Vocabulary, likeness
from monitor.core.rules.problems import errors_of, render
from monitor.core.rules.ruleset import RuleSet
from monitor.core.rules.trials import text_article, why_not

NAMES = """\
lists:
  blame_words: [blame*, accuse*, at fault]
entities:
  bortnikov:
    type: person
    name: Alexander Bortnikov
    aliases: [Bortnikov, {text: Бортников, lang: ru, inflect: true}]
  crocus:
    type: place
    name: Crocus City Hall
    aliases: [Crocus City Hall, {text: Crocus, case: exact}, {text: Łódź, lang: pl}]
"""


def rules(match: str, where: str = "{}", filters: str = "") -> RuleSet:
    texts = {"a.yml": f"version: 1\n{NAMES}rules:\n  - {{id: r, title: R, match: {match}, where: {where}}}\n"}
    if filters:
        texts["filters/f.yml"] = f"version: 1\nfilters: [{filters}]\n"
    built = build_texts(texts)
    assert not errors_of(built.problems), render(built.problems)
    return built.rules


def explained(match: str, text: str, *, title: str = " ", where: str = "{}", **parts: Any) -> Explanation:
    loaded = rules(match, where)
    return explain(loaded.rules["r"], text_article(text, title=title, **parts), loaded)


# ---------------------------------------------------------------- near misses

#: (condition, text, kind of the first near miss, the stretch of the text that it names, words of its message)
NEAR_MISSES: list[tuple[str, str, MissKind, str, str]] = [
    ("{keyword: ferry, in: title}", "A ferry sank", MissKind.FIELD, "ferry", "only the title counts"),
    ("{entity: crocus}", "at crocus they", MissKind.CAPITALS, "crocus", "capitals count"),
    ("{entity: bortnikov}", "said Bоrtnikov", MissKind.ALPHABET, "Bоrtnikov", "о (Cyrillic)"),
    ("{keyword: Οδησσός}", "Oδησσός", MissKind.ALPHABET, "Oδησσός", "o (Latin)"),
    ("{phrase: red cross}", "cross red lines", MissKind.ORDER, "cross red", "another order"),
    (
        "{near: {terms: [ferry, sank], within: 2}}",
        "The ferry that people of the town knew well sank.",
        MissKind.DISTANCE,
        "ferry that people of the town knew well sank",
        "7 words apart, 2 are allowed",
    ),
    (
        "{near: {terms: [ferry, sank], within: 5}}",
        "ferry " + "x " * 80 + "sank",
        MissKind.DISTANCE,
        "ferry " + "x " * 80 + "sank",
        "80 words apart",
    ),
    (
        "{near: {terms: [ferry, sank, sea], within: 1}}",
        "ferry a b c sank in sea",
        MissKind.DISTANCE,
        "ferry a b c sank in sea",
        "3 words apart, 1 are allowed",
    ),
    (
        "{near: {terms: [ferry, sank], within: 5, ordered: true}}",
        "It sank, the ferry",
        MissKind.ORDER,
        "sank",
        "“sank” before “ferry”",
    ),
    (
        "{near: {terms: [ferry, fer*], within: 5}}",
        "the ferry",
        MissKind.DISTANCE,
        "ferry",
        "one place cannot be two terms",
    ),
    (
        "{same_sentence: [ferry, sank]}",
        "The ferry left. It sank.",
        MissKind.SENTENCES,
        "ferry left. It sank",
        "neighbouring sentences",
    ),
    (
        "{same_sentence: [ferry, sank]}",
        "The ferry left. It was late. It sank.",
        MissKind.SENTENCES,
        "ferry left. It was late. It sank",
        "sentences 2 apart",
    ),
    ("{phrase: crocus city}", "Crocus-City", MissKind.PUNCTUATION, "Crocus-City", "other signs"),
    ("{phrase: crocus city}", "Crocus, City", MissKind.PUNCTUATION, "Crocus, City", "other signs"),
    (
        "{phrase: Мария Захарова}",
        "Мария Владимировна Захарова",
        MissKind.BETWEEN,
        "Мария Владимировна Захарова",
        "words between",
    ),
    ("{entity: crocus}", "in Lodz today", MissKind.MARKS, "Lodz", "accents"),
    ("{keyword: malmö}", "in Malmo", MissKind.MARKS, "Malmo", "accents"),
    (
        "{entity: bortnikov}",
        "the Bortnikovs met",
        MissKind.LONGER,
        "Bortnikovs",
        "'Bortnikov*' would find it",
    ),
    ("{keyword: теракт}", "о теракте", MissKind.LONGER, "теракте", "'теракт*'"),
    ("{phrase: город Одесса}", "в городе Одессе", MissKind.FORM, "городе Одессе", "another form"),
    ("{keyword: Одесса}", "под Одессой", MissKind.FORM, "Одессой", "another form"),
    ("{entity: bortnikov}", "said Bortinkov", MissKind.LETTERS, "Bortinkov", "a letter or two"),
    ("{keyword: ferry}", "the fery", MissKind.LETTERS, "fery", "a letter or two"),
    ("{keyword: oman}", "a woman", MissKind.INSIDE, "woman", "only whole words count"),
    ("{regex: 'Ferry \\d+'}", "ferry 12 sank", MissKind.CAPITALS, "ferry 12", "(?i)"),
    ("{regex: 'Ferry \\d+', in: title}", "Ferry 12 sank", MissKind.FIELD, "Ferry 12", "only the title"),
]


@pytest.mark.parametrize(("condition", "text", "kind", "stretch", "words"), NEAR_MISSES)
def test_a_near_miss_is_told_at_its_place(
    condition: str, text: str, kind: MissKind, stretch: str, words: str
) -> None:
    told = explained(f"{{any: [{condition}]}}", text)
    assert not told.matches
    first = told.nearest()[0]
    assert (first.kind, words in first.message) == (kind, True), first.message
    assert first.field is not None
    assert told.article.field(first.field)[first.start : first.end] == stretch


def test_terms_in_different_fields_are_told() -> None:
    for condition in ("{near: {terms: [ferry, sank]}}", "{same_sentence: [ferry, sank]}"):
        told = explained(f"{{any: [{condition}]}}", "It sank.", title="The ferry")
        assert told.nearest()[0].kind is MissKind.FIELDS_APART
        assert "“ferry” in the title and “sank” in the text" in told.nearest()[0].message


def test_a_pattern_that_lacks_its_letters_says_which() -> None:
    told = explained("{any: [{regex: 'Mercury Air MA\\d+'}]}", "Venus Air MA17")
    assert told.nearest()[0].message == "the pattern cannot fit without “mercury air ma”"


def test_a_term_that_is_missing_is_told_by_what_is_like_it() -> None:
    told = explained("{any: [{near: {terms: [ferry, {entity: bortnikov}]}}]}", "The ferry of Bortnikovs")
    assert told.nearest()[0].kind is MissKind.LONGER


def test_every_kind_of_near_miss_has_a_case() -> None:
    covered = {kind for _, _, kind, _, _ in NEAR_MISSES} | {MissKind.FIELDS_APART, MissKind.PATTERN}
    assert covered == set(MissKind)


NOTHING_NEAR = [
    ("{keyword: ferry}", "A boat went down"),
    ("{keyword: war}", "a warm day was past"),
    ("{keyword: cat}", "a car, a hat, the act"),
    ("{entity: bortnikov}", "Patrushev said"),
    ("{keyword: ferr*}", "a transferred ferie"),
]


@pytest.mark.parametrize(("condition", "text"), NOTHING_NEAR)
def test_what_is_not_near_is_not_told(condition: str, text: str) -> None:
    kinds = {miss.kind for miss in explained(f"{{any: [{condition}]}}", text).nearest()}
    assert kinds <= {MissKind.LONGER, MissKind.INSIDE}
    assert not kinds or "war" in condition


# ---------------------------------------------------------------- what stopped it

STOPS = [
    ("{all: [{keyword: ferry}, {keyword: sank}]}", "A ferry left", Stop.CONDITION, "keyword sank"),
    (
        "{all: [{keyword: ferry}, {any: [{keyword: sank}, {keyword: $blame_words}]}]}",
        "A ferry",
        Stop.CONDITION,
        "none of these holds: keyword sank; keyword blame*, accuse*, at fault",
    ),
    ("{all: [{keyword: ferry}]}", "Nothing of it", Stop.NO_WORDS, "nothing that the rule looks for"),
    (
        "{all: [{keyword: ferry}], none: [{keyword: film*}]}",
        "A ferry in films",
        Stop.EXCLUDED,
        "'none' excludes it: keyword film*, which found “films”",
    ),
    ("{all: [{keyword: ferry}, {none: [{keyword: film}]}]}", "A ferry film", Stop.EXCLUDED, "“film”"),
    ("{all: [{keyword: ferry}]}", "A ferry", Stop.NOTHING, ""),
]


@pytest.mark.parametrize(("conditions", "text", "stop", "reason"), STOPS)
def test_what_stopped_a_rule_is_told(conditions: str, text: str, stop: Stop, reason: str) -> None:
    told = explained(conditions, text)
    assert told.stopped_by is stop
    assert reason in told.reason
    assert bool(told.reason) is not told.matches
    assert sum(step.stops for step in told.tree.below()) == (0 if told.matches else 1)


WHERES = [
    ("{languages: [en, ru]}", {"lang": "de"}, "the article is in 'de', wanted: en, ru"),
    ("{publishers: {include: ['tag:wire']}}", {"lang": ""}, "without tags, wanted: tag:wire"),
]


@pytest.mark.parametrize(("where", "parts", "reason"), WHERES)
def test_a_filter_on_the_article_is_told_before_any_word(
    where: str, parts: dict[str, str], reason: str
) -> None:
    told = explained("{any: [{keyword: ferry}]}", "A ferry", where=where, **parts)
    assert (told.matches, told.stopped_by) == (False, Stop.WHERE)
    assert reason in told.reason


def test_an_excluded_publisher_is_named() -> None:
    loaded = rules("{any: [{keyword: ferry}]}", "{publishers: {exclude: ['domain:x.org', Some Paper]}}")
    article = replace(text_article("A ferry"), publisher="some paper")
    told = explain(loaded.rules["r"], article, loaded)
    assert (
        told.reason == "where.publishers.exclude keeps it out: 'Some Paper' is from some paper, without tags"
    )


def test_the_filter_that_excludes_is_named() -> None:
    loaded = rules(
        "{any: [{keyword: ferry}]}", filters="{id: films, rules: ['*'], none: [{keyword: film}], reason: X}"
    )
    told = explain(loaded.rules["r"], text_article("A ferry film"), loaded)
    assert told.reason == "filter films excludes it: keyword film, which found “film”"
    assert [step.filter for step in told.tree.below() if step.stops] == ["films"]
    assert look(loaded.rules["r"], loaded).filters == (("films", "keyword film"),)


def test_a_pattern_that_runs_out_of_time_is_told() -> None:
    told = explained("{any: [{regex: '(a+)+$'}]}", "a" * 5000 + "!")
    (late,) = [step for step in told.tree.below() if step.timed_out]
    assert late.operator == "regex"


# ---------------------------------------------------------------- the tree


def test_a_match_shows_every_place_with_the_form_that_was_found() -> None:
    told = explained("{all: [{entity: bortnikov}, {keyword: blame*}]}", "Слова Бортникова.\nHe  blames them")
    assert told.matches
    quotes = [quote for step in told.tree.below() for quote in step.quotes]
    assert [(quote.words, quote.term, quote.entity) for quote in quotes] == [
        ("Бортникова", "Бортникова", "bortnikov"),
        ("blames", "blame*", ""),
    ]
    assert quotes[1].before + quotes[1].words + quotes[1].after == "Слова Бортникова.\nHe  blames them"


def test_many_places_are_counted_and_long_texts_cut_between_words() -> None:
    told = explained("{any: [{keyword: ferry}]}", "the ferry sails on and on " * 30)
    (step,) = [step for step in told.tree.below() if step.quotes]
    assert (len(step.quotes), step.more) == (MAX_QUOTES, 30 - MAX_QUOTES)
    middle = step.quotes[2]
    assert middle.before.startswith("…")
    assert middle.after.endswith("…")
    assert middle.before[1:].split()[0] in {"the", "ferry", "sails", "on", "and"}


def test_words_of_lists_go_by_the_name_of_the_list() -> None:
    loaded = rules(
        "{any: [{keyword: [$blame_words, guilt]}, {near: {terms: [$blame_words, {entity: crocus}]}}]}"
    )
    lists = {"blame_words": ("blame*", "accuse*", "at fault"), "other": ("x",)}
    told = look(loaded.rules["r"], loaded, lists)
    assert told.conditions == (
        "all of these",
        "  at least one of these",
        "    keyword $blame_words (3 words), guilt",
        "    near ($blame_words (3 words)) ~ @crocus (at most 8 words between)",
    )
    assert told.lists == (("blame_words", ("blame*", "accuse*", "at fault")),)
    (crocus,) = told.entities
    assert [(alias.text, alias.exact_case) for alias in crocus.aliases][1] == ("Crocus", True)


def test_why_not_is_one_line_with_the_nearest_miss() -> None:
    loaded = rules("{any: [{keyword: ferry}]}")
    assert why_not(loaded.rules["r"], text_article("two fery"), loaded) == (
        "nothing that the rule looks for stands in the article; "
        "near: “fery” is a letter or two away from 'ferry'"
    )
    assert why_not(loaded.rules["r"], text_article("a ferry"), loaded) == ""


CONDITIONS = [
    "{keyword: [ferry, boat*]}",
    "{phrase: red cross, in: title}",
    "{entity: [bortnikov, crocus]}",
    "{near: {terms: [ferry, [sank, sinks]], within: 1}}",
    "{same_sentence: [ferry, {entity: crocus}]}",
    "{regex: 'Fer+y .'}",
    "{query: '(ferry OR boat) AND sank NOT film'}",
]
WORDS = [
    "ferry",
    "Ferry",
    "boats",
    "sank",
    "red",
    "cross",
    "Crocus",
    "crocus",
    "Бортникову",
    "film",
    ".",
    "\n",
    "Bоrt",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(CONDITIONS), max_size=1),
    st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join),
    st.one_of(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.text(max_size=40)),
)
def test_an_explanation_always_says_what_matching_does(
    wanted: list[str], without: list[str], title: str, text: str
) -> None:
    none = f", none: [{', '.join(without)}]" if without else ""
    loaded = rules(f"{{all: [{', '.join(wanted)}]{none}}}")
    article = text_article(text, title=title or " ")
    (reading,) = match([article], loaded)
    told = explain(loaded.rules["r"], article, loaded)
    assert told.matches is bool(reading.matches) is told.tree.holds
    assert bool(told.reason) is not told.matches
    for step in told.tree.below():
        for quote in step.quotes:
            assert article.field(quote.field)[quote.start : quote.end] == quote.words
            assert quote.words
        for miss in step.near_misses:
            assert miss.message
            if miss.field:
                assert 0 <= miss.start < miss.end <= len(article.field(miss.field))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("abcdeабвé", min_size=1, max_size=9), min_size=1, max_size=12),
    st.text("abcdeабвé", min_size=1, max_size=9),
)
def test_the_vocabulary_finds_what_trying_all_words_finds(words: list[str], wanted: str) -> None:
    alike = {word for word in words if likeness(word, wanted) is not None}
    found = set(Vocabulary(words).alike(wanted))
    assert found <= alike
    # Where both ends are other letters, nobody would call it the same word.
    assert all(likeness(word, wanted) is MissKind.LETTERS for word in alike - found)
    assert all(word[0] != wanted[0] and word[-1] != wanted[-1] for word in alike - found)
