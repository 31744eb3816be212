"""A rules folder that is edited while a process runs: what is taken, when, and what is kept meanwhile."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import RulesError
from monitor.rulefiles import RulesInForce, RulesWatcher
from monitor.rulefiles.watching import (
    AGAIN_SECONDS,
    LOOK_SECONDS,
    SETTLE_BROKEN_SECONDS,
    SETTLE_LONGEST_SECONDS,
    SETTLE_SECONDS,
)

RULE = "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{keyword: WORD}]}}\n"


class Watched:
    """A folder with a watcher whose clock stands still until a test moves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 100.0
        self.watcher = RulesWatcher(folder, clock=lambda: self.now)

    def wait(self, seconds: float) -> None:
        """Time passes, with the usual looks."""
        until = self.now + seconds
        self.watcher.look()
        while self.now < until:
            self.now = min(self.now + LOOK_SECONDS, until)
            self.watcher.look()

    @property
    def words(self) -> set[str]:
        (rule,) = self.watcher.current().rules.rules.values()
        return {word for child in rule.condition.children for word in child.children[0].terms}


def write(folder: Path, text: str, name: str = "a.yml") -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text, encoding="utf-8")


def rule(word: str, name: str = "a-rule") -> str:
    return RULE.replace("WORD", word).replace("a-rule", name)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    folder = tmp_path / "rules"
    write(folder, rule("WORD"))
    return Watched(folder)


RULES_OF = SETTLE_SECONDS + LOOK_SECONDS


def ids(watched: Watched) -> set[str]:
    return set(watched.watcher.current().rules.rules)


# ---------------------------------------------------------------- whole changes


def test_a_change_is_taken_when_the_folder_is_at_rest_and_not_before(watched: Watched) -> None:
    first = watched.watcher.current()
    watched.wait(60)
    assert watched.watcher.current() is first
    write(watched.folder, rule("other"))
    watched.wait(SETTLE_SECONDS - 0.01)
    assert watched.watcher.current() is first
    watched.wait(LOOK_SECONDS)
    assert watched.words == {"other"}


def test_a_new_file_and_a_removed_one_are_seen(watched: Watched) -> None:
    write(watched.folder, rule("more", "b-rule"), "topics/b.yml")
    watched.wait(RULES_OF)
    assert ids(watched) == {"a-rule", "b-rule"}
    (watched.folder / "a.yml").unlink()
    watched.wait(RULES_OF)
    assert ids(watched) == {"b-rule"}


def test_a_file_that_is_replaced_by_renaming_is_seen_though_time_and_size_stay(watched: Watched) -> None:
    file = watched.folder / "a.yml"
    status = file.stat()
    write(watched.folder, rule("DROW"), "a.yml.new")
    os.utime(watched.folder / "a.yml.new", ns=(status.st_atime_ns, status.st_mtime_ns))
    os.replace(watched.folder / "a.yml.new", file)
    assert (file.stat().st_mtime_ns, file.stat().st_size) == (status.st_mtime_ns, status.st_size)
    watched.wait(RULES_OF)
    assert watched.words == {"DROW"}


def test_a_folder_that_is_a_link_may_be_swapped(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, rule(name))
    (tmp_path / "rules").symlink_to("one")
    watched = Watched(tmp_path / "rules")
    (tmp_path / "next").symlink_to("two")
    os.replace(tmp_path / "next", tmp_path / "rules")
    watched.wait(RULES_OF)
    assert watched.words == {"two"}


def test_a_mounted_config_map_is_swapped_through_its_hidden_link(tmp_path: Path) -> None:
    """As kubelet does it: files and folders are links through `..data`, which is replaced whole."""
    mounted = tmp_path / "mounted"
    for name in ("one", "two"):
        write(mounted / f"..2026_{name}" / "topics", rule(name))
    (mounted / "..data").symlink_to("..2026_one")
    (mounted / "topics").symlink_to("..data/topics")
    watched = Watched(mounted)
    assert watched.words == {"one"}
    (mounted / "..data_tmp").symlink_to("..2026_two")
    os.replace(mounted / "..data_tmp", mounted / "..data")
    shutil.rmtree(mounted / "..2026_one")
    watched.wait(RULES_OF)
    assert watched.words == {"two"}


