"""Writes docs/commands.md from the program itself: every command, argument and option, with its help.

`--check` writes nothing and leaves with 1 where the page is not what it should be.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.md"

HEAD = """# Commands

Written by `scripts/write_commands.py` from the program itself; `claimwatch COMMAND --help` says the same.
In a checkout, `./run COMMAND` is `claimwatch COMMAND`.

Tables go to a terminal, tab-separated lines to a pipe, and `--json` writes one JSON object a line.

| exit code | meaning |
|---|---|
| 0 | ok |
| 1 | findings, or the thing asked for does not exist |
| 2 | usage or configuration |
| 3 | a needed service cannot be reached |
| 4 | partial: some of it was done |
| 70 | a bug of ours |
| 130 | interrupted |
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be run, by its words after `claimwatch`, in order."""
    from monitor.cli.main import build_app

    def walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
            return
        for name in sorted(inner):
            yield from walk(f"{words} {name}".strip(), inner[name])

    yield from walk("", typer.main.get_command(build_app(doors())))


def doors() -> list[EntryPoint]:
    """The doors' commands as pyproject.toml names them, whether or not the program is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    group = "claimwatch.commands"
    return [EntryPoint(name, value, group) for name, value in project["entry-points"][group].items()]


def page() -> str:
    """The whole page."""
    return HEAD + "".join(section(words, command) for words, command in commands() if not command.hidden)


def section(words: str, command: Any) -> str:
    """One command: usage, what it does, what it takes."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    usage = " ".join(["claimwatch", words, *(placeholder(p) for p in arguments)])
    help_text = "\n\n".join(sentences(paragraph) for paragraph in (command.help or "").split("\n\n"))
    lines = [f"\n## {words}\n", f"`{usage}`\n", f"{help_text}\n"]
    rows = [(placeholder(p).strip("[]"), p.help or "") for p in arguments]
    rows += [(", ".join(p.opts + p.secondary_opts), p.help or "") for p in options]
    if rows:
        lines += ["| takes | |", "|---|---|"]
        lines += [
            f"| `{name}` | {' '.join(text.split()).replace('|', chr(92) + '|')} |" for name, text in rows
        ]
        lines.append("")
    return "\n".join(lines)


def placeholder(argument: Any) -> str:
    """An argument as usage shows it: `URL`, or `[URL]` where it may be left out."""
    name = (argument.metavar or argument.name.upper()).strip("[]")
    return name if argument.required else f"[{name}]"


def sentences(paragraph: str) -> str:
    """One sentence a line, as in all our documents."""
    return " ".join(paragraph.split()).replace(". ", ".\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    text = page()
    if sys.argv[1:] == ["--check"]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        print("docs/commands.md is current" if same else "docs/commands.md: run scripts/write_commands.py")
        sys.exit(0 if same else 1)
    PAGE.write_text(text, encoding="utf-8")
