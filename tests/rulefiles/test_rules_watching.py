"""A rules folder that is edited while a process runs: what is taken, when, and what is kept meanwhile."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from watched_folder import RULES_OF, TWO, Watched, ids, rule, write

from monitor.rulefiles import RulesInForce, RulesWatcher
from monitor.rulefiles.watching import (
    LOOK_SECONDS,
    SETTLE_BROKEN_SECONDS,
    SETTLE_LONGEST_SECONDS,
    SETTLE_SECONDS,
)

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
