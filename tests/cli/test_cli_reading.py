"""The reading commands, as people and programs run them, on a real database."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from cli_process import Run, fill

NOUNS = ("articles", "matches", "claims", "contradictions", "alerts")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

CLAIM_FIELDS = {
    "id",
    "article",
    "quote",
    "start",
    "end",
    "field",
    "kind",
    "speaker",
    "stance",
    "hedged",
    "cue",
    "proposition",
    "quantities",
    "thread",
    "status",
    "first_seen_at",
    "appearances",
    "origins",
    "rules",
    "versions",
}
PAIR_FIELDS = {
    "id",
    "kind",
    "scope",
    "relation",
    "grade",
    "score",
    "left",
    "right",
    "reason",
    "status",
    "group",
    "story",
    "created_at",
    "comparator",
    "versions",
}


@pytest.fixture
def env(filled: Path) -> dict[str, str]:
    return {"CLAIMWATCH_DATA_DIR": str(filled)}


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_lists_tab_separated_lines_to_a_pipe(
    claimwatch: Run, env: dict[str, str], noun: str
) -> None:
    done = claimwatch(noun, "list", env=env)
    assert done.code == 0, done.err
    titles, *rows = done.out.splitlines()
    assert titles.startswith("id\t")
    assert rows
    assert {row.count("\t") for row in rows} == {titles.count("\t")}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    "form", [("list",), ("list", "--json"), ("show", "1"), ("show", "2"), ("show", "1", "--json")]
)
def test_no_control_character_of_a_feed_reaches_the_output(
    claimwatch: Run, env: dict[str, str], noun: str, form: tuple[str, ...]
) -> None:
    done = claimwatch(noun, *form, env=env)
    assert not UNSAFE.search(done.out + done.err)
    assert "owned" not in done.out or "--json" in form


@pytest.mark.parametrize("noun", NOUNS)
def test_show_gives_one_object_that_list_gives_too(claimwatch: Run, env: dict[str, str], noun: str) -> None:
    listed = claimwatch(noun, "list", "--json", env=env).objects
    shown = claimwatch(noun, "show", str(listed[0]["id"]), "--json", env=env).objects
    assert shown == listed[:1]


def test_claims_and_contradictions_have_the_shape_of_the_contract(
    claimwatch: Run, env: dict[str, str]
) -> None:
    claims = claimwatch("claims", "list", "--json", env=env).objects
    assert {frozenset(claim) for claim in claims} == {frozenset(CLAIM_FIELDS)}
    assert set(claims[0]["article"]) == {"id", "url", "title", "publisher", "published_at", "version"}
    (pair,) = claimwatch("contradictions", "list", "--json", env=env).objects
    assert set(pair) == PAIR_FIELDS
    assert set(pair["left"]) == set(pair["right"]) == CLAIM_FIELDS
    assert pair["left"]["stance"] == "accuse"


def test_a_quote_in_json_is_the_exact_text_with_all_its_characters(
    claimwatch: Run, env: dict[str, str]
) -> None:
    (claim,) = claimwatch("claims", "list", "--json", "--speaker", "Bruno Sand", env=env).objects
    (article,) = claimwatch("articles", "show", str(claim["article"]["id"]), "--json", env=env).objects
    assert article["text"][claim["start"] : claim["end"]] == claim["quote"]
    assert "\x1b[31m" in claim["quote"] or "red" in claim["quote"]


def test_a_contradiction_shows_both_quotes_speakers_addresses_and_the_reason(
    claimwatch: Run, env: dict[str, str]
) -> None:
    out = claimwatch("contradictions", "show", "1", env=env).out
    for words in (
        "Ada Ostrova",
        "Bruno Sand",
        "Ostrova said the south blew up the bridge.",
        "https://outlet1.example/story",
        "https://outlet2.example/story",
        "Ada Ostrova says the south did it, Bruno Sand denies it",
        "North Post",
        "2024-03-26 11:00 UTC",
    ):
        assert words in out


def test_threads_are_listed_and_shown_with_what_stands_against_them(
    claimwatch: Run, env: dict[str, str]
) -> None:
    listed = claimwatch("threads", "list", "--json", env=env).objects
    assert {one["id"] for one in listed} == {"thread-accuse", "thread-deny"}
    assert claimwatch("threads", "list", env=env).out.count("\n") == 3
    shown = claimwatch("threads", "show", "thread-a", env=env)
    assert shown.code == 0, shown.err
    for words in ("Ada Ostrova accuses", "Appearances", "Stands against", "Bruno Sand", "North Post"):
        assert words in shown.out
    assert not UNSAFE.search(shown.out)
    (whole,) = claimwatch("threads", "show", "thread-accuse", "--json", env=env).objects
    assert [pair["other"]["speaker"]["name"] for pair in whole["pairs"]] == ["Bruno Sand"]


def test_search_finds_words_in_everything_and_shows_them_without_colour(
    claimwatch: Run, env: dict[str, str]
) -> None:
    done = claimwatch("search", "bridge -weather", env=env)
    assert done.code == 0, done.err
    assert "the south blew up the [bridge]." in done.out
    assert not UNSAFE.search(done.out)
    assert {line.partition("\t")[0] for line in done.out.splitlines()[1:]} == {
        "article",
        "claim",
        "contradiction",
    }
    (one,) = claimwatch("search", "bridge", "--kind", "contradiction", "--json", env=env).objects
    assert {part["field"] for part in one["snippets"]} == {"left.quote", "right.quote"}
    nothing = claimwatch("search", "zeppelin", env=env)
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing stored has 'zeppelin'" in nothing.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("search", '"bridge'), "character 1 is never closed"),
        (("search", "bridge", '""'), "at character 8"),
        (("search", ""), "the query is empty"),
        (("search", "bridge", "--kind", "feeds"), "--kind"),
        (("claims", "list", "--query", 'a "b'), "character 3 is never closed"),
    ],
)
def test_a_query_that_cannot_be_read_is_told_with_its_place(
    claimwatch: Run, env: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    done = claimwatch(*arguments, env=env)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "help:" in done.err


def test_a_thread_that_is_not_there_or_not_the_only_one_is_said_so(
    claimwatch: Run, env: dict[str, str]
) -> None:
    absent = claimwatch("threads", "show", "nothing", env=env)
    assert (absent.code, absent.out) == (1, "")
    assert "claimwatch threads list" in absent.err
    several = claimwatch("threads", "show", "thread", env=env)
    assert (several.code, several.out) == (2, "")
    assert "thread-accuse, thread-deny" in several.err


@pytest.mark.parametrize(
    ("filters", "publishers"),
    [
        (("--publisher", "North Post"), ["North Post"]),
        (("--lang", "ru"), ["Третья газета"]),
        (("--query", "дождь"), ["Третья газета"]),
        (("--query", "bridge blamed"), ["North Post"]),
        (("--rule", "bridge", "--limit", "1"), None),
        (("--since", "2024-03-26T12:30Z"), ["Третья газета"]),
        (("--until", "2024-03-26T11:30Z"), ["North Post"]),
        (("--until", "2024-03-25"), []),
        (("--rule", "no-such-rule"), []),
    ],
)
def test_the_common_filters_leave_what_fits(
    claimwatch: Run, env: dict[str, str], filters: tuple[str, ...], publishers: list[str] | None
) -> None:
    done = claimwatch("articles", "list", "--json", *filters, env=env)
    assert done.code == 0, done.err
    found = [article["publisher"] for article in done.objects]
    if publishers is None:
        assert len(found) == 1
    else:
        assert found == publishers


def test_updates_are_another_relation_than_contradictions(claimwatch: Run, env: dict[str, str]) -> None:
    assert len(claimwatch("contradictions", "list", "--json", env=env).objects) == 1
    assert claimwatch("contradictions", "list", "--json", "--relation", "update", env=env).objects == []
    assert len(claimwatch("contradictions", "list", "--json", "--relation", "all", env=env).objects) == 1


def test_alerts_of_one_kind_are_listed_and_kinds_that_do_not_exist_are_named(
    claimwatch: Run, env: dict[str, str]
) -> None:
    every = claimwatch("alerts", "list", "--json", env=env).objects
    kind = every[0]["kind"]
    found = claimwatch("alerts", "list", "--json", "--kind", kind, env=env).objects
    assert found == [alert for alert in every if alert["kind"] == kind]
    assert claimwatch("alerts", "list", "--json", "--kind", "health", env=env).objects == []
    wrong = claimwatch("alerts", "list", "--kind", "quarrel", env=env)
    assert wrong.code == 2
    assert "no kind of alert; there are match, new_claim" in wrong.err


def test_finding_nothing_is_no_error_and_is_said_on_standard_error(
    claimwatch: Run, env: dict[str, str]
) -> None:
    done = claimwatch("claims", "list", "--speaker", "Nobody", env=env)
    assert (done.code, done.out) == (0, "")
    assert "no claims" in done.err


@pytest.mark.parametrize("noun", NOUNS)
def test_showing_what_does_not_exist_is_exit_code_1(claimwatch: Run, env: dict[str, str], noun: str) -> None:
    done = claimwatch(noun, "show", "4711", env=env)
    assert done.code == 1
    assert "4711" in done.err
    assert f"claimwatch {noun} list" in done.err


def test_what_was_marked_as_noise_is_listed_when_asked_for(claimwatch: Run, tmp_path: Path) -> None:
    fill(tmp_path / "data")
    assert claimwatch("feedback", "contradiction:1", "noise", "--by", "eva").code == 0
    done = claimwatch("contradictions", "list")
    assert (done.out, "--status all shows it" in done.err) == ("", True)
    (pair,) = claimwatch("contradictions", "list", "--status", "noise", "--json").objects
    assert (pair["id"], pair["status"]) == (1, "noise")
    assert claimwatch("contradictions", "list", "--status", "all").out
    both = claimwatch("feedback", "1", "real")
    assert both.code == 2
    assert "match:1" in both.err
    assert "contradiction:1" in both.err


def test_stuck_articles_are_listed_with_their_errors_and_tried_again(
    claimwatch: Run, filled: Path, tmp_path: Path
) -> None:
    nothing = claimwatch("articles", "retry")
    assert nothing.code == 3  # there is no ledger yet
    shutil.copytree(filled, tmp_path / "data")
    assert claimwatch("articles", "retry").err == "nothing is stuck\n"
    missing = claimwatch("articles", "retry", "7")
    assert (missing.code, "not stuck: article 7" in missing.err) == (1, True)
    with sqlite3.connect(tmp_path / "data" / "claimwatch.db") as ledger:
        ledger.execute("UPDATE task SET state = 'stuck', attempts = 3, error = 'it\x1b[2J breaks'")
        number = ledger.execute("SELECT count(*) FROM task").fetchone()[0]
    listed = claimwatch("articles", "retry", "--dry-run", "--json").objects
    assert len(listed) == number > 1
    assert listed[0]["error"].endswith(" breaks")
    one = claimwatch("articles", "retry", str(listed[0]["article"]))
    assert one.out.startswith(f"article {listed[0]['article']}, version ")
    assert "\x1b" not in one.out
    assert one.err.startswith("1 of them will be tried again")
    assert len(claimwatch("articles", "retry", "--json").objects) == number - 1
    assert claimwatch("articles", "retry", "--dry-run").err == "nothing is stuck\n"
