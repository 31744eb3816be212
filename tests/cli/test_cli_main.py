"""The frame of the command line: help, wrong input, exit codes, plug-ins."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from cli_process import ROOT, Run
from typer.main import get_command

from monitor.cli.command_line import command_line
from monitor.cli.main import build_app, run
from monitor.errors import RulesError, UnavailableError


def under(command: object, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command there is below this one, as its words."""
    children = getattr(command, "commands", {})
    return [words, *(line for name, child in children.items() for line in under(child, (*words, name)))]


def command_lines() -> list[tuple[str, ...]]:
    return under(get_command(build_app()))


def test_commands_that_are_made_when_they_are_asked_for_are_those_that_typer_makes_at_once() -> None:
    ours, theirs = command_line(build_app()), get_command(build_app())
    assert under(ours) == under(theirs)
    for words in under(theirs):
        one, other = ours, theirs
        for word in words:
            one, other = one.commands[word], other.commands[word]  # type: ignore[attr-defined]  # a group
        help_of_one, help_of_other = (
            command.get_help(command.context_class(command, info_name="x")) for command in (one, other)
        )
        assert (one.name, help_of_one) == (other.name, help_of_other)


def test_every_command_documents_itself_and_all_its_options() -> None:
    def undocumented(command: object, words: str) -> list[str]:
        found = [] if getattr(command, "help", None) else [words]
        for parameter in getattr(command, "params", []):
            if getattr(parameter, "param_type_name", "") == "option" and not parameter.help:
                found.append(f"{words} {parameter.opts[0]}")
        for name, child in getattr(command, "commands", {}).items():
            found += undocumented(child, f"{words} {name}")
        return found

    assert undocumented(get_command(build_app()), "claimwatch") == []


def test_help_of_a_command_and_of_the_whole_reach_standard_output(claimwatch: Run) -> None:
    whole = claimwatch("--help")
    assert whole.code == 0
    assert "Exit codes" in whole.out
    assert "contradictions" in whole.out
    one = claimwatch("claims", "list", "--help")
    for option in (
        "--rule",
        "--feed",
        "--publisher",
        "--entity",
        "--speaker",
        "--lang",
        "--since",
        "--until",
    ):
        assert option in one.out


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['claimwatch', '--help']\n"
        "from monitor.cli.main import run\n"
        "run(['--help'])\n"
        "heavy = {'sqlalchemy', 'pydantic', 'spacy', 'rich', 'structlog', 'httpx', 'rq', 'redis'}\n"
        "sys.stderr.write('heavy: ' + ' '.join(sorted(heavy & set(sys.modules))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stderr.splitlines()[-1].strip() == "heavy:"


