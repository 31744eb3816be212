"""A rules folder on disk: which files are its own, what tells one state of them from another, their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.core.rules.documents import MAX_BYTES
from monitor.core.rules.problems import Level, Place, Problem
from monitor.errors import ConfigError

_SUFFIXES = (".yml", ".yaml")
# Hidden files, and what editors put beside a file while it is open.
_NOT_OURS = (".", "#", "~")

#: What tells one state of a file from another: times of writing and of change, size, and which file it is.
FileSign = tuple[int, int, int, int, int]
#: Path → the file's sign. Changes whenever a file is written, replaced, added or removed.
Signature = Mapping[str, FileSign]


def files_of(path: Path) -> Iterator[str]:
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
            if is_rule_file(name):
                yield os.path.join(folder, name)


def is_rule_file(name: str) -> bool:
    """Would a file of this name be read, if it stood in a rules folder?"""
    return name.endswith(_SUFFIXES) and not name.startswith(_NOT_OURS)


def sign_of(file: str) -> FileSign | None:
    """None where there is no such file."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev


def read_bytes(file: str) -> bytes:
    """The file's bytes, of one that is too large so many as show it. Raises OSError."""
    # One byte over the limit is enough to see that it is too large.
    with open(file, "rb") as stream:
        content = stream.read(MAX_BYTES + 4)
    # A character cut in two at the limit must not look like broken UTF-8.
    return content if len(content) <= MAX_BYTES else b"#" * (MAX_BYTES + 1)


def problem_of_reading(file: str, error: OSError | UnicodeDecodeError) -> Problem:
    """The problem of a file that could not be read."""
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
