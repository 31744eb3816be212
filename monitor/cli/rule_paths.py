"""What `rules lint PATH` and `rules test PATH` are about: a rules folder, or one file of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.errors import UsageError

#: Folders that people keep inside a rules folder, as the shipped one does (docs/rules.md).
_INNER_FOLDERS = frozenset({"topics", "entities", "lists", "frames", "filters"})


@dataclass(frozen=True, slots=True)
class RulePath:
    """A rules folder, and the one file of it that was named."""

    folder: Path
    # None: all of them.
    file: Path | None = None

    def covers(self, path: str) -> bool:
        """Is this the path of a file that was asked for?"""
        return self.file is None or Path(path).resolve() == self.file.resolve()


def rule_path(path: Path | None) -> RulePath:
    """What a path on the command line stands for; None: the folder of the settings.

    A file is read with all files of its folder, since lists, entities and filters may stand elsewhere: that
    folder is the one of the settings if the file lies in there, else the one around it.
    Raises UsageError for a file that no rules folder would read.
    """
    from monitor.cli.ledger import read_settings
    from monitor.rulefiles import is_rule_file

    if path is None or not path.is_file():
        return RulePath(path if path is not None else read_settings().rules)
    if not is_rule_file(path.name):
        raise UsageError(
            f"{path} is not a rule file", remedy="rule files end in .yml or .yaml and do not begin with a dot"
        )
    deployed = read_settings().rules
    if path.resolve().is_relative_to(deployed.resolve()):
        return RulePath(deployed, path)
    folder = path.parent
    while folder.name in _INNER_FOLDERS:
        folder = folder.parent
    return RulePath(folder, path)
