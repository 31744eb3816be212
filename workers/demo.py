"""`claimwatch demo`: bundled feeds on loopback through the whole path, by the real processes.

A poller, two article workers and a deliverer run as `claimwatch up` runs them, on an embedded Redis and an
SQLite ledger in a folder of the demo's own; nothing of the user's is read but the language model.
It asks the ledger what was found, and fails where there is no contradiction.
"""

from __future__ import annotations

import dataclasses
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from monitor.config import Settings, load_settings
from monitor.errors import (
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_OK,
    ClaimwatchError,
)
from monitor.rulefiles import load_folder, shipped_folder
from monitor.store.database import Database, open_database
from monitor.store.feeds import poll_now
from monitor.store.migrations import upgrade
from monitor.store.notifications import close_groups
from monitor.store.queries import Filters, list_articles, list_claims, list_contradictions, list_matches
from monitor.store.tasks import outstanding
from workers.children import Child, stop_all
from workers.console import note, say
from workers.demo_publishers import ALERTS_PATH, FORMATS, Outlet, Publishers, read_outlets
from workers.demo_screen import Found, ProgressBars, Screen
from workers.embedded_redis import EmbeddedRedis
from workers.queue import Stop
from workers.supervisor import STOP_WITHIN, environment, roles

#: More than all articles and claims of the demo.
EVERYTHING = Filters(limit=10_000)
#: A demo that is not through by then has failed, in seconds; on a small machine it takes a tenth.
GIVE_UP_AFTER = 120.0
#: How often it looks how far the path is, in seconds.
LOOK_EVERY = 0.2
#: A process that died so often will not come up.
DEATHS_ALLOWED = 2


class DemoFailedError(ClaimwatchError):
    """The path did not bring out what the demo is there to show."""

    exit_code = EXIT_FINDINGS


class _Stopped(Exception):  # noqa: N818  # no error: somebody asked for it
    """SIGINT or SIGTERM."""


