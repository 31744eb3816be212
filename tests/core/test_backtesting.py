"""Two rule sets over the same articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.backtesting import (
    Change,
    Found,
    Prefilter,
    Tally,
    compare_rules,
    findings_of,
    paired,
)
from monitor.core.matching import match
from monitor.core.rules.building import build_texts
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article

AT = datetime(2024, 3, 23, 10, tzinfo=UTC)


def rule_set(text: str) -> RuleSet:
    built = build_texts({"a.yml": f"version: 1\n{text}"}, {})
    assert not [problem for problem in built.problems if problem.level == "error"], built.problems
    return built.rules


def one_rule(match: str, more: str = "") -> str:
    return f"rules:\n  - {{id: r, title: R, match: {match}{more}}}\n"


def article(title: str = "", text: str = "", *, summary: str = "", id: int = 1, **fields: object) -> Article:
    made = Article(
        id=id,
        version=1,
        version_id=id,
        feed_id=None,
        url="",
        publisher="P",
        tags=(),
        title=title,
        summary=summary,
        text=text,
        lang="en",
        published_at=AT,
        fetched_at=AT,
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # fields by name


FERRY = "{any: [{keyword: ferry}]}"
ENTITIES = "entities:\n  mira:\n    {type: person, name: Mira, aliases: [%s]}\n"


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (one_rule(FERRY), one_rule(FERRY), Change.SAME),
        (one_rule(FERRY), one_rule("{any: [{keyword: ferries}]}"), Change.CHANGED),
        (one_rule(FERRY), one_rule(FERRY, ", severity: high"), Change.SETTINGS),
        (one_rule(FERRY), one_rule(FERRY, ", status: draft"), Change.SETTINGS),
        (one_rule(FERRY), one_rule(FERRY, ", where: {published_within: 3d}"), Change.SETTINGS),
        (one_rule(FERRY), one_rule(FERRY, ", where: {languages: [ru]}"), Change.CHANGED),
        (
            ENTITIES % "Mira" + one_rule("{any: [{entity: mira}]}"),
            ENTITIES % "Mira Holt" + one_rule("{any: [{entity: mira}]}"),
            Change.CHANGED,
        ),
        # Words in another order match the same.
        (one_rule("{any: [{keyword: [a1, b2]}]}"), one_rule("{any: [{keyword: [b2, a1]}]}"), Change.SAME),
    ],
)
def test_what_became_of_a_rule(old: str, new: str, change: Change) -> None:
    (one,) = compare_rules(rule_set(old), rule_set(new))
    assert (one.rule_id, one.change) == ("r", change)


def test_rules_of_one_set_alone_are_new_or_deleted() -> None:
    old, new = rule_set(one_rule(FERRY)), rule_set(one_rule(FERRY).replace("id: r", "id: s"))
    changes = compare_rules(old, new)
    assert [(one.rule_id, one.change) for one in changes] == [("r", Change.DELETED), ("s", Change.NEW)]
    assert [one.rule_id for one in compare_rules(old, new, ["s"])] == ["s"]


def findings(old: RuleSet | None, new: RuleSet, *articles: Article) -> list[tuple[set[str], set[str]]]:
    changes = compare_rules(old or RuleSet.compile(), new)
    return [(set(one.old), set(one.new)) for one in findings_of(articles, paired(changes, old, new))]


def test_old_and_new_forms_of_a_rule_are_told_apart_in_one_pass() -> None:
    old, new = rule_set(one_rule(FERRY)), rule_set(one_rule("{any: [{keyword: [ferry, boat]}]}"))
    assert findings(old, new, article("Ferry"), article("A boat"), article("Tram")) == [
        ({"r"}, {"r"}),
        (set(), {"r"}),
        (set(), set()),
    ]


def test_each_side_reads_its_own_entities() -> None:
    rule = one_rule("{any: [{entity: mira}]}")
    old, new = rule_set(ENTITIES % "Mira" + rule), rule_set(ENTITIES % "Holt" + rule)
    assert findings(old, new, article("Mira"), article("Holt")) == [({"r"}, set()), (set(), {"r"})]


def test_rules_that_are_the_same_are_not_evaluated() -> None:
    same = rule_set(one_rule(FERRY))
    assert paired(compare_rules(same, same), same, same).rules == {}


RULES = rule_set(
    ENTITIES % 'Mira Holt, {text: Мира, lang: ru, inflect: true}, {text: "AT&T", case: exact}'
    + """
