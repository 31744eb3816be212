"""The rules folder on disk: read whole, checked whole, and the last good set kept while somebody edits.

`rules/` holds `entities/`, `topics/` and `lists/` (any *.yml there may define any of the three),
`frames/`, `filters/`, `routes.yml` and `feeds.yml`. docs/rules.md is the format, and tells how a change goes
live. What makes a folder into rules is `monitor.core.rules.building`; watching it stands in `RulesWatcher`.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import structlog

from monitor.core.rules.building import Builder, Built, RuleTest
from monitor.core.rules.documents import MAX_BYTES, Document, read_document
from monitor.core.rules.problems import Level, Place, Problem, errors_of, findings_of, render, sorted_problems
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import FeedSpec, Routing
from monitor.errors import ConfigError, RulesError

log = structlog.get_logger(__name__)

_SUFFIXES = (".yml", ".yaml")
# Hidden files, and what editors put beside a file while it is open.
_NOT_OURS = (".", "#", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFolder:
    """Everything a rules folder says."""

    rules: RuleSet
    # Of rules, routes and feeds together; a remark or a test changes nothing.
    version: str
    # No receivers and no routes where there is no routes.yml.
    routing: Routing
    feeds: tuple[FeedSpec, ...]
    # Mistakes that leave rules usable; of `load_folder` and `check_folder` also what lint finds, of
    # `check_folder` also errors. In order of file and place.
    problems: tuple[Problem, ...] = ()
    # The tests that the rules carry; none in a process that only uses the rules.
    tests: tuple[RuleTest, ...] = ()
    # Id of a rule → the text of its version: as written, with lists, entities and filters unfolded.
    recorded_text: Callable[[str], str] = str


def load_folder(path: Path) -> RuleFolder:
    """The folder, read and compiled.

    Raises RulesError with the full report where any file has an error, ConfigError where there is
    no such folder.
    """
    return _FolderReader(path, linted=True).load()


def check_folder(path: Path) -> RuleFolder:
    """The folder with errors among its problems instead of an exception: what lint shows.

    With errors, the rules are those that could be read. Raises ConfigError where there is no such folder.
    """
    return _FolderReader(path, linted=True).read()


def rule_paths(path: Path) -> tuple[Path, ...]:
    """Every rule file of the folder, in order. Raises ConfigError where there is no such folder."""
    return tuple(map(Path, _files_of(path)))


# ---------------------------------------------------------------- reading

#: What tells one state of a file from another: times of writing and of change, size, and which file it is.
FileSign = tuple[int, int, int, int, int]
#: Path → the file's sign. Changes whenever a file is written, replaced, added or removed.
Signature = Mapping[str, FileSign]


@dataclass(frozen=True, slots=True)
class _ReadFile:
    sign: FileSign | None
    digest: bytes
    # Within the folder.
    path: PurePosixPath
    document: Document


@dataclass(slots=True)
class _FolderReader:
    """Reads one folder again and again; what did not change since the last time is not read again."""

    path: Path
    # With the tests, and with what lint finds in rules that can be used.
    linted: bool = False
    _known: dict[str, _ReadFile] = field(default_factory=dict)
    _builder: Builder = field(default_factory=Builder)

    def signature(self) -> Signature:
        """Raises ConfigError where there is no such folder."""
        signs = ((file, _sign_of(file)) for file in _files_of(self.path))
        return {file: sign for file, sign in signs if sign is not None}

    def load(self) -> RuleFolder:
        folder = self.read()
        errors = errors_of(folder.problems)
        if errors:
            count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
            raise RulesError(
                f"{self.path}: {count} in the rules",
                report=render(findings_of(folder.problems)),
                remedy=f"mend them; 'claimwatch rules lint {self.path}' shows them again",
            )
        return folder

    def read(self) -> RuleFolder:
        documents: dict[PurePosixPath, Document] = {}
        unreadable: list[Problem] = []
        known = {}
        for file in _files_of(self.path):
            try:
                known[file] = self._read_file(file)
            except (OSError, UnicodeDecodeError) as error:
                unreadable.append(_unreadable(file, error))
                continue
            documents[known[file].path] = known[file].document
        self._known = known
        built: Built = self._builder.build(documents, os.environ, linted=self.linted)
        return RuleFolder(
            rules=built.rules,
            version=built.version,
            routing=built.routing,
            feeds=built.feeds,
            tests=built.tests,
            problems=sorted_problems([*built.problems, *unreadable]),
            recorded_text=built.recorded_text,
        )

    def _read_file(self, file: str) -> _ReadFile:
        # Before reading: what is written meanwhile has another sign.
        sign = _sign_of(file)
        before = self._known.get(file)
        if before is not None and sign is not None and before.sign == sign:
            return before
        content = _read_bytes(file)
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if before is not None and before.digest == digest:
            return replace(before, sign=sign)
        text = content.decode("utf-8-sig")
        path = PurePosixPath(Path(file).relative_to(self.path).as_posix())
        return _ReadFile(sign, digest, path, read_document(file, text, places=self.linted))


def _files_of(path: Path) -> Iterator[str]:
    """Every rule file, in order; links are followed, hidden and editors' files and folders are not ours."""
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "does not exist"
        raise ConfigError(
            f"the rules folder {path} {what}",
            remedy="name the folder on the command line, or set CLAIMWATCH_RULES",
        )
    # Kubernetes mounts folders as links; a link to a folder around it must not go on for ever.
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(path, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith(_NOT_OURS))
        try:
            status = os.stat(folder)
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        for name in sorted(names):
            if name.endswith(_SUFFIXES) and not name.startswith(_NOT_OURS):
                yield os.path.join(folder, name)


def _sign_of(file: str) -> FileSign | None:
    """None where there is no such file."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev


def _read_bytes(file: str) -> bytes:
    # One byte over the limit is enough to see that it is too large.
    with open(file, "rb") as stream:
        content = stream.read(MAX_BYTES + 4)
    # A character cut in two at the limit must not look like broken UTF-8.
    return content if len(content) <= MAX_BYTES else b"#" * (MAX_BYTES + 1)


def _unreadable(file: str, error: OSError | UnicodeDecodeError) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        message, help = f"not UTF-8: byte 0x{error.object[error.start]:02x}", "save the file as UTF-8"
    else:
        line, message, help = 1, str(error.strerror or error), "may this user read the file?"
    return Problem(
        code="unreadable",
        level=Level.ERROR,
        message=message,
        path=file,
        place=Place(line=line),
        help=help,
    )


# ---------------------------------------------------------------- watching

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


class RulesWatcher:
    """The rules of a running process: always a good set, renewed when files change.

    The constructor reads the folder and raises as `load_folder` does: nothing starts with broken rules.
    `current` only hands out the set in force; `watching` looks at the disk in a thread of its own, makes
    the new set beside the old one, and swaps the two by one assignment.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._reader = _FolderReader(path)
        self._clock = clock
        # Set when there is something to tell.
        self._news = threading.Event()
        # Taken before reading, so that a change made meanwhile is seen at the next look. None: no folder.
        self._taken: Signature | None = self._reader.signature()
        self._state = RulesInForce(folder=self._load_at_rest())
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
        except RulesError as error:
            self._broken = signature, error.report
            return
        except ConfigError as error:
            self._broken = signature, f"{error}; {error.remedy}"
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
