"""`claimwatch rules status` and `rules history`: which rules are at work where, and what they said before."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import Column, ago, console, is_terminal, note, when, write, write_json, write_rows
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, ClaimwatchError, ConfigError, RulesError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.rules.agreement import RulesInUse
    from monitor.core.rules.kept import KeptRules
    from monitor.rulefiles import RuleFolder
    from monitor.store.rules import RuleVersion

RulesOption = Annotated[
    Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder; else the one of the settings.")
]

#: How often `--wait` looks again, in seconds.
_AGAIN = 0.5


# ---------------------------------------------------------------- status


def status(
    rules: RulesOption = None,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", min=0, help="Give the processes so long to catch up."),
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Show the rules in the folder here, and which rules each running process uses.

    Exit code 1 where files are broken, or a process uses other rules than the folder here has.
    """
    settings = read_settings()
    path = rules or settings.rules
    deadline = time.monotonic() + wait
    while True:
        folder, problem = _folder_here(path)
        version = folder.version if folder is not None else ""
        uses, kept, missing = _in_use(path)
        live = [use for use in uses if use.live]
        fine = not problem and all(state_of(use, version) == "current" for use in live)
        if fine or time.monotonic() >= deadline:
            break
        time.sleep(_AGAIN)
    if json:
        write_json([_folder_json(path, folder, problem, kept), *(_use_json(use, version) for use in live)])
    else:
        _show_folder(path, folder, problem)
        if problem and not missing:
            write(f"  {_kept_in_words(kept)}")
        _show_uses(live, version, missing)
    if not fine:
        raise typer.Exit(EXIT_FINDINGS)


def state_of(use: RulesInUse, version: str) -> str:
    """How a process stands to the version of the folder here: "broken", "current" or "behind"."""
    if use.problem:
        return "broken"
    return "current" if use.version == version else "behind"


def _folder_here(path: Path) -> tuple[RuleFolder | None, str]:
    """The folder, and the report of what is wrong with it; None where it cannot be used."""
    from monitor.rulefiles import load_folder

    try:
        return load_folder(path), ""
    except RulesError as error:
        return None, error.report
    except ConfigError as error:
        return None, f"{error}; {error.remedy}"


def _in_use(path: Path) -> tuple[Sequence[RulesInUse], KeptRules | None, str]:
    """What the processes told, the folder's last good rules, and why nobody can say, where nobody can."""
    from monitor.store.kept_rules import kept_rules
    from monitor.store.rules_in_use import rules_in_use

    try:
        with open_ledger() as db:
            return rules_in_use(db), kept_rules(db, path), ""
    except ClaimwatchError as error:
        if error.retryable:
            return (), None, f"{error}; {error.remedy}"
        raise


def _kept_in_words(kept: KeptRules | None) -> str:
    """What a process does that starts while the folder is broken."""
    if kept is None:
        return "no last good rules of this folder are kept: a process that starts now stops with this report"
    when_kept = f"version {kept.version}, first used {when(kept.kept_at)} UTC"
    return f"a process that starts now uses the last good rules: {when_kept}"


def _show_folder(path: Path, folder: RuleFolder | None, problem: str) -> None:
    write(f"the folder here: {path}")
    if folder is None:
        write(f"  broken: processes keep the last good rules\n\n{problem}\n")
        return
    from monitor.core.rules.problems import findings_of

    doubts = len(findings_of(folder.problems))
    warned = f", {doubts} warnings ('claimwatch rules lint' shows them)" if doubts else ""
    entities = len(folder.rules.entities) - len(folder.shipped_entities)
    counts = f"{len(folder.rules.rules)} rules, {entities} entities"
    write(f"  version {folder.version}: {counts}, {len(folder.feeds)} feeds{warned}")
    from monitor.cli.rules import shipped_beside

    if shipped_beside(folder):
        write(f"  {shipped_beside(folder)}")


def _show_uses(live: Sequence[RulesInUse], version: str, missing: str) -> None:
    if missing:
        note(f"no word of the processes: {missing}")
        return
    columns: tuple[Column[RulesInUse], ...] = (
        Column(title="role", cell=lambda use: use.role),
        Column(title="process", cell=lambda use: use.process),
        Column(title="rules", cell=lambda use: str(use.rules), right=True),
        Column(title="version", cell=lambda use: use.version or "none"),
        Column(title="since", cell=lambda use: ago(use.since, use.now)),
        Column(title="state", cell=lambda use: _state_in_words(use, version), ratio=2),
        Column(title="folder", cell=lambda use: use.folder, ratio=1),
    )
    if not write_rows(columns, live):
        note("no process is running; 'claimwatch up' starts them")
    from monitor.core.rules.agreement import disagreements

    for sentence in disagreements(live):
        note(f"wrong: {sentence}")
    if any(state_of(use, version) == "behind" for use in live):
        note(
            "behind: a process takes a change within 5 s; longer than that, its machine has another folder "
            "('rules status --wait 10' waits)"
        )


