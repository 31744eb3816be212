"""Matching: written forms, scripts, operators, filters; and every answer against a brute-force oracle."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise, permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.matching import match, passes, scan
from monitor.core.operators import OPERATORS, required
from monitor.core.rules import RuleSet
from monitor.core.text import normalise, word_starts
from monitor.core.types import Alias, Article, ArticleField, Condition, Entity, EntityType, Rule, Where

NOW = datetime(2024, 3, 26, 12, tzinfo=UTC)


def article(text: str = "", **parts: Any) -> Article:
    known = {"title": "", "summary": "", "lang": "", "publisher": "", "url": "", "tags": ()} | parts
    return Article(
        id=1, version=1, version_id=7, feed_id=None, text=text, published_at=NOW, fetched_at=NOW, **known
    )


def entity(name: str, *aliases: Alias) -> Entity:
    return Entity(id=name, type=EntityType.OTHER, name=name, aliases=aliases)


def keyword(*terms: str, field: ArticleField | None = None) -> Condition:
    return Condition(operator="keyword", terms=terms, field=field)


def rule(condition: Condition, where: Where | None = None) -> Rule:
    return Rule(id="rule", version="1", title="", condition=condition, where=where or Where())


def matches(condition: Condition, text: str | Article, *entities: Entity) -> bool:
    rules = RuleSet.compile([rule(condition)], entities)
    given = text if isinstance(text, Article) else article(text)
    (reading,) = match([given], rules)
    # Without the places, the answer is the same.
    (scanned,) = scan([given], rules)
    assert scanned.matching() == {one.rule_id for one in reading.matches}
    return bool(reading.matches)


# ---------------------------------------------------------------- operators


def any_of(*children: Condition) -> Condition:
    return Condition(operator="any", children=children)


def all_of(*children: Condition) -> Condition:
    return Condition(operator="all", children=children)


def none_of(*children: Condition) -> Condition:
    return Condition(operator="none", children=children)


def near(*children: Condition, within: int = 8, ordered: bool = False) -> Condition:
    options = (("ordered", str(ordered).lower()), ("within", str(within)))
    return Condition(operator="near", children=children, options=options)


def same_sentence(*children: Condition) -> Condition:
    return Condition(operator="same_sentence", children=children)


def regex(pattern: str, field: ArticleField | None = None) -> Condition:
    return Condition(operator="regex", terms=(pattern,), field=field)


A, B, C = keyword("alpha"), keyword("beta"), keyword("gamma")

OPERATOR_CASES = [
    (A, "an alpha", True),
    (keyword("alpha", "beta"), "only beta", True),
    (Condition(operator="phrase", terms=("alpha beta",)), "alpha  beta", True),
    (Condition(operator="phrase", terms=("alpha beta",)), "alpha, beta", False),
    (all_of(A, B), "beta and alpha", True),
    (all_of(A, B), "alpha", False),
    (any_of(A, B), "beta", True),
    (any_of(A, B), "gamma", False),
    (all_of(A, none_of(B)), "alpha", True),
    (all_of(A, none_of(B)), "alpha beta", False),
    (all_of(any_of(A, all_of(B, none_of(C))), none_of(keyword("delta"))), "beta", True),
    (all_of(any_of(A, all_of(B, none_of(C))), none_of(keyword("delta"))), "beta gamma", False),
    (near(A, B, within=2), "alpha one two beta", True),
    (near(A, B, within=2), "alpha one two three beta", False),
    (near(A, B, within=0), "beta alpha", True),
    (near(A, B, within=0, ordered=True), "beta alpha", False),
    (near(A, B, within=0, ordered=True), "beta alpha beta", True),
    (near(A, B, C, within=1), "gamma x alpha y beta", True),
    (near(A, B, C, within=1), "gamma x y alpha y beta", False),
    (near(A, A, within=5), "alpha", False),
    (near(A, A, within=5), "alpha and alpha", True),
    (near(A, B, within=1), "東京 alpha 東京 beta", False),
    (same_sentence(A, B), "The alpha came. The beta left.", False),
    (regex(r"alph\w+ be"), "alphas beta", True),
    (regex(r"alph\w+ be"), "alpha beta", True),
    (regex(r"alph\w+ be"), "ALPHAS beta", False),
    (regex(r"^b|a$"), "beta", True),
    (all_of(A, none_of(regex(r"gam+a"))), "alpha gamma", False),
    (same_sentence(A, B), "Nothing here. The beta met the alpha.", True),
]


@pytest.mark.parametrize(("condition", "text", "expected"), OPERATOR_CASES)
def test_operator(condition: Condition, text: str, expected: bool) -> None:
    assert matches(condition, text) is expected


def test_every_operator_has_cases() -> None:
    def names(condition: Condition) -> set[str]:
        return {condition.operator}.union(*(names(child) for child in condition.children))

    covered = set[str]().union(*(names(condition) for condition, _, _ in OPERATOR_CASES))
    assert covered | {"entity"} == set(OPERATORS)


def test_terms_of_different_fields_are_never_near() -> None:
    split = article("beta follows", title="alpha")
    assert not matches(near(A, B), split)
    assert not matches(same_sentence(A, B), split)
    assert not matches(keyword("alpha beta"), split)


def test_a_field_is_asked_alone() -> None:
    in_text = article("alpha", title="beta")
    assert matches(keyword("alpha", field=ArticleField.TEXT), in_text)
    assert not matches(keyword("alpha", field=ArticleField.TITLE), in_text)


def test_spans_lie_in_the_stored_text_in_order_of_field_and_place() -> None:
    named = entity("hall", Alias(text="Крокус Сити Холл", forms=("Крокус Сити Холл", "Крокус Сити Холле")))
    condition = all_of(Condition(operator="entity", terms=("hall",)), keyword("terror*"))
    stored = article("В «Крокус\u00a0Сити\u200b Холле»: terrorists — ½ terror", title="Terror!")
    (reading,) = match([stored], RuleSet.compile([rule(condition)], [named]))
    spans = reading.matches[0].spans
    assert [(span.field, stored.field(span.field)[span.start : span.end]) for span in spans] == [
        (ArticleField.TITLE, "Terror"),
        (ArticleField.TEXT, "Крокус\u00a0Сити\u200b Холле"),
        (ArticleField.TEXT, "terrorists"),
        (ArticleField.TEXT, "terror"),
    ]
    assert [span.entity for span in spans] == ["", "hall", "", ""]
    assert spans[1].term == "Крокус Сити Холле"


def test_mentions_are_found_without_any_rule_by_the_longest_name() -> None:
    named = entity("putin", Alias(text="Putin"), Alias(text="Vladimir Putin"))
    (reading,) = match([article("Vladimir Putin met. Putin left.")], RuleSet.compile(entities=[named]))
    assert [(mention.start, mention.end) for mention in reading.mentions] == [(0, 14), (20, 25)]
    assert reading.matches == ()


def test_a_text_that_repeats_the_summary_is_reported_once() -> None:
    (reading,) = match([article("alpha", summary="alpha")], RuleSet.compile([rule(A)]))
    assert [span.field for span in reading.matches[0].spans] == [ArticleField.TEXT]
    only_summary = rule(keyword("alpha", field=ArticleField.SUMMARY))
    (reading,) = match([article("alpha", summary="alpha")], RuleSet.compile([only_summary]))
    assert [span.field for span in reading.matches[0].spans] == [ArticleField.SUMMARY]


def test_readings_keep_the_order_of_the_articles() -> None:
    readings = match([article("beta"), article("alpha"), article("")], RuleSet.compile([rule(A)]))
    assert [bool(reading.matches) for reading in readings] == [False, True, False]
    assert [reading.article.text for reading in readings] == ["beta", "alpha", ""]


def test_an_empty_rule_set_reads_everything_and_finds_nothing() -> None:
    (reading,) = match([article("alpha")], RuleSet.compile())
    assert (reading.matches, reading.mentions) == ((), ())


def test_only_rules_whose_words_occur_are_candidates() -> None:
    rules = RuleSet.compile([rule(all_of(keyword("of"), keyword("extraordinary")))])
    assert {need.form for need in rules.candidates} == {"extraordinary"}


WHERES = [
    (Where(languages=("en",)), {"lang": "en"}, True),
    (Where(languages=("en",)), {"lang": "en-GB"}, True),
    (Where(languages=("en",)), {"lang": "ru"}, False),
    (Where(languages=("en",)), {"lang": ""}, True),
    (Where(include_publishers=("tag:wire",)), {"tags": ("wire",)}, True),
    (Where(include_publishers=("tag:wire",)), {"tags": ("wires",)}, False),
    (Where(include_publishers=("domain:bbc.co.uk",)), {"url": "https://www.bbc.co.uk/a"}, True),
    (Where(include_publishers=("domain:bbc.co.uk",)), {"url": "https://notbbc.co.uk/a"}, False),
    (Where(include_publishers=("domain:bbc.co.uk",)), {"url": "http://[broken"}, False),
    (Where(include_publishers=("feed:https://x.org/f",)), {"feed_url": "https://x.org/f"}, True),
    (Where(include_publishers=("feed:https://x.org/f",)), {"feed_url": "https://x.org/f2"}, False),
    (Where(exclude_publishers=("feed:https://x.org/f",)), {"feed_url": "https://x.org/f"}, False),
    (Where(include_publishers=("BBC News",)), {"publisher": "bbc news"}, True),
    (Where(exclude_publishers=("tag:press",)), {"tags": ("press",)}, False),
    (
        Where(include_publishers=("tag:wire",), exclude_publishers=("BBC",)),
        {"tags": ("wire",), "publisher": "BBC"},
        False,
    ),
]


@pytest.mark.parametrize(("where", "parts", "expected"), WHERES)
def test_where(where: Where, parts: dict[str, Any], expected: bool) -> None:
    assert passes(where, article("alpha", **parts)) is expected
    (reading,) = match([article("alpha", **parts)], RuleSet.compile([rule(A, where)]))
    assert bool(reading.matches) is expected


# ---------------------------------------------------------------- the oracle

WORDS = [
    "alpha",
    "beta",
    "Beta",
    "alp",
    "alphabet",
    "beta-gamma",
    "ёлка",
    "елка",
    "東",
    "東京",
    "’s",
    "GAMMA",
    ".",
]
TERMS = ["alpha", "alp", "alpha beta", "beta", "gamma", "елка", "東", "東京", "alph*", "beta gamm*", "ёлк*"]


def oracle_places(term: str, text: str) -> set[tuple[int, int]]:
    """Every place of a term in a normal form, letter by letter; the alphabets here need no clitics."""
    literal, star = normalise(term.rstrip("*")), term.endswith("*")

    def han(character: str) -> bool:
        return "\u4e00" <= character <= "\u9fff"

    def joined(left: str, right: str) -> bool:
        return left.isalnum() and right.isalnum() and not han(left) and not han(right)

    found = set()
    for at in range(len(text) - len(literal) + 1):
        end = at + len(literal)
        if text[at:end] != literal or (at and joined(text[at - 1], text[at])):
            continue
        while star and end < len(text) and joined(text[end - 1], text[end]):
            end += 1
        if end == len(text) or not joined(text[end - 1], text[end]):
            found.add((at, end))
    return found


def oracle(condition: Condition, text: str, stored: str) -> bool:
    match condition.operator:
        case "regex":
            return any(found[0] for found in re.finditer(condition.terms[0], stored))
        case "all":
            return all(oracle(child, text, stored) for child in condition.children)
        case "any":
            return any(oracle(child, text, stored) for child in condition.children)
        case "none":
            return not any(oracle(child, text, stored) for child in condition.children)
        case "near":
            return oracle_near(condition, text)
        case _:
            return any(oracle_places(term, text) for term in condition.terms)


def oracle_near(condition: Condition, text: str) -> bool:
    options = dict(condition.options)
    within = int(options["within"])
    starts = word_starts(text)
    groups = [
        set().union(*(oracle_places(term, text) for term in child.terms)) for child in condition.children
    ]
    orders = [tuple(range(len(groups)))] if options["ordered"] == "true" else permutations(range(len(groups)))
    for order in orders:
        for places in product(*(groups[number] for number in order)):
            gaps = pairwise(places)
            if all(
                right[0] >= left[1] and sum(left[1] <= start < right[0] for start in starts) <= within
                for left, right in gaps
            ):
                return True
    return False


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
leaves = st.lists(st.sampled_from(TERMS), min_size=1, max_size=2, unique=True).map(
    lambda terms: keyword(*terms)
)
nears = st.builds(
    lambda children, within, ordered: near(*children, within=within, ordered=ordered),
    st.lists(leaves, min_size=2, max_size=3),
    st.integers(0, 3),
    st.booleans(),
)
trees = st.recursive(
    st.one_of(leaves, nears, st.sampled_from(PATTERNS).map(regex)),
    lambda children: st.builds(
        lambda operator, inner: Condition(operator=operator, children=tuple(inner)),
        st.sampled_from(["all", "any", "none"]),
        st.lists(children, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", "", "\n"])), max_size=12).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@settings(max_examples=500, deadline=None)
@given(trees, texts)
def test_every_answer_agrees_with_a_brute_force_oracle(tree: Condition, text: str) -> None:
    # A rule needs a word of its own: the loader refuses those that could match without any.
    condition = all_of(any_of(keyword("alpha", "beta", "елка", "東"), tree), tree)
    if not required(condition):
        condition = all_of(keyword("alpha", "beta", "елка", "東"), tree)
    assert matches(condition, text) is oracle(condition, normalise(text), text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TERMS), texts)
def test_every_overlapping_place_is_reported(term: str, text: str) -> None:
    (reading,) = match([article(text)], RuleSet.compile([rule(keyword(term))]))
    found = (
        {normalise(text[span.start : span.end]).strip() for span in reading.matches[0].spans}
        if reading.matches
        else set()
    )
    count = len(reading.matches[0].spans) if reading.matches else 0
    expected = oracle_places(term, normalise(text))
    assert count == len(expected)
    assert found == {normalise(text)[start:end] for start, end in expected}
