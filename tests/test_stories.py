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
    assert story.updates
    assert len(story.articles) >= 4


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_pair_says_why(folder: Path) -> None:
    story = story_of(folder)
    pairs = (*story.contradictions, *story.updates, *story.non_contradictions, *story.unjudged)
    assert [pair.id for pair in pairs if not pair.why] == []
