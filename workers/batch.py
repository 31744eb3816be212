"""A batch of articles under one lease: each is finished, judged, failed or given back, exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from monitor.core.types import Article, Claim, Reading
from monitor.errors import LeaseLostError, UnavailableError
from monitor.store.database import Database
from monitor.store.tasks import (
    TakenArticles,
    extend_lease,
    fail_article,
    finish_without_claims,
    release_articles,
    take_articles,
)
from workers import watchdog

Thing = TypeVar("Thing")
Made = TypeVar("Made")

log = structlog.get_logger(__name__)

#: A judgement that the database broke off (deadlock, serialisation) is begun anew this often.
JUDGE_TRIES = 3
#: Longest error that is kept on an article, in characters.
ERROR_LENGTH = 500


class Batch:
    """Articles taken together, and which of them are still to be done."""

    def __init__(self, db: Database, taken: TakenArticles, lease: timedelta) -> None:
        self.taken = taken
        self._db = db
        self._lease = lease
        self._extended_at = time.monotonic()
        self._open = {article.version_id for article in taken.articles}

    @classmethod
    def take(cls, db: Database, *, limit: int, lease: timedelta) -> Batch:
        """What is due, empty where nothing is."""
        watchdog.step()
        return cls(db, take_articles(db, limit=limit, lease_for=lease), lease)

    @property
    def articles(self) -> tuple[Article, ...]:
        """All that were taken."""
        return self.taken.articles

    def each(
        self, articles: Sequence[Article], read: Callable[[Sequence[Article]], Sequence[Made]]
    ) -> dict[int, Made]:
        """What `read` makes of the articles, by version id; those it fails on are failed and left out."""
        return self._each(articles, lambda article: article.version_id, read)

    def each_reading(
        self,
        readings: Sequence[Reading],
        extract: Callable[[Sequence[Reading]], Sequence[tuple[Claim, ...]]],
    ) -> dict[int, tuple[Claim, ...]]:
        """The same for readings."""
        return self._each(readings, lambda reading: reading.article.version_id, extract)

    def _each(
        self,
        things: Sequence[Thing],
        version_of: Callable[[Thing], int],
        step: Callable[[Sequence[Thing]], Sequence[Made]],
    ) -> dict[int, Made]:
        watchdog.step()
        if len(things) > 1:
            try:
                return dict(zip(map(version_of, things), step(things), strict=True))
            except UnavailableError:
                raise
            except Exception as error:
                log.warning("batch.failed", articles=len(things), error=type(error).__name__)
        made: dict[int, Made] = {}
        for thing in things:  # where a batch fails, one of them is at fault: find out which
            watchdog.step()
            try:
                (made[version_of(thing)],) = step([thing])
            except UnavailableError:
                raise
            except Exception as error:
                log.exception("article.failed", version=version_of(thing))
                self._fail(version_of(thing), error)
        return made

    def finish(self, readings: Sequence[Reading]) -> None:
        """Close articles that need no judging, with their matches."""
        versions = [r.article.version_id for r in readings if r.article.version_id in self._open]
        if not versions:
            return
        self._open.difference_update(versions)
        matches = [found for reading in readings for found in reading.matches]
        try:
            finish_without_claims(self._db, self.taken, versions, matches)
        except LeaseLostError as error:
            log.info("lease.lost", articles=len(versions), detail=str(error))

    def judge(self, version: int, judgement: Callable[[], int]) -> int:
        """What the judgement gives, or 0 where it failed; either way the article is done with."""
        watchdog.step()
        self._open.discard(version)
        for tries_left in reversed(range(JUDGE_TRIES)):
            try:
                return judgement()
            except LeaseLostError as error:
                log.info("lease.lost", version=version, detail=str(error))
                break
            except UnavailableError:
                if not tries_left:
                    raise
                time.sleep(0.05)
            except Exception as error:
                log.exception("article.failed", version=version)
                self._fail(version, error)
                break
        return 0

    def keep(self, version: int) -> bool:
        """The same in the middle of judging this version, which is slow; its step begins anew."""
        watchdog.step()
        return self.extend(frozenset({version}))

    def extend(self, judged: frozenset[int] = frozenset()) -> bool:
        """Keep the rest of the batch, where a third of the lease is gone; False: somebody else has it."""
        if time.monotonic() - self._extended_at < self._lease.total_seconds() / 3:
            return True
        wanted = self._open | judged
        rest = replace(
            self.taken,
            articles=tuple(a for a in self.taken.articles if a.version_id in wanted),
            tasks={version: task for version, task in self.taken.tasks.items() if version in wanted},
        )
        try:
            extend_lease(self._db, rest, lease_for=self._lease)
        except LeaseLostError as error:
            log.info("lease.lost", articles=len(self._open), detail=str(error))
            self._open.clear()
            return False
        self._extended_at = time.monotonic()
        return True

    def release(self) -> None:
        """Give back what was not begun (a stop came); the attempt does not count."""
        if self._open:
            release_articles(self._db, self.taken, sorted(self._open))
            self._open.clear()
        watchdog.rest()

    def _fail(self, version: int, error: Exception) -> None:
        self._open.discard(version)
        text = f"{type(error).__name__}: {error}"
        try:
            fail_article(self._db, self.taken, version, text[:ERROR_LENGTH])
        except LeaseLostError as lost:
            log.info("lease.lost", version=version, detail=str(lost))


def chunks(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """The things in order, `size` at a time."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