def test_a_link_to_the_folder_around_it_is_not_followed_for_ever(watched: Watched) -> None:
    (watched.folder / "again").symlink_to(watched.folder)
    write(watched.folder, rule("other"))
    watched.wait(RULES_OF)
    assert watched.words == {"other"}
    assert watched.watcher.problem == ""


@pytest.mark.parametrize(
    "name", [".a.yml.swp", ".#a.yml", "#a.yml", "4913", "a.yml~", "~a.yml", ".b.yml.Xy3Kq"]
)
def test_what_editors_and_rsync_put_beside_a_file_is_none_of_ours(watched: Watched, name: str) -> None:
    write(watched.folder, "}", name)
    watched.wait(60)
    assert watched.watcher.problem == ""
    assert ids(watched) == {"a-rule"}


# ---------------------------------------------------------------- half-written folders

TWO = {
    "a.yml": "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{entity: harbour}]}}\n",
    "b.yml": "version: 1\nentities:\n  harbour: {type: place, name: Harbour, aliases: [Harbour]}\n",
}


def test_a_change_of_several_files_is_taken_whole_and_its_half_is_never_called_broken(
    watched: Watched,
) -> None:
    first = watched.watcher.current()
    write(watched.folder, TWO["a.yml"])
    watched.wait(SETTLE_BROKEN_SECONDS - LOOK_SECONDS)
    assert watched.watcher.problem == ""
    assert watched.watcher.current() is first
    write(watched.folder, TWO["b.yml"], "b.yml")
    watched.wait(RULES_OF)
    assert watched.watcher.problem == ""
    assert "harbour" in watched.watcher.current().rules.entities


def test_a_half_that_stays_is_called_broken(watched: Watched) -> None:
    write(watched.folder, TWO["a.yml"])
    watched.wait(SETTLE_BROKEN_SECONDS + LOOK_SECONDS)
    assert "unknown-entity" in watched.watcher.problem
    assert watched.words == {"WORD"}


def test_a_folder_that_never_rests_is_taken_all_the_same(watched: Watched) -> None:
    waited = 0.0
    while watched.words != {"other"}:
        write(watched.folder, rule("other"))
        write(watched.folder, f"version: 1\nlists: {{l: [w{waited}]}}\n", "b.yml")
        watched.wait(SETTLE_SECONDS / 2)
        waited += SETTLE_SECONDS / 2
        assert waited <= SETTLE_LONGEST_SECONDS + 2 * SETTLE_SECONDS


def test_a_change_that_is_taken_back_while_it_settles_changes_nothing(watched: Watched) -> None:
    first = watched.watcher.current()
    for text in (rule("other"), rule("WORD")):
        write(watched.folder, text)
        watched.wait(LOOK_SECONDS)
    watched.wait(60)
    assert watched.watcher.current().rules.version == first.rules.version


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


# ---------------------------------------------------------------- in a thread


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_watching_process_gets_the_change_by_itself_and_tells_it(tmp_path: Path) -> None:
    write(tmp_path, rule("WORD"))
    told: list[RulesInForce] = []
    watcher = RulesWatcher(tmp_path)
    others = set(threading.enumerate())
    with watcher.watching(told.append):
        until(lambda: told)
        first = watcher.current().rules.version
        write(tmp_path, rule("other"))
        until(lambda: watcher.current().rules.version != first)
        until(lambda: told[-1].folder.rules.version == watcher.current().rules.version)
        write(tmp_path, "}")
        until(lambda: told[-1].problem)
        assert told[-1].folder is watcher.current()
    running = {thread.name for thread in threading.enumerate() if thread not in others}
    assert not running & {"rules", "rules-state"}


def test_a_ledger_that_is_away_keeps_no_change_from_the_rules(tmp_path: Path) -> None:
    write(tmp_path, rule("WORD"))
    tried = threading.Semaphore(0)

    def away(_: RulesInForce) -> None:
        tried.release()
        raise OSError("nobody there")

    watcher = RulesWatcher(tmp_path)
    first = watcher.current().rules.version
    with watcher.watching(away):
        assert tried.acquire(timeout=20)
        write(tmp_path, rule("other"))
        until(lambda: watcher.current().rules.version != first)
        assert tried.acquire(timeout=20)


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