def test_version_says_which(claimwatch: Run) -> None:
    done = claimwatch("--version")
    assert done.code == 0
    assert done.out.startswith("claimwatch 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("claims", "lits"), "did you mean 'list'"),
        (("clams",), "did you mean 'claims'"),
        (("claims", "list", "--rul", "x"), "--rule"),
        (("claims", "list", "--since", "yesterday"), "--since"),
        (("claims", "list", "--until", "soon"), "24h, 7d, 2024-03-26"),
        (("claims", "list", "--limit", "0"), "--limit"),
        (("claims", "show", "first"), "id"),
        (("contradictions", "list", "--relation", "enmity"), "--relation"),
        (("feeds", "add", "ftp://example.org/rss"), "url"),
        (("feeds", "add", "https://example.org/rss", "--interval", "often"), "--interval"),
        (("health", "cook"), "poller"),
    ],
)
def test_wrong_input_is_exit_code_2_and_names_what_is_wrong(
    claimwatch: Run, arguments: tuple[str, ...], words: str
) -> None:
    done = claimwatch(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert words in done.err.lower()
    assert "Traceback" not in done.err


def test_an_unknown_setting_is_exit_code_2(claimwatch: Run) -> None:
    done = claimwatch("claims", "list", env={"CLAIMWATCH_RULEZ": "x"})
    assert done.code == 2
    assert "CLAIMWATCH_RULEZ" in done.err


def test_a_public_address_wants_a_key_and_says_how_to_make_one(claimwatch: Run) -> None:
    done = claimwatch("claims", "list", env={"CLAIMWATCH_PUBLIC_URL": "https://news.example.org"})
    assert done.code == 2
    assert "setting hub_key: public_url needs a key" in done.err
    assert "openssl rand" in done.err


def test_a_missing_database_says_what_makes_one_and_makes_none(claimwatch: Run, tmp_path: Path) -> None:
    done = claimwatch("claims", "list")
    assert done.code == 3
    assert "claimwatch up" in done.err
    assert not (tmp_path / "data").exists()


def test_a_database_that_does_not_answer_is_exit_code_3_without_its_password(claimwatch: Run) -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://reader:hush-hush@127.0.0.1:1/claims"
    done = claimwatch("claims", "list", env={"CLAIMWATCH_DATABASE_URL": url})
    assert done.code == 3
    assert "hush-hush" not in done.out + done.err
    assert "help:" in done.err


def test_a_database_url_that_is_none_is_exit_code_2(claimwatch: Run) -> None:
    done = claimwatch("claims", "list", env={"CLAIMWATCH_DATABASE_URL": "no url at all"})
    assert done.code == 2
    assert "CLAIMWATCH_DATABASE_URL" in done.err


def test_an_older_database_is_refused_until_db_upgrade(claimwatch: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "claimwatch.db").close()
    (tmp_path / "data" / "claimwatch.db").touch()
    refused = claimwatch("claims", "list")
    assert refused.code == 2
    assert "claimwatch db upgrade" in refused.err
    assert claimwatch("db", "upgrade").code == 0
    assert claimwatch("claims", "list").code == 0
    assert claimwatch("db", "check").code == 0


def test_a_newer_database_is_refused(claimwatch: Run, tmp_path: Path) -> None:
    assert claimwatch("db", "upgrade").code == 0
    with sqlite3.connect(tmp_path / "data" / "claimwatch.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.close()
    done = claimwatch("claims", "list")
    assert done.code == 2
    assert "newer" in done.err


def test_output_into_a_closed_pipe_is_quiet(claimwatch: Run, tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from monitor.cli import main\n"
        "from monitor.cli.output import write\n"
        "def many(arguments=None):\n"
        "    for number in range(100000): write(str(number))\n"
        "    return 0\n"
        "main.run = many\n"
        "main.main()\n"
    )
    line = f"{sys.executable} -c '{program}' | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["0", "0"]
    assert done.stderr == ""


# ---------------------------------------------------------------- errors in one place


def plugin(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group="claimwatch.commands")


def failing(error: Exception | type[BaseException]) -> None:
    raise error


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> object:
    """Make `claimwatch fail` raise something."""

    def prepare(error: BaseException) -> None:
        def fail() -> None:
            """Fail."""
            raise error

        app = build_app([plugin("none", "json:loads")])
        app.command("fail")(fail)
        monkeypatch.setattr("monitor.cli.main.build_app", lambda: app)

    return prepare


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UnavailableError("the \x1b[31mledger is away", remedy="start it"), 3, "help: start it"),
        (RulesError("2 errors", report="rules/a.yml:4:11: error: no", remedy="mend"), 1, "rules/a.yml:4:11"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("oops"), 70, "this is a bug: ZeroDivisionError: oops"),
    ],
)
def test_errors_become_words_and_exit_codes(
    raising: object, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    assert callable(raising)
    raising(error)
    assert run(["fail"]) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert "\x1b" not in captured.err
    assert "Traceback" not in captured.err


def test_a_bug_shows_its_traceback_with_debug_logs(
    raising: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(raising)
    raising(ZeroDivisionError("oops"))
    monkeypatch.setenv("CLAIMWATCH_LOG_LEVEL", "debug")
    assert run(["fail"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_plugin_that_cannot_be_loaded_is_told_and_the_rest_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = build_app([plugin("gone", "no.such.module:register")])
    assert "no.such.module" in capsys.readouterr().err
    assert "claims" in get_command(app).commands  # type: ignore[attr-defined]  # a group
