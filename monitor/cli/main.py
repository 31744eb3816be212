"""`claimwatch`: every command under one roof, and the one place where errors become words and exit codes.

Exit codes: 0 ok; 1 findings, or the thing asked for does not exist; 2 usage or configuration; 3 a needed
service cannot be reached; 4 partial; 70 a bug of ours (sysexits.h EX_SOFTWARE, so that nobody takes a crash
for findings); 130 interrupted. CLAIMWATCH_LOG_LEVEL=debug shows the traceback of a bug.

Other rooms add their commands through this distribution's entry-point group `claimwatch.commands`: a
function that takes the typer app. One that cannot be loaded never takes the others down, and is never
silent: a warning on standard error names it, every time.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution
from typing import Annotated, Any

import typer

from monitor import __version__
from monitor.cli import (
    alerts,
    articles,
    claims,
    contradictions,
    database,
    exporting,
    feedback,
    feeds,
    matches,
    models,
    routes,
    rules,
    searching,
    silences,
    stories,
    threads,
)
from monitor.cli.command_line import command_line
from monitor.core.terminal import clean_block
from monitor.errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, ClaimwatchError, RulesError

EXIT_BUG = 70
GROUP = "claimwatch.commands"

HELP = "Watch the news: who claims what, and who contradicts whom."
EPILOG = (
    "Exit codes: 0 ok, 1 findings or not found, 2 usage or configuration, 3 a needed service cannot be "
    "reached, 4 partial, 70 a bug, 130 interrupted. Settings: CLAIMWATCH_* variables or claimwatch.toml."
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"claimwatch {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Watch the news: who claims what, and who contradicts whom."""


def build_app(plugins: Sequence[EntryPoint] | None = None) -> typer.Typer:
    """The whole command line; `plugins` in place of the installed ones, for tests."""
    app = typer.Typer(
        name="claimwatch",
        help=HELP,
        epilog=EPILOG,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    found = _own_plugins() if plugins is None else list(plugins)
    if not found:
        warn("only the reading commands are here: claimwatch is not installed", "pip install -e .")
    for plugin in sorted(found, key=lambda plugin: plugin.name):
        _load(app, plugin)
    nouns = (
        articles,
        matches,
        claims,
        threads,
        contradictions,
        stories,
        alerts,
        silences,
        routes,
        feedback,
        feeds,
        rules,
    )
    for noun in (*nouns, models):
        app.add_typer(noun.app)
    searching.register(app)
    exporting.register(app)
    database.register(app)
    return app


def _own_plugins() -> list[EntryPoint]:
    # Our own distribution's alone: to look through all that is installed takes as long as all the rest of
    # `--help`, and a stranger's package has no business in here.
    try:
        return list(distribution("claimwatch").entry_points.select(group=GROUP))
    except PackageNotFoundError:
        return []


def _load(app: typer.Typer, plugin: EntryPoint) -> None:
    try:
        plugin.load()(app)
    except Exception as error:  # whatever is wrong over there, our own commands work
        if _wants_traceback():
            raise
        warn(
            f"the commands of {plugin.value} are missing: {type(error).__name__}: {error}",
            "CLAIMWATCH_LOG_LEVEL=debug shows where",
        )


def warn(message: str, remedy: str = "") -> None:
    """A warning on standard error."""
    _say("warning", message, remedy)


def _say(kind: str, message: str, remedy: str = "") -> None:
    sys.stderr.write(clean_block(f"{kind}: {message}") + "\n")
    if remedy:
        sys.stderr.write(clean_block(f"  help: {remedy}") + "\n")


def _wants_traceback() -> bool:
    return os.environ.get("CLAIMWATCH_LOG_LEVEL", "").lower() == "debug"


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line; the exit code. Errors have been told on standard error."""
    try:
        outcome = command_line(build_app())(
            args=None if arguments is None else list(arguments),
            prog_name="claimwatch",
            standalone_mode=False,
        )
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else EXIT_OK
    except ClaimwatchError as error:
        return _tell(error)
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return _leave_quietly()
    except Exception as error:
        if hasattr(error, "format_message"):  # a usage error, of click or of typer's copy of it
            return _tell_usage(error)
        return _tell_bug(error)


def _tell(error: ClaimwatchError) -> int:
    sys.stdout.flush()
    if isinstance(error, RulesError):
        sys.stderr.write(clean_block(error.report).rstrip("\n") + "\n")
    _say("error", str(error), error.remedy)
    return error.exit_code


def _tell_usage(error: Any) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.format_message().rstrip("\n") + "\n")
        return EXIT_USAGE
    remedy = f"`{context.command_path} --help` shows what there is" if context else ""
    _say("error", _lower_first(error.format_message()), remedy)
    return int(getattr(error, "exit_code", EXIT_USAGE))


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]


def _tell_bug(error: Exception) -> int:
    if _wants_traceback():
        import traceback

        traceback.print_exception(error)
    where = "above is where" if _wants_traceback() else "CLAIMWATCH_LOG_LEVEL=debug shows where"
    _say("error", f"this is a bug: {type(error).__name__}: {error}", f"please report it; {where}")
    return EXIT_BUG


def _leave_quietly() -> int:
    # Whoever read us went away (`| head`): nothing is wrong, and nothing more can be said.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return EXIT_OK


def main() -> None:
    """The console command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter gets its code, never a crash.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        code = _leave_quietly()
    sys.exit(code)
