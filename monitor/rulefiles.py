"""The rules folder on disk: read whole, checked whole, and the last good set kept while somebody edits.

`rules/` holds `entities/`, `topics/` and `lists/` (any *.yml there may define any of the three),
`frames/`, `routes.yml` and `feeds.yml`. docs/rules.md is the format.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import structlog

from monitor.core.rules.building import Built, RuleTest, build
from monitor.core.rules.documents import MAX_BYTES, Document, read_document
from monitor.core.rules.problems import Level, Place, Problem, errors_of, findings_of, render, sorted_problems
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import FeedSpec, Routing
from monitor.errors import ConfigError, RulesError

log = structlog.get_logger(__name__)

#: How long a look at the folder holds good, in seconds.
LOOK_SECONDS = 1.0
_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFolder:
    """Everything a rules folder says."""

    rules: RuleSet
    # No receivers and no routes where there is no routes.yml.
    routing: Routing
    feeds: tuple[FeedSpec, ...]
    # Warnings; from `check_folder` also errors. In order of file and place.
    problems: tuple[Problem, ...] = ()
    # The tests that the rules carry.
    tests: tuple[RuleTest, ...] = ()


def load_folder(path: Path) -> RuleFolder:
    """The folder, read and compiled.

    Raises RulesError with the full report where any file has an error, ConfigError where there is
    no such folder.
    """
    return _FolderReader(path).load()


def check_folder(path: Path) -> RuleFolder:
    """The folder with errors among its problems instead of an exception: what lint shows.

    With errors, the rules are those that could be read. Raises ConfigError where there is no such folder.
    """
    return _FolderReader(path).read()


def rule_paths(path: Path) -> tuple[Path, ...]:
    """Every rule file of the folder, in order. Raises ConfigError where there is no such folder."""
    return tuple(_FolderReader(path)._files())


#: Path within the folder → when it was last written (ns) and its size in bytes.
Signature = Mapping[str, tuple[int, int]]


class RulesWatcher:
    """The rules of a running process: always a good set, renewed when files change.

    The constructor reads the folder and raises as `load_folder` does: nothing starts with broken rules.
    Safe to share between threads.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._reader = _FolderReader(path)
        self._clock = clock
        self._lock = threading.Lock()
        # Taken before reading, so that a change made meanwhile is seen at the next look.
        self._signature = self._reader.signature()
        self._folder = self._reader.load()
        self._problem = ""
        self._looked_at = clock()

    @property
    def problem(self) -> str:
        """The report of the broken files now on disk; empty while all is well."""
        return self._problem

    def current(self) -> RuleFolder:
        """The last good folder; looks at the disk at most once a second."""
        with self._lock:
            if self._clock() - self._looked_at >= LOOK_SECONDS:
                self._look()
                self._looked_at = self._clock()
            return self._folder

    def _look(self) -> None:
        try:
            signature = self._reader.signature()
            if signature == self._signature:
                return
            self._signature = signature
            folder = self._reader.load()
        except (RulesError, ConfigError) as error:
            if isinstance(error, RulesError):
                report = error.report
            else:
                # The folder has gone; should it come back unchanged, it is read again.
                report, self._signature = f"{error}; {error.remedy}", {}
            if report != self._problem:
                log.error("rules.broken", folder=str(self._reader.path), problem=report)
            self._problem = report
            return
        self._problem = ""
        if folder.rules.version != self._folder.rules.version:
            log.info("rules.changed", rules=len(folder.rules.rules), version=folder.rules.version)
        self._folder = folder


# ---------------------------------------------------------------- reading


@dataclass(slots=True)
class _FolderReader:
    """Reads one folder again and again; YAML of unchanged content is parsed once."""

    path: Path
    _parsed: dict[tuple[str, bytes], Document] = field(default_factory=dict)

    def signature(self) -> Signature:
        """Changes whenever a file is written, added or removed."""
        signature = {}
        for file in self._files():
            try:
                status = file.stat()
            except OSError:
                continue
            signature[str(file)] = (status.st_mtime_ns, status.st_size)
        return signature

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
        parsed = {}
        for file in self._files():
            try:
                content = _read_bytes(file)
                text = content.decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                unreadable.append(_unreadable(file, error))
                continue
            key = (str(file), hashlib.blake2b(content, digest_size=16).digest())
            document = self._parsed.get(key) or read_document(str(file), text)
            parsed[key] = document
            # Building adds its findings to a document: each time to a fresh one.
            relative = PurePosixPath(file.relative_to(self.path).as_posix())
            documents[relative] = replace(document, problems=list(document.problems))
        self._parsed = parsed
        built: Built = build(documents, os.environ)
        return RuleFolder(
            rules=built.rules,
            routing=built.routing,
            feeds=built.feeds,
            tests=built.tests,
            problems=sorted_problems([*built.problems, *unreadable]),
        )

    def _files(self) -> Iterator[Path]:
        """Every rule file, in order; hidden files and folders are not ours."""
        if not self.path.is_dir():
            what = "is a file, not a folder" if self.path.exists() else "does not exist"
            raise ConfigError(
                f"the rules folder {self.path} {what}",
                remedy="name the folder on the command line, or set CLAIMWATCH_RULES",
            )
        for folder, folders, names in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.endswith(_SUFFIXES) and not name.startswith("."):
                    yield Path(folder) / name


def _read_bytes(file: Path) -> bytes:
    # One byte over the limit is enough to see that it is too large.
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 4)
    # A character cut in two at the limit must not look like broken UTF-8.
    return content if len(content) <= MAX_BYTES else b"#" * (MAX_BYTES + 1)


def _unreadable(file: Path, error: OSError | UnicodeDecodeError) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        message, help = f"not UTF-8: byte 0x{error.object[error.start]:02x}", "save the file as UTF-8"
    else:
        line, message, help = 1, str(error.strerror or error), "may this user read the file?"
    return Problem(
        code="unreadable",
        level=Level.ERROR,
        message=message,
        path=str(file),
        place=Place(line=line),
        help=help,
    )
