"""`claimwatch rules`: check the rule files, run their tests, see what a rule makes of a text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import note, write
from monitor.cli.rule_adopt import adopt_test
from monitor.cli.rule_apply import apply
from monitor.cli.rule_backtest import backtest
from monitor.cli.rule_explaining import explain_rule
from monitor.cli.rule_paths import RulePath, rule_path
from monitor.cli.rule_stats import stats
from monitor.cli.rule_suggest import suggest_command
from monitor.cli.rule_versions import history, status
from monitor.cli.rule_writing import format_files, new_rule
from monitor.cli.template_reading import template_problems_of
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.core.rules.trials import Trial
    from monitor.rulefiles import RuleFolder

app = typer.Typer(name="rules", help="The rule files: check them, test them.", no_args_is_help=True)


class LintFormat(StrEnum):
    """The names of monitor.core.rules.reports.FORMATS; here so that `--help` need not read the rules room."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


app.command("fmt")(format_files)
app.command("new")(new_rule)
app.command("explain")(explain_rule)

app.command("stats")(stats)
app.command("adopt-test")(adopt_test)
app.command("suggest")(suggest_command)

app.command("backtest")(backtest)
app.command("apply")(apply)

app.command("status")(status)
app.command("history")(history)

PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]", help="Rules folder, or one file of it; without it, the folder of the settings."
    ),
]


@app.command("lint")
def lint(
    path: PathArgument = None,
    format: Annotated[
        LintFormat,
        typer.Option(
            "--format",
            help="For people; a JSON object a line; annotations of a GitHub workflow; a SARIF 2.1.0 log.",
        ),
    ] = LintFormat.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Also show what is only worth knowing; it never fails.")
    ] = False,
) -> None:
    """Show every mistake of every rule file, or of one, with its place and what to do.

    Exit code 1 where there are errors (with --strict: or warnings).
    """
    from monitor.core.rules.problems import errors_of, findings_of, sorted_problems
    from monitor.core.rules.reports import FORMATS
    from monitor.rulefiles import check_folder

    asked = rule_path(path)
    folder = check_folder(asked.folder)
    found = sorted_problems([*folder.problems, *template_problems_of(folder, asked.folder)])
    problems = [problem for problem in found if asked.covers(problem.path)]
    findings = findings_of(problems)
    shown = problems if notes else findings
    if shown or format is LintFormat.SARIF:
        write(FORMATS[format.value](shown))
    if format is LintFormat.TEXT and not findings:
        write(_summary(folder) if asked.file is None else _summary_of_file(asked, len(findings_of(found))))
    if errors_of(findings) or (strict and findings):
        raise typer.Exit(EXIT_FINDINGS)


@app.command("test")
def run(
    path: PathArgument = None,
    name: Annotated[
        str, typer.Option("-k", metavar="NAME", help="Only rules and tests with this in their name.")
    ] = "",
) -> None:
    """Run the tests that the rules carry, or those of one file.

    A failure shows the article with what was found marked, and the first condition that failed.
    Exit code 1 where a test fails; known gaps are counted, and do not fail.
    """
    from monitor.core.rules.trials import run_tests
    from monitor.rulefiles import load_folder

    asked = rule_path(path)
    folder = load_folder(asked.folder)
    wanted = [
        test
        for test in folder.tests
        if name.casefold() in f"{test.rule} {test.name}".casefold() and asked.covers(test.path)
    ]
    if not wanted:
        where = "" if asked.file is None else f" of {asked.file}"
        message = f"no test{where} has {name!r} in its name" if name else f"no rule{where} has tests"
        remedy = "without -k all run" if name else "'claimwatch rules lint' names the rules without tests"
        raise UsageError(message, remedy=remedy)
    trials = run_tests(wanted, folder.rules)
    for trial in trials:
        if trial.counts:
            _show_failure(trial)
    failed = sum(trial.counts for trial in trials)
    gaps = sum(not trial.passed and trial.test.known_gap for trial in trials)
    closed = [trial for trial in trials if trial.passed and trial.test.known_gap]
    for trial in closed:
        note(f"{trial.test.path}:{trial.test.line}: passes now, no longer a known gap: {trial.test.name}")
    write(f"{len(trials) - failed - gaps} passed, {failed} failed" + (f", {gaps} known gaps" if gaps else ""))
    if failed:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("import")
def import_rules(
    boolean: Annotated[
        Path, typer.Option("--boolean", metavar="FILE", help="A Boolean string a line; - is standard input.")
    ],
) -> None:
    """Turn Boolean strings of other tools into a rule file with a draft for each, on standard output.

    What was changed or cannot be used is told on standard error. Exit code 1 where a line cannot be used.
    """
    from monitor.core.rules.importing import import_lines, rule_file

    imported = import_lines(_read_text(boolean))
    for one in imported:
        for mistake in one.errors:
            note(f"{boolean}:{one.line}: error: {mistake.message}; {mistake.help}; read as: {one.query}")
        for warning in one.warnings if not one.errors else ():
            note(f"{boolean}:{one.line}: {warning}")
    write(rule_file(imported).rstrip("\n"))
    if any(one.errors for one in imported):
        raise typer.Exit(EXIT_FINDINGS)


def _read_text(path: Path) -> str:
    try:
        stream = typer.get_binary_stream("stdin") if str(path) == "-" else path.open("rb")
        with stream:
            return stream.read().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}", remedy="name a text file in UTF-8, or -"
        ) from None


@app.command("schema")
def write_schema(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to standard output.")
    ] = None,
) -> None:
    """Show the JSON Schema of rule files, by which editors complete and check them."""
    from monitor.core.rules.schema import schema_text

    if out is None:
        write(schema_text().rstrip("\n"))
        return
    try:
        out.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write {out}: {error.strerror}", remedy="name another file with --out"
        ) from None
    note(f"written: {out}")


def _summary(folder: RuleFolder) -> str:
    rules = folder.rules
    counts = (
        (len(rules.rules), "rules"),
        (len(rules.entities) - len(folder.shipped_entities), "entities"),
        (len(rules.frames) - len(folder.shipped_frames), "frames"),
        (len(folder.routing.receivers), "receivers"),
        (len(folder.feeds), "feeds"),
        (len(folder.tests), "tests"),
    )
    own = ", ".join(f"{count} {noun}" for count, noun in counts)
    return "\n".join(filter(None, (f"no problems: {own}", shipped_beside(folder))))


def _summary_of_file(asked: RulePath, elsewhere: int) -> str:
    others = f"; {elsewhere} in other files there" if elsewhere else ""
    return f"no problems: {asked.file}, read with {asked.folder}{others}"


def shipped_beside(folder: RuleFolder) -> str:
    """What comes with the program and is used beside the folder's own; empty: nothing."""
    counts = ((len(folder.shipped_entities), "entities"), (len(folder.shipped_frames), "frames"))
    named = " and ".join(f"{count} {noun}" for count, noun in counts if count)
    return f"beside them, shipped with the program: {named}" if named else ""


def _show_failure(trial: Trial) -> None:
    expected = "should match" if trial.test.should_match else "should not match"
    write(f"{trial.test.path}:{trial.test.line}: {trial.test.rule}: {trial.test.name} ({expected})")
    for line in trial.marked:
        write(f"    {line}")
    write(f"    {trial.reason}\n")
