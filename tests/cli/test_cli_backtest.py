"""`claimwatch rules backtest` and `rules apply` as people and CI use them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_process import EVIL, ROOT, Run
from ledgers import new_ledger

from monitor.core.types import Entry, PlannedVersion
from monitor.store.again import again_counts
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.tasks import finish_without_claims, take_articles

RULE = "  - {id: %s, title: T, match: {any: [{keyword: [%s]}]}%s}\n"
OLD = RULE % ("ferry", "ferry, boat", "") + RULE % ("tram", "tram", "") + RULE % ("gone", "dog", "")
NEW = (
    RULE % ("ferry", "ferry, ship", "")
    + RULE % ("tram", "tram", ", severity: high")
    + RULE % ("cat", "cat", "")
)
# By age in days; the third only the old rules find, the second only the new.
ARTICLES = (
    (0, "A ferry"),
    (1, "A ship"),
    (1, "A boat"),
    (2, "A tram"),
    (3, f"A cat {EVIL}"),
    (9, "Nothing at all"),
    (60, "A ship of old"),
)
NOW = datetime.now(UTC)


BOTH = pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"], indirect=True)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """SQLite's, unless a test wants both."""
    return str(request.getfixturevalue(getattr(request, "param", "sqlite_url")))


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    made = new_ledger(url)
    store(made, ARTICLES)
    yield made
    made.close()


def store(db: Database, articles: tuple[tuple[int, str], ...]) -> None:
    versions = [
        PlannedVersion(
            article_id=None,
            identity=f"test|{number}|{title}",
            version=1,
            content_hash=str(number),
            publisher="The Wire",
            entry=Entry(
                guid=str(number),
                url="",
                title=title,
                summary="",
                text="Words of the text.",
                author="",
                lang="en",
                published_at=NOW - timedelta(days=age, minutes=number),
                updated_at=None,
            ),
        )
        for number, (age, title) in enumerate(articles)
    ]
    save_imported(db, versions, backfill=False)