def run(keep: bool = False) -> int:
    """Run the demo and show what it found; the exit code.

    With `keep`, everything and the web page stay up until Ctrl-C, and the folder stays behind.
    Raises DemoFailedError (what is missing, in words), UnavailableError (no Redis), RulesError.
    """
    stop = Stop()
    stop.install()
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-demo-"))
    try:
        outlets = read_outlets(datetime.now(UTC))
        _announce(outlets)
        publishers = Publishers(outlets)
        settings = prepare(folder, outlets, publishers)
        with _stage(settings, publishers, web=keep) as stage:
            found = stage.play(stop, started)
            Screen().results(found)
            check(found)
            if keep:
                _introduce(settings)
                while not stop():
                    stage.tend()
                    stop.wait(LOOK_EVERY)
        return EXIT_OK
    except _Stopped:
        note("stopped")
        return EXIT_INTERRUPTED
    finally:
        if keep:
            say(f"the folder is left: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- setting the scene


def _announce(outlets: tuple[Outlet, ...]) -> None:
    articles = sum(len(outlet.articles) for outlet in outlets)
    say(f"{articles} articles of {len(outlets)} invented publishers about one event, through the real")
    say("processes: poller, Redis queue, two workers, deliverer.")
    say("The positions follow public reporting; the wording is ours.")


def prepare(folder: Path, outlets: tuple[Outlet, ...], publishers: Publishers) -> Settings:
    """The demo's rules folder and migrated ledger; the settings for both.

    The shipped rules stand there with the demo's own feeds and one receiver, its own webhook.
    """
    from ruamel.yaml import YAML

    rules = folder / "rules"
    shutil.copytree(shipped_folder(), rules, ignore=shutil.ignore_patterns("feeds.y*ml", "routes.y*ml"))
    yaml = YAML(typ="safe", pure=True)
    feeds = [
        {
            "url": publishers.base + path,
            "publisher": outlet.name,
            "tags": list(outlet.tags),
            "lang": outlet.lang,
            "interval": "1h",
        }
        for path, outlet in publishers.outlets.items()
    ]
    with (rules / "feeds.yml").open("w", encoding="utf-8") as file:
        yaml.dump({"version": 1, "feeds": feeds}, file)
    receiver = f"webhook+{publishers.base}{ALERTS_PATH}"
    with (rules / "routes.yml").open("w", encoding="utf-8") as file:
        yaml.dump({"version": 1, "receivers": {"demo": receiver}, "route": [{"receivers": ["demo"]}]}, file)
    settings = load_settings().model_copy(
        update={
            "data_dir": folder,
            "rules": rules,
            "database_url": f"sqlite:///{folder / 'claimwatch.db'}",
            "redis_url": "",
            "allow_networks": (ip_network("127.0.0.0/8"),),
            "fetch_spacing": 0.0,  # all of its publishers are one host
            "host": "127.0.0.1",
            "port": _free_port(),
            "workers": 2,
        }
    )
    db = open_database(settings.database)
    try:
        upgrade(db)
    finally:
        db.close()
    return settings


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def child_environment(settings: Settings, redis_url: str) -> dict[str, str]:
    """For the children: none of the user's own settings but the language model's name."""
    inherited = {
        name: value
        for name, value in environment(settings, redis_url).items()
        if not name.startswith("CLAIMWATCH_") or name.removeprefix("CLAIMWATCH_").lower() in _OURS
    }
    networks = ",".join(str(network) for network in settings.allow_networks)
    return inherited | {
        "CLAIMWATCH_ALLOW_NETWORKS": networks,
        "CLAIMWATCH_FETCH_SPACING": f"{settings.fetch_spacing:g}",
        "CLAIMWATCH_LOG_LEVEL": "info",
    }


#: The settings that the demo makes itself, and the one it takes over.
_OURS = {"data_dir", "rules", "database_url", "redis_url", "host", "port", "spacy_model"}


# ---------------------------------------------------------------- playing


@contextmanager
def _stage(settings: Settings, publishers: Publishers, *, web: bool) -> Iterator[Stage]:
    """The processes, running; all gone at the end."""
    redis = EmbeddedRedis(settings.data_dir)
    redis.start()
    log = settings.data_dir / "processes.log"
    env = child_environment(settings, redis.url)
    children = [
        Child(name, _logging_to(log, [sys.executable, "-m", "monitor.cli", *command]), env)
        for name, command in roles(settings)
        if web or name != "web"
    ]
    db = open_database(settings.database)
    try:
        for child in children:
            child.start()
        # after the forks, because it brings threads
        with publishers:
            yield Stage(settings, publishers, children, db)
    finally:
        db.close()
        stop_all(children, within=STOP_WITHIN)
        redis.stop()


def _logging_to(log: Path, command: list[str]) -> list[str]:
    """The command with what it says appended to a file, so that the screen stays ours."""
    return ["/bin/sh", "-c", 'exec "$@" >>"$0" 2>&1', str(log), *command]


class Stage:
    """The running demo: asks the ledger how far the path is."""

    def __init__(
        self, settings: Settings, publishers: Publishers, children: list[Child], db: Database
    ) -> None:
        self._settings = settings
        self._publishers = publishers
        self._children = children
        self._db = db
        self._deaths: list[str] = []

    def play(self, stop: Stop, started: float) -> Found:
        """Both polls, to the last alert; what was found. Raises _Stopped, DemoFailedError, RulesError."""
        outlets = self._publishers.outlets.values()
        articles = [article for outlet in outlets for article in outlet.articles]
        first = sum(1 for article in articles if article.wave == 1)
        all_versions = len(articles) + sum(1 for article in articles if article.edit)
        both_polls = 2 * len(outlets)
        totals = {"fetched": both_polls, "stored": all_versions, "judged": all_versions}
        with ProgressBars(totals) as bars:
            self._until(stop, bars, lambda counts: counts["judged"] >= first)
            self._publishers.publish_second_wave()
            poll_now(self._db)
            self._until(
                stop,
                bars,
                lambda counts: counts["judged"] >= all_versions and counts["fetched"] >= both_polls,
            )
            self._until(stop, bars, lambda _: self._all_told())
            delivered = len(self._publishers.alerts())
            bars.show({"delivered": delivered}, {"delivered": delivered})
        return self._found(time.monotonic() - started)

    def _all_told(self) -> bool:
        """Nothing is left to deliver. New claims wait for more of their story, and a demo does not."""
        close_groups(self._db, intervals=True)
        return not outstanding(self._db).open_notifications

    def tend(self) -> None:
        """Start again what died, and remember it."""
        for child in self._children:
            happened = child.tend()
            if happened:
                self._deaths.append(happened)

    def _until(self, stop: Stop, bars: ProgressBars, reached: Callable[[dict[str, int]], bool]) -> None:
        give_up_at = time.monotonic() + GIVE_UP_AFTER
        while True:
            counts = self._counts()
            bars.show(counts)
            if reached(counts):
                return
            if stop():
                raise _Stopped
            self.tend()
            if len(self._deaths) > DEATHS_ALLOWED or time.monotonic() > give_up_at:
                self._fail(counts)
            stop.wait(LOOK_EVERY)

    def _counts(self) -> dict[str, int]:
        stored = sum(article.versions for article in list_articles(self._db, EVERYTHING))
        return {
            "fetched": sum(self._publishers.answers.values()),
            "stored": stored,
            "judged": stored - outstanding(self._db).open_articles,
            "delivered": len(self._publishers.alerts()),
        }

    def _fail(self, counts: dict[str, int]) -> None:
        load_folder(self._settings.rules)
        reached = ", ".join(f"{count} {stage}" for stage, count in counts.items())
        log = self._settings.data_dir / "processes.log"
        last = log.read_text(errors="replace").strip().splitlines()[-12:] if log.exists() else []
        died = "; ".join(self._deaths) or "nothing died"
        raise DemoFailedError(
            f"the demo did not get through ({reached}; {died}); its processes last said:\n" + "\n".join(last),
            remedy="`claimwatch doctor` examines this installation",
        )

    def _found(self, seconds: float) -> Found:
        def pairs(relation: str) -> Filters:
            return dataclasses.replace(EVERYTHING, relation=relation)

        return Found(
            articles=tuple(list_articles(self._db, EVERYTHING)),
            matches=tuple(list_matches(self._db, EVERYTHING)),
            claims=tuple(list_claims(self._db, EVERYTHING)),
            contradictions=tuple(list_contradictions(self._db, pairs("contradiction"))),
            updates=tuple(list_contradictions(self._db, pairs("update"))),
            delivered=self._publishers.alerts(),
            answers=self._publishers.answers,
            formats=", ".join(
                sorted({FORMATS[one.format].name for one in self._publishers.outlets.values()})
            ),
            seconds=seconds,
        )


def check(found: Found) -> None:
    """Raises DemoFailedError that names all that is missing."""
    missing = [
        words
        for words, there in (
            ("no article was stored", found.articles),
            ("no rule matched", found.matches),
            ("no claim was found", found.claims),
            ("no contradiction was found", found.contradictions),
            ("no alert was delivered", found.delivered),
            ("the syndicated copy was not recognised", found.copies()),
            ("the edited version was not stored", found.edited()),
        )
        if not there
    ]
    if missing:
        raise DemoFailedError(
            f"the demo is not what it should be: {'; '.join(missing)}",
            remedy="`claimwatch doctor` examines this installation; did somebody change rules/?",
        )


def _introduce(settings: Settings) -> None:
    env = child_environment(settings, "")
    shown = ("CLAIMWATCH_DATA_DIR", "CLAIMWATCH_RULES", "CLAIMWATCH_ALLOW_NETWORKS")
    say("")
    say("Everything keeps running; Ctrl-C stops it.")
    say(f"  web page: http://{settings.host}:{settings.port}/")
    say("In another terminal:")
    for name in shown:
        say(f"  export {name}={env[name]}")
    say("  claimwatch contradictions list")
    say("  claimwatch claims list --speaker 'Alexander Bortnikov' --json")
    say("  claimwatch feeds list")
    say("  claimwatch health")
