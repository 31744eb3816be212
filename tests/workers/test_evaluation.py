"""`claimwatch eval` on a small story of its own: through the real path, years after it happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from claimwatch_processes import REPOSITORY, claimwatch, environment

FIRST = "The union said Harbour Lines was behind the fire at the dock."
SECOND = "Harbour Lines denied any involvement in the fire at the dock."


def labelled(id_: str, article: str, quote: str, speaker: str, text: str) -> dict[str, Any]:
    start = text.index(quote)
    return {
        "id": id_,
        "article": article,
        "tier": 1,
        "speaker": speaker,
        "speaker_aliases": [f"the {speaker}"],
        "kind": "indirect",
        "polarity": "assert",
        "about": "",
        "claim": quote,
        "quote": quote,
        "where": "body",
        "start": start,
        "end": start + len(quote),
        "thread": id_,
    }


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    home = tmp_path / "stories" / "dock"
    home.mkdir(parents=True)
    articles = [
        {
            "id": f"a{number}",
            "outlet": f"Outlet {number}",
            "url": f"https://news.example/{number}",
            "title": "Fire at the dock",
            "body": body,
            "lang": "en",
            "published_at": f"2019-05-0{number}T08:00:00Z",
        }
        for number, body in ((1, FIRST), (2, SECOND))
    ]
    gold = {
        "claims": [
            labelled("c1", "a1", "Harbour Lines was behind the fire at the dock", "union", FIRST),
            labelled("c2", "a2", "any involvement in the fire at the dock", "Harbour Lines", SECOND),
        ],
        "threads": [
            {"id": id_, "about": "", "summary": "", "first_claim": id_, "claims": [id_]}
            for id_ in ("c1", "c2")
        ],
        "contradictions": [
            {
                "id": "x1",
                "left": "c1",
                "right": "c2",
                "type": "denial",
                "grade": "strong",
                "scope": "cross",
                "group": "who",
                "why": "the line denies it",
            }
        ],
        "updates": [],
        "non_contradictions": [],
        "unjudged": [],
        "implied_contradictions": [],
        "implied_updates": [],
        "syndication": [],
        "expected_alert_groups": [{"id": "g1", "title": "who", "severity": "high", "contradictions": ["x1"]}],
    }
    (home / "articles.json").write_text(json.dumps(articles))
    (home / "gold.json").write_text(json.dumps(gold))
    return tmp_path / "stories"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, {"rules": str(REPOSITORY / "rules"), "data_dir": str(tmp_path / "data")})


def test_an_old_story_is_scored_through_the_real_path(
    stories: Path, env: dict[str, str], tmp_path: Path
) -> None:
    done = claimwatch(["eval", str(stories), "--json"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    story, whole = (json.loads(line) for line in done.stdout.splitlines())
    assert story["story"].endswith("dock")
    assert whole["core_recall"] == {"value": 1.0, "of": 2}
    assert whole["strong_recall"] == {"value": 1.0, "of": 1}
    assert whole["precision"] == {"value": 1.0, "of": 1}
    assert whole["groups_found"] == {"value": 1.0, "of": 1}
    assert story["missed_pairs"] == []


def test_people_get_a_table_and_what_was_missed(stories: Path, env: dict[str, str], tmp_path: Path) -> None:
    gold_file = stories / "dock" / "gold.json"
    gold = json.loads(gold_file.read_text())
    gold["claims"][0]["speaker"] = "Somebody else"
    gold["claims"][0]["speaker_aliases"] = []
    gold_file.write_text(json.dumps(gold))
    done = claimwatch(["eval", str(stories), "--misses"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "50%  core claims found, with the right speaker (1 of 2)" in done.stdout
    assert "claim missed c1" in done.stdout


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda home: (home / "articles.json").unlink(), "articles.json: No such file"),
        (lambda home: (home / "gold.json").write_text("{"), "gold.json: Expecting property name"),
        (lambda home: (home / "gold.json").write_text("[]"), "an object with the tables is expected"),
        (lambda home: (home / "gold.json").unlink(), "no labelled story"),
    ],
)
def test_a_story_that_cannot_be_read_is_named(
    stories: Path, env: dict[str, str], tmp_path: Path, spoil: Any, told: str
) -> None:
    spoil(stories / "dock")
    done = claimwatch(["eval", str(stories)], env=env, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
