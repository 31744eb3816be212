"""Each floor and wall of docs/architecture.md holds: a bad import planted in a copy of the tree breaks it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}

#: What the core may import beside the standard library and monitor.errors: pure text libraries.
PURE_LIBRARIES = {
    "ahocorasick_rs",
    "cssselect",
    "nupunkt",
    "pydantic",
    "pydantic_core",
    "pymorphy3",
    "rensa",
    "regex",
    "ruamel",
    "yaml",
}


@dataclass(frozen=True)
class Planted:
    """A line of code that a contract forbids, and the module it is put into."""

    contract: str
    module: str
    line: str


BAD_IMPORTS = (
    Planted("floors", "monitor/errors.py", "import monitor.config"),
    Planted("floors", "monitor/config.py", "import monitor.core.types"),
    Planted("floors", "monitor/core/types/__init__.py", "import monitor.config"),
    Planted("floors", "monitor/core/matching.py", "import monitor.store.queries"),
    Planted("floors", "monitor/store/queries.py", "import workers.queue"),
    Planted("floors", "monitor/rulefiles/reading.py", "import monitor.cli.main"),
    Planted("floors", "monitor/api/__init__.py", "import monitor.web"),
    Planted("floors", "monitor/web/__init__.py", "import workers.queue"),
    Planted("floors", "workers/jobs.py", "import monitor.cli.main"),
    Planted("doors", "workers/jobs.py", "import monitor.api"),
    Planted("doors", "monitor/cli/main.py", "import workers.jobs"),
    Planted("doors", "monitor/api/__init__.py", "import monitor.cli.main"),
    Planted("adapters", "monitor/feeds/egress.py", "import monitor.store.feeds"),
    Planted("adapters", "monitor/rulefiles/reading.py", "import monitor.models"),
    Planted("adapters", "monitor/notify/__init__.py", "import monitor.feeds.parse"),
    Planted("adapters", "monitor/notify/__init__.py", "import monitor.store.judging"),
    Planted("core-steps", "monitor/core/threads.py", "import monitor.core.matching"),
    Planted("core-steps", "monitor/core/claims/__init__.py", "import monitor.core.polling"),
    Planted("pure-core", "monitor/core/text.py", "import time"),
    Planted("pure-core", "monitor/core/text.py", "import socket"),
    Planted("pure-core", "monitor/core/alerting/raising.py", "import structlog"),
    Planted("pure-core", "monitor/core/claims/__init__.py", "import spacy"),
    Planted("redis", "workers/jobs.py", "import rq"),
    Planted("redis", "monitor/store/tasks.py", "import redis"),
    Planted("egress", "monitor/notify/__init__.py", "import httpx"),
    Planted("sql", "workers/jobs.py", "import sqlalchemy"),
    Planted("sql", "monitor/cli/main.py", "import sqlmodel"),
    Planted("feedparser", "monitor/feeds/parse.py", "import feedparser"),
    Planted("pages", "workers/page_desk.py", "import trafilatura"),
    Planted("weights", "workers/jobs.py", "import spacy"),
    Planted("weights", "monitor/core/threads.py", "import onnxruntime"),
    Planted("adapters", "monitor/models/pulling.py", "import monitor.feeds.egress"),
    Planted("terminal", "monitor/store/queries.py", "import rich"),
)

BAD_CALLS = (
    Planted(
        "the clock belongs to the doors", "monitor/core/text.py", "AT = datetime.datetime.now(datetime.UTC)"
    ),
    Planted("the clock belongs to the doors", "monitor/rulefiles/reading.py", "AT = time.time()"),
    Planted("feedparser runs in the child process", "monitor/feeds/parse.py", "FEED = feedparser.parse(b'')"),
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages and of pyproject.toml, to plant things in."""
    copy = tmp_path_factory.mktemp("tree")
    ignore = shutil.ignore_patterns("__pycache__")
    for package in ("monitor", "workers"):
        shutil.copytree(ROOT / package, copy / package, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint_imports(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--no-cache"]
    for contract in contracts:
        command += ["--contract", contract]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def plant(tree: Path, planted: Planted) -> tuple[Path, str]:
    """Append the line; returns the file and its text before."""
    path = tree / planted.module
    before = path.read_text(encoding="utf-8")
    path.write_text(before + f"\n\ndef _planted() -> None:\n    {planted.line}\n", encoding="utf-8")
    return path, before


def test_the_untouched_tree_keeps_every_contract(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


@pytest.mark.parametrize("planted", BAD_IMPORTS, ids=lambda planted: f"{planted.module}: {planted.line}")
def test_a_planted_import_breaks_its_contract(tree: Path, planted: Planted) -> None:
    path, before = plant(tree, planted)
    try:
        done = lint_imports(tree, planted.contract)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{CONTRACTS[planted.contract]['name']} BROKEN" in done.stdout
    assert planted.line.removeprefix("import ") in done.stdout


def test_every_contract_is_shown_to_break() -> None:
    assert {planted.contract for planted in BAD_IMPORTS} == set(CONTRACTS)


@pytest.mark.parametrize("planted", BAD_CALLS, ids=lambda planted: f"{planted.module}: {planted.line}")
def test_a_planted_call_is_refused_by_ruff(tree: Path, planted: Planted) -> None:
    module = planted.line.split("= ")[1].split(".")[0]
    path, before = plant(tree, Planted(planted.contract, planted.module, f"import {module}; {planted.line}"))
    try:
        command = [str(BIN / "ruff"), "check", "--no-cache", "--select", "TID251", planted.module]
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert planted.contract in done.stdout


def test_every_room_stands_on_a_floor() -> None:
    named = " ".join(CONTRACTS["floors"]["layers"])
    rooms = {path.stem for path in (ROOT / "monitor").iterdir() if not path.name.startswith(("_", "."))}
    assert {room for room in rooms if f"monitor.{room}" not in named} == set()


def test_the_core_imports_only_the_standard_library_and_pure_text_libraries() -> None:
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "monitor" / "core").rglob("*.py")
        for name in imported(path)
        if (top := name.partition(".")[0]) not in sys.stdlib_module_names
        and top not in PURE_LIBRARIES | {"monitor", "__future__"}
    }
    assert strangers == set()


def test_the_core_takes_paths_and_addresses_as_names_only() -> None:
    pure = {"pathlib.PurePath", "pathlib.PurePosixPath", "urllib.parse"}
    impure = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "monitor" / "core").rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] in ("pathlib", "urllib") and not any(name.startswith(good) for good in pure)
    }
    assert impure == set()


def imported(path: Path) -> set[str]:
    """Full names of everything that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