@pytest.fixture
def env(tmp_path: Path, url: str) -> Mapping[str, str]:
    for name, rules in (("old", OLD), ("new", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yml").write_text(f"version: 1\nrules:\n{rules}")
    return {"CLAIMWATCH_DATABASE_URL": url, "CLAIMWATCH_RULES": str(tmp_path / "old")}


def without_times(report: str) -> str:
    lines = [line.split(" in ")[0] if " judged on " in line else line for line in report.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("articles: "))


def test_a_report_says_what_comes_and_what_goes(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    done = claimwatch("rules", "backtest", "new", env=env)
    assert (done.code, done.err) == (0, "")

    def at(days: int, number: int) -> str:
        return (NOW - timedelta(days=days, minutes=number)).strftime("%Y-%m-%d %H:%M")

    yesterday = (NOW - timedelta(days=1, minutes=1)).date()
    assert without_times(done.out).startswith(
        f"""new: new
old: {env["CLAIMWATCH_RULES"]} (deployed)

1 rule is different in settings alone, and not judged again: tram
3 rules judged on 6 articles

ferry (changed): +1 added, -1 removed, =1 kept
  +       2  {at(1, 1)}  The Wire: A ship  [ship]
  -       3  {at(1, 2)}  The Wire: A boat  [boat]
"""
    )
    assert "cat (new): +1 added, -0 removed, =0 kept\n" in done.out
    assert "The Wire: A cat red" in done.out
    assert done.out.endswith("no difference: gone =0\n\nin all: +2 added, -1 removed, =1 kept\n")
    assert "\x1b" not in done.out
    assert yesterday.isoformat() in done.out


@BOTH
def test_programs_get_an_object_for_each_rule_and_one_for_all(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    *rules, total = claimwatch("rules", "backtest", "new", "--since", "90d", "--json", env=env).objects
    assert [(one["rule"], one["change"], one["added"], one["removed"], one["kept"]) for one in rules] == [
        ("cat", "new", 1, 0, 0),
        ("ferry", "changed", 2, 1, 1),
        ("gone", "deleted", 0, 0, 0),
        ("tram", "settings", None, None, None),
    ]
    ferry = rules[1]
    assert sum(day["added"] for day in ferry["days"]) == 2
    assert [one["title"] for one in ferry["samples"]["added"]] == ["A ship", "A ship of old"]
    assert ferry["samples"]["removed"][0]["terms"] == ["boat"]
    assert (total["kind"], total["articles"], total["added"], total["processes"]) == ("total", 7, 3, 1)


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["--max-added", "2"], 0, ""),
        (["--max-added", "1"], 1, "error: 2 matches added, more than --max-added 1\n"),
        (["--max-removed", "0"], 1, "error: 1 matches removed, more than --max-removed 0\n"),
        (["--rule", "cat", "--max-added", "1"], 0, ""),
    ],
)
def test_ci_can_hold_a_change_to_a_limit(
    options: list[str], code: int, complaint: str, db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    done = claimwatch("rules", "backtest", "new", *options, env=env)
    assert (done.code, done.err) == (code, complaint)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "error: the rules folder nowhere does not exist"),
        (["new", "--against", "nowhere"], "error: the rules folder nowhere does not exist"),
        (["new", "--rule", "fery"], "error: there is no rule 'fery'\n  help: did you mean 'ferry'?"),
        (["new", "--since", "soon"], "error: invalid value for --since"),
        (["broken"], "error: broken: 1 error in the rules"),
    ],
)
def test_bad_input_is_exit_code_2(
    arguments: list[str],
    complaint: str,
    claimwatch: Run,
    env: Mapping[str, str],
    db: Database,
    tmp_path: Path,
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.yml").write_text("rules: [}")
    done = claimwatch("rules", "backtest", *arguments, env=env)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert "Traceback" not in done.err


def test_a_window_without_articles_and_sets_without_a_difference_say_so(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    empty = claimwatch("rules", "backtest", "new", "--since", "2020-01-01", "--until", "2020-02-01", env=env)
    assert "3 rules judged on 0 articles: there are none in this time" in empty.out
    same = claimwatch("rules", "backtest", "old", env=env)
    assert "No rule differs in what it matches: nothing was judged." in same.out
    assert "Both are the same folder" in same.out
    assert (empty.code, same.code) == (0, 0)


@BOTH
def test_several_processes_find_what_one_finds(db: Database, claimwatch: Run, env: Mapping[str, str]) -> None:
    store(db, tuple((number % 20, f"A ship {number}") for number in range(1200)))
    one, two = (
        claimwatch("rules", "backtest", "new", "--json", "-j", str(processes), env=env).objects
        for processes in (1, 2)
    )
    assert [rule["samples"] for rule in one[:-1]] == [rule["samples"] for rule in two[:-1]]
    assert one[:-1] == two[:-1]
    assert (one[1]["added"], two[-1]["articles"], two[-1]["processes"]) == (1201, 1206, 2)


def test_ctrl_c_says_how_far_it_was(
    db: Database, env: Mapping[str, str], tmp_path: Path, entry_points_path: str
) -> None:
    store(db, tuple((1, f"A ship {number}") for number in range(4000)))
    # A pattern without letters is tried on every article.
    (tmp_path / "new" / "slow.yml").write_text(
        "version: 1\nrules:\n  - {id: slow, title: S, match: {any: [{regex: '(\\d ?){9}'}]}}\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    paths = os.pathsep.join(filter(None, [str(ROOT), entry_points_path]))
    child = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "rules", "backtest", "new", "-j", "2"],
        env=clean | dict(env) | {"PYTHONPATH": paths, "CLAIMWATCH_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(children_of(child.pid)) < 2:  # judging has begun
        assert child.poll() is None
        time.sleep(0.02)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, "")
    assert err.startswith("stopped after ")
    assert " of 4,006 articles; until then " in err
    assert "Traceback" not in err


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


# ---------------------------------------------------------------- apply


def judge_as_news(db: Database) -> None:
    """Every article is judged, and none matched."""
    while (taken := take_articles(db, limit=500, lease_for=timedelta(minutes=1))).articles:
        finish_without_claims(db, taken, taken.tasks, [])


def test_apply_asks_for_the_window_and_says_who_will_do_it(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    judge_as_news(db)
    done = claimwatch("rules", "apply", env=env)
    assert done.out == "5 articles will be judged again with the present rules; no alert is sent for them\n"
    assert done.err.startswith("no worker is running: `claimwatch once` does the work")
    assert (done.code, again_counts(db).waiting) == (0, 5)


def test_apply_leaves_out_what_is_still_to_be_judged(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    done = claimwatch("rules", "apply", env=env)
    assert done.out == (
        "0 articles will be judged again with the present rules; no alert is sent for them\n"
        "5 articles left out: not judged yet, or stuck\n"
    )
    assert (done.code, done.err, again_counts(db).waiting) == (0, "", 0)


@BOTH
def test_apply_for_a_rule_asks_only_for_articles_that_it_concerns(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    judge_as_news(db)
    done = claimwatch("rules", "apply", "--rule", "ferry", "--rule", "tram", env=env)
    assert done.out.startswith("3 articles will be judged again")
    assert again_counts(db).waiting == 3
    wrong = claimwatch("rules", "apply", "--rule", "fery", env=env)
    assert (wrong.code, "did you mean 'ferry'?" in wrong.err) == (2, True)


@BOTH
def test_a_dry_run_writes_nothing_and_shows_what_would_come_and_go(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    judge_as_news(db)
    done = claimwatch("rules", "apply", "--dry-run", env=env)
    assert done.out.startswith("5 articles would be judged again; nothing was written\n")
    assert "old: the matches in the ledger" in done.out
    assert "ferry: +2 added, -0 removed, =0 kept" in done.out
    assert (done.code, again_counts(db).waiting) == (0, 0)


def test_apply_refuses_broken_rules(
    db: Database, claimwatch: Run, env: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "old" / "b.yml").write_text("rules: [}")
    done = claimwatch("rules", "apply", env=env)
    assert (done.code, again_counts(db).waiting) == (2, 0)


def test_stored_matches_are_the_old_side_where_no_folder_is_named(
    db: Database, claimwatch: Run, env: Mapping[str, str]
) -> None:
    """What applying the rules would change, as JSON."""
    judge_as_news(db)
    *rules, total = claimwatch("rules", "backtest", "--json", env=env).objects
    assert {one["rule"]: one["added"] for one in rules} == {"ferry": 2, "gone": 0, "tram": 1}
    assert {one["change"] for one in rules} == {None}
    assert total["old"] == "the matches in the ledger"
