"""Where a model's files are: a folder that somebody named, or what an installed package brings."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

_PIECE = 1 << 20


def sha256_of(file: Path) -> str:
    """The checksum of a file's bytes, in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedFile:
    """A file that a package of the Python index carries."""

    # Import name; nothing of it is imported.
    package: str
    # Path inside it.
    path: str
    sha256: str

    def find(self) -> Path | None:
        """Where it is installed; None: it is not."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            return None
        file = Path(next(iter(spec.submodule_search_locations))) / self.path
        return file if file.is_file() else None

    def is_intact(self, file: Path) -> bool:
        """Whether the file holds what it held when it was chosen."""
        return sha256_of(file) == self.sha256
