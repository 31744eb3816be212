"""`claimwatch rules backtest`: what a change of the rules would have done to the articles that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.backtest_report import Comparison, report_objects, write_report
from monitor.cli.output import note, write_json
from monitor.cli.reading import JsonOption
from monitor.cli.times import EXAMPLES, parse_time
from monitor.errors import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_USAGE, RulesError, UsageError

if TYPE_CHECKING:
    from monitor.cli.backtest_run import Progress
    from monitor.config import Settings
    from monitor.core.rules.ruleset import RuleSet
    from monitor.store.database import Database
    from monitor.store.windows import Window

DEPLOYED, STORED = "deployed", "stored"


def backtest(
    rules_dir: Annotated[
        Path | None,
        typer.Argument(metavar="[RULES_DIR]", help="Edited rules; without it, those of the settings."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="TIME", help=f"Not before: {EXAMPLES}.")] = "30d",
    until: Annotated[str, typer.Option(metavar="TIME", help="Not after; a bare date counts whole.")] = "",
    against: Annotated[
        str,
        typer.Option(
            metavar="deployed|stored|DIR",
            help="The rules of the settings (with RULES_DIR), the matches in the ledger (without), a folder.",
        ),
    ] = "",
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only these rules.")] = None,
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="Every version of an article, not the newest alone.")
    ] = False,
    max_added: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Exit code 1 where more matches are added.")
    ] = None,
    max_removed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Exit code 1 where more matches are lost.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, max=1000, help="Articles shown of each kind.")] = 5,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-j", min=1, max=256, help="Processes; without it, one a core."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show which stored articles edited rules would match that the old ones did not, and the reverse.

    Only rules that differ in what they match are judged. Nothing is written.
    Exit code 1 where --max-added or --max-removed is exceeded, 2 for rules with errors.
    """
    from monitor.cli.ledger import open_ledger, read_settings

    settings = read_settings()
    window = window_of(since, until, all_versions=all_versions)
    with open_ledger(settings) as db:
        asked = against or (STORED if rules_dir is None else DEPLOYED)
        comparison = _compare(db, rules_dir or settings.rules, settings.rules, asked, rule or [], window)
        progress = _judged(db, settings.database, comparison, window, samples, workers)
    if json:
        write_json(report_objects(comparison, window, progress))
    else:
        write_report(comparison, window, progress)
    _hold_to("added", progress.tally.added, max_added)
    _hold_to("removed", progress.tally.removed, max_removed)


def window_of(since: str, until: str, *, all_versions: bool = False) -> Window:
    """The window that the options ask for. Raises a usage error that names the option."""
    from monitor.store.windows import Window

    return Window(
        since=_moment("--since", since),
        until=_moment("--until", until, end_of_day=True) if until else None,
        all_versions=all_versions,
    )


def show_comparison(
    db: Database, settings: Settings, window: Window, against: str, only: Sequence[str]
) -> None:
    """The report on the rules of the settings, for people."""
    comparison = _compare(db, settings.rules, settings.rules, against, only, window)
    write_report(comparison, window, _judged(db, settings.database, comparison, window, 5, None))


def _moment(option: str, text: str, *, end_of_day: bool = False) -> datetime:
    try:
        return parse_time(text, now=datetime.now(UTC), end_of_day=end_of_day)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _hold_to(what: str, count: int, most: int | None) -> None:
    if most is not None and count > most:
        note(f"error: {count:,} matches {what}, more than --max-{what} {most:,}")
        raise typer.Exit(EXIT_FINDINGS)


# ---------------------------------------------------------------- the two sets


def _compare(
    db: Database, new_path: Path, deployed: Path, against: str, only: Sequence[str], window: Window
) -> Comparison:
    from monitor.core.backtesting import Change, RuleChange, compare_rules

    new = load_rules(new_path)
    if against != STORED:
        old_path = deployed if against == DEPLOYED else Path(against)
        # A folder is only ever the same as itself while nobody writes to it.
        old = new if old_path.resolve() == new_path.resolve() else load_rules(old_path)
        require_rules(only, {*old.rules, *new.rules})
        return Comparison(
            new_name=str(new_path),
            old_name=f"{old_path} (deployed)" if against == DEPLOYED else str(old_path),
            new=new,
            old=old,
            changes=compare_rules(old, new, only),
        )
    from monitor.store.windows import rules_with_matches

    stored = rules_with_matches(db, window)
    require_rules(only, {*stored, *new.rules})
    ids = sorted(set(only) or {*stored, *new.rules})
    return Comparison(
        new_name=str(new_path),
        old_name="the matches in the ledger",
        new=new,
        old=None,
        changes=tuple(
            RuleChange(rule_id=id, change=Change.CHANGED if id in new.rules else Change.DELETED) for id in ids
        ),
    )


def load_rules(path: Path) -> RuleSet:
    """The rules of a folder; one with errors is bad input here, not a finding."""
    from monitor.rulefiles import load_folder

    try:
        return load_folder(path).rules
    except RulesError as error:
        error.exit_code = EXIT_USAGE
        raise


def require_rules(ids: Iterable[str], known: Iterable[str]) -> None:
    """Raises UsageError for the first id that is not known."""
    known = set(known)
    for id in ids:
        if id not in known:
            from monitor.core.rules.problems import did_you_mean

            raise UsageError(f"there is no rule {id!r}", remedy=did_you_mean(id, known))


def _judged(
    db: Database, url: str, comparison: Comparison, window: Window, samples: int, workers: int | None
) -> Progress:
    from monitor.cli.backtest_run import Assignment, begin, run
    from monitor.cli.progress import progress as bar
    from monitor.core.backtesting import EVALUATED, paired

    evaluated = frozenset(one.rule_id for one in comparison.changes if one.change in EVALUATED)
    rules = paired(comparison.changes, comparison.old, comparison.new)
    assignment = Assignment.of(rules, window, samples, evaluated if comparison.old is None else None)
    progress = begin(db, assignment, workers)
    if not evaluated:
        return progress
    try:
        with bar("articles") as show:
            run(db, url, assignment, progress, show)
    except KeyboardInterrupt:
        note(
            f"stopped after {progress.tally.articles:,} of {progress.articles:,} articles; "
            f"until then {progress.tally.added:,} added, {progress.tally.removed:,} removed"
        )
        raise typer.Exit(EXIT_INTERRUPTED) from None
    return progress
