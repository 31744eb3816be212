"""The frame holds: run, the locks, the licences and the container files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from scripts import bootstrap, check, check_licences, write_commands

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: What ./run needs of the system beside Python.
TOOLS = ("sh", "cat", "cksum", "dirname", "readlink")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of the repository as ./run looks at, and an empty folder `bin` with the tools it needs."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("run", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("requirements", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    return folder


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """./run with nothing in its environment but the tools."""
    return subprocess.run(
        ["sh", str(checkout / "run"), *arguments],
        env={"PATH": str(checkout.parent / "bin"), "HOME": str(checkout.parent)} | environment,
        cwd=checkout.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


def fake_python(checkout: Path, body: str) -> None:
    python = checkout.parent / "bin" / "python3"
    python.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    python.chmod(0o755)


def test_run_without_arguments_shows_what_there_is(checkout: Path) -> None:
    done = run(checkout)
    assert done.returncode == 2
    assert "./run COMMAND" in done.stdout
    assert run(checkout, "help").returncode == 0


def test_run_without_python_names_the_packages_to_install(checkout: Path) -> None:
    done = run(checkout, "demo")
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt-get install -y python3 python3-venv" in done.stderr


def test_run_with_an_old_python_says_so(checkout: Path) -> None:
    fake_python(checkout, 'case "$*" in *version_info*) exit 1;; esac')
    done = run(checkout, "demo")
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr


def test_run_without_the_venv_module_names_its_package(checkout: Path) -> None:
    fake_python(checkout, 'case "$*" in *ensurepip*) exit 1;; esac')
    done = run(checkout, "up")
    assert done.returncode == 2
    assert "venv module is missing" in done.stderr
    assert "apt-get install -y python3-venv" in done.stderr


def ready_environment(checkout: Path) -> None:
    """An environment whose `claimwatch` only says what it was asked."""
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    program = programs / "claimwatch"
    program.write_text('#!/bin/sh\nprintf "%s|" "$PWD" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    stamp = run(checkout, "_stamp", "runtime").stdout
    (checkout / ".venv" / "stamp-runtime").write_text(stamp, encoding="utf-8")


def test_a_ready_environment_is_used_as_it_is_without_any_python_on_the_path(checkout: Path) -> None:
    ready_environment(checkout)
    done = run(checkout, "feeds", "add", "two words")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{checkout}|feeds|add|two words|"


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/runtime.txt", "requirements/pip.txt"])
def test_a_changed_lock_asks_for_a_new_installation(checkout: Path, name: str) -> None:
    ready_environment(checkout)
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    done = run(checkout, "demo")
    assert done.returncode == 2  # there is no Python to install with
    assert "Python 3.11" in done.stderr


def test_a_moved_checkout_asks_for_a_new_installation(checkout: Path) -> None:
    ready_environment(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    assert run(moved, "demo").returncode == 2


@pytest.mark.parametrize(
    ("heard", "code", "remedy"),
    [
        ("... Failed to establish a new connection: [Errno 111] Connection refused", 3, "needs the network"),
        ("... NameResolutionError: Failed to resolve 'index.example'", 3, "PIP_INDEX_URL"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM ...", 2, "another network or mirror"),
        ("OSError: [Errno 28] No space left on device", 2, "make room"),
        ("ERROR: No matching distribution found for spacy==3.8.18", 2, "Python 3.11 to 3.13"),
        ("something new", 2, "Remove .venv"),
    ],
)  # fmt: skip
def test_a_failed_installation_names_its_remedy(
    heard: str, code: int, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        bootstrap.explain(heard)
    assert left.value.code == code
    assert remedy in capsys.readouterr().err


def test_ci_runs_every_check_but_the_one_that_its_tests_are() -> None:
    (named,) = re.findall(r"run check (.*?) <", read(".ci/run"))
    assert set(named.split()) == set(check.STEPS) - {"frame"}


@pytest.mark.parametrize("script", ["run", ".ci/run", "scripts/lock", "scripts/make-secrets"])
def test_a_shell_script_parses_and_may_be_executed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)


# ---------------------------------------------------------------- locks and licences


def pins(lock: str) -> dict[str, str]:
    """Distribution → its whole entry in the lock."""
    entries = re.split(r"^(?=[a-z0-9])", read(f"requirements/{lock}.txt"), flags=re.MULTILINE)
    return {entry.partition("==")[0]: entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("lock", ["pip", "runtime", "dev"])
def test_a_lock_pins_everything_by_hash_and_names_no_address(lock: str) -> None:
    assert pins(lock)
    assert {name for name, entry in pins(lock).items() if "--hash=sha256:" not in entry} == set()
    assert "://" not in read(f"requirements/{lock}.txt")


def wanted(requirements: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements}
    return {re.sub(r"[._]", "-", name.lower()) for name in names}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = PROJECT["project"]
    # Large, and for one format of exports: `./run` leaves it to whoever asks, and tests it.
    asked_for = {"parquet"}
    extras = project["optional-dependencies"]
    shipped = [line for name, lines in extras.items() if name not in asked_for for line in lines]
    runtime = project["dependencies"] + shipped + PROJECT["dependency-groups"]["build"]
    tested = [line for name in asked_for for line in extras[name]] + PROJECT["dependency-groups"]["dev"]
    assert wanted(runtime) - set(pins("runtime")) == set()
    assert wanted(tested) - set(pins("dev")) == set()


def test_the_two_locks_agree() -> None:
    version = re.compile(r"==(\S+)")
    runtime, dev = pins("runtime"), pins("dev")
    differ = {
        name
        for name in set(runtime) & set(dev)
        if version.findall(runtime[name])[0] != version.findall(dev[name])[0]
    }
    assert differ == set()


def test_the_notice_lists_every_locked_distribution() -> None:
    assert set(check_licences.listed()) == set(pins("runtime"))


@pytest.mark.parametrize(
    ("distribution", "licence", "allowed"),
    [
        ("x", "MIT", True),
        ("x", "Apache-2.0 OR GPL-3.0-only", True),
        ("x", "MPL-2.0 AND MIT", True),
        ("x", "GPL-3.0-only", False),
        ("x", "MIT AND GPL-3.0-only", False),
        ("x", "", False),
        ("x", "LGPL-3.0-only", False),
        ("psycopg", "LGPL-3.0-only", True),
        ("psycopg", "GPL-3.0-only", False),
    ],
)
def test_a_licence_is_allowed_or_not(distribution: str, licence: str, allowed: bool) -> None:
    assert check_licences.is_allowed(distribution, licence) is allowed


def test_the_licence_is_the_apache_licence_unchanged() -> None:
    text = " ".join(read("LICENSE").split())
    assert text.startswith("Apache License Version 2.0, January 2004")
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Copyright [yyyy] [name of copyright owner]" in text


# ---------------------------------------------------------------- tests that must not be skipped


@pytest.mark.parametrize(
    ("reason", "ci", "outcome"),
    [
        ("no redis-server here", "true", "1 failed"),
        ("PostgreSQL is missing", "true", "1 failed"),
        ("no redis-server here", "", "1 skipped"),
        ("no shared test data", "true", "1 skipped"),
    ],
)
def test_in_ci_nothing_of_redis_or_postgresql_is_skipped(
    tmp_path: Path, reason: str, ci: str, outcome: str
) -> None:
    (tmp_path / "test_one.py").write_text(
        f"import pytest\ndef test_one():\n    pytest.skip({reason!r})\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "scripts.must_not_skip", str(tmp_path)],
        env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome in done.stdout


# ---------------------------------------------------------------- containers


COMPOSE: dict[str, Any] = YAML(typ="safe", pure=True).load(read("docker-compose.yml"))
ROLES = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def test_there_is_one_service_for_each_role() -> None:
    assert set(ROLES) == {"migrate", "poller", "worker", "deliverer", "web"}
    assert set(COMPOSE["services"]) - set(ROLES) == {"valkey", "postgres"}
    assert len({service["image"] for service in ROLES.values()}) == 1


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_command_of_a_service_exists(role: str) -> None:
    known = {words for words, _ in write_commands.commands()}
    words = [word for word in ROLES[role]["command"] if not word.startswith("-")]
    assert words[0] in known or " ".join(words[:2]) in known


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"migrate"}))
def test_a_running_service_is_watched_and_waits_for_the_schema(role: str) -> None:
    assert ROLES[role]["healthcheck"]["test"]
    assert ROLES[role]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert "container_name" not in ROLES[role]  # else it could not be scaled


def test_postgres_keeps_its_files_where_version_18_puts_them() -> None:
    postgres = COMPOSE["services"]["postgres"]
    assert postgres["image"] == "postgres:18"
    assert postgres["volumes"] == ["postgres:/var/lib/postgresql"]


def test_no_password_stands_in_the_container_files() -> None:
    assert (
        COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"]
        == "/run/secrets/postgres_password"
    )
    assert not re.search(
        r"PASSWORD:\s*\S|://[^/\s]*:[^/\s]*@", read("docker-compose.yml") + read("Dockerfile")
    )
    assert "secrets/" in read(".gitignore").splitlines()


def test_the_secrets_are_made_once_and_agree(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "make-secrets", tmp_path / "scripts")
    for _ in range(2):
        subprocess.run(["sh", str(tmp_path / "scripts" / "make-secrets")], check=True, capture_output=True)
    password = (tmp_path / "secrets" / "postgres_password").read_text(encoding="utf-8")
    url = (tmp_path / "secrets" / "claimwatch_database_url").read_text(encoding="utf-8")
    assert len(password) == 48
    assert url == f"postgresql+psycopg://claimwatch:{password}@postgres:5432/claimwatch"
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {
        "./secrets/postgres_password",
        "./secrets/claimwatch_database_url",
    }


def test_the_image_is_made_from_the_locks_and_runs_as_nobody_special() -> None:
    text = read("Dockerfile")
    assert text.count("--require-hashes") == 2
    assert re.search(r"^USER claimwatch$", text, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.*) \S+$", text, re.MULTILINE)
    names = [name.rstrip("/") for line in copied for name in line.split()]
    assert names
    assert {name for name in names if not (ROOT / name).exists()} == set()
    assert {name for name in names if f"!{name}" not in read(".dockerignore").splitlines()} == set()
