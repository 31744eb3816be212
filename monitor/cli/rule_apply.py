"""`claimwatch rules apply`: have stored articles judged again with the rules of now, as backfill."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import note, when, write
from monitor.cli.rule_backtest import STORED, load_rules, require_rules, show_comparison, window_of
from monitor.cli.times import EXAMPLES
from monitor.errors import EXIT_INTERRUPTED, EXIT_PARTIAL

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.core.rules.ruleset import RuleSet
    from monitor.store.database import Database
    from monitor.store.windows import Window

#: A worker that was silent for longer is not counted on.
_SILENT = timedelta(minutes=1)
_LOOK_SECONDS = 0.5


def apply(
    since: Annotated[str, typer.Option(metavar="TIME", help=f"Not before: {EXAMPLES}.")] = "7d",
    until: Annotated[str, typer.Option(metavar="TIME", help="Not after; a bare date counts whole.")] = "",
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only articles that these rules match, or matched before."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show how many, and which matches would come and go.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until all of them are judged.")] = False,
) -> None:
    """Have stored articles judged again with the present rules: matches, claims, contradictions.

    Workers do it, or `claimwatch once`, after all that is news. What they find is marked as backfill:
    alerts are recorded and not sent. Asking twice does no harm.
    """
    from monitor.cli.ledger import open_ledger, read_settings

    settings = read_settings()
    window = window_of(since, until)
    with open_ledger(settings) as db:
        rules = load_rules(settings.rules)
        _require(db, window, rules, rule or [])
        if dry_run:
            _preview(db, settings, window, rules, rule or [])
        else:
            _apply(db, window, rules, rule or [], wait=wait)


def _require(db: Database, window: Window, rules: RuleSet, only: Sequence[str]) -> None:
    if only:
        from monitor.store.windows import rules_with_matches

        require_rules(only, {*rules.rules, *rules_with_matches(db, window)})


def _preview(db: Database, settings: Settings, window: Window, rules: RuleSet, only: Sequence[str]) -> None:
    count = sum(len(versions) for versions, _ in _wanted(db, window, rules, only))
    write(f"{_articles(count)} would be judged again; nothing was written\n")
    show_comparison(db, settings, window, STORED, only)


def _apply(db: Database, window: Window, rules: RuleSet, only: Sequence[str], *, wait: bool) -> None:
    from monitor.cli.progress import progress
    from monitor.store.again import ask_again, ledger_now
    from monitor.store.windows import count_articles

    begun_at = ledger_now(db)
    asked = wanted = seen = 0
    total = count_articles(db, window)
    try:
        with progress("articles") as show:
            for versions, looked_at in _wanted(db, window, rules, only):
                asked += ask_again(db, versions)
                wanted += len(versions)
                seen += looked_at
                show(seen, total)
    except KeyboardInterrupt:
        note(f"stopped: {_articles(asked)} will be judged again, the rest not; the same command asks for all")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    write(f"{_articles(asked)} will be judged again with the present rules; no alert is sent for them")
    if wanted > asked:
        write(f"{_articles(wanted - asked)} left out: not judged yet, or stuck")
    if asked and not _has_worker(db):
        note("no worker is running: `claimwatch once` does the work, and so does `claimwatch up`")
    if asked and wait:
        _wait(db, begun_at)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"


def _wanted(
    db: Database, window: Window, rules: RuleSet, only: Sequence[str]
) -> Iterator[tuple[Sequence[int], int]]:
    """Page by page: the versions to be judged again, and how many articles were looked at for them."""
    from monitor.core.backtesting import Change, Prefilter, RuleChange, findings_of, paired
    from monitor.store.windows import pages, read_page, stored_matches, version_ids

    changes = [RuleChange(rule_id=id, change=Change.CHANGED) for id in only]
    asked = paired(changes, None, rules)
    prefilter = Prefilter(asked)
    for page in pages(db, window):
        if not only:
            yield version_ids(db, page), page.articles
            continue
        versions = read_page(db, page)
        candidates = [one.article() for one in versions if prefilter.may_match(*one.texts)]
        wanted = {one.article.version_id for one in findings_of(candidates, asked) if one.new}
        stored = stored_matches(db, (one.version_id for one in versions))
        wanted |= {id for id, matched in stored.items() if not matched.isdisjoint(only)}
        yield sorted(wanted), page.articles


def _has_worker(db: Database) -> bool:
    from monitor.store.health import heartbeats

    return any(beat.role == "worker" and datetime.now(UTC) - beat.at < _SILENT for beat in heartbeats(db))


def _wait(db: Database, begun_at: datetime) -> None:
    from monitor.cli.progress import progress
    from monitor.store.again import again_counts, match_changes

    total = again_counts(db).waiting
    try:
        with progress("judged again") as show:
            while waiting := again_counts(db).waiting:
                total = max(total, waiting)
                show(total - waiting, total)
                time.sleep(_LOOK_SECONDS)
    except KeyboardInterrupt:
        note(f"{_articles(again_counts(db).waiting)} still wait; the workers go on without this command")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    changes = match_changes(db, after=begun_at)
    write(f"done at {when(datetime.now(UTC))} UTC: {changes.found:,} matches more, {changes.ended:,} ended")
    if stuck := again_counts(db).stuck:
        note(f"{_articles(stuck)} could not be judged again; `claimwatch rules apply` tries once more")
        raise typer.Exit(EXIT_PARTIAL)
