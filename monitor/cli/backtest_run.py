"""Judging the stored articles of a window with two rule sets at once, in one process or in several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from monitor.core.backtesting import Found, Prefilter, Tally, findings_of
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Entity, Rule
from monitor.errors import UnavailableError
from monitor.store.database import Database, open_database
from monitor.store.windows import Page, Window, count_articles, pages, read_page, stored_matches

#: Fewer articles than this are judged sooner than another process has started.
WORTH_A_PROCESS = 4000
# Seconds between two looks whether Ctrl-C was pressed.
_LOOK_EVERY = 0.2
# Pages handed out to each process at once.
_PAGES_AHEAD = 3
# The word filter is given up where it lets more than this share of so many articles through.
_MOST_CANDIDATES = 0.7
_CANDIDATES_AFTER = 1000

#: Told after each page: articles done, articles in all.
Show = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is to be judged, as plain values that travel to other processes."""

    # Of a `paired` set.
    rules: tuple[Rule, ...]
    entities: tuple[Entity, ...]
    window: Window
    # Samples kept of each side of a rule.
    samples: int
    # Rules whose stored matches stand for the old ones; None: the old rules are among `rules`.
    stored: frozenset[str] | None = None

    @classmethod
    def of(
        cls, rules: RuleSet, window: Window, samples: int, stored: frozenset[str] | None = None
    ) -> Assignment:
        return cls(
            rules=tuple(rules.rules.values()),
            entities=tuple(rules.entities.values()),
            window=window,
            samples=samples,
            stored=stored,
        )


@dataclass(slots=True)
class Progress:
    """How far it is; still true where it was broken off."""

    tally: Tally
    # In the window.
    articles: int
    processes: int
    # Of wall clock, and of processors in all processes together, for the judging.
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class Judge:
    """Judges pages; one in each process."""

    def __init__(self, db: Database, assignment: Assignment) -> None:
        self._db = db
        self._assignment = assignment
        self._rules = RuleSet.compile(assignment.rules, assignment.entities)
        self._filter = Prefilter(self._rules)
        self._seen = self._candidates = 0

    def judge(self, page: Page) -> Tally:
        """What the page's articles add to the comparison."""
        asked = self._assignment
        tally = Tally(most=asked.samples, articles=page.articles)
        versions = {
            one.version_id: one for one in read_page(self._db, page, all_versions=asked.window.all_versions)
        }
        candidates = {id: one for id, one in versions.items() if self._may_match(one.texts)}
        self._seen += len(versions)
        self._candidates += len(candidates)
        found = findings_of([one.article() for one in candidates.values()], self._rules)
        if asked.stored is None:
            for one in found:
                tally.count(one)
            return tally
        before = {id: rules & asked.stored for id, rules in stored_matches(self._db, versions).items()}
        for one in found:
            tally.count(replace(one, old=before.pop(one.article.version_id, ())))
        for id, old in before.items():
            tally.count(Found(article=versions[id].article(), old=old, new=(), terms=lambda _: ()))
        return tally

    def _may_match(self, texts: tuple[str, str, str]) -> bool:
        # Where most articles pass, asking costs more than it saves.
        useless = self._seen >= _CANDIDATES_AFTER and self._candidates > self._seen * _MOST_CANDIDATES
        return useless or self._filter.may_match(*texts)


def run(db: Database, url: str, assignment: Assignment, progress: Progress, show: Show) -> None:
    """Judges the whole window; `progress` is brought up to date page by page.

    Raises UnavailableError where the ledger goes away or a process dies.
    """
    begun = time.monotonic()
    source = pages(db, assignment.window)
    judged = (
        _alone(db, assignment, source)
        if progress.processes == 1
        else _together(url, assignment, source, progress.processes)
    )
    for tally, cpu_seconds in judged:
        progress.tally.merge(tally)
        progress.cpu_seconds += cpu_seconds
        progress.seconds = time.monotonic() - begun
        show(progress.tally.articles, progress.articles)


def begin(db: Database, assignment: Assignment, processes: int | None) -> Progress:
    """Counts the window and settles how many processes judge it (None: as many as are worth it)."""
    articles = count_articles(db, assignment.window)
    worth = max(1, min(_cores(), articles // WORTH_A_PROCESS))
    return Progress(tally=Tally(most=assignment.samples), articles=articles, processes=processes or worth)


def _cores() -> int:
    """Those that we may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(db: Database, assignment: Assignment, source: Iterator[Page]) -> Iterator[tuple[Tally, float]]:
    judge = Judge(db, assignment)
    begun = time.process_time()
    for page in source:
        tally = judge.judge(page)
        now = time.process_time()
        yield tally, now - begun
        begun = now


# ---------------------------------------------------------------- several processes

_judge: Judge | None = None


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Ctrl-C reaches all processes of a terminal; children started here never hear it, we do afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], None]]:
    """Ctrl-C is noted, and what is given here raises KeyboardInterrupt once it was pressed.

    Raised wherever the main thread happens to be, it may end up in a callback of the pool and be swallowed.
    """
    pressed = False

    def note(*_: object) -> None:
        nonlocal pressed
        pressed = True

    def stop_if_asked() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)


def _start(url: str, assignment: Assignment) -> None:
    global _judge
    _judge = Judge(open_database(url), assignment)


def _judge_page(page: Page) -> tuple[Tally, float]:
    assert _judge is not None
    begun = time.process_time()
    return _judge.judge(page), time.process_time() - begun


def _together(
    url: str, assignment: Assignment, source: Iterator[Page], processes: int
) -> Iterator[tuple[Tally, float]]:
    # Never forked: a database connection must not be shared.
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(url, assignment),
    )
    begun = time.process_time()
    waiting: set[Future[tuple[Tally, float]]] = set()
    try:
        with _asked_to_stop() as stop_if_asked:
            while True:
                stop_if_asked()
                room = processes * _PAGES_AHEAD - len(waiting)
                ahead = list(islice(source, room))
                with _unheard_by_children():
                    waiting |= {pool.submit(_judge_page, page) for page in ahead}
                if not waiting:
                    break
                done, waiting = wait(waiting, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
                for one in done:
                    yield one.result()
    except BrokenProcessPool as error:
        raise UnavailableError(
            "a process that judged articles died", remedy="is there memory enough? try -j 1"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    # Our own share: finding the pages and adding up.
    yield Tally(most=assignment.samples), time.process_time() - begun
