"""What an edit of a watched rules folder changes: nothing where it is broken, and no more than it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from watched_folder import RULE, RULES_OF, TWO, Watched, rule, write

from monitor.errors import RulesError
from monitor.rulefiles import RulesWatcher
from monitor.rulefiles.watching import (
    AGAIN_SECONDS,
    LOOK_SECONDS,
    SETTLE_BROKEN_SECONDS,
)

# ---------------------------------------------------------------- broken files


def test_a_broken_file_keeps_the_last_good_set_and_says_so(watched: Watched) -> None:
    good = watched.watcher.current()
    write(watched.folder, RULE + "  - {id: ")
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert watched.watcher.current() is good
    assert "a.yml" in watched.watcher.problem
    assert "error[yaml-syntax]" in watched.watcher.problem
    write(watched.folder, rule("mended"))
    watched.wait(RULES_OF)
    assert watched.words == {"mended"}
    assert watched.watcher.problem == ""


def test_a_broken_file_that_is_put_back_clears_the_problem(watched: Watched) -> None:
    file = watched.folder / "a.yml"
    before = file.stat().st_mtime_ns
    write(watched.folder, "}")
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert watched.watcher.problem
    write(watched.folder, rule("WORD"))
    os.utime(file, ns=(before, before))
    watched.wait(RULES_OF)
    assert watched.watcher.problem == ""


def test_a_folder_that_goes_away_keeps_the_last_good_set(watched: Watched) -> None:
    away = watched.folder.with_name("away")
    watched.folder.rename(away)
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert watched.words == {"WORD"}
    assert "does not exist" in watched.watcher.problem
    away.rename(watched.folder)
    watched.wait(RULES_OF)
    assert watched.watcher.problem == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_tried_again_by_itself(watched: Watched) -> None:
    file = watched.folder / "a.yml"
    file.chmod(0)
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert "unreadable" in watched.watcher.problem
    file.chmod(0o600)
    watched.wait(AGAIN_SECONDS)
    assert watched.watcher.problem == ""


def test_a_disk_that_was_ill_is_read_again_though_nothing_moved(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(watched.folder, rule("other"))
    with monkeypatch.context() as ill:

        def fail(*_: object) -> bytes:
            raise OSError(5, "Input/output error")

        ill.setattr("monitor.rulefiles.reading.read_bytes", fail)
        watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
        assert "Input/output error" in watched.watcher.problem
    watched.wait(AGAIN_SECONDS + LOOK_SECONDS)
    assert watched.watcher.problem == ""
    assert watched.words == {"other"}


def test_broken_rules_at_the_start_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, "}")
    with pytest.raises(RulesError):
        RulesWatcher(tmp_path)


def test_problems_do_not_pile_up_over_readings(watched: Watched) -> None:
    write(watched.folder, "version: 1\nlists: {mixed: [мiр]}\n", "c.yml")
    watched.wait(RULES_OF)
    before = watched.watcher.current().problems
    assert [problem.code for problem in before] == ["mixed-alphabet"]
    for number in range(3):
        write(watched.folder, f"version: 1\nlists: {{l{number}: [word]}}\n", "b.yml")
        watched.wait(RULES_OF)
    assert watched.watcher.current().problems == before


# ---------------------------------------------------------------- what an edit does not touch


def test_rules_that_an_edit_leaves_alone_are_the_very_same_afterwards(watched: Watched) -> None:
    write(
        watched.folder,
        "version: 1\nlists: {w: [one]}\nentities: {e: {type: org, name: E, aliases: [Eee]}}\n",
        "l.yml",
    )
    write(
        watched.folder,
        "version: 1\nrules:\n"
        "  - {id: plain, title: P, match: {any: [{keyword: plain}]}}\n"
        "  - {id: listed, title: L, match: {any: [{keyword: $w}]}}\n"
        "  - {id: named, title: N, match: {any: [{entity: e}]}}\n",
        "b.yml",
    )
    watched.wait(RULES_OF)

    def edit(name: str, old: str, new: str) -> set[str]:
        """Which rules are other objects after the edit."""
        before = dict(watched.watcher.current().rules.rules)
        file = watched.folder / name
        file.write_text(file.read_text().replace(old, new))
        watched.wait(RULES_OF)
        assert watched.watcher.problem == ""
        after = watched.watcher.current().rules.rules
        return {rule_id for rule_id in after if after[rule_id] is not before.get(rule_id)}

    assert edit("l.yml", "[one]", "[one, two]") == {"listed"}
    assert edit("l.yml", "[Eee]", "[Eee, Ehh]") == {"named"}
    assert edit("b.yml", "title: L", "title: M") == {"listed"}
    assert edit("b.yml", "rules:\n", "rules:\n  - {id: first, title: F, match: {any: [{keyword: f}]}}\n") == {
        "first"
    }
    assert edit("a.yml", "WORD", "other") == {"a-rule"}
    assert edit("a.yml", "version: 1\n", "version: 1\n# a remark\n") == set()


def test_an_edit_gives_the_same_rules_as_a_fresh_reading(watched: Watched) -> None:
    steps: list[tuple[str, str]] = [
        ("b.yml", TWO["b.yml"]),
        ("a.yml", TWO["a.yml"]),
        (
            "filters/f.yml",
            "version: 1\nfilters: [{id: f, rules: ['*'], none: [{keyword: sport}], reason: R}]\n",
        ),
        (
            "filters/f.yml",
            "version: 1\nfilters: [{id: f, rules: [a-rule], none: [{entity: harbour}], reason: R}]\n",
        ),
        ("b.yml", TWO["b.yml"].replace("[Harbour]", "[Harbour, Haven]")),
        ("a.yml", rule("w")),
        ("filters/f.yml", "version: 1\nfilters: []\n"),
    ]
    for name, text in steps:
        write(watched.folder, text, name)
        watched.wait(RULES_OF)
        fresh = RulesWatcher(watched.folder).current()
        ours = watched.watcher.current()
        assert watched.watcher.problem == ""
        assert ours.rules.version == fresh.rules.version
        assert dict(ours.rules.rules) == dict(fresh.rules.rules)
        assert dict(ours.rules.entities) == dict(fresh.rules.entities)
        assert ours.recorded_text("a-rule") == fresh.recorded_text("a-rule")


def test_a_hint_is_made_anew_when_what_it_names_has_gone(watched: Watched) -> None:
    write(watched.folder, TWO["b.yml"], "b.yml")
    write(watched.folder, TWO["a.yml"].replace("entity: harbour", "entity: harbor"))
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert "did you mean 'harbour'?" in watched.watcher.problem
    write(watched.folder, TWO["b.yml"].replace("harbour", "haven"), "b.yml")
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert "harbour" not in watched.watcher.problem
    assert "no file defines an entity 'harbor'" in watched.watcher.problem


def test_the_version_of_a_folder_counts_what_a_process_does_and_nothing_else(watched: Watched) -> None:
    write(watched.folder, "version: 1\nreceivers: {a: 'stdout:'}\nroute: [{receivers: [a]}]\n", "routes.yml")
    write(watched.folder, "version: 1\nfeeds: [{url: 'https://a.example/x'}]\n", "feeds.yml")
    watched.wait(RULES_OF)
    seen = [watched.watcher.current().version]
    for name, old, new, counts in (
        ("a.yml", "version: 1\n", "version: 1\n# a remark\n", False),
        ("a.yml", "title: A", "title: B", False),
        ("a.yml", "WORD", "word2", True),
        ("routes.yml", "a: 'stdout:'", "a: 'stdout:', b: 'stdout:'", True),
        ("feeds.yml", "/x", "/y", True),
    ):
        file = watched.folder / name
        file.write_text(file.read_text().replace(old, new))
        watched.wait(RULES_OF)
        assert watched.watcher.problem == ""
        assert (watched.watcher.current().version not in seen) is counts, name
        seen.append(watched.watcher.current().version)
