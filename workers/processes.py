"""One function a role: what a poller, a worker and a deliverer process do from start to end."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import structlog

from monitor.config import Settings
from monitor.core.claims.parsed import Parser
from monitor.errors import ClaimwatchError, UnavailableError
from monitor.feeds.egress import Egress
from monitor.feeds.parse import FeedParser
from monitor.models import load_embedder, load_parsers
from monitor.rulefiles import RulesInForce, RulesWatcher
from monitor.store.database import Database, open_database
from monitor.store.health import beat
from monitor.store.kept_rules import kept_rules
from monitor.store.migrations import require_current
from monitor.store.rules_in_use import RulesTelling
from workers import loops, watchdog
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications, process_articles
from workers.opinions import Asker, load_opinions
from workers.own_health import OwnHealth
from workers.poller import BEAT_EVERY, Poller, process_name, rules_note
from workers.queue import Kind, Stop, listen

log = structlog.get_logger(__name__)


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Database]:
    """The ledger of an installation that is set up.

    Raises UnavailableError, ConfigError, DatabaseVersionError.
    """
    db = open_database(settings.database)
    try:
        require_current(db)
        yield db
    finally:
        db.close()


def watched_rules(settings: Settings, db: Database) -> RulesWatcher:
    """The rules folder, or while it is broken the last good rules of it that the ledger has.

    Raises RulesError and ConfigError where there are neither.
    """
    return RulesWatcher(settings.rules, last_good=lambda: kept_rules(db, settings.rules))


def keep_what_is_loaded() -> None:
    """Looking through all of it for garbage would hold everything up for half a second.

    Next to nothing of what comes after is a cycle, and a batch of feeds makes a hundred thousand values:
    the collector is to look at many of them at once.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@contextmanager
def following_rules(watcher: RulesWatcher, db: Database, role: str) -> Iterator[None]:
    """The rules are renewed by themselves, also in a process without work, and the ledger knows which."""
    telling = RulesTelling(role=role, process=process_name(), folder=watcher.path)

    def tell(state: RulesInForce) -> None:
        folder = state.folder
        telling.tell(
            db,
            folder.rules,
            version=folder.version,
            text_of=folder.recorded_text,
            files=folder.files,
            problem=state.problem,
        )

    keep_what_is_loaded()
    with watcher.watching(tell):
        yield
    try:
        telling.end(db)
    except ClaimwatchError as error:  # it is forgotten by itself
        log.info("rules.not_told", error=str(error))


def run_poller(settings: Settings) -> None:
    """Poll until SIGTERM or SIGINT; the feeds under way are then given back."""
    with open_ledger(settings) as db:
        watcher = watched_rules(settings, db)
        with following_rules(watcher, db, "poller"):
            loops.run(_run_poller(settings, db, watcher))


async def _run_poller(settings: Settings, db: Database, watcher: RulesWatcher) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Egress.from_settings(settings) as egress, FeedParser() as parser:
        await Poller(db, watcher, settings, egress, parser).run(stop)


def run_worker(
    settings: Settings,
    kind: Kind,
    *,
    parsers: Callable[[str], Mapping[str, Parser]] = load_parsers,
    stop: Stop | None = None,
) -> None:
    """Do the work of one kind until SIGTERM or SIGINT; needs the ledger's URL, and Redis only to be quick.

    Rules and the language model are loaded once, before the first look.
    """
    if stop is None:
        stop = Stop()
        stop.install()
    with ExitStack() as stack:
        db = stack.enter_context(open_ledger(settings))
        watcher = watched_rules(settings, db)
        if kind is Kind.ARTICLES:
            embedder = load_embedder(settings)
            asker = stack.enter_context(Asker(settings))
            tools = Toolbox(
                db=db,
                watcher=watcher,
                parsers=parsers(settings.spacy_model),
                settings=settings,
                embedder=embedder,
                opinions=load_opinions(settings, db, asker, embedder),
                stop=stop,
            )
            work = lambda: process_articles(tools)  # noqa: E731  # one of two
        else:
            postman = stack.enter_context(Postman(settings))
            tools = Toolbox(db=db, watcher=watcher, parsers=_NO_PARSERS, settings=settings, stop=stop)
            own_health = OwnHealth(tools)

            def work() -> int:
                own_health()
                return deliver_notifications(tools, postman)

        stack.enter_context(following_rules(watcher, db, role_of(kind)))
        watchdog.arm()
        listen(settings.redis_url, kind, Look(tools, kind, work), stop)


def role_of(kind: Kind) -> str:
    """What a process that does this kind of work is called."""
    return "worker" if kind is Kind.ARTICLES else "deliverer"


class Look:
    """Look at the ledger once: do all work of a kind that is due, and sign the heartbeat now and then."""

    def __init__(self, tools: Toolbox, kind: Kind, work: Callable[[], int]) -> None:
        self._tools = tools
        self._role = role_of(kind)
        self._work = work
        self._next_beat = 0.0
        self._away = False

    def __call__(self) -> None:
        """While the ledger is away there is nothing to do; the next look comes soon enough."""
        try:
            self._beat()
            while not self._tools.stop():
                watchdog.step()
                if not self._work():
                    break
                self._beat()
            if self._away:
                log.info("ledger.back")
            self._away = False
        except UnavailableError as error:
            if not self._away:
                log.warning("ledger.away", error=str(error))
            self._away = True
        finally:
            watchdog.rest()

    def _beat(self) -> None:
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + BEAT_EVERY
            versions = self._tools.opinions.versions if self._tools.opinions is not None else {}
            models = (f"{does} {model}" for does, model in versions.items())
            note = "; ".join((rules_note(self._tools.watcher), *models))
            beat(self._tools.db, role=self._role, process=process_name(), note=note)


#: A process that delivers parses nothing.
_NO_PARSERS: Mapping[str, Parser] = {}
