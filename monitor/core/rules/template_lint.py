"""Mistakes of templates, put at their places in routes.yml.

Jinja2 is read by a process of its own (`monitor.notify.templates`), which counts lines of the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.core.rules.documents import Document, read_document
from monitor.core.rules.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMistake:
    """What is wrong with a template."""

    # Of the template's text, from 1.
    line: int
    message: str
    # The word at fault; empty: the line is.
    word: str = ""
    help: str = ""


def template_problems(
    path: str, text: str, mistakes: Mapping[str, Sequence[TemplateMistake]]
) -> tuple[Problem, ...]:
    """The mistakes of the templates of a routes.yml, by a template's name, as problems of that file."""
    document = read_document(path, text, places=True)
    # Only what this adds: the file's own mistakes are told by whoever reads it for its routes.
    document = document.apart(keep=False)
    for name, found in mistakes.items():
        for one in found:
            _note(document, name, one)
    return tuple(document.problems)


def _note(document: Document, name: str, mistake: TemplateMistake) -> None:
    loc = ("templates", name)
    templates = document.value.get("templates") if isinstance(document.value, dict) else None
    value = templates.get(name, "") if isinstance(templates, dict) else ""
    # Jinja2 counts these ends of lines, and no others.
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number = min(max(mistake.line, 1), len(lines)) - 1
    line = lines[number]
    at = line.find(mistake.word) if mistake.word else -1
    if at < 0:
        at, width = len(line) - len(line.lstrip()), len(line.strip())
    else:
        width = len(mistake.word)
    before = sum(len(each) + 1 for each in lines[:number])
    document.problem_at(
        document.place_within(loc, before + at, width),
        "bad-template",
        f"template {name!r}, line {number + 1}: {mistake.message}",
        help=mistake.help or "`claimwatch routes preview` shows a stored alert with it",
    )
