"""The environment as rule files see it: a variable, or the file that the variable's `_FILE` names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Bytes of a secret; more is another file.
LONGEST = 10_000


class Surroundings(Mapping[str, str]):
    """`NAME`, or where that is not set the text of the file that `NAME_FILE` names, as containers mount it.

    A file that cannot be read is as good as not set: the rule files then say which variable is missing.
    """

    def __getitem__(self, name: str) -> str:
        value = os.environ.get(name, "")
        if value:
            return value
        file = os.environ.get(f"{name}_FILE", "")
        if file:
            try:
                with Path(file).open("rb") as opened:
                    return opened.read(LONGEST).decode().strip()
            except (OSError, ValueError):
                raise KeyError(name) from None
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)
