"""`claimwatch up`: everything on this machine, as child processes of one supervisor.

It holds no state and does no work: what dies is started again, and the ledger knows what was under way.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.config import Settings
from monitor.errors import ConfigError, RulesError, UnavailableError, UsageError
from monitor.rulefiles import load_folder, start_with_kept
from monitor.store.database import open_database
from monitor.store.kept_rules import kept_rules
from monitor.store.migrations import upgrade
from workers.children import Child, stop_all
from workers.console import note, say
from workers.embedded_redis import EmbeddedRedis
from workers.queue import Stop, require_redis

#: How often children are looked at, in seconds.
LOOK_EVERY = 0.2
#: Children that are still there after this many seconds of SIGTERM are killed; Redis goes after them.
STOP_WITHIN = 8.0


def run(settings: Settings) -> None:
    """Start everything and keep it running until SIGTERM or SIGINT.

    Raises UsageError where it runs already on this data folder, UnavailableError (database, Redis),
    RulesError and ConfigError (rules), all before anything is started.
    """
    stop = Stop()
    stop.install()
    with only_one(settings.data_dir):
        problem = _broken_rules(settings.rules)
        _migrate(settings)
        if problem is not None:
            _require_last_good(settings, problem)
        redis = _redis(settings)
        url = redis.url if redis else settings.redis_url
        children = [
            Child(name, [sys.executable, "-m", "monitor.cli", *command], environment(settings, url))
            for name, command in roles(settings)
        ]
        try:
            for child in children:
                child.start()
            _introduce(settings, redis, children)
            while not stop():
                _tend(redis, children)
                stop.wait(LOOK_EVERY)
        finally:
            note("stopping")
            stop_all(children, within=STOP_WITHIN)
            if redis:
                redis.stop()
            note("stopped")


def roles(settings: Settings) -> list[tuple[str, list[str]]]:
    """The children: a name, and the claimwatch command."""
    workers = [(f"worker {n}", ["work", "-q", "articles"]) for n in range(1, settings.workers + 1)]
    return [
        ("poller", ["poll"]),
        *workers,
        ("deliverer", ["work", "-q", "deliveries"]),
        ("web", ["web"]),
    ]


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Holds the data folder (made where it is missing, mode 0700) until the block ends, or we die.

    Raises UsageError where another supervisor holds it.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data_dir / "up.lock").open("a+")
    except OSError as error:
        raise ConfigError(
            f"data folder {data_dir}: {error.strerror}",
            remedy="set CLAIMWATCH_DATA_DIR to a folder that can be written",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise UsageError(
                f"claimwatch is already running on {data_dir} (pid {lock.read(20).strip() or 'unknown'})",
                remedy="stop that one first, or set CLAIMWATCH_DATA_DIR to another folder",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def environment(settings: Settings, redis_url: str) -> dict[str, str]:
    """Our own environment with the settings that options of `up` may have changed."""
    return {
        **os.environ,
        "CLAIMWATCH_DATA_DIR": str(settings.data_dir),
        "CLAIMWATCH_RULES": str(settings.rules),
        "CLAIMWATCH_DATABASE_URL": settings.database,
        "CLAIMWATCH_REDIS_URL": redis_url,
        "CLAIMWATCH_HOST": settings.host,
        "CLAIMWATCH_PORT": str(settings.port),
    }


def _broken_rules(path: Path) -> RulesError | ConfigError | None:
    """What is wrong with the rules folder; None: nothing."""
    try:
        load_folder(path)
    except (RulesError, ConfigError) as error:
        return error
    return None


def _require_last_good(settings: Settings, problem: RulesError | ConfigError) -> None:
    """Raises the problem where the ledger has no last good rules that the children could start with."""
    db = open_database(settings.database)
    try:
        if start_with_kept(settings.rules, problem, lambda: kept_rules(db, settings.rules)) is None:
            raise problem
    finally:
        db.close()


def _migrate(settings: Settings) -> None:
    db = open_database(settings.database)
    try:
        upgrade(db)
    finally:
        db.close()


def _redis(settings: Settings) -> EmbeddedRedis | None:
    """Our own server, started; None where one was given, which has to answer."""
    if settings.redis_url:
        require_redis(settings.redis_url)
        return None
    redis = EmbeddedRedis(settings.data_dir)
    redis.start()
    return redis


def _introduce(settings: Settings, redis: EmbeddedRedis | None, children: list[Child]) -> None:
    if redis and redis.process:
        say(f"{'redis':<10} pid {redis.process.pid:<8} {redis.socket}")
    for child in children:
        say(f"{child.name:<10} pid {child.pid}")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(f"web page   http://{host}:{settings.port}/")
    say("Ctrl-C stops everything")


def _tend(redis: EmbeddedRedis | None, children: list[Child]) -> None:
    if redis and not redis.alive():
        note("redis died; starting it again")
        try:
            redis.start()
        except UnavailableError as error:  # workers poll the ledger meanwhile; the next look tries again
            note(f"{error}")
    for child in children:
        happened = child.tend()
        if happened:
            note(happened)
