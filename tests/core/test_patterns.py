"""Patterns of users: what they need, what is refused, and that none holds up a worker."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.matching import MAX_TIMEOUTS, match
from monitor.core.patterns import MAX_PATTERN, PatternError, check_pattern, find_pattern, literals
from monitor.core.rules import RuleSet
from monitor.core.types import Article, Condition, Rule

NOW = datetime(2024, 3, 26, 12, tzinfo=UTC)


def article(text: str, title: str = "") -> Article:
    return Article(
        id=1, version=1, version_id=7, feed_id=None, text=text, title=title, summary="", lang="", url="",
        publisher="", tags=(), published_at=NOW, fetched_at=NOW,
    )  # fmt: skip


def rule(name: str, *conditions: Condition) -> Rule:
    return Rule(id=name, version="1", title="", condition=Condition(operator="all", children=conditions))


def pattern(text: str) -> Condition:
    return Condition(operator="regex", terms=(text,))


NEEDED: list[tuple[str, list[set[str]]]] = [
    (
        r"(?i)\b(?:FSB|ФСБ)\b.{0,80}\b(?:blam\w+|обвин\w+)",
        [{"fsb", "фсб"}, {"blam", "обвин"}],
    ),
    (r"a.*b", []),
    (r"abc?de", []),
    (r"abcd?e", [{"abc"}]),
    (r"ab{0,3}cdef", [{"cdef"}]),
    (r"(foo|barn)+x", [{"foo", "barn"}]),
    (r"foot|ba", []),
    (r"(foot)?bar", [{"bar"}]),
    (r"(?:foot){0}bar", [{"bar"}]),
    (r"[[:alpha:]]]abc", [{"abc"}]),
    (r"[]abc]x", []),
    (r"(?=abc)x", []),
    (r"(?!abc)xyz", [{"xyz"}]),
    (r"C\+\+ code", [{"code"}]),
    (r"(?P<who>Ёлкин)\s", [{"елкин"}]),
    (r"(?i)ISIS", [{"isis"}]),
    (r"(?#note)abc(?#abcdef)", [{"abc"}]),
    (r"\p{Lu}atter\x41bc", [{"atter"}]),
]


@pytest.mark.parametrize(("text", "expected"), NEEDED)
def test_the_letters_that_a_pattern_needs(text: str, expected: list[set[str]]) -> None:
    check_pattern(text)
    assert [set(choice) for choice in literals(text)] == expected


REFUSED = [
    ("(abc", 4),
    ("ab[c", 4),
    ("ab**", 3),
    ("abc)", 3),
    ("abc(?x) d", 3),
    ("a(?R)", 1),
    ("a(?1)", 1),
    ("(abc){e<=1}", 5),
    (r"ab\Kc", 2),
    (r"\p{Foo}", 7),
    ("(*FAIL)", 0),
    ("(" * 60 + ")" * 60, 41),
    ("a" * (MAX_PATTERN + 1), MAX_PATTERN),
]


@pytest.mark.parametrize(("text", "at"), REFUSED)
def test_what_cannot_be_used_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(PatternError) as caught:
        check_pattern(text)
    # The engine counts some places from behind the character.
    assert caught.value.at in (at, at - 1)


def test_places_of_a_pattern_lie_in_the_stored_text() -> None:
    stored = article("Он сказал: «ФСБ\u00a0 обвинила» ½ ﬁn", title="\u200bFSB blamed them")
    rules = RuleSet.compile([rule("a", pattern(r"(?i)\b(?:FSB|ФСБ)\b.{0,80}?\b(?:blam\w+|обвин\w+)"))])
    (reading,) = match([stored], rules)
    spans = reading.matches[0].spans
    assert [stored.field(span.field)[span.start : span.end] for span in spans] == [
        "FSB blamed",
        "ФСБ\u00a0 обвинила",
    ]
    assert rules.costly == ()


def test_letters_inside_a_word_are_enough() -> None:
    rules = RuleSet.compile([rule("a", pattern(r"un\w+ab\w*"), pattern(r"belie\w"))])
    (reading,) = match([article("unbelievable")], rules)
    assert [match.rule_id for match in reading.matches] == ["a"]


def test_a_pattern_without_letters_still_works_and_is_costly() -> None:
    rules = RuleSet.compile([rule("a", pattern(r"\d{3}-\d{4}")), rule("b", pattern(r"\d"), pattern("abc"))])
    readings = match([article("call 555-1234"), article("call")], rules)
    assert [[found.rule_id for found in reading.matches] for reading in readings] == [["a"], []]
    assert rules.costly == ("a",)


def test_only_a_stretch_that_is_not_empty_is_a_place() -> None:
    (reading,) = match([article("bbb")], RuleSet.compile([rule("a", pattern("a*"))]))
    assert reading.matches == ()


HOSTILE = [
    ("(a+)+$", "a" * 5000 + "!"),
    ("(a|aa)+$", "a" * 5000 + "!"),
    ("(.*a){20}", "a" * 5000 + "!"),
    ("(?:(?:(?:a?)*)*)*b", "a" * 5000),
    (r"(\w+\s?)+$", "word " * 2000 + "!"),
    (r"(x+x+)+y", "x" * 10_000),
    (r"\s+$", " " * 200_000 + "x"),
]


@pytest.mark.parametrize(("text", "target"), HOSTILE)
def test_a_hostile_pattern_comes_back(text: str, target: str) -> None:
    check_pattern(text)
    (reading,) = match([article(target)], RuleSet.compile([rule("a", pattern(text))]))
    assert (reading.timed_out == ("a",)) or bool(reading.matches) is bool(find_pattern(text, target))


def test_running_out_of_time_is_no_match_and_is_told() -> None:
    text, target = HOSTILE[0]
    hostile = pattern(text)
    either = Condition(operator="any", children=(hostile, Condition(operator="keyword", terms=("word",))))
    without = Condition(operator="none", children=(hostile,))
    word = Condition(operator="keyword", terms=("word",))
    rules = RuleSet.compile(
        [rule("a", hostile), rule("b", either), rule("c", word, without), rule("d", word)]
    )
    (reading,) = match([article(target, title="word")], rules)
    # Nobody keeps an article from other conditions by making a pattern run out of time.
    assert [found.rule_id for found in reading.matches] == ["b", "c", "d"]
    assert reading.timed_out == ("a", "b", "c")


@pytest.mark.parametrize("text", ["a" * 10_000_000, "aa! " * 2_500_000], ids=["one word", "many words"])
def test_an_article_of_ten_megabytes_comes_back(text: str) -> None:
    rules = RuleSet.compile(
        [
            rule("pattern", pattern(r"(aa?)+!!")),
            rule("words", Condition(operator="keyword", terms=("storm",))),
        ]
    )
    (reading,) = match([article(text + " A storm.")], rules)
    assert [found.rule_id for found in reading.matches] == ["words"]


def test_after_many_that_ran_out_of_time_the_others_are_given_up() -> None:
    hostile = [rule(f"h{number:02}", pattern(f"(a+)+[{number}]$")) for number in range(MAX_TIMEOUTS + 20)]
    innocent = rule("z", pattern(r"a!"))
    (reading,) = match([article("a" * 5000 + "!")], RuleSet.compile([*hostile, innocent]))
    assert reading.matches == ()
    assert len(reading.timed_out) == MAX_TIMEOUTS + 21


def test_known_attacks_come_back(sharedata: Path) -> None:
    attacks = json.loads(gzip.decompress((sharedata / "attacks" / "redos.json.gz").read_bytes()))
    usable = 0
    for _, text, target, *_ in attacks:
        try:
            check_pattern(text)
        except PatternError:
            continue
        usable += 1
        (reading,) = match([article(target)], RuleSet.compile([rule("a", pattern(text))]))
        assert reading.timed_out in ((), ("a",))
    assert len(attacks) == 655
    assert usable > 600


def test_every_pattern_that_the_list_needs_is_one_for_python_too() -> None:
    for text, _ in NEEDED:
        if r"\p" not in text and "[[" not in text:
            re.compile(text)
