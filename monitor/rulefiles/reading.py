"""A rules folder read whole, checked whole and compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from monitor.core.rules.building import Builder, Built, RuleTest
from monitor.core.rules.documents import Document, read_document
from monitor.core.rules.problems import Problem, errors_of, findings_of, render, sorted_problems
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import FeedSpec, Routing
from monitor.errors import RulesError
from monitor.rulefiles.disk import FileSign, Signature, files_of, problem_of_reading, read_bytes, sign_of
from monitor.rulefiles.program import shipped
from monitor.rulefiles.surroundings import Surroundings


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
    # The files themselves: path within the folder → text.
    files: Mapping[str, str] = field(default_factory=dict)
    # Ids of what comes with the program and not from the folder.
    shipped_frames: frozenset[str] = frozenset()
    shipped_entities: frozenset[str] = frozenset()


def load_folder(path: Path) -> RuleFolder:
    """The folder, read and compiled.

    Raises RulesError with the full report where any file has an error, ConfigError where there is
    no such folder.
    """
    return FolderReader(path, linted=True).load()


def check_folder(path: Path) -> RuleFolder:
    """The folder with errors among its problems instead of an exception: what lint shows.

    With errors, the rules are those that could be read. Raises ConfigError where there is no such folder.
    """
    return FolderReader(path, linted=True).read()


def rule_paths(path: Path) -> tuple[Path, ...]:
    """Every rule file of the folder, in order. Raises ConfigError where there is no such folder."""
    return tuple(map(Path, files_of(path)))


@dataclass(frozen=True, slots=True)
class _ReadFile:
    sign: FileSign | None
    digest: bytes
    # Within the folder.
    path: PurePosixPath
    document: Document


@dataclass(slots=True)
class FolderReader:
    """Reads one folder again and again; what did not change since the last time is not read again."""

    path: Path
    # With the tests, and with what lint finds in rules that can be used.
    linted: bool = False
    _known: dict[str, _ReadFile] = field(default_factory=dict)
    _builder: Builder = field(default_factory=Builder)

    def signature(self) -> Signature:
        """Raises ConfigError where there is no such folder."""
        signs = ((file, sign_of(file)) for file in files_of(self.path))
        return {file: sign for file, sign in signs if sign is not None}

    def load(self) -> RuleFolder:
        return _without_errors(self.path, self.read())

    def read(self) -> RuleFolder:
        documents: dict[PurePosixPath, Document] = {}
        unreadable: list[Problem] = []
        known = {}
        for file in files_of(self.path):
            try:
                known[file] = self._read_file(file)
            except (OSError, UnicodeDecodeError) as error:
                unreadable.append(problem_of_reading(file, error))
                continue
            documents[known[file].path] = known[file].document
        self._known = known
        built = self._builder.build(documents, Surroundings(), shipped=shipped, linted=self.linted)
        return _folder(built, documents, unreadable)

    def _read_file(self, file: str) -> _ReadFile:
        # Before reading: what is written meanwhile has another sign.
        sign = sign_of(file)
        before = self._known.get(file)
        if before is not None and sign is not None and before.sign == sign:
            return before
        content = read_bytes(file)
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if before is not None and before.digest == digest:
            return replace(before, sign=sign)
        text = content.decode("utf-8-sig")
        path = PurePosixPath(Path(file).relative_to(self.path).as_posix())
        return _ReadFile(sign, digest, path, read_document(file, text, places=self.linted))


def folder_of_texts(path: Path, files: Mapping[str, str]) -> RuleFolder:
    """What a folder said when its files had these texts; `path` is how reports call it.

    Raises RulesError where the files have errors for this program, or in these surroundings.
    """
    documents = {PurePosixPath(file): read_document(str(path / file), text) for file, text in files.items()}
    built = Builder().build(documents, Surroundings(), shipped=shipped)
    return _without_errors(path, _folder(built, documents))


def _folder(
    built: Built, documents: Mapping[PurePosixPath, Document], unreadable: Sequence[Problem] = ()
) -> RuleFolder:
    return RuleFolder(
        rules=built.rules,
        version=built.version,
        routing=built.routing,
        feeds=built.feeds,
        tests=built.tests,
        problems=sorted_problems([*built.problems, *unreadable]),
        recorded_text=built.recorded_text,
        files={file.as_posix(): document.text for file, document in documents.items()},
        shipped_frames=built.shipped_frames,
        shipped_entities=built.shipped_entities,
    )


def _without_errors(path: Path, folder: RuleFolder) -> RuleFolder:
    errors = errors_of(folder.problems)
    if errors:
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise RulesError(
            f"{path}: {count} in the rules",
            report=render(findings_of(folder.problems)),
            remedy=f"mend them; 'claimwatch rules lint {path}' shows them again",
        )
    return folder
