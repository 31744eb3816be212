"""`claimwatch eval` with everything beside it, and the way from feedback to stories and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from claimwatch_processes import REPOSITORY, claimwatch, environment

FIRST = "The union said Harbour Lines was behind the fire at the dock."
SECOND = "Harbour Lines denied any involvement in the fire at the dock."
RULE = "version: 1\nrules:\n  - id: docks\n    title: Docks\n    match: {any: [{keyword: [dock]}]}\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    rules = tmp_path / "rules"
    (rules / "topics").mkdir(parents=True)
    (rules / "frames").symlink_to(REPOSITORY / "rules" / "frames")
    (rules / "topics" / "docks.yml").write_text(RULE)
    return environment(tmp_path, {"rules": str(rules), "data_dir": str(tmp_path / "data")})


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A corpus of one article in which people marked what the union said."""
    text = f"Fire at the dock\n\n{FIRST}"
    words = "Harbour Lines was behind the fire at the dock"
    start = text.index(words)
    row = {
        "doc": "d1",
        "title": "Fire at the dock",
        "text": text,
        "attributions": [
            {
                "quoted": "indirect",
                "content": [[start, start + len(words), words]],
                "source": [[text.index("The union"), text.index("The union") + 9, "The union"]],
            }
        ],
    }
    file = tmp_path / "marked.jsonl"
    file.write_text(json.dumps(row) + "\n")
    return file


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_what_people_said_is_measured_live_and_exported_as_a_story_that_scores_the_same(
    env: dict[str, str], tmp_path: Path
) -> None:
    assert claimwatch(["eval", "--live"], env=env, cwd=tmp_path).returncode == 3
    archive = tmp_path / "archive.jsonl"
    rows = [
        {"url": f"https://news.example/{n}", "title": "Fire", "text": text, "publisher": f"Outlet {n}",
         "lang": "en", "published_at": f"2019-05-0{n}T08:00:00Z"}
        for n, text in ((1, FIRST), (2, SECOND))
    ]  # fmt: skip
    archive.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert claimwatch(["import", str(archive)], env=env, cwd=tmp_path).returncode == 0
    explained_by_the_program(env, tmp_path)
    export = ["feedback", "export", str(tmp_path / "out"), "--json"]
    assert claimwatch(export, env=env, cwd=tmp_path).returncode == 1
    said = claimwatch(["feedback", "contradiction:1", "real"], env=env, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    live = lines(claimwatch(["eval", "--live", "--json"], env=env, cwd=tmp_path).stdout)
    assert {(row["by"], row["name"], row["real"]) for row in live} >= {
        (None, "all", 1),
        ("comparator", "denial", 1),
        ("frame", "responsibility", 1),
        ("rule", "docks", 1),
    }
    done = claimwatch(export, env=env, cwd=tmp_path)
    assert lines(done.stdout) == [
        {"story": "conflict-01", "articles": 2, "claims": 2, "contradictions": 1, "non_contradictions": 0,
         "unjudged": 0}
    ]  # fmt: skip
    again = claimwatch(export, env=env, cwd=tmp_path)
    assert again.returncode == 2
    assert "not an empty folder" in again.stderr
    scored = claimwatch(["eval", str(tmp_path / "out"), "--baselines", "--json"], env=env, cwd=tmp_path)
    story, whole, beside = lines(scored.stdout)
    assert story["missed_pairs"] == []
    assert whole["strong_recall"] == {"value": 1.0, "of": 1}
    assert whole["precision"] == {"value": 1.0, "of": 1}
    ours, *others = beside["baselines"]["pairs"]
    assert (ours["method"], ours["average_precision"]) == ("Claimwatch", 1.0)
    assert {row["method"] for row in others} >= {"word overlap"}
    assert [row["method"] for row in beside["baselines"]["claims"]] == ["Claimwatch", "quotation marks alone"]


def explained_by_the_program(env: dict[str, str], cwd: Path) -> None:
    """The evidence of the ledger's claim and pair, read and compared again."""
    claim = claimwatch(["claims", "explain", "1", "--json"], env=env, cwd=cwd)
    assert claim.returncode == 0, claim.stderr
    (told,) = lines(claim.stdout)
    says = {step["step"]: "\n".join(step["says"]) for step in told["steps"]}
    assert "the quote stands there" in says["text"]
    assert "detector" in says["attribution"]
    assert says["read again"] == "found again, the same"
    assert "parser en_core_web_sm" in says["found by"]
    stored = claimwatch(["claims", "explain", "1", "--stored"], env=env, cwd=cwd)
    assert "detector" not in stored.stdout
    pair = claimwatch(["contradictions", "explain", "1"], env=env, cwd=cwd)
    assert "comparator denial" in pair.stdout
    assert "found again, the same" in pair.stdout
    for noun in ("claims", "contradictions"):
        none = claimwatch([noun, "explain", "99"], env=env, cwd=cwd)
        assert none.returncode == 1
        assert "there is no" in none.stderr


def test_a_corpus_is_measured_by_kind_and_its_absence_is_said(
    env: dict[str, str], tmp_path: Path, marked: Path
) -> None:
    done = claimwatch(["eval", "--polnear", str(marked), "--json"], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (news,) = lines(done.stdout)
    assert news["kinds"]["indirect"]["f1"] == 1.0
    assert news["kinds"]["indirect"]["speaker"] == 1.0
    assert (news["contradictions_told"], news["articles_told_of"]) == (0, 0)
    again = json.loads(marked.read_text())
    denied = {"doc": "d2", "title": "Fire at the dock", "text": f"Fire at the dock\n\n{SECOND}"}
    rows = (again, {**denied, "attributions": []})
    marked.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (two,) = lines(claimwatch(["eval", "--polnear", str(marked), "--json"], env=env, cwd=tmp_path).stdout)
    assert (two["contradictions_told"], two["articles_told_of"]) == (1, 2)
    none = claimwatch(["eval", "--polnear", str(tmp_path / "nowhere")], env=env, cwd=tmp_path)
    assert none.returncode == 0
    assert "skipped: there is no" in none.stderr
    marked.write_text("{}\n")
    bad = claimwatch(["eval", "--polnear", str(marked)], env=env, cwd=tmp_path)
    assert bad.returncode == 2
    assert f"{marked}:1" in bad.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "nothing to measure on"),
        (["--live", "stories"], "--live measures the ledger"),
        (["stories", "--markdown", "--json"], "a page needs stories"),
        (["--markdown", "--polnear", "x"], "a page needs stories"),
    ],
)
def test_what_does_not_go_together_is_refused(
    env: dict[str, str], tmp_path: Path, arguments: list[str], told: str
) -> None:
    done = claimwatch(["eval", *arguments], env=env, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
