"""A rule set that takes over from an earlier one answers as one that was compiled from nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.matching import match
from monitor.core.rules import RuleSet
from monitor.core.rules.frequency import share_of
from monitor.core.rules.lexicon import LATER_LIMIT
from monitor.core.types import Alias, Article, Condition, Entity, EntityType, Rule

NOW = datetime(2024, 3, 26, 12, tzinfo=UTC)
FORMS = ["alpha", "alpha beta", "alph*", "Beta", "beta", "gamma", "gam*", "delta", "of"]

WORDS = ["Alpha", "alpha", "beta", "Beta", "gammas", "delta", "of", "alphabet", ".", "x"]


def article(text: str) -> Article:
    return Article(
        id=1, version=1, version_id=7, feed_id=None, text=text, title="", summary="", lang="", url="",
        publisher="", tags=(), published_at=NOW, fetched_at=NOW,
    )  # fmt: skip


def keyword(*terms: str) -> Condition:
    return Condition(operator="keyword", terms=terms)


def rule(id: str, *children: Condition) -> Rule:
    return Rule(id=id, version="1", title="", condition=Condition(operator="all", children=children))


keywords = st.lists(st.sampled_from(FORMS), min_size=1, max_size=3).map(lambda terms: keyword(*terms))
conditions = st.one_of(
    keywords,
    st.sampled_from(["e1", "e2"]).map(lambda id: Condition(operator="entity", terms=(id,))),
    st.sampled_from([r"alp\w+", r"bet|gam", r"\ba"]).map(lambda it: Condition(operator="regex", terms=(it,))),
    keywords.map(lambda inner: Condition(operator="none", children=(inner,))),
)
rules = st.dictionaries(st.sampled_from("abcdef"), st.tuples(keywords, conditions), max_size=6).map(
    lambda made: [rule(id, *children) for id, children in made.items()]
)
entities = st.dictionaries(
    st.sampled_from(["e1", "e2", "e3"]),
    st.lists(st.tuples(st.sampled_from(FORMS), st.booleans()), min_size=1, max_size=3),
    max_size=3,
).map(
    lambda made: [
        Entity(
            id=id,
            type=EntityType.OTHER,
            name=id,
            aliases=tuple(Alias(text=form, exact_case=exact) for form, exact in forms),
        )
        for id, forms in made.items()
    ]
)
texts = st.lists(st.sampled_from(WORDS), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(rules, entities), min_size=2, max_size=4), texts)
def test_a_chain_of_edits_ends_where_a_fresh_start_does(
    states: list[tuple[list[Rule], list[Entity]]], words: list[str]
) -> None:
    read = article(" ".join(words))
    renewed = RuleSet.compile()
    for made_rules, made_entities in states:
        earlier = renewed
        before = match([read], earlier)
        renewed = RuleSet.compile(made_rules, made_entities, previous=earlier)
        fresh = RuleSet.compile(made_rules, made_entities)
        assert match([read], renewed) == match([read], fresh)
        assert (renewed.version, renewed.costly) == (fresh.version, fresh.costly)
        assert set(renewed.lexicon.wanted) == set(fresh.lexicon.wanted)
        # The earlier set may still be in use.
        assert match([read], earlier) == before


def test_an_edit_keeps_the_large_automaton_and_many_edits_build_it_anew() -> None:
    many = [rule(f"r{number:04}", keyword(f"word{number}")) for number in range(LATER_LIMIT * 2)]
    base = RuleSet.compile(many)
    edited = RuleSet.compile([*many[1:], rule("new", keyword("later"))], previous=base)
    assert edited.lexicon.base.automaton is base.lexicon.base.automaton
    (reading,) = match([article("word0 word1 later")], edited)
    assert [found.rule_id for found in reading.matches] == ["new", "r0001"]
    other = [rule(each.id, keyword(f"other{each.id}")) for each in many]
    replaced = RuleSet.compile(other, previous=edited)
    assert replaced.lexicon.base.automaton is not base.lexicon.base.automaton
    (reading,) = match([article("word1 otherr0001")], replaced)
    assert [found.rule_id for found in reading.matches] == ["r0001"]


def test_a_rule_that_did_not_change_is_taken_over() -> None:
    first = rule("a", keyword("alpha"))
    base = RuleSet.compile([first])
    again = RuleSet.compile([replace(first), rule("b", keyword("beta"))], previous=base)
    assert again.compiled_rules["a"] is base.compiled_rules["a"]


def test_a_rule_is_reached_by_what_is_rare_and_never_by_what_it_excludes() -> None:
    names = Alias(text="US", forms=("US", "America"), exact_case=True)
    often = Entity(id="us", type=EntityType.PLACE, name="US", aliases=(names,))
    named = Condition(operator="entity", terms=("us",))
    excluded = Condition(operator="none", children=(keyword("extraordinarily"),))
    rules = RuleSet.compile(
        [rule("a", named, keyword("the tariff", "said"), keyword("tariffs"), excluded)], [often]
    )
    assert {need.form for need in rules.candidates} == {"tariffs"}


def test_common_words_count_for_frequent_however_long() -> None:
    assert share_of("government") < share_of("through")
    assert share_of("of the people") > share_of("people of Kyiv")
    assert share_of("terror*") == share_of("terror")
