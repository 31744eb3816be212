"""`claimwatch db`, `health` and `doctor`: is everything there, up to date and alive?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor import __version__
from monitor.cli.backups import backup, restore
from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import Column, ago, note, write, write_json, write_rows
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, EXIT_UNAVAILABLE, ClaimwatchError, UsageError

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.core.rules.agreement import RulesInUse
    from monitor.store.health import Heartbeat
    from monitor.store.tasks import Outstanding

#: A process that was silent for longer is taken for dead.
SILENT_AFTER = timedelta(seconds=90)
ROLES = ("poller", "worker", "deliverer", "web")
#: Without these nothing moves, whether or not they ever ran here.
NEEDED = ("poller", "worker")

app = typer.Typer(name="db", help="The database: upgrade, check, back up, restore.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Add `db`, `health` and `doctor`."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    root.add_typer(app)
    root.command("health")(health)
    root.command("doctor")(doctor)


@app.command("upgrade")
def upgrade() -> None:
    """Bring the database to this program's schema; makes it where there is none. Safe to repeat."""
    from monitor.config import sqlite_file
    from monitor.store.database import open_database
    from monitor.store.migrations import upgrade as apply

    settings = read_settings()
    file = sqlite_file(settings.database)
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = open_database(settings.database)
    try:
        revision = apply(db)
    finally:
        db.close()
    write(f"the database is up to date: revision {revision}")


@app.command("check")
def check() -> None:
    """Say whether the database can be used: exit code 0 yes, 2 its schema is another, 3 no answer."""
    with open_ledger() as db:
        from monitor.store.tasks import outstanding

        work = outstanding(db)
        write(f"the {db.dialect} database is up to date")
    write(f"{work.open_articles} articles and {work.open_notifications} notifications are waiting")


# ---------------------------------------------------------------- health


def ailments(
    beats: tuple[Heartbeat, ...],
    work: Outstanding,
    uses: tuple[RulesInUse, ...] = (),
    *,
    now: datetime,
    role: str = "",
) -> tuple[str, ...]:
    """What is wrong, one sentence each; empty: nothing. With a role, only whether that role is alive."""
    from monitor.core.rules.agreement import disagreements

    newest: dict[str, datetime] = {}
    for beat in beats:
        newest[beat.role] = max(beat.at, newest.get(beat.role, beat.at))
    wanted = (role,) if role else tuple(dict.fromkeys((*NEEDED, *newest)))
    found = []
    for name in wanted:
        if name not in newest:
            found.append(f"no {name} has run here in the last day")
        elif now - newest[name] > SILENT_AFTER:
            found.append(f"the last sign of a {name} was {ago(newest[name], now)}")
    if not role and work.stuck_articles:
        found.append(f"{work.stuck_articles} articles are stuck after several attempts")
    if not role and work.dead_notifications:
        found.append(f"{work.dead_notifications} notifications could not be delivered")
    if not role:
        found += disagreements(uses)
    return tuple(found)


def health(
    role: Annotated[str, typer.Argument(metavar="[ROLE]", help=f"One of {', '.join(ROLES)}; else all.")] = "",
    json: JsonOption = False,
) -> None:
    """Say whether the processes are alive and nothing is stuck: exit code 0 yes, 1 no."""
    if role and role not in ROLES:
        raise UsageError(f"there is no role {role!r}", remedy=f"one of {', '.join(ROLES)}")
    with open_ledger() as db:
        from monitor.store.health import heartbeats
        from monitor.store.rules_in_use import rules_in_use
        from monitor.store.tasks import outstanding

        beats, work, uses = heartbeats(db), outstanding(db), rules_in_use(db)
    now = datetime.now(UTC)
    found = ailments(beats, work, uses, now=now, role=role)
    if json:
        write_json([{"healthy": not found, "ailments": list(found), "waiting": work.open_articles}])
    else:
        columns: tuple[Column[Heartbeat], ...] = (
            Column(title="role", cell=lambda beat: beat.role),
            Column(title="process", cell=lambda beat: beat.process),
            Column(title="last sign", cell=lambda beat: ago(beat.at, now)),
            Column(title="note", cell=lambda beat: beat.note, ratio=1),
        )
        write_rows(columns, [beat for beat in beats if not role or beat.role == role])
        for sentence in found:
            note(f"unwell: {sentence}")
        if not found:
            write("healthy")
    if found:
        raise typer.Exit(EXIT_FINDINGS)


