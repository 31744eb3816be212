"""How the command line speaks: tables to a terminal, tab-separated lines to a pipe, JSON Lines to programs.

Everything that came from outside goes through monitor.core.terminal here, so no command has to think of it.
Standard output carries the answer, standard error everything said beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from monitor.core.terminal import clean, clean_block, escape_json

if TYPE_CHECKING:
    from rich.console import Console

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column of a listing."""

    title: str
    cell: Callable[[R], str]
    # Numbers stand to the right.
    right: bool = False
    # Share of the width that is left; 0: as wide as its cells, never folded.
    ratio: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """One side of something shown: who, in which words, and where it stands."""

    title: str
    quote: str
    # Lines below the quote: stance, time, publisher, address.
    lines: tuple[str, ...]


def is_terminal() -> bool:
    """People read standard output directly."""
    return sys.stdout.isatty()


def console() -> Console:
    """Standard output for people; honours NO_COLOR (rich does)."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=False)


def write(text: str) -> None:
    """One answer line, or several; made safe."""
    sys.stdout.write(clean_block(text) + "\n")


def note(text: str) -> None:
    """A remark beside the answer, on standard error; made safe."""
    sys.stdout.flush()
    sys.stderr.write(clean_block(text) + "\n")


def write_json(values: Iterable[Mapping[str, Any]]) -> int:
    """JSON Lines: one object a line, as UTF-8, control and reordering characters escaped. How many."""
    count = 0
    for value in values:
        sys.stdout.write(escape_json(json.dumps(value, ensure_ascii=False)) + "\n")
        count += 1
    return count


def write_rows(columns: Sequence[Column[R]], rows: Iterable[R]) -> int:
    """A table to a terminal; to a pipe, titles and tab-separated lines, nothing cut. How many rows."""
    if not is_terminal():
        return _write_tabs(columns, rows)
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            column.title,
            justify="right" if column.right else "left",
            style=column.style,
            ratio=column.ratio or None,
            no_wrap=not column.ratio,
        )
    count = 0
    for row in rows:
        table.add_row(*(Text(clean(column.cell(row))) for column in columns))
        count += 1
    if count:
        console().print(table)
    return count


def _write_tabs(columns: Sequence[Column[R]], rows: Iterable[R]) -> int:
    count = 0
    for row in rows:
        if not count:
            sys.stdout.write("\t".join(column.title for column in columns) + "\n")
        sys.stdout.write("\t".join(clean(column.cell(row)) for column in columns) + "\n")
        count += 1
    return count


def write_heading(text: str) -> None:
    """The first line of a sheet."""
    from rich.text import Text

    console().print(Text(clean(text), style="bold"), soft_wrap=True)


def write_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Name and value, aligned, the further lines of a value below its first; empty values are left out."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    shown = [(name, clean_block(value)) for name, value in facts if value]
    if not shown:
        return
    width = max(len(name) for name, _ in shown)
    if not is_terminal():
        for name, value in shown:
            for number, line in enumerate(value.split("\n")):
                sys.stdout.write(f"  {'' if number else name:<{width}}  {clean(line)}\n")
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    for name, value in shown:
        table.add_row(name, Text(value))
    console().print(Padding(table, (0, 0, 0, 2)))


def write_quotations(sides: Sequence[Quotation]) -> None:
    """The sides next to each other where the terminal is wide enough, else one below the other."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    out = console()
    side_by_side = is_terminal() and len(sides) > 1 and out.width >= 88
    if not side_by_side:
        for side in sides:
            write(_quotation_lines(side))
        return
    table = Table.grid(padding=(0, 3, 0, 0), expand=True)
    cells = []
    for side in sides:
        table.add_column(ratio=1)
        cells.append(
            Text.assemble(
                (clean(side.title) + "\n", "bold"),
                ("“" + clean(side.quote) + "”\n", ""),
                ("\n".join(clean(line) for line in side.lines if line), "dim"),
            )
        )
    table.add_row(*cells)
    out.print(Padding(table, (0, 0, 0, 2)))


def _quotation_lines(side: Quotation) -> str:
    lines = [f"  {clean(side.title)}", f"    “{clean(side.quote)}”"]
    lines += [f"    {clean(line)}" for line in side.lines if line]
    return "\n".join(lines)


def write_text(text: str) -> None:
    """Running text, folded at the terminal's width."""
    from rich.padding import Padding
    from rich.text import Text

    if is_terminal():
        console().print(Padding(Text(clean_block(text)), (0, 0, 0, 2)))
    else:
        write("\n".join("  " + line for line in clean_block(text).splitlines()))


def when(at: datetime | None) -> str:
    """A time for people, in UTC; empty where there is none."""
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago or how soon, in words."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    return (
        f"{span(timedelta(seconds=seconds))} ago"
        if seconds >= 0
        else f"in {span(timedelta(seconds=-seconds))}"
    )


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit: "45 s", "12 min", "3 h", "8 days"."""
    seconds = length.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} days"
