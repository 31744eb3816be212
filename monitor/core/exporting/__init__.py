"""Stored records as documents of other programs: one row a kind (`kinds`), one row a format.

Everything here works on the JSON-ready objects of docs/json.md, newest first, and gives text piece by piece,
so that a million of them need no more memory than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from monitor.core.exporting.atom import atom
from monitor.core.exporting.flat import csv_lines, json_lines
from monitor.core.exporting.kinds import KINDS
from monitor.core.exporting.stix import stix

__all__ = ["FORMATS", "KINDS"]

#: A format: kind and objects → text.
Format = Callable[[str, Iterable[Mapping[str, Any]]], Iterator[str]]

#: Parquet is no text and has a file of its own beside the command.
FORMATS: dict[str, Format] = {"csv": csv_lines, "jsonl": json_lines, "atom": atom, "stix": stix}
