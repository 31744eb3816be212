"""A worker process under the kill harness: a cheap parser, and articles that kill whoever reads them.

python -m killable QUEUE        (test_kills.py puts this folder on the path)
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.config import load_settings
from monitor.core.claims.parsed import Token
from monitor.core.matching import match
from monitor.core.rules import RuleSet
from monitor.core.types import Article, Reading
from monitor.logs import log_to_stderr
from workers import jobs
from workers.processes import run_poller, run_worker
from workers.queue import Kind

POISON = "POISON"
#: As slow as parsing would be, so that kills strike in the middle of work.
SECONDS_AN_ARTICLE = 0.02


class NoWords:
    """A parser that sees no claims: matches alone raise the alerts here."""

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        return tuple(() for _ in texts)


def match_or_die(articles: Sequence[Article], rules: RuleSet) -> tuple[Reading, ...]:
    if any(POISON in article.text for article in articles):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(SECONDS_AN_ARTICLE * len(articles))
    return match(articles, rules)


def live(role: str, env: Mapping[str, str], log: Path) -> None:
    """The life of one process; runs in a fork of a server that has imported everything already."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as where:
        os.dup2(where.fileno(), 1)
        os.dup2(where.fileno(), 2)
    jobs.match = match_or_die  # type: ignore[assignment]  # the same shape
    settings = load_settings()
    log_to_stderr(settings.log_level)
    if role == "poller":
        run_poller(settings)
    else:
        run_worker(settings, Kind(role), parsers=lambda _: {"en": NoWords()})