rules:
  - {id: words, title: A, match: {any: [{keyword: [straße, ёлка, terror*]}]}}
  - {id: phrase, title: B, match: {all: [{phrase: dock workers}, {any: [{keyword: port}, {keyword: Киев}]}]}}
  - {id: entity, title: C, match: {all: [{entity: mira}], none: [{keyword: film}]}}
  - {id: near, title: D, match: {any: [{near: {terms: [ferry, [sank, sinks]], within: 5}}]}}
  - {id: regex, title: E, match: {any: [{regex: "(?i)\\\\bgrain\\\\s+deal"}]}}
"""
)
PIECES = st.sampled_from(
    (
        "Straße",
        "STRASSE",
        "Ёлка",
        "елка",
        "terrorism",
        "террор",
        "port",
        "Киев",
        "КИЕВ",
        "film",
        "ﬁlm",
        "dock workers",
        "dock\nworkers",
        "dock\u200b workers",
        "dock",
        "workers",
        "Mira Holt",
        "Mira\xa0Holt",
        "Миры",
        "мирою",
        "AT&T",
        "at&t",
        "ferry",
        "f\xaderry",
        "ferr",
        "y sank",
        "sank",
        "grain",
        "deal",
        "GRAIN\xa0DEAL",
        "，",
        "‘",
        "’",
        "…",
        "é",
        "e\u0301",
        "\u0308",
        "\n",
    )
)
TEXTS = st.one_of(
    st.lists(PIECES | st.text(max_size=3), max_size=8).map(" ".join),
    st.lists(PIECES, max_size=4).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_filter_never_holds_back_an_article_that_matches(title: str, summary: str, text: str) -> None:
    """Each rule alone (a few words) and all together (an automaton)."""
    one = article(title, text, summary=summary)
    for rules in [RULES, *SINGLE]:
        (reading,) = match([one], rules)
        if reading.matches:
            assert Prefilter(rules).may_match(title, summary, text)


SINGLE = [RuleSet.compile([rule], RULES.entities.values()) for rule in RULES.rules.values()]


def test_the_filter_holds_back_what_has_none_of_the_words() -> None:
    assert not Prefilter(RULES).may_match("A new tram", "", "It rained in the harbour.")
    assert Prefilter(RULES).may_match("A tram", "", "The FERRY came late.")


def test_a_rule_that_needs_no_word_lets_everything_through() -> None:
    assert Prefilter(rule_set(one_rule('{any: [{regex: "[0-9]{4}"}]}'))).may_match("x", "", "y")


# ---------------------------------------------------------------- counting


def found(number: int, old: tuple[str, ...], new: tuple[str, ...], title: str = "") -> Found:
    one = article(title or f"T{number}", id=number, published_at=AT + timedelta(hours=number))
    return Found(article=one, old=old, new=new, terms=lambda _: ("T",))


def test_a_tally_counts_added_removed_and_kept_by_rule_and_day() -> None:
    tally = Tally(most=5)
    for one in (
        found(1, (), ("r",)),
        found(2, ("r",), ()),
        found(20, ("r",), ("r",)),
        found(25, (), ("r", "s")),
    ):
        tally.count(one)
    r = tally.of("r")
    assert (r.added.count, r.removed.count, r.kept) == (2, 1, 1)
    assert [(day.day, count) for day, count in sorted(r.added.days.items())] == [(23, 1), (24, 1)]
    assert (tally.added, tally.removed, tally.kept) == (3, 1, 1)
    assert tally.of("nobody").added.count == 0
    assert [(one.article_id, one.terms) for one in r.added.samples] == [(25, ("T",)), (1, ("T",))]


def test_samples_are_the_newest_and_each_title_once() -> None:
    tally = Tally(most=2)
    for number, title in ((3, "copied"), (9, "Copied"), (5, "five"), (7, "seven")):
        tally.count(found(number, (), ("r",), title))
    side = tally.of("r").added
    assert ([one.article_id for one in side.samples], side.count) == ([9, 7], 4)


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.booleans()), max_size=20), st.randoms())
def test_pages_add_up_to_the_same_in_any_order(seen: list[tuple[int, bool, bool]], chance: object) -> None:
    whole, parts = Tally(most=3), []
    for number, old, new in seen:
        one = found(number, ("r",) * old, ("r",) * new)
        part = Tally(most=3, articles=1)
        for tally in (whole, part):
            tally.count(one)
        parts.append(part)
    chance.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis gives a Random
    merged = Tally(most=3)
    for part in parts:
        merged.merge(part)
    assert merged.rules == whole.rules
    assert merged.articles == len(seen)
