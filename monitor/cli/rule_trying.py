"""A changed rule file among all the others, built before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.core.rules.building import Built


def build_with(folder: Path, place: Path, text: str) -> Built:
    """The folder as it would be with this file. Raises UsageError where that has errors."""
    from monitor.core.rules.building import build_texts
    from monitor.core.rules.problems import errors_of
    from monitor.rulefiles import rule_paths

    # Routes ask for secrets of the environment, and change no match.
    files = [file for file in rule_paths(folder) if file.name not in ("routes.yml", "routes.yaml")]
    texts = {
        file.relative_to(folder).as_posix(): file.read_bytes().decode("utf-8-sig", "replace")
        for file in files
    }
    built = build_texts(texts | {place.relative_to(folder).as_posix(): text})
    errors = [
        problem
        for problem in errors_of(built.problems)
        # Without the routes no receiver is known.
        if problem.code != "unknown-receiver"
    ]
    if errors:
        first = errors[0]
        raise UsageError(
            f"the rules would have an error: {first.path}:{first.place.line}: {first.message}",
            remedy=first.help or "nothing was written",
        )
    return built