# ---------------------------------------------------------------- doctor


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `doctor`."""

    subject: str
    words: str
    remedy: str = ""
    # 0: fine, or only worth knowing.
    exit_code: int = 0


def _versions(settings: Settings) -> list[Finding]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = [Finding(subject="claimwatch", words=f"{__version__}, Python {platform.python_version()}")]
    for name in ("sqlmodel", "sqlalchemy", "httpx", "feedparser", "spacy", "rq"):
        try:
            found.append(Finding(subject=name, words=version(name)))
        except PackageNotFoundError:
            found.append(
                Finding(
                    subject=name, words="missing", remedy="install claimwatch again", exit_code=EXIT_FINDINGS
                )
            )
    return found


def _database(settings: Settings) -> list[Finding]:
    import sqlite3

    from monitor.config import sqlite_file

    found = []
    file = sqlite_file(settings.database)
    if file is not None:
        # https://sqlite.org/wal.html#walresetbug: a rare race could corrupt a database in WAL mode
        risky = sqlite3.sqlite_version_info < (3, 51, 3)
        found.append(
            Finding(
                subject="SQLite",
                words=sqlite3.sqlite_version
                + (": has a rare race of several writers that 3.51.3 mended" if risky else ""),
                remedy="PostgreSQL for several machines, or a newer SQLite" if risky else "",
            )
        )
        if not file.exists():
            words = f"none yet at {file}"
            return [*found, Finding(subject="database", words=words, remedy="`claimwatch up` makes it")]
    try:
        with open_ledger(settings) as db:
            found.append(Finding(subject="database", words=f"{db.dialect}, reachable, up to date"))
    except ClaimwatchError as error:
        found.append(
            Finding(subject="database", words=str(error), remedy=error.remedy, exit_code=error.exit_code)
        )
    return found


def _redis(settings: Settings) -> list[Finding]:
    words = (
        "configured (its state shows in `claimwatch health`)"
        if settings.redis_url
        else "embedded: `claimwatch up` starts one of its own, and `once` and `import` need none"
    )
    return [Finding(subject="Redis", words=words)]


def _rules(settings: Settings) -> list[Finding]:
    from monitor.core.rules.problems import findings_of
    from monitor.rulefiles import load_folder

    try:
        folder = load_folder(settings.rules)
    except ClaimwatchError as error:
        remedy = error.remedy or "`claimwatch rules lint` shows where"
        return [Finding(subject="rules", words=str(error), remedy=remedy, exit_code=error.exit_code)]
    doubts = len(findings_of(folder.problems))
    warnings = f", {doubts} warnings (`claimwatch rules lint`)" if doubts else ""
    return [
        Finding(
            subject="rules",
            words=f"{settings.rules}: {len(folder.rules.rules)} rules, "
            f"{len(folder.rules.entities)} entities, {len(folder.feeds)} feeds{warnings}",
        )
    ]


def _rules_in_use(settings: Settings) -> list[Finding]:
    """Whether the running processes use the same rules; nothing where no database can say."""
    from monitor.core.rules.agreement import disagreements
    from monitor.store.rules_in_use import rules_in_use

    try:
        with open_ledger(settings) as db:
            uses = rules_in_use(db)
    except ClaimwatchError:
        return []  # `_database` tells why
    live = [use for use in uses if use.live]
    wrong = disagreements(live)
    remedy = "'claimwatch rules status' shows each process"
    if wrong:
        return [
            Finding(subject="rules in use", words=words, remedy=remedy, exit_code=EXIT_FINDINGS)
            for words in wrong
        ]
    versions = ", ".join(sorted({use.version or "none" for use in live}))
    words = f"{len(live)} processes, version {versions}" if live else "no process is running"
    return [Finding(subject="rules in use", words=words)]


def _models(settings: Settings) -> list[Finding]:
    from monitor.models.in_use import in_use

    return [
        Finding(
            subject=one.subject,
            words=one.words,
            remedy=one.remedy,
            exit_code=0 if one.ok else EXIT_FINDINGS,
        )
        for one in in_use(settings)
    ]


def _networks(settings: Settings) -> list[Finding]:
    allowed = ", ".join(str(network) for network in settings.allow_networks)
    return [Finding(subject="private networks", words=f"allowed: {allowed}" if allowed else "none allowed")]


EXAMINATIONS: tuple[Callable[[Settings], list[Finding]], ...] = (
    _versions,
    _database,
    _redis,
    _rules,
    _rules_in_use,
    _models,
    _networks,
)


def doctor(json: JsonOption = False) -> None:
    """Examine versions, database, Redis, rules and models. Exit code 0, or that of the worst finding."""
    settings = read_settings()
    findings: list[Finding] = []
    for examine in EXAMINATIONS:
        findings += examine(settings)
    worst = max((finding.exit_code for finding in findings), default=0)
    if json:
        write_json(
            {
                "subject": finding.subject,
                "state": finding.words,
                "remedy": finding.remedy,
                "ok": not finding.exit_code,
            }
            for finding in findings
        )
    else:
        for finding in findings:
            mark = "wrong" if finding.exit_code else "ok"
            write(f"{mark:<6} {finding.subject}: {finding.words}")
            if finding.remedy:
                write(f"         help: {finding.remedy}")
    if worst:
        raise typer.Exit(min(worst, EXIT_UNAVAILABLE))
