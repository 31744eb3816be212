"""Every answer of the engine against a slow matcher that tries every place (slow_matcher.py).

Rules are written as YAML and as Boolean strings, so the loader, the query reader and the engine are judged
together. Texts mix scripts, marks, ligatures, invisible characters and directions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rule_texts import article, load, rule_file
from slow_matcher import Name, Wish, World, as_query, as_yaml, holds, places_of

from monitor.core.matching import match, scan
from monitor.core.text import normalise, normalise_keeping_case
from monitor.core.types import Article, ArticleField, MatchSpan, Reading

# Nested strategies have long names, which nobody prints.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

TERMS = [
    *("alpha", "alp", "alpha beta", "beta", "gamma", "beta-gamma", "alph*", "beta gamm*"),
    *("елка", "ёлк*", "東", "東京", "غزة", "ירושלים", "서울", "서울*", "กร", "กรุง", "दिल", "दिल्ली"),
    *("fin", "café", "izmir", "strasse", "τσιπρας", "12", "c++", "o'brien", "alpha dept"),
]
WORDS = [
    *(
        "alpha",
        "Alpha",
        "ALPHA",
        "beta",
        "Beta",
        "alp",
        "alphabet",
        "beta-gamma",
        "GAMMA",
        "gammas",
        "de",
        "dept",
    ),
    *(
        "ёлка",
        "ЕЛКА",
        "ёлкам",
        "Е\u0308лка",
        "е\u0301лка",
        "東",
        "東京",
        "غزة",
        "وغزة",
        "وبغزة",
        "غَـــزَّة",
        "بغ",
    ),
    *("ירושלים", "ובירושלים", "서울", "서울에서", "서울은", "서울대", "\u1109\u1165\u110b\u116e\u11af"),
    *(
        "กรุง",
        "กรุ",
        "ก",
        "दिल्ली",
        "दिल",
        "fin",
        "ﬁn",
        "café",
        "cafe\u0301",
        "cafe",
        "İZMİR",
        "Izmır",
        "straße",
    ),
    *("ΤΣΊΠΡΑΣ", "Τσιπρας", "12", "½", "１２", "C++", "c", "O’Brien", "o`brien", "’s", ",", "_", "-", "—"),
    *("al\u00adpha", "be\u200bta", "\u202ebeta\u202c", "👩\u200d🚒", "🇺🇦", "\ufeff", "ß", "ﬀ", "\u0301"),
]
GAPS = [" ", " ", " ", "", "\n", "\u00a0", "  ", "\u2009"]
WORLD = World(
    lists={"greek": ("alpha", "gamm*"), "places": ("غزة", "東京", "서울")},
    entities={
        "a": (Name("Alpha", exact=True), Name("alphabet")),
        "b": (Name("beta"), Name("beta-gamma"), Name("Café")),
        "g": (Name("GAMMA", exact=True), Name("ёлк*")),
    },
)
PATTERNS = [
    r"alph\w+",
    r"(?i)BETA|gam{2}a",
    r"(?i)alpha.{1,9}beta",
    r"beta-?\w",
    r"\bёлка",
    r"a?lp|東",
    r"(?!alpha)\w{5}",
    r"\s\W",
    r"(?:beta)?gamma|(?i:GAMMA)",
    r"x*",
]
#: Without it a rule could match anything, and the loader refuses those.
ANCHORS = ("alpha", "beta", "gamma", "елка", "東", "غزة", "서울")


# ---------------------------------------------------------------- what is asked


def with_field(wishes: st.SearchStrategy[Wish]) -> st.SearchStrategy[Wish]:
    fields = st.sampled_from(["", "", "", *(field.value for field in ArticleField)])
    return st.builds(placed, wishes, fields)


def placed(wish: Wish, field: str) -> Wish:
    inner = tuple(placed(child, field) for child in wish.children)
    return Wish(wish.kind, wish.terms, inner, field, wish.within, wish.ordered)


def some(strategy: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


words = some(st.sampled_from(TERMS), 1, 2).map(lambda terms: Wish("word", terms))
lists = st.sampled_from(sorted(WORLD.lists)).map(lambda name: Wish("list", (name,)))
entities = some(st.sampled_from(sorted(WORLD.entities)), 1, 2).map(lambda names: Wish("entity", names))
plain = st.one_of(words, words, lists, entities)
nears = st.builds(
    lambda children, within, ordered: Wish("near", (), children, "", within, ordered),
    some(plain, 2, 3),
    st.integers(0, 3),
    st.booleans(),
)
lines = some(plain, 2, 3).map(lambda children: Wish("line", (), children))
patterns = st.sampled_from(PATTERNS).map(lambda pattern: Wish("regex", (pattern,)))


def groups(children: st.SearchStrategy[Wish]) -> st.SearchStrategy[Wish]:
    return st.builds(
        lambda kind, inner: Wish(kind, (), inner),
        st.sampled_from(["all", "any", "none"]),
        some(children, 1, 3),
    )


trees = st.recursive(with_field(st.one_of(plain, plain, nears, lines, patterns)), groups, max_leaves=8)


def boolean_groups(children: st.SearchStrategy[Wish]) -> st.SearchStrategy[Wish]:
    """What a Boolean string can say: NOT only beside something that is wanted."""
    either = some(children, 2, 3).map(lambda inner: Wish("any", (), inner))
    both = st.builds(
        lambda inner, without: Wish("all", (), inner + ((Wish("none", (), without),) if without else ())),
        some(children, 1, 2),
        some(children, 0, 2),
    ).filter(lambda wish: len(wish.children) > 1)
    return st.one_of(either, both)


queries = st.recursive(with_field(st.one_of(plain, plain, nears)), boolean_groups, max_leaves=8)

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=12).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
articles = st.builds(
    lambda title, summary, text: article(text, title=title, summary=summary),
    st.one_of(st.just(""), texts),
    st.one_of(st.just(""), texts),
    texts,
)


# ---------------------------------------------------------------- the answers


def folder(*rules: dict[str, Any]) -> str:
    entities = {
        name: {
            "type": "other",
            "name": name,
            "aliases": [{"text": each.text, "case": "exact"} if each.exact else each.text for each in names],
        }
        for name, names in WORLD.entities.items()
    }
    return rule_file(
        rules, lists={name: list(words) for name, words in WORLD.lists.items()}, entities=entities
    )


def anchored(wish: Wish) -> Wish:
    return Wish("all", (), (Wish("word", ANCHORS), wish))


def read(text: str, given: Article) -> Reading:
    rules = load(text)
    (reading,) = match([given], rules)
    # Without the places, the answer is the same.
    (scanned,) = scan([given], rules)
    assert scanned.matching() == {one.rule_id for one in reading.matches}
    return reading


def comparable(given: Article) -> bool:
    """Capitals can be told without a map of places only where no letter changes its length."""
    return all(
        len(normalise(given.field(field))) == len(normalise_keeping_case(given.field(field)))
        for field in ArticleField
    )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, articles)
def test_every_answer_agrees_with_the_slow_matcher(tree: Wish, given: Article) -> None:
    assume(comparable(given))
    wish = anchored(tree)
    rules = folder({"id": "r", "title": "R", "match": {"all": [as_yaml(child) for child in wish.children]}})
    assert bool(read(rules, given).matches) is holds(wish, given, WORLD)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries, articles, st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_a_query_and_the_equal_match_give_the_same_answer_and_spans(
    tree: Wish, given: Article, styles: list[int]
) -> None:
    assume(comparable(given))
    written = as_query(tree, chooser(styles))
    both = read(
        folder(
            {"id": "m", "title": "M", "match": {"all": [as_yaml(tree)]}},
            {"id": "q", "title": "Q", "query": written},
        ),
        given,
    )
    spans = {found.rule_id: found.spans for found in both.matches}
    assert spans.get("m") == spans.get("q"), written
    assert ("q" in spans) is holds(tree, given, WORLD), written


def chooser(styles: list[int]) -> Callable[[int], int]:
    taken = iter(styles * 100)
    return lambda ways: next(taken) % ways


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, articles)
def test_every_span_lies_in_the_stored_text_and_says_its_term(tree: Wish, given: Article) -> None:
    wish = anchored(tree)
    rules = folder({"id": "r", "title": "R", "match": {"all": [as_yaml(child) for child in wish.children]}})
    reading = read(rules, given)
    spans = [span for found in reading.matches for span in found.spans]
    assert bool(spans) is bool(reading.matches)
    assert spans == sorted(
        spans,
        key=lambda span: (
            list(ArticleField).index(span.field),
            span.start,
            -span.end,
            span.term,
            span.entity,
        ),
    )
    for span in spans:
        assert 0 <= span.start < span.end <= len(given.field(span.field))
        assert says(span, given.field(span.field)[span.start : span.end]), span
    for mention in reading.mentions:
        words = normalise(given.field(mention.field)[mention.start : mention.end]).strip()
        names = [name.text for name in WORLD.entities[mention.entity]]
        assert any(is_form(words, name) for name in names), mention


def says(span: MatchSpan, stored: str) -> bool:
    return span.term in PATTERNS or is_form(normalise(stored).strip(), span.term)


def is_form(words: str, term: str) -> bool:
    literal = normalise(term.removesuffix("*")).strip()
    return words.startswith(literal) if term.endswith("*") else words == literal


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TERMS), texts)
def test_every_overlapping_place_is_told(term: str, text: str) -> None:
    reading = read(folder({"id": "r", "title": "R", "match": {"any": [{"keyword": term}]}}), article(text))
    found = [span for each in reading.matches for span in each.spans]
    assert len(found) == len(places_of(term, normalise(text)))


# ---------------------------------------------------------------- is the slow matcher right?


@cache
def spoken() -> Article:
    return article("The Alpha met two of beta's men.\nGAMMA was not there", title="東京で ﬁn")


JUDGED = [
    (Wish("word", ("alpha",)), True),
    (Wish("word", ("alpha",), field="title"), False),
    (Wish("word", ("men gamma",)), False),
    (Wish("word", ("東", "x1"), field="title"), True),
    (Wish("entity", ("a",)), True),
    (Wish("entity", ("b",)), True),
    (Wish("near", (), (Wish("word", ("beta",)), Wish("word", ("alpha",))), "", 3), True),
    (Wish("near", (), (Wish("word", ("beta",)), Wish("word", ("alpha",))), "", 2), False),
    (Wish("near", (), (Wish("word", ("beta",)), Wish("word", ("alpha",))), "", 3, True), False),
    (Wish("near", (), (Wish("word", ("fin",)), Wish("word", ("alpha",))), "", 50), False),
    (Wish("line", (), (Wish("word", ("beta",)), Wish("word", ("alpha",)))), True),
    (Wish("line", (), (Wish("word", ("beta",)), Wish("word", ("gamma",)))), False),
    (Wish("none", (), (Wish("regex", ("GAM+A",)),)), False),
]


@pytest.mark.parametrize(("wish", "expected"), JUDGED)
def test_the_slow_matcher_itself(wish: Wish, expected: bool) -> None:
    assert holds(wish, spoken(), WORLD) is expected
