"""Exported feedback is a labelled story, and precision on it is precision as people saw it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.evaluation.exporting import (
    ExportedArticle,
    ExportedClaim,
    ExportedPair,
    ExportedStory,
    export_stories,
)
from monitor.core.evaluation.live import SpokenOf, live_precision
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.scoring import score_story
from monitor.core.evaluation.stories import read_story, story_problems

AT = datetime(2031, 5, 6, 12, tzinfo=UTC)
TEXT = "Nobody lit it, the mayor said. The cook lit it, sailors said. Two were hurt."
QUOTES = ("Nobody lit it", "The cook lit it", "Two were hurt")


def article(number: int, *, version: int = 1, outlet: str = "", origin: str = "") -> ExportedArticle:
    return ExportedArticle(
        id=f"a{number}v{version}",
        outlet=outlet or f"Outlet {number}",
        url=f"https://news.example/{number}",
        title="Fire",
        body=TEXT + " Again." * version,
        lang="en",
        published_at=AT + timedelta(hours=number, minutes=version),
        article=number,
        version=version,
        origin=origin or f"article:{number}",
    )


def claim(number: int, at: ExportedArticle, **more: str) -> ExportedClaim:
    quote = QUOTES[number]
    return ExportedClaim(
        id=f"c{number}{at.id}",
        article=at.id,
        speaker=more.get("speaker", f"Speaker {number}"),
        surface="the speaker",
        kind=more.get("kind", "indirect"),
        stance="assert",
        proposition=f"{quote}.",
        quote=quote,
        in_title=False,
        start=TEXT.index(quote),
        end=TEXT.index(quote) + len(quote),
        thread=f"t{number}",
    )


def pair(number: int, word: str, left: ExportedClaim, right: ExportedClaim, **more: str) -> ExportedPair:
    return ExportedPair(
        id=f"x{number}",
        word=word,
        left=left,
        right=right,
        kind=more.get("kind", "responsibility"),
        grade=more.get("grade", "strong"),
        scope=more.get("scope", "same_side"),
        group=more.get("group", "who lit it"),
        disputed="who lit it",
        why="they differ",
    )


ONE, TWO, FAR = article(1), article(2), article(9)
ARTICLES = {one.id: one for one in (ONE, TWO, FAR, article(2, version=2))}
PAIRS = (
    pair(1, "real", claim(0, ONE), claim(1, TWO)),
    pair(2, "noise", claim(0, ONE), claim(2, TWO, kind="own_voice"), kind="numeric"),
    pair(3, "open", claim(1, TWO), claim(2, TWO, kind="own_voice")),
    pair(4, "outdated", claim(0, FAR), claim(1, FAR), group="another fire"),
    pair(5, "open", claim(0, article(7)), claim(1, article(7)), group="nobody spoke of it"),
)


def stories() -> tuple[ExportedStory, ...]:
    seven = article(7)
    return export_stories(PAIRS, ARTICLES | {seven.id: seven})


def test_pairs_that_share_an_article_or_a_conflict_are_one_story() -> None:
    assert [[one["id"] for one in story.articles] for story in stories()] == [["a1v1", "a2v1"], ["a9v1"]]


def test_every_label_is_sound_and_stands_in_the_table_of_its_word() -> None:
    for story in stories():
        assert [str(one) for one in story_problems(story.articles, story.gold, story.name)] == []
    first = read_story(stories()[0].articles, stories()[0].gold, "first")
    assert [(p.id, p.type, p.scope) for p in first.contradictions] == [("x1", "perpetrator", "cross")]
    assert [p.id for p in first.non_contradictions] == ["x2"]
    assert [p.id for p in first.unjudged] == ["x3"]
    assert [group.contradictions for group in first.expected_alert_groups] == [("x1",)]
    assert {c.kind for c in first.claims} == {"indirect", "narrator"}
    assert first.claims[0].speaker_aliases == ("the speaker",)


def test_versions_and_copies_are_told() -> None:
    edited = article(2, version=2)
    copy = replace(article(3, origin=ONE.origin), published_at=edited.published_at + timedelta(hours=1))
    pairs = (
        pair(1, "real", claim(0, ONE), claim(1, TWO)),
        pair(2, "real", claim(0, ONE), claim(1, edited)),
        pair(3, "real", claim(0, copy), claim(1, TWO)),
    )
    (story,) = export_stories(pairs, ARTICLES | {copy.id: copy})
    by_id = {one["id"]: one for one in story.articles}
    assert by_id["a2v2"]["version_of"] == "a2v1"
    assert by_id["a3v1"]["syndicated_from"] == "a1v1"
    assert story.gold["syndication"] == [["a1v1", "a3v1"]]
    # The URL of an edited article is that of the one before.
    assert [str(one) for one in story_problems(story.articles, story.gold, "s")] == []


def test_what_people_called_right_and_wrong_scores_as_they_said() -> None:
    exported = stories()[0]
    story = read_story(exported.articles, exported.gold, "first")
    sides = {side.id: side for one in PAIRS[:3] for side in (one.left, one.right)}
    ids = {name: number for number, name in enumerate(sides)}
    claims = tuple(
        PredictedClaim(
            id=ids[name],
            article=side.article,
            where="body",
            start=side.start,
            end=side.end,
            quote=side.quote,
            speaker=side.speaker,
            kind=side.kind,
            thread=side.thread,
        )
        for name, side in sides.items()
    )
    pairs = tuple(
        PredictedPair(
            left=ids[one.left.id],
            right=ids[one.right.id],
            relation="contradiction",
            grade=one.grade,
            kind=one.kind,
            group=one.group,
        )
        for one in PAIRS[:3]
    )
    shares = score_story(story, Predictions(claims=claims, pairs=pairs)).shares
    whole, *_ = live_precision(SpokenOf(word=one.word, traits={}) for one in PAIRS[:2])
    assert whole.precision is not None
    assert shares["precision"].value == whole.precision.share == 0.5
    assert shares["look_alikes_fired"].value == 1.0


def test_live_precision_counts_each_trait_and_leaves_outdated_out() -> None:
    rows = live_precision(
        [
            SpokenOf(word="real", traits={"comparator": ("denial",), "frame": ("cause", "theft")}),
            SpokenOf(word="noise", traits={"comparator": ("numeric",), "frame": ("cause",)}),
            SpokenOf(word="outdated", traits={"comparator": ("numeric",)}),
        ]
    )
    told = [(r.grouping, r.name, r.real, r.noise, r.outdated) for r in rows]
    assert told == [
        ("", "all", 1, 1, 1),
        ("comparator", "numeric", 0, 1, 1),
        ("comparator", "denial", 1, 0, 0),
        ("frame", "cause", 1, 1, 0),
        ("frame", "theft", 1, 0, 0),
    ]
    assert rows[1].precision is not None
    assert (rows[1].precision.share, round(rows[1].precision.high, 2)) == (0.0, 0.79)
    (nobody,) = live_precision([])
    assert nobody.precision is None
