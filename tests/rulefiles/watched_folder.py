"""A rules folder with a watcher whose clock stands still until a test moves it."""

from __future__ import annotations

from pathlib import Path

from monitor.rulefiles import RulesWatcher
from monitor.rulefiles.watching import (
    LOOK_SECONDS,
    SETTLE_SECONDS,
)

RULE = "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{keyword: WORD}]}}\n"


class Watched:
    """A folder with a watcher whose clock stands still until a test moves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 100.0
        self.watcher = RulesWatcher(folder, clock=lambda: self.now)

    def wait(self, seconds: float) -> None:
        """Time passes, with the usual looks."""
        until = self.now + seconds
        self.watcher.look()
        while self.now < until:
            self.now = min(self.now + LOOK_SECONDS, until)
            self.watcher.look()

    @property
    def words(self) -> set[str]:
        (rule,) = self.watcher.current().rules.rules.values()
        return {word for child in rule.condition.children for word in child.children[0].terms}


def write(folder: Path, text: str, name: str = "a.yml") -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text, encoding="utf-8")


def rule(word: str, name: str = "a-rule") -> str:
    return RULE.replace("WORD", word).replace("a-rule", name)


RULES_OF = SETTLE_SECONDS + LOOK_SECONDS


def ids(watched: Watched) -> set[str]:
    return set(watched.watcher.current().rules.rules)


TWO = {
    "a.yml": "version: 1\nrules:\n  - {id: a-rule, title: A, match: {any: [{entity: harbour}]}}\n",
    "b.yml": "version: 1\nentities:\n  harbour: {type: place, name: Harbour, aliases: [Harbour]}\n",
}
