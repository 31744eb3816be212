"""The rules that come with the program: in the package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from monitor.core.rules.documents import Document, read_document
from monitor.core.rules.shipped import Shipped, read_shipped
from monitor.errors import ConfigError
from monitor.rulefiles.disk import files_of, read_bytes

#: `pyproject.toml` puts the folder there in a wheel; in a checkout it stands beside the package.
_PACKAGED = Path(__file__).resolve().parent.parent / "shipped_rules"
_BESIDE = Path(__file__).resolve().parent.parent.parent / "rules"


def shipped_folder() -> Path:
    """The rules folder that comes with the program. Raises ConfigError where it is missing."""
    for path in (_PACKAGED, _BESIDE):
        if (path / "frames").is_dir():
            return path
    raise ConfigError(
        "the shipped rules are missing: there is no rules folder beside the program",
        remedy="run it in a checkout, or install claimwatch again",
    )


@cache
def shipped() -> Shipped:
    """The shipped frames and entities, read once in a process: they change with the program only.

    Raises ConfigError where they are missing.
    """
    folder = shipped_folder()
    return read_shipped(_documents(folder / "frames"), _documents(folder / "entities"))


def _documents(folder: Path) -> list[Document]:
    return [read_document(file, read_bytes(file).decode("utf-8-sig")) for file in files_of(folder)]
