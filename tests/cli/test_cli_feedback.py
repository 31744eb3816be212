"""The loop of an analyst, first half: what people say of a match, and what it says of the rule."""

from __future__ import annotations

import pytest
from feedback_desk import WEATHER, Desk

# ---------------------------------------------------------------- feedback


def test_a_word_is_said_shown_and_taken_back(desk: Desk) -> None:
    number = desk.ids()[WEATHER[0]]
    out = desk.ok("feedback", str(number), "noise", "--by", "eva", "--note", "a storm")
    assert f"match:{number} is noise: {WEATHER[0]}" in out
    assert "counts for strikes" in out
    assert f"claimwatch rules adopt-test {number}" in out
    (word,) = desk.objects("feedback", "list")
    assert (word["by"], word["note"], word["word"], word["rules"]) == ("eva", "a storm", "noise", ["strikes"])
    assert desk.objects("matches", "list", "--status", "noise")[0]["id"] == number
    assert f"match:{number} is real (was noise)" in desk.ok("feedback", f"match:{number}", "real")
    assert f"match:{number} is noise (was real)" in desk.ok("feedback", str(number), "--undo")
    assert f"match:{number} is open again (was noise)" in desk.ok("feedback", str(number), "--undo")
    assert {word["state"] for word in desk.objects("feedback", "list", "--history")} == {"undone"}
    (answer,) = desk.objects("feedback", str(number), "outdated")
    assert (answer["id"], answer["before"], answer["standing"]["word"]) == (
        f"match:{number}",
        None,
        "outdated",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("4711", "noise"), 1, "no match or contradiction 4711"),
        (("match:4711", "noise"), 1, "no match 4711"),
        (("thread:nobody", "noise"), 1, "no thread nobody"),
        (("nobody", "noise"), 1, "no thread nobody"),
        (("1",), 2, "one of real, noise, outdated, or --undo"),
        (("1", "noise", "--undo"), 2, "one of real, noise, outdated, or --undo"),
        (("1", "--undo"), 2, "nothing to undo"),
        (("1", "nois"), 2, "'nois' is not one of"),
        (("1", "noise", "--note", "x" * 2001), 2, "over 2000 characters"),
        (("list", "--since", "yesterday"), 2, "no time"),
    ],
)
def test_what_cannot_be_said_is_told_without_a_traceback(
    desk: Desk, arguments: tuple[str, ...], code: int, told: str
) -> None:
    got, out, err = desk.say("feedback", *arguments)
    assert (got, told in err) == (code, True), err
    assert "Traceback" not in out + err
    assert desk.objects("feedback", "list") == []


def test_nothing_said_yet_is_told_in_words(desk: Desk) -> None:
    code, out, err = desk.say("feedback", "list")
    assert (code, out) == (0, "")
    assert "nothing was said yet" in err


# ---------------------------------------------------------------- stats


def test_stats_have_a_line_for_each_rule_and_say_what_is_missing(desk: Desk) -> None:
    code, out, err = desk.say("rules", "stats")
    assert code == 0
    titles, first, second = out.splitlines()
    assert titles.startswith("rule\tmatches\ta day\tby day\t")
    assert [line.split("\t")[:2] for line in (first, second)] == [["ports", "9"], ["strikes", "9"]]
    assert "not marked" in first
    assert "nothing is marked yet" in err
    desk.mark()
    _, out, err = desk.say("rules", "stats")
    assert "44 % (19–73 %, n 9)" in out
    assert err == ""


def test_one_rule_is_told_in_full(desk: Desk) -> None:
    desk.mark()
    out = desk.ok("rules", "stats", "strikes", "--cost")
    for words in (
        "strikes: Strikes",
        "9 in 30 days",
        "44 % (19–73 %, n 9): 4 noise, 5 real, 0 outdated",
        "Wire 9",
        "strike*",
        "quay",
        "100 % of its articles are also matched by ports (Jaccard 1.00)",
        "9 of 10 articles are one",
    ):
        assert words in out
    (line,) = desk.objects("rules", "stats", "strikes")
    assert line["noise"] == pytest.approx(
        {"part": 4, "whole": 9, "share": 4 / 9, "low": 0.1888, "high": 0.7333}, abs=1e-3
    )
    assert line["dead_terms"] == [{"term": "quay", "entity": None}]
    assert sum(line["days"]) == line["matches"] == 9
    assert line["overlap"] == [{"rule": "ports", "both": 9, "jaccard": 1.0, "covered": 1.0}]


def test_a_window_without_matches_and_a_rule_that_nobody_has_are_told_in_words(desk: Desk) -> None:
    code, out, err = desk.say("rules", "stats", "--since", "2100-01-01")
    assert code == 0
    assert "no rule matched anything" in err
    code, out, err = desk.say("rules", "stats", "strike")
    assert (code, out) == (2, "")
    assert "did you mean 'strikes'?" in err


def test_counts_are_shown_also_where_the_rule_files_are_broken(desk: Desk) -> None:
    desk.file.write_text("rules: [\n")
    code, out, err = desk.say("rules", "stats")
    assert code == 0
    assert "counting without the rule files" in err
    assert "strikes\t9" in out
    assert "no rule file has it" in desk.ok("rules", "stats", "strikes")
