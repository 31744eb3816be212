"""The whole path in one process, without Redis: `claimwatch once` and `claimwatch import`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from monitor.config import Settings
from monitor.errors import InputError
from monitor.feeds.archive import LONGEST_LINE, ArchivedArticle, BadLine, batches, plan_versions, read_lines
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.models import load_embedder, load_parsers
from monitor.rulefiles import RulesInForce, RulesWatcher
from monitor.store.database import Database, open_database
from monitor.store.feeds import known_entries
from monitor.store.ingest import save_imported
from monitor.store.kept_rules import keep_rules, kept_rules
from monitor.store.migrations import upgrade
from monitor.store.notifications import close_groups
from monitor.store.rules import record_rules
from monitor.store.tasks import outstanding, quarantine_exhausted
from workers import loops, own_health
from workers.console import Progress, progress
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications, process_articles
from workers.opinions import Asker, load_opinions
from workers.poller import Poller

#: Lines stored in one transaction.
LINES_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceDone:
    feeds: int
    failed_feeds: int
    # New article versions.
    stored: int
    articles: int
    notifications: int
    # The rule files are broken, and this was done by the last good ones.
    rules_broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone:
    # Lines with something on them.
    lines: int
    stored: int
    unchanged: int
    bad: int
    articles: int
    notifications: int
    # As in OnceDone.
    rules_broken: bool


def run_once(settings: Settings) -> OnceDone:
    """One poll of all feeds that are due, then all outstanding work. The database is set up where it is new.

    Work that waits for its back-off stays for the next time.
    """
    with _tools(settings) as (tools, postman):
        poller = loops.run(_poll(tools))
        with progress("articles") as show:
            articles, notifications = work_off(tools, postman, show)
    return OnceDone(
        feeds=poller.polled,
        failed_feeds=poller.failed,
        stored=poller.stored,
        articles=articles,
        notifications=notifications,
        rules_broken=bool(tools.watcher.problem),
    )


async def _poll(tools: Toolbox) -> Poller:
    async with Egress.from_settings(tools.settings) as egress, FeedParser() as parser:
        poller = Poller(tools.db, tools.watcher, tools.settings, egress, parser)
        await poller.once()
        return poller


def import_archive(
    settings: Settings, file: str, *, alert: bool, complain: Callable[[str], None]
) -> ImportDone:
    """Articles from JSON Lines through the whole path. `complain` gets each line that cannot be read.

    Raises InputError where the file cannot be opened.
    """
    lines = stored = unchanged = bad = 0

    def readable(stream: BinaryIO) -> Iterator[ArchivedArticle]:
        nonlocal lines, bad
        for line in read_lines(_lines(stream)):
            lines += 1
            if isinstance(line, BadLine):
                bad += 1
                complain(f"{file}:{line.number}: {line.complaint}")
            else:
                yield line

    with _open(file) as stream, _tools(settings) as (tools, postman):
        for batch in batches(readable(stream), LINES_AT_ONCE):
            planned = plan_versions(batch, known_entries(tools.db, {one.identity for one in batch}))
            stored += len(save_imported(tools.db, planned, backfill=not alert))
            unchanged += len(batch) - len(planned)
        with progress("articles") as show:
            articles, notifications = work_off(tools, postman, show)
    return ImportDone(
        lines=lines,
        stored=stored,
        unchanged=unchanged,
        bad=bad,
        articles=articles,
        notifications=notifications,
        rules_broken=bool(tools.watcher.problem),
    )


def work_off(tools: Toolbox, postman: Postman, show: Progress) -> tuple[int, int]:
    """Do all work that is due, here and now: (articles, notifications) taken."""
    quarantine_exhausted(tools.db)
    total = outstanding(tools.db).articles
    articles = notifications = 0
    while taken := process_articles(tools):
        articles += taken
        show(articles, max(total, articles))
    own_health.look(tools)
    # Nobody waits here for more of a group: what this run found is what goes out together.
    close_groups(tools.db)
    while taken := deliver_notifications(tools, postman):
        notifications += taken
    return articles, notifications


@contextmanager
def _tools(settings: Settings) -> Iterator[tuple[Toolbox, Postman]]:
    quiet = settings.model_copy(update={"redis_url": ""})  # we do the work ourselves: nobody to ring for
    db = _open_and_upgrade(settings)
    try:
        watcher = RulesWatcher(settings.rules, last_good=lambda: kept_rules(db, settings.rules))
        record = partial(_record, db, settings.rules)
        record(watcher.state)
        with watcher.watching(record), Postman(quiet) as postman, Asker(settings) as asker:
            parsers = load_parsers(settings.spacy_model)
            embedder = load_embedder(settings)
            tools = Toolbox(
                db=db,
                watcher=watcher,
                parsers=parsers,
                settings=quiet,
                embedder=embedder,
                opinions=load_opinions(quiet, db, asker, embedder),
            )
            yield tools, postman
    finally:
        db.close()


def _record(db: Database, path: Path, now: RulesInForce) -> None:
    folder = now.folder
    record_rules(db, folder.rules.rules.values(), folder.recorded_text)
    keep_rules(db, folder=path, version=folder.version, files=folder.files)


def _open_and_upgrade(settings: Settings) -> Database:
    db = open_database(settings.database)
    try:
        upgrade(db)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _open(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115  # closed below; only opening may fail here
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", remedy="give a file of JSON Lines, or -") from error
    with stream:
        yield stream


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines, of which a monstrous one is cut (and then refused) instead of filling the memory."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)
            if not line:
                return