def _state_in_words(use: RulesInUse, version: str) -> str:
    from monitor.core.rules.agreement import first_problem

    state = state_of(use, version)
    if state != "broken":
        return state
    return f"broken for {ago(use.broken_since, use.now).removesuffix(' ago')}: {first_problem(use.problem)}"


def _folder_json(
    path: Path, folder: RuleFolder | None, problem: str, kept: KeptRules | None
) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "folder", "folder": str(path), "version": None, "rules": None}
    if folder is not None:
        told |= {"version": folder.version, "rules": len(folder.rules.rules)}
        told |= {"entities": len(folder.rules.entities), "feeds": len(folder.feeds)}
        told |= {
            "shipped_entities": len(folder.shipped_entities),
            "shipped_frames": len(folder.shipped_frames),
        }
    last_good = {"version": kept.version, "kept_at": _moment(kept.kept_at)} if kept is not None else None
    return told | {"problem": problem, "last_good": last_good}


def _use_json(use: RulesInUse, version: str) -> dict[str, Any]:
    return {
        "type": "process",
        "role": use.role,
        "process": use.process,
        "host": use.host,
        "folder": use.folder,
        "version": use.version or None,
        "rules": use.rules,
        "since": _moment(use.since),
        "seen_at": _moment(use.seen_at),
        "state": state_of(use, version),
        "problem": use.problem,
        "broken_since": _moment(use.broken_since),
    }


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


# ---------------------------------------------------------------- history


def history(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule, also of one that is gone.")],
    rules: RulesOption = None,
    json: JsonOption = False,
) -> None:
    """Show every version of a rule that was ever used, the newest first, and what changed each time."""
    with open_ledger() as db:
        from monitor.store.rules import recorded_rule_ids, rule_history

        versions = rule_history(db, rule)
        known = () if versions else recorded_rule_ids(db)
    here, _ = _folder_here(rules or read_settings().rules)
    now = here.rules.rules.get(rule) if here is not None else None
    if not versions:
        _no_such_rule(rule, known, written=now is not None, here=here)
    changes = changes_of(versions)
    if json:
        write_json(
            {
                "rule": one.rule,
                "version": one.version,
                "first_seen_at": _moment(one.first_seen_at),
                "matches": one.matches,
                "in_folder": now is not None and now.version == one.version,
                "text": one.text,
                "diff": change,
            }
            for one, change in zip(versions, changes, strict=True)
        )
        return
    if here is not None and now is None:
        note(f"no file in the folder here defines {rule!r} any more")
    elif now is not None and now.version not in {one.version for one in versions}:
        note(f"the folder here has version {now.version}, which no process has used yet")
    moment = datetime.now(UTC)
    for one, change in zip(versions, changes, strict=True):
        mark = " (in the folder here)" if now is not None and now.version == one.version else ""
        seen = f"first used {when(one.first_seen_at)} UTC, {ago(one.first_seen_at, moment)}"
        write(f"{one.rule} {one.version}{mark}: {seen}; {one.matches} matches")
        _write_change(change or one.text)


def changes_of(versions: Sequence[RuleVersion]) -> list[str]:
    """For each version, the newest first, a unified diff from the one before it; empty for the oldest."""
    from difflib import unified_diff
    from itertools import pairwise

    changes = []
    for new, old in pairwise(versions):
        lines = unified_diff(
            old.text.splitlines(), new.text.splitlines(), old.version, new.version, lineterm="", n=2
        )
        changes.append("\n".join(lines))
    return [*changes, ""] if versions else []


def _write_change(text: str) -> None:
    """A diff, or the first version's text, two columns in; with colours on a terminal."""
    if not is_terminal():
        write("\n".join(f"  {line}".rstrip() for line in text.splitlines()) + "\n")
        return
    from rich.text import Text

    from monitor.core.terminal import clean_block

    styles = {"+": "green", "-": "red", "@": "cyan"}
    out = console()
    for line in text.splitlines():
        out.print(Text("  " + clean_block(line), style=styles.get(line[:1], "")), soft_wrap=True)
    out.print()


def _no_such_rule(rule: str, known: Sequence[str], *, written: bool, here: RuleFolder | None) -> None:
    """Raises UsageError, with the rule that was probably meant."""
    from monitor.core.rules.problems import did_you_mean

    if written:
        raise UsageError(
            f"no process has used rule {rule!r} yet",
            remedy="a running process records it within seconds; 'claimwatch rules status' shows them",
        )
    names = {*known, *(here.rules.rules if here is not None else ())}
    raise UsageError(
        f"there is no rule {rule!r}, and there never was",
        remedy=did_you_mean(rule, names) or "'claimwatch rules explain' knows those of today",
    )
