"""What the pages say about the service itself: rules, feeds, processes, waiting work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.rules.kept import KeptRules
from monitor.core.types import Feed
from monitor.errors import ClaimwatchError, RulesError
from monitor.store.health import Heartbeat

if TYPE_CHECKING:
    from monitor.rulefiles import RuleFolder, RulesInForce, RulesWatcher

#: A process that did not beat for this long counts as silent.
SILENT_AFTER = timedelta(seconds=60)
# Without these nothing moves.
ROLES_NEEDED = ("poller", "worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesState:
    """The rules folder as this process reads it."""

    # Rules and feeds in force; 0 where none could ever be read.
    rules: int
    # What is wrong with the files now on disk, in words; empty: nothing.
    problem: str
    # Of the set in force; empty: there is none.
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleState:
    """All processes of one role."""

    role: str
    # Those heard lately, and those that fell silent within the last day.
    alive: int
    silent: int
    # The latest beat; None: none in the last day.
    last_at: datetime | None
    # What the processes want known, empty ones left out.
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.alive > 0


#: Hears the folder in force (None: none could be loaded), and what is wrong.
TellRules = Callable[["RuleFolder | None", str], None]


class RulesReader:
    """The rules folder as the web process reads it: loaded when first asked for, then watched; thread-safe.

    `tell` hears it at once, after changes and every few seconds, from a thread of its own.
    `last_good` is what is used where the files are broken from the start.
    """

    def __init__(
        self,
        folder: Path,
        tell: TellRules | None = None,
        last_good: Callable[[], KeptRules | None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._last_good = last_good
        self._watcher: RulesWatcher | None = None
        self._watching = ExitStack()
        self._lock = threading.Lock()

    def state(self) -> RulesState:
        """How many rules are in force, and what is wrong with the files, if anything."""
        try:
            now = self._watched().state
        except RulesError as error:
            return RulesState(rules=0, problem=error.report or str(error))
        except ClaimwatchError as error:
            return RulesState(rules=0, problem=f"{error}. {error.remedy}".strip())
        return RulesState(rules=len(now.folder.rules.rules), problem=now.problem, version=now.folder.version)

    def _watched(self) -> RulesWatcher:
        """Raises RulesError and ConfigError for as long as no good rules were ever there."""
        with self._lock:
            if self._watcher is None:
                from monitor.rulefiles import RulesWatcher

                self._watcher = RulesWatcher(self._folder, last_good=self._last_good)
                self._watching.enter_context(self._watcher.watching(self._tell_in_force))
            return self._watcher

    def _tell_in_force(self, now: RulesInForce) -> None:
        if self._tell is not None:
            self._tell(now.folder, now.problem)

    def tell_while_broken(self) -> None:
        """Tell that no rules could be loaded; nothing where they could. Raises what `tell` raises."""
        state = self.state()
        if self._watcher is None and self._tell is not None:
            self._tell(None, state.problem)

    def close(self) -> None:
        """Stop watching."""
        self._watching.close()


def role_states(beats: Iterable[Heartbeat], now: datetime) -> tuple[RoleState, ...]:
    """The roles that are needed, then others that were heard of, in that order."""
    by_role: dict[str, list[Heartbeat]] = {role: [] for role in ROLES_NEEDED}
    for beat in sorted(beats, key=lambda beat: beat.role):
        by_role.setdefault(beat.role, []).append(beat)
    return tuple(
        RoleState(
            role=role,
            alive=sum(now - beat.at <= SILENT_AFTER for beat in heard),
            silent=sum(now - beat.at > SILENT_AFTER for beat in heard),
            last_at=max((beat.at for beat in heard), default=None),
            notes=tuple(dict.fromkeys(beat.note for beat in heard if beat.note)),
        )
        for role, heard in by_role.items()
    )


def failing(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Feeds whose last poll failed or that are gone, the longest failing first."""
    return tuple(
        sorted(
            (feed for feed in feeds if feed.failures or feed.state == "gone"),
            key=lambda feed: (-feed.failures, feed.url),
        )
    )
