"""The loader of labelled stories: a whole story is read as written, and each broken row is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.core.evaluation.stories import read_story, story_problems
from monitor.errors import InputError

Json = Any

DOCK = "The dock burned. “Nobody lit it,” the mayor said. Sailors said the cook lit it. Two are hurt."
COPY = "The dock burned on Monday. “Nobody lit it,” the mayor said."
LATER = "Three are hurt. “The cook lit it,” the mayor said."
EDITED = "Three are hurt, or four. “The cook lit it,” the mayor said."


def article(id_: str, body: str, hour: int, **more: Json) -> Json:
    return {
        "id": id_,
        "outlet": f"Outlet {id_}",
        "url": f"https://news.example/{id_}",
        "title": "Dock fire",
        "body": body,
        "lang": "en",
        "published_at": f"2026-03-02T{hour:02}:00:00+02:00",
        **more,
    }


def claim(id_: str, at: str, body: str, quote: str, thread: str, **more: Json) -> Json:
    return {
        "id": id_,
        "article": at,
        "tier": 1,
        "speaker": "Mayor",
        "speaker_aliases": ["the mayor"],
        "kind": "direct",
        "polarity": "assert",
        "about": "cause",
        "claim": quote,
        "quote": quote,
        "where": "body",
        "start": body.index(quote),
        "end": body.index(quote) + len(quote),
        "thread": thread,
        **more,
    }


def thread(id_: str, *claims: str) -> Json:
    return {"id": id_, "about": "", "summary": "", "first_claim": claims[0], "claims": list(claims)}


ARTICLES: Json = [
    article("a1", DOCK, 8),
    article("a2", COPY, 9, syndicated_from="a1"),
    article("a3", LATER, 10),
    article("a4", EDITED, 11, version_of="a3", url="https://news.example/a3", outlet="Outlet a3"),
]
GOLD: Json = {
    "claims": [
        claim("c1", "a1", DOCK, "Nobody lit it", "t1"),
        claim("c2", "a1", DOCK, "the cook lit it", "t2", speaker="Sailors", kind="indirect"),
        claim("c3", "a1", DOCK, "Two are hurt", "t3", speaker="Outlet a1", kind="narrator"),
        claim("c4", "a2", COPY, "Nobody lit it", "t1"),
        claim("c5", "a3", LATER, "The cook lit it", "t2"),
        claim("c6", "a3", LATER, "Three are hurt", "t4", speaker="Outlet a3", kind="narrator"),
        claim("c7", "a4", EDITED, "Three are hurt, or four", "t5", speaker="Outlet a3", kind="narrator"),
        claim("c8", "a1", "Dock fire", "Dock fire", "", where="title", tier=2),
    ],
    "threads": [
        thread("t1", "c1", "c4"),
        thread("t2", "c2", "c5"),
        thread("t3", "c3"),
        thread("t4", "c6"),
        thread("t5", "c7"),
    ],
    "contradictions": [
        {"id": "x1", "left": "c1", "right": "c2", "type": "cause", "grade": "strong", "scope": "cross",
         "group": "cause", "why": ""},
        {"id": "x2", "left": "c1", "right": "c5", "type": "reversal", "grade": "strong", "scope": "self",
         "group": "cause", "why": ""},
        {"id": "x3", "left": "c6", "right": "c7", "type": "numeric", "grade": "soft", "scope": "revision",
         "group": "hurt", "why": ""},
    ],
    "updates": [{"id": "u1", "earlier": "c3", "later": "c6", "why": ""}],
    "non_contradictions": [{"id": "n1", "left": "c1", "right": "c3", "kind": "other subject", "why": ""}],
    "unjudged": [["c3", "c7"]],
    "implied_contradictions": [{"left": "c4", "right": "c2"}, {"left": "c4", "right": "c5"}],
    "implied_updates": [],
    "syndication": [["a1", "a2"]],
    "expected_alert_groups": [
        {"id": "g1", "title": "What lit the dock", "severity": "high", "contradictions": ["x1", "x2"]}
    ],
}  # fmt: skip


def test_a_whole_story_is_read_as_written() -> None:
    assert story_problems(ARTICLES, GOLD, "dock") == ()
    story = read_story(ARTICLES, GOLD, "dock")
    assert story.articles[0].published_at == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert story.articles_by_id()["a4"].version_of == "a3"
    assert story.claims_by_id()["c2"].quote == "the cook lit it"
    assert (story.updates[0].left, story.updates[0].right) == ("c3", "c6")
    assert (story.unjudged[0].left, story.unjudged[0].right) == ("c3", "c7")
    assert story.thread_of() == {
        "c1": "t1", "c2": "t2", "c3": "t3", "c4": "t1", "c5": "t2", "c6": "t4", "c7": "t5", "c8": "only c8",
    }  # fmt: skip
    assert story.syndication == (("a1", "a2"),)


def test_tables_that_are_missing_are_empty_and_null_means_none() -> None:
    bare = [{**ARTICLES[0], "version_of": None, "syndicated_from": None, "rating": 5}]
    assert story_problems(bare, {"claims": [], "threads": None}, "dock") == ()
    assert read_story(bare, {}, "dock").articles[0].version_of == ""


def test_a_story_without_a_table_of_threads_may_still_name_them() -> None:
    gold = {"claims": [c for c in GOLD["claims"] if c["article"] == "a1"]}
    assert read_story(ARTICLES, gold, "dock").thread_of()["c1"] == "t1"


def put(path: str, value: Json) -> Callable[[Json], None]:
    """Sets one value: "gold.claims.0.start"."""

    def apply(files: Json) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        target = files
        for step in way:
            target = target[step]
        target[last] = value

    return apply


def drop(path: str) -> Callable[[Json], None]:
    """Removes one value."""

    def apply(files: Json) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        target = files
        for step in way:
            target = target[step]
        del target[last]

    return apply


# change; row that is named; words of the message; words of the remedy
FATAL = [
    (put("gold", []), "dock/gold.json: the file", "an object", "docs/stories.md"),
    (put("articles", {}), "dock/articles.json: the file", "at least one article", "docs/stories.md"),
    (put("articles", []), "dock/articles.json: the file", "at least one article", "docs/stories.md"),
    (put("articles.0", 7), "articles row 1", "not 7", "docs/stories.md"),
    (drop("articles.1.body"), 'articles "a2", body', "missing", "add it"),
    (
        put("articles.0.published_at", "2026-03-02T08:00:00"),
        'articles "a1", published_at',
        "timezone",
        "docs/",
    ),
    (put("articles.0.published_at", "Monday"), 'articles "a1", published_at', "datetime", "docs/stories.md"),
    (put("gold.claims", {"c1": {}}), "dock/gold.json: claims", "not an object", "docs/stories.md"),
    (put("gold.claims.0.tier", 3), 'claims "c1", tier', "1 or 2, not 3", "docs/stories.md"),
    (put("gold.claims.0.speaker_aliases", "mayor"), 'claims "c1", speaker_aliases', "not 'mayor'", "docs/"),
    (put("gold.claims.1.id", 5), "claims row 2, id", "string, not 5", "docs/stories.md"),
    (
        put("gold.contradictions.0.grade", "fatal"),
        'contradictions "x1", grade',
        "'strong'",
        "docs/stories.md",
    ),
    (put("gold.unjudged.0", ["c3"]), "unjudged row 1", "not a list of 1", "docs/stories.md"),
    (put("articles.1.id", "a1"), 'articles "a1"', "2 rows have this id", "an id of its own"),
    (put("gold.claims.1.id", "c1"), 'claims "c1"', "2 rows have this id", "an id of its own"),
    (put("gold.claims.0.article", "a9"), 'claims "c1", article', 'no "a9" in articles', "mend the id"),
    (put("gold.claims.0.thread", "t9"), 'claims "c1", thread', 'no "t9" in threads', "mend the id"),
    (put("gold.threads.0.claims.1", "c9"), 'threads "t1"', 'no "c9" in claims', "mend the id"),
    (put("gold.updates.0.later", "c9"), 'updates "u1", right', 'no "c9" in claims', "mend the id"),
    (put("gold.unjudged.0", ["c3", "c9"]), "unjudged row 1, right", 'no "c9" in claims', "mend the id"),
    (put("gold.syndication.0.1", "a9"), "syndication row 1", 'no "a9" in articles', "mend the id"),
    (
        put("gold.expected_alert_groups.0.contradictions.0", "x9"),
        'expected_alert_groups "g1"',
        'no "x9"',
        "mend",
    ),
    (put("articles.3.version_of", "a9"), 'articles "a4", version_of', 'no "a9" in articles', "mend the id"),
    (put("gold.claims.0.start", 17), 'claims "c1", start', "17–31", "it stands at 18–31"),
    (put("gold.claims.0.start", -1), 'claims "c1", start', "-1–31", "it stands at 18–31"),
    (
        put("gold.claims.0.quote", "Somebody lit it"),
        'claims "c1", start',
        "not the quote",
        "does not stand there",
    ),
    (put("gold.claims.0.quote", "lit it"), 'claims "c1", start', "not the quote", "2 times"),
    (put("gold.claims.0.quote", ""), 'claims "c1", start', "not the quote", "does not stand there"),
    (put("gold.claims.7.where", "body"), 'claims "c8", start', "of the body", "does not stand there"),
]

DOUBTFUL = [
    (put("gold.claims.0.kind", "own_voice"), 'claims "c1", kind', "own_voice", "narrator"),
    (put("gold.contradictions.0.type", "motive"), 'contradictions "x1", type', "motive", "perpetrator"),
    (
        put("gold.expected_alert_groups.0.severity", "odd"),
        'expected_alert_groups "g1", severity',
        "odd",
        "high",
    ),
    (put("gold.threads.0.claims", ["c1"]), 'claims "c4", thread', "listed in: none", "once"),
    (put("gold.threads.2.claims", ["c3", "c1"]), 'claims "c1", thread', "listed in: t1, t3", "once"),
    (put("gold.claims.7.thread", "t1"), 'claims "c8", thread', "listed in: none", "once"),
    (put("gold.threads.0.first_claim", "c2"), 'threads "t1"', "not among its claims", "name one"),
    (put("gold.threads.0.first_claim", "c4"), 'threads "t1"', "before its first claim", "the earliest"),
    (put("gold.threads.2.claims", []), 'threads "t3"', "no claims", "remove it"),
    (put("gold.contradictions.0.right", "c4"), 'contradictions "x1"', "of one thread", "split the thread"),
    (put("gold.contradictions.0.right", "c1"), 'contradictions "x1"', "with itself", "two claims"),
    (
        put("gold.non_contradictions.0.right", "c2"),
        'contradictions "x1"',
        'non_contradictions "n1"',
        "keep one",
    ),
    (put("gold.unjudged.0", ["c6", "c3"]), 'updates "u1"', "unjudged row 1", "keep one"),
    (
        put("gold.implied_contradictions.0.left", "c1"),
        'contradictions "x1"',
        "implied_contradictions",
        "keep one",
    ),
    (put("gold.implied_contradictions.1.right", "c2"), "implied_contradictions", "listed twice", "once"),
    (put("gold.contradictions.0.scope", "self"), 'contradictions "x1", scope', "not one speaker", "cross"),
    (
        put("gold.contradictions.1.scope", "cross"),
        'contradictions "x2", scope',
        'both are by "Mayor"',
        "self",
    ),
    (
        put("gold.contradictions.1.scope", "revision"),
        'contradictions "x2", scope',
        "not versions",
        "cross or self",
    ),
    (
        put("gold.expected_alert_groups.0.contradictions", ["x1"]),
        'contradictions "x2"',
        "in 0 groups",
        "in one",
    ),
    (
        put("gold.expected_alert_groups.0.contradictions", []),
        'expected_alert_groups "g1"',
        "no contr",
        "remove it",
    ),
    (
        put("gold.contradictions.0.group", "hurt"),
        'expected_alert_groups "g1"',
        "different groups",
        "split it",
    ),
    (put("gold.updates.0", {"id": "u1", "earlier": "c6", "later": "c3"}), 'updates "u1"', "first", "swap"),
    (
        put("articles.2.published_at", "2026-03-02T07:00:00+02:00"),
        'articles "a3"',
        "older than",
        "order of time",
    ),
    (put("articles.3.url", "https://news.example/a4"), 'articles "a4"', "not the URL", "one URL"),
    (put("articles.1.outlet", "Outlet a1"), 'articles "a2"', "its own outlet", "version_of"),
    (
        put("articles.1.published_at", ARTICLES[0]["published_at"]),
        'articles "a2"',
        "not newer",
        "published_at",
    ),
    (put("gold.syndication", []), "syndication", '"a2" and "a1" are missing', "list the copies"),
    (put("gold.syndication.0", ["a1", "a2", "a3"]), "syndication row 1", "all but one", "mend it"),
    (
        put("gold.implied_contradictions.0.right", "c3"),
        "implied_contradictions row 1",
        "no contradictions lead",
        "drop",
    ),
    (put("gold.implied_updates", [["c1", "c3"]]), "implied_updates row 1", "no updates lead", "drop it"),
]


@pytest.mark.parametrize(("change", "row", "message", "remedy"), FATAL)
def test_what_cannot_be_scored_is_refused_with_its_row_and_remedy(
    change: Callable[[Json], None], row: str, message: str, remedy: str
) -> None:
    files = copy.deepcopy({"articles": ARTICLES, "gold": GOLD})
    change(files)
    found = story_problems(files["articles"], files["gold"], "dock")
    assert all(problem.fatal for problem in found)
    assert any(row in f"{p.path}: {p.row}" and message in p.message and remedy in p.remedy for p in found), [
        str(p) for p in found
    ]
    with pytest.raises(InputError) as refused:
        read_story(files["articles"], files["gold"], "dock")
    assert row in str(refused.value)


@pytest.mark.parametrize(("change", "row", "message", "remedy"), DOUBTFUL)
def test_labels_that_disagree_are_listed_and_can_be_scored(
    change: Callable[[Json], None], row: str, message: str, remedy: str
) -> None:
    files = copy.deepcopy({"articles": ARTICLES, "gold": GOLD})
    change(files)
    found = story_problems(files["articles"], files["gold"], "dock")
    assert found
    assert not any(problem.fatal for problem in found)
    assert any(row in p.row and message in p.message and remedy in p.remedy for p in found), [
        str(p) for p in found
    ]
    assert read_story(files["articles"], files["gold"], "dock").name == "dock"


def test_all_broken_rows_are_named_at_once_and_safe_to_show() -> None:
    files = copy.deepcopy({"articles": ARTICLES, "gold": GOLD})
    for number in range(30):
        files["gold"]["claims"].append({"id": f"\x1b[2Jbad{number}"})
    with pytest.raises(InputError) as refused:
        read_story(files["articles"], files["gold"], "dock")
    text = str(refused.value)
    assert "bad0" in text
    assert "\x1b" not in text
    assert "… and " in text
    assert len(story_problems(files["articles"], files["gold"], "dock")) >= 30 * 8


@pytest.mark.parametrize("junk", [None, True, 0, "x", [[]], [{}], {"claims": [None]}, {"claims": [[1]]}])
def test_junk_gives_problems_and_no_traceback(junk: Json) -> None:
    assert story_problems(junk, GOLD, "dock")
    assert all(p.fatal for p in story_problems(ARTICLES, junk, "dock") if junk is not None)
