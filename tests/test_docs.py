"""The documents are true: what exists is documented, and what is documented exists."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from monitor.config import Settings
from scripts import write_commands

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = (*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")

#: Folders of the repository: a word in backticks that starts with one of them is a path.
FOLDERS = (
    "monitor/",
    "workers/",
    "rules/",
    "tests/",
    "docs/",
    "scripts/",
    "requirements/",
    "ops/",
    "benchmarks/",
)
#: Kinds of files that stand at the top.
TOP_FILES = re.compile(
    r"^(run|Makefile|Dockerfile|LICENSE|NOTICE|[A-Z]+\.md|pyproject\.toml|docker-compose\.yml)$"
)
#: Files that a reader of the page makes.
MADE_BY_READERS = {"rules/feeds.yml", "rules/routes.yml", "rules/topics/ferry.yml"}

TERMS = (
    "feed", "entry", "article", "version", "publisher", "rule", "operator", "entity", "alias", "mention",
    "match", "claim", "own voice", "appearance", "thread", "origin", "story", "contradiction", "update",
    "alert", "group", "route", "receiver", "channel", "silence", "notification", "suppressed", "fingerprint",
    "speaker", "stance",
)  # fmt: skip

#: Table of names in code → the page that must explain each.
TABLES = (
    ("monitor.core.operators", "OPERATORS", "rules.md"),
    ("monitor.core.claims.detectors", "DETECTORS", "claims.md"),
    ("monitor.core.contradictions", "COMPARATORS", "claims.md"),
    ("monitor.notify", "CHANNELS", "alerts.md"),
)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    """Files of the repository; where git is not there, all that is not ignored by name."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here to say which files are tracked")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


# ---------------------------------------------------------------- settings


def documented_settings() -> dict[str, tuple[str, str]]:
    """Setting → (environment variable, default) of docs/settings.md."""
    rows = re.findall(
        r"^\| `([a-z_]+)` \| `(CLAIMWATCH_[A-Z_]+)` \| ([^|]*) \|", read(DOCS / "settings.md"), re.MULTILINE
    )
    return {name: (variable, default.strip()) for name, variable, default in rows}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    assert set(documented_settings()) == set(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_has_the_documented_variable_and_default(name: str) -> None:
    variable, default = documented_settings()[name]
    assert variable == f"CLAIMWATCH_{name.upper()}"
    real = Settings.model_fields[name].default
    if real in ("", ()):
        assert default.startswith("empty")
    elif isinstance(real, float):
        assert float(default.strip("`")) == real
    else:
        assert default == f"`{real}`"


# ---------------------------------------------------------------- commands


def test_the_page_of_commands_is_what_the_program_says() -> None:
    page = DOCS / "commands.md"
    assert page.is_file(), "run scripts/write_commands.py"
    assert read(page) == write_commands.page(), "run scripts/write_commands.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_runs_exists(page: Path) -> None:
    known = {tuple(words.split()) for words, _ in write_commands.commands()}
    nouns = {words[0] for words in known}
    own = {"test", "check", "setup", "help"}
    for caller, first, second in re.findall(
        r"(\./run|claimwatch) ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?", code_of(read(page))
    ):
        if caller == "./run" and first in own:
            continue
        assert first in nouns, f"{page.name}: {caller} {first}"
        assert (first,) in known or (first, second) in known or not second, (
            f"{page.name}: {caller} {first} {second}"
        )


def code_of(text: str) -> str:
    """What stands in backticks and in code blocks."""
    blocks = re.findall(r"```.*?```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


# ---------------------------------------------------------------- paths, terms, tables


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
    named = {word.strip("`") for word in re.findall(r"`[^`\s]+`", prose)}
    named |= set(re.findall(r"\((docs/[a-z-]+\.md)\)", prose))
    paths = {
        word.partition("#")[0]
        for word in named
        if (word.startswith(FOLDERS) or TOP_FILES.match(word)) and not re.search(r"[*<>{}…]", word)
    }
    assert {path for path in paths - MADE_BY_READERS if not (ROOT / path).exists()} == set()


def test_the_architecture_names_every_room() -> None:
    text = read(DOCS / "architecture.md")
    rooms = {path.name for path in (ROOT / "monitor").iterdir() if not path.name.startswith(("_", "."))}
    assert {room for room in rooms if f"`monitor/{room}" not in text} == set()


@pytest.mark.parametrize("term", TERMS)
def test_the_glossary_has_the_term(term: str) -> None:
    assert re.search(rf"^- \*\*{term}\*\*: ", read(DOCS / "glossary.md"), re.MULTILINE)


@pytest.mark.parametrize(("module", "table", "page"), TABLES, ids=lambda value: value)
def test_every_name_of_a_table_is_explained_on_its_page(module: str, table: str, page: str) -> None:
    names = set(getattr(importlib.import_module(module), table))
    assert names
    text = read(DOCS / page)
    assert {name for name in names if not re.search(rf"`{re.escape(name)}(`|:|\+)", text)} == set()


def test_the_readme_shows_the_two_commands() -> None:
    first_screen = "\n".join(read(ROOT / "README.md").splitlines()[:60])
    assert "./run demo" in first_screen
    assert "./run test" in read(ROOT / "README.md")


# ---------------------------------------------------------------- form


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_one_sentence_a_line(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
    crowded = [
        line
        for line in prose.splitlines()
        if not line.startswith(("|", "#", "<!--")) and re.search(r"[a-z)`]{2}[.!?] [A-Z][a-z]+ [a-z]", line)
    ]
    assert crowded == []


def test_no_file_names_a_machine_or_a_package_index() -> None:
    # put together here, so that this file does not name them either
    hosts = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.debian" + ".org"]
    places = re.compile(r"(?<![\w.:/~*-])/(?:work|root|Users|home)/\w")
    guilty = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        guilty += [f"{path.relative_to(ROOT)}: {host}" for host in hosts if host in text]
        guilty += [f"{path.relative_to(ROOT)}: {found.group()}" for found in places.finditer(text)]
    assert guilty == []


def test_the_version_is_said_once() -> None:
    assert (
        tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
        == importlib.import_module("monitor").__version__
    )


# ---------------------------------------------------------------- the quickstart, carried out


@pytest.mark.long
def test_the_quickstart_does_what_it_says(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    blocks = re.findall(r"```sh\n(.*?)```", read(DOCS / "quickstart.md"), re.DOTALL)
    assert len(blocks) == 5
    stop = "trap 'kill \"$(cat my-feed/server.pid)\" 2>/dev/null || :' EXIT\n"
    script = "set -eu\n" + stop + "\n".join(blocks[1:]).replace("8765", str(port))
    # the program of this very environment, in a folder of its own
    (tmp_path / "run").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m monitor.cli "$@"\n', encoding="utf-8"
    )
    (tmp_path / "run").chmod(0o755)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "*",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "harbour-fire" in done.stdout, said
    assert "Port Authority" in done.stdout, said
    assert not (tmp_path / "my-ledger").exists()
