"""The commands of this room: `up`, `poll`, `work`, `once`, `import`, `try`, `eval` and `demo`.

Everything heavy is imported inside the commands, so that `claimwatch --help` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import EXIT_PARTIAL, UsageError
from workers.evaluation_command import eval_

if TYPE_CHECKING:
    from monitor.config import Settings

RulesOption = Annotated[Path | None, typer.Option("--rules", help="Rules folder (CLAIMWATCH_RULES).")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON Lines, one object a line.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the `claimwatch` program."""
    app.command("up")(up)
    app.command("poll")(poll)
    app.command("work")(work)
    app.command("once")(once)
    app.command("import")(import_)
    app.command("try")(try_)
    app.command("eval")(eval_)
    app.command("demo")(demo)


def up(
    host: Annotated[str | None, typer.Option(help="Address of the web page.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the web page.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes for articles.")] = None,
) -> None:
    """Run everything on this machine: poller, workers, deliverer, web page, and Redis where none is given."""
    settings = _settings(host=host, port=port, workers=workers)
    from workers import supervisor

    supervisor.run(settings)


def poll() -> None:
    """Poll feeds until SIGTERM; any number of pollers may run."""
    settings = _settings()
    from workers.processes import run_poller

    run_poller(settings)


def work(
    queue: Annotated[str, typer.Option("--queue", "-q", help="articles or deliveries.")] = "articles",
) -> None:
    """Work on articles, or deliver alerts, until SIGTERM; needs the database, and Redis only to be quick."""
    settings = _settings()
    from workers.processes import run_worker
    from workers.queue import Kind

    if queue not in set(Kind):
        raise UsageError(f"there is no queue {queue!r}", remedy=f"one of: {', '.join(Kind)}")
    run_worker(settings, Kind(queue))


def once() -> None:
    """Poll the feeds that are due, process and deliver all that waits, and leave. Needs no Redis."""
    settings = _settings()
    from workers.console import say
    from workers.once import run_once

    done = run_once(settings)
    say(
        f"{done.feeds} feeds polled ({done.failed_feeds} failed), {done.stored} new article versions, "
        f"{done.articles} articles processed, {done.notifications} notifications tried"
    )
    if done.failed_feeds:
        say("claimwatch feeds list  shows what is wrong with them")
    _tell_of_rules(settings, broken=done.rules_broken)
    if done.failed_feeds or done.rules_broken:
        raise typer.Exit(EXIT_PARTIAL)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON Lines; - reads standard input.")],
    alert: Annotated[
        bool, typer.Option("--alert", help="Send alerts, instead of recording them as backfill.")
    ] = False,
) -> None:
    """Take articles from an archive through the whole path, here and now."""
    settings = _settings()
    from workers.console import note, say
    from workers.once import import_archive

    done = import_archive(settings, file, alert=alert, complain=note)
    say(
        f"{done.lines} lines: {done.stored} new article versions, {done.unchanged} known already, "
        f"{done.bad} not read; {done.articles} articles processed, {done.notifications} notifications tried"
    )
    _tell_of_rules(settings, broken=done.rules_broken)
    if done.bad or done.rules_broken:
        raise typer.Exit(EXIT_PARTIAL)


def _tell_of_rules(settings: Settings, *, broken: bool) -> None:
    if broken:
        from workers.console import note

        note(
            f"the rule files in {settings.rules} are broken, so the last good ones were used; "
            f"'claimwatch rules lint {settings.rules}' shows what to mend"
        )


def try_(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="A feed, JSON Lines, or plain text.")],
    rules: RulesOption = None,
    json: JsonOption = False,
) -> None:
    """Show what the rules find in a feed or a file. Needs no database and no Redis."""
    settings = _settings(rules=rules)
    from monitor.models import load_parsers
    from monitor.rulefiles import load_folder
    from workers import trial
    from workers.console import note, say, say_json

    folder = load_folder(settings.rules)
    articles, complaints = trial.read(target, settings)
    found = trial.judge(articles, folder.rules, load_parsers(settings.spacy_model))
    for complaint in complaints:
        note(complaint)
    if json:
        say_json(trial.as_objects(found))
    else:
        for line in trial.as_text(found):
            say(line)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running until Ctrl-C.")] = False,
) -> None:
    """Bundled feeds through the whole path, on this machine, without any network."""
    from workers.demo import run

    code = run(keep=keep)
    if code:
        raise typer.Exit(code)


def _settings(**overrides: object) -> Settings:
    from monitor.config import load_settings
    from monitor.logs import log_to_stderr

    settings = load_settings(**{name: value for name, value in overrides.items() if value is not None})
    log_to_stderr(settings.log_level)
    return settings
