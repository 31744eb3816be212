"""The arithmetic of `rules stats`."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.rules.stats import (
    Asked,
    asked_terms,
    binned,
    dead_terms,
    log_likelihood,
    overlaps,
    sparkline,
    wilson,
)
from monitor.core.types import Alias, Condition, Entity, EntityType


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # At the ends it stays within 0 and 1.
        (20, 20, 0.8389, 1.0),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = wilson(part, whole)
    assert share is not None
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_nothing_marked_has_no_share_and_a_part_cannot_exceed_the_whole() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="no part"):
        wilson(3, 2)


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(part: int, more: int) -> None:
    share = wilson(part, part + more)
    assert share is not None
    assert 0 <= share.low <= share.share <= share.high <= 1


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # Dunning 1993, table 1: "the swiss", G² 270.72 of a = 110, b = 2442, c = 111, d = 29114.
        ((110, 2552, 111, 29225), 270.72),
        ((5, 10, 50, 100), 0.0),
        # All of five against none of five: 20·ln 2.
        ((5, 5, 0, 5), 20 * math.log(2)),
    ],
)
def test_surprise_is_dunnings(table: tuple[int, int, int, int], expected: float) -> None:
    assert log_likelihood(*table) == pytest.approx(expected, abs=0.01)


def test_overlap_is_sorted_by_jaccard_and_says_how_much_is_covered() -> None:
    found = overlaps(
        10, {"wide": 10, "twin": 9, "far": 1, "none": 0}, {"wide": 90, "twin": 9, "far": 5, "none": 7}
    )
    assert [(one.rule, one.both, round(one.jaccard, 3), one.covered) for one in found] == [
        ("twin", 9, 0.9, 0.9),
        ("wide", 10, 0.111, 1.0),
        ("far", 1, 0.071, 0.1),
    ]


def keyword(*terms: str) -> Condition:
    return Condition(operator="keyword", terms=terms)


def entity(id: str, *aliases: Alias) -> Entity:
    return Entity(id=id, type=EntityType.ORG, name=id, aliases=aliases)


HALL = entity("hall", Alias(text="Big Hall", forms=("Big Hall",)), Alias(text="Зал", forms=("Зал", "Зала")))
CLUB = entity("club", Alias(text="Club"), Alias(text="The Club"))


def test_asked_are_words_patterns_and_names_but_nothing_excluded() -> None:
    condition = Condition(
        operator="all",
        children=(
            keyword("ferry", "boat*"),
            Condition(
                operator="any", children=(Condition(operator="entity", terms=("hall",)), keyword("ferry"))
            ),
            Condition(operator="none", children=(keyword("film"),)),
            Condition(operator="regex", terms=(r"MA\d+",)),
        ),
    )
    assert asked_terms(condition, {"hall": HALL}) == (
        Asked("ferry"),
        Asked("boat*"),
        Asked("Big Hall", "hall"),
        Asked("Зал", "hall"),
        Asked(r"MA\d+"),
    )


@pytest.mark.parametrize(
    ("found", "dead"),
    [
        ({("ferry", ""), ("Зала", "hall"), ("Club", "club")}, ["Big Hall of hall", "The Club of club"]),
        # Of an entity that was never named, one line and not one for each name.
        ({("ferry", ""), ("Big Hall", "hall")}, ["Зал of hall", " of club"]),
        (set(), ["ferry of ", " of hall", " of club"]),
        # The same word as a keyword does not keep an alias alive.
        ({("Club", "")}, ["ferry of ", " of hall", " of club"]),
    ],
)
def test_a_term_is_dead_that_made_no_match_and_an_alias_lives_in_any_of_its_forms(
    found: set[tuple[str, str]], dead: list[str]
) -> None:
    entities = {"hall": HALL, "club": CLUB}
    asked = asked_terms(
        Condition(
            operator="any", children=(keyword("ferry"), Condition(operator="entity", terms=("hall", "club")))
        ),
        entities,
    )
    assert [f"{one.term} of {one.entity}" for one in dead_terms(asked, found, entities)] == dead


@pytest.mark.parametrize(
    ("counts", "bars"),
    [((), ""), ((0, 0), "··"), ((0, 1, 8), "·▁█"), ((1, 1), "██"), ((1, 1000), "▁█"), ((4, 5, 6, 8), "▄▅▆█")],
)
def test_bars_show_none_apart_from_few(counts: tuple[int, ...], bars: str) -> None:
    assert sparkline(counts) == bars


@given(st.lists(st.integers(0, 50), max_size=400), st.integers(1, 40))
def test_bins_lose_no_count_and_keep_within_the_width(counts: list[int], most: int) -> None:
    bins = binned(counts, most)
    assert sum(bins) == sum(counts)
    assert len(bins) <= most
