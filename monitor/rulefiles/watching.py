"""The rules of a running process: the last good set is kept while somebody edits the files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from monitor.core.rules.kept import KeptRules
from monitor.errors import ClaimwatchError, ConfigError, RulesError
from monitor.rulefiles.disk import Signature
from monitor.rulefiles.reading import FolderReader, RuleFolder, folder_of_texts

log = structlog.get_logger(__name__)

#: How often the folder is looked at, in seconds; less often where a look takes long.
LOOK_SECONDS = 0.25
#: No more than this share of the time is spent on looking; but a look comes within so many seconds.
LOOK_SHARE = 0.02
LOOK_SECONDS_LONGEST = 2.0
#: A changed folder is taken when nothing in it has moved for so long, in seconds: editors, git and rsync
#: write several files in several moments.
SETTLE_SECONDS = 0.4
#: And is called broken when nothing has moved for so long: perhaps the other half is still on its way.
SETTLE_BROKEN_SECONDS = 1.5
#: A folder that never comes to rest is taken as it is after so many seconds.
SETTLE_LONGEST_SECONDS = 3.0
#: How often a broken folder is read again though nothing in it moved: perhaps only the disk was ill.
AGAIN_SECONDS = 5.0
#: How often a process tells which rules it uses, in seconds; a change is told at once.
TELL_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """What a process has to say about its rules."""

    folder: RuleFolder
    # The report of the broken files now on disk; empty while all is well.
    problem: str = ""


def start_with_kept(
    path: Path, error: RulesError | ConfigError, last_good: Callable[[], KeptRules | None]
) -> RulesInForce | None:
    """The last good rules in place of a folder that fails with this error; said in the log.

    None where none are kept, or this program finds errors in those as well.
    """
    report = _report_of(error)
    try:
        kept = last_good()
        folder = folder_of_texts(path, kept.files) if kept is not None else None
    except ClaimwatchError as other:
        log.error("rules.last_good_failed", folder=str(path), error=_report_of(other))
        return None
    if kept is None or folder is None:
        return None
    log.error("rules.broken", folder=str(path), problem=report)
    log.error(
        "rules.started_with_last_good",
        folder=str(path),
        kept_at=kept.kept_at.isoformat(timespec="seconds"),
        rules=len(folder.rules.rules),
        version=folder.version,
    )
    return RulesInForce(folder=folder, problem=report)


def _report_of(error: ClaimwatchError) -> str:
    """All that is wrong, in words."""
    return (error.report if isinstance(error, RulesError) else "") or f"{error}; {error.remedy}"


class RulesWatcher:
    """The rules of a running process: always a good set, renewed when files change.

    The constructor reads the folder. Where it is broken or not there, the process starts with what
    `last_good` gives and says so; with nothing kept it raises as `load_folder` does.
    `current` only hands out the set in force; `watching` looks at the disk in a thread of its own, makes
    the new set beside the old one, and swaps the two by one assignment.
    """

    def __init__(
        self,
        path: Path,
        *,
        last_good: Callable[[], KeptRules | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._reader = FolderReader(path)
        self._clock = clock
        # Set when there is something to tell.
        self._news = threading.Event()
        # Taken before reading, so that a change made meanwhile is seen at the next look. None: no folder.
        self._taken: Signature | None = None
        self._state = self._state_at_start(last_good)
        self._seen: Signature | None = self._taken
        self._moved_at = self._restless_since = self._took_at = clock()
        # What reading the signature takes, in seconds.
        self._cost = 0.0
        # The folder that was last found broken, and how.
        self._broken: tuple[Signature | None, str] | None = None

    @property
    def state(self) -> RulesInForce:
        """The rules in force and the problem, of one moment."""
        return self._state

    @property
    def problem(self) -> str:
        """The report of the broken files now on disk; empty while all is well."""
        return self._state.problem

    def current(self) -> RuleFolder:
        """The last good folder; never waits for anything."""
        return self._state.folder

    def _state_at_start(self, last_good: Callable[[], KeptRules | None]) -> RulesInForce:
        try:
            self._taken = self._reader.signature()
            return RulesInForce(folder=self._load_at_rest())
        except (RulesError, ConfigError) as error:
            kept = start_with_kept(self.path, error, last_good)
            if kept is None:
                raise
            return kept

    def _load_at_rest(self) -> RuleFolder:
        """The folder at the start; one that is just being written gets the time to be finished."""
        deadline = self._clock() + SETTLE_LONGEST_SECONDS
        while True:
            try:
                return self._reader.load()
            except RulesError:
                before, self._taken = self._taken, self._reader.signature()
                if before == self._taken or self._clock() >= deadline:
                    raise
                time.sleep(SETTLE_SECONDS)

    def look(self) -> None:
        """Looks at the disk once; `watching` does it again and again."""
        now = self._clock()
        try:
            signature: Signature | None = self._reader.signature()
        except ConfigError:
            signature = None
        self._cost = self._clock() - now
        if signature != self._seen:
            if self._seen == self._taken:
                self._restless_since = now
            self._seen, self._moved_at = signature, now
        if signature == self._taken:
            if self._state.problem and now - self._took_at >= AGAIN_SECONDS:
                self._take(signature)
            return
        rest = now - self._moved_at
        tired = now - self._restless_since >= SETTLE_LONGEST_SECONDS
        if rest < SETTLE_SECONDS and not tired:
            return
        if self._broken is None or self._broken[0] != signature:
            self._take(signature)
        if self._broken is not None and (rest >= SETTLE_BROKEN_SECONDS or tired):
            self._tell_broken(*self._broken)

    def _take(self, signature: Signature | None) -> None:
        self._took_at = self._clock()
        try:
            folder = self._reader.load()
            if self._reader.signature() != signature:
                # Written while we read: half of it may be old.
                return
        except (RulesError, ConfigError) as error:
            self._broken = signature, _report_of(error)
            return
        before = self._state
        self._taken, self._broken = signature, None
        self._state = RulesInForce(folder=folder)
        self._news.set()
        if before.problem:
            log.info("rules.mended", folder=str(self.path), version=folder.version)
        if folder.version != before.folder.version:
            log.info("rules.changed", rules=len(folder.rules.rules), version=folder.version)

    def _tell_broken(self, signature: Signature | None, report: str) -> None:
        self._taken = signature
        if report != self._state.problem:
            log.error("rules.broken", folder=str(self.path), problem=report)
            self._state = RulesInForce(folder=self._state.folder, problem=report)
            self._news.set()

    # ------------------------------------------------------------ in threads of their own

    @contextmanager
    def watching(self, tell: Callable[[RulesInForce], None] | None = None) -> Iterator[RulesWatcher]:
        """Renews the rules for as long as the context lasts.

        `tell` hears the state at once, after every change, and every `TELL_SECONDS`; it may take its time
        (another thread waits for it) and may fail, which is logged and tried again.
        """
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._look_again_and_again, args=(stop,), name="rules", daemon=True)
        ]
        if tell is not None:
            threads.append(
                threading.Thread(target=self._tell, args=(stop, tell), name="rules-state", daemon=True)
            )
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            stop.set()
            self._news.set()
            for thread in threads:
                # Not for ever: a disk or a ledger that hangs must not keep a process from its end.
                thread.join(2)

    def _look_again_and_again(self, stop: threading.Event) -> None:
        while not stop.wait(min(max(LOOK_SECONDS, self._cost / LOOK_SHARE), LOOK_SECONDS_LONGEST)):
            try:
                self.look()
            except Exception as error:  # a bug, or a disk that fails oddly: the next look may do better
                log.exception("rules.look_failed", folder=str(self.path), error=str(error))

    def _tell(self, stop: threading.Event, tell: Callable[[RulesInForce], None]) -> None:
        failed = False
        while not stop.is_set():
            self._news.clear()
            try:
                tell(self._state)
                failed = False
            except Exception as error:  # the ledger is away, most often; whoever it is tells its own story
                if not failed:
                    log.warning("rules.not_told", error=f"{type(error).__name__}: {error}")
                failed = True
            self._news.wait(TELL_SECONDS)
