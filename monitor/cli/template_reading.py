"""The templates of a rules folder, read for their mistakes: files and messages meet here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.core.rules.problems import Problem
    from monitor.rulefiles import RuleFolder


def template_problems_of(folder: RuleFolder, path: Path) -> tuple[Problem, ...]:
    """What is wrong with the templates of the folder's routes.yml; starts a process where there are any."""
    if not folder.routing.templates:
        return ()
    from monitor.core.rules.template_lint import template_problems
    from monitor.notify.templates import read_templates

    mistakes = asyncio.run(read_templates(folder.routing.templates))
    # Where both are there, the last one read counts.
    name = next(name for name in ("routes.yml", "routes.yaml") if name in folder.files)
    return template_problems(str(path / name), folder.files[name], mistakes)
