"""Our labelled stories hold what their README promises: sound files, and enough of what is hard."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from monitor.core.evaluation.gold import Story
from monitor.core.evaluation.stories import read_story, story_problems
from monitor.core.wording import word_set

STORIES = Path(__file__).resolve().parent / "data" / "stories"
FOLDERS = sorted(path.parent for path in STORIES.glob("*/*/articles.json"))

# ---------------------------------------------------------------- the counting rule for words in common

#: A content word is a run of at least three letters that is none of these; figures are not words.
#: Two words are the same where their first five letters are, which is a coarse stem.
STOP_WORDS = word_set(
    """
    the and for that this these those with from into onto upon over under about after before between during
    was were are been being had has have having will would shall should can could may might must did does
    done doing she her hers him his they them their theirs its our ours your yours who whom whose which what
    when where while why how than then there here some any all both each every other another such own same
    very more most much many few only just also still yet too out off down again once ever because until
    against among through within along across since around but nor not none never neither per
    что как это этот эта эти тот его них ней нее она они оно мы вы был была были было быть для при над под
    про без или если когда где кто чем том тем так все всё еще ещё уже только после перед между через более
    """
)
NEGATIONS = re.compile(
    r"n[’']t\b|\b(?:not?|cannot|never|none|nothing|nobody|neither|nor|den(?:y|ies|ied|ying|ials?))\b"
    r"|\b(?:не|нет|ни|никто|ничего|никогда|отриц\w*|отверг\w*|опроверг\w*)\b",
    re.IGNORECASE,
)


def content_stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]{3,}", re.sub(r"[’']\w+", "", text.casefold()))
    return frozenset(word[:5] for word in words if word not in STOP_WORDS)


def shared_words(one: str, other: str) -> frozenset[str]:
    return content_stems(one) & content_stems(other)


def has_negation(text: str) -> bool:
    return bool(NEGATIONS.search(text))


@pytest.mark.parametrize(
    ("one", "other", "shared", "negated"),
    [
        ("She sailed half empty", "Passengers stood in the aisles", set(), False),
        ("The hull cracked", "A crack in the bow", {"crack"}, False),
        ("12 were killed", "At least 12 died", set(), False),
        ("They didn’t sign", "The deal is done", set(), True),
        ("Никто не погиб", "Погибли трое", {"погиб"}, True),
        ("The ministry's denial", "It was a bomb", set(), True),
        ("A notable knot", "The night", set(), False),
    ],
)
def test_words_in_common_are_counted_by_coarse_stems(
    one: str, other: str, shared: set[str], negated: bool
) -> None:
    assert shared_words(one, other) == shared
    assert (has_negation(one) or has_negation(other)) == negated


# ---------------------------------------------------------------- each story


@cache
def files_of(folder: Path) -> tuple[object, object]:
    articles, gold = (
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ("articles.json", "gold.json")
    )
    return articles, gold


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def story_of(folder: Path) -> Story:
    return read_story(*files_of(folder), name_of(folder))


def bare_pairs(story: Story) -> int:
    """Contradictions whose two quotes have no content word in common and no word that negates."""
    claims = story.claims_by_id()
    quotes = [(claims[pair.left].quote, claims[pair.right].quote) for pair in story.contradictions]
    return sum(
        not shared_words(one, other) and not has_negation(one) and not has_negation(other)
        for one, other in quotes
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_story_has_sound_labels(folder: Path) -> None:
    assert [str(problem) for problem in story_problems(*files_of(folder), name_of(folder))] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_story_has_at_least_eight_look_alikes_and_eight_contradictions(folder: Path) -> None:
    story = story_of(folder)
    assert len(story.non_contradictions) >= 8
    assert len(story.contradictions) >= 8
    assert len(story.articles) >= 4


def test_hardly_any_story_is_without_an_update() -> None:
    without = [name_of(folder) for folder in FOLDERS if not story_of(folder).updates]
    assert len(without) <= len(FOLDERS) // 20, without


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_copies_and_versions_are_not_identical_to_what_they_follow(folder: Path) -> None:
    story = story_of(folder)
    texts = {article.id: (article.title, article.body) for article in story.articles}
    followers = [a for a in story.articles if a.version_of or a.syndicated_from]
    assert [a.id for a in followers if texts[a.id] == texts[a.version_of or a.syndicated_from]] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_pair_says_why(folder: Path) -> None:
    story = story_of(folder)
    pairs = (*story.contradictions, *story.updates, *story.non_contradictions, *story.unjudged)
    assert [pair.id for pair in pairs if not pair.why] == []


# ---------------------------------------------------------------- each half, and both together

HALVES = {"tune": 7, "check": 7}


def stories_of(half: str) -> list[Story]:
    stories = [story_of(folder) for folder in FOLDERS if folder.parent.name == half]
    if not stories:
        pytest.skip(f"tests/data/stories/{half} has no stories yet")
    return stories


@pytest.mark.parametrize(("half", "least"), HALVES.items())
def test_a_half_has_its_stories_and_articles(half: str, least: int) -> None:
    stories = stories_of(half)
    assert len(stories) >= least
    assert sum(len(story.articles) for story in stories) >= 35


@pytest.mark.parametrize("half", HALVES)
def test_half_of_the_contradictions_share_no_content_word_and_negate_nothing(half: str) -> None:
    stories = stories_of(half)
    pairs = sum(len(story.contradictions) for story in stories)
    assert sum(bare_pairs(story) for story in stories) >= pairs / 2


@pytest.mark.parametrize("half", HALVES)
def test_a_half_has_every_kind_of_difficulty(half: str) -> None:
    stories = stories_of(half)
    claims = [claim for story in stories for claim in story.claims]
    pairs = [pair for story in stories for pair in story.contradictions]
    articles = [article for story in stories for article in story.articles]
    assert {claim.kind for claim in claims} == {"direct", "indirect", "narrator"}
    assert {claim.where for claim in claims} == {"title", "body"}
    assert {pair.scope for pair in pairs} == {"cross", "self", "revision"}
    assert {"denial", "numeric", "cause", "perpetrator", "place", "time", "reversal"} <= {
        pair.type for pair in pairs
    }
    assert any(article.version_of for article in articles)
    assert any(article.syndicated_from for article in articles)


def test_both_halves_together_have_three_stories_with_russian_articles() -> None:
    stories = [*stories_of("tune"), *stories_of("check")]
    assert sum(any(article.lang == "ru" for article in story.articles) for story in stories) >= 3


def test_no_story_is_in_both_halves() -> None:
    urls = [
        {a.url.split("/")[2] + a.title for story in stories_of(half) for a in story.articles}
        for half in HALVES
    ]
    assert urls[0] & urls[1] == set()
