"""Routes and tests of routes that stand in a file of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from monitor.core.rules.documents import Document, read_document
from monitor.core.rules.problems import errors_of, findings_of, render, sorted_problems
from monitor.core.rules.route_reading import read_routing
from monitor.core.rules.route_tests import RouteTestShape, read_route_tests
from monitor.core.types import Routing
from monitor.errors import InputError, RulesError
from monitor.rulefiles.surroundings import Surroundings

Made = TypeVar("Made")


def load_routes(path: Path) -> Routing:
    """A routes.yml, wherever it stands. Raises InputError, and RulesError with the report of its mistakes."""
    return _read(path, lambda document: read_routing(document, Surroundings()))


def load_route_tests(path: Path) -> tuple[RouteTestShape, ...]:
    """The tests of a file. Raises InputError, and RulesError with the report of its mistakes."""
    return _read(path, read_route_tests)


def _read(path: Path, made_of: Callable[[Document], Made]) -> Made:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{path}: {said}", remedy="give a YAML file") from error
    document = read_document(str(path), text, places=True)
    made = made_of(document)
    errors = errors_of(document.problems)
    if errors:
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        report = render(findings_of(sorted_problems(document.problems)))
        raise RulesError(f"{path}: {count}", report=report, remedy="docs/alerts.md has the format")
    return made
