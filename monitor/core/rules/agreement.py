"""Do all processes use the same rules? Each tells which set it uses; here is what that adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Processes may differ for so long: they look at their folders by themselves, and folders are copied.
AGREE_WITHIN = timedelta(minutes=1)
#: A process that did not tell for so long has gone, or cannot reach the ledger.
LIVE_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInUse:
    """The rules of one process, as it told."""

    # "poller" | "worker" | "deliverer" | "web"
    role: str
    # host and pid
    process: str
    host: str
    # Its rules folder, on that host.
    folder: str
    # Of the whole set; empty: it could not load any.
    version: str
    # How many rules that is.
    rules: int
    # When it was first told to use this version.
    since: datetime
    # What is wrong with the files in its folder, shortened; empty: nothing.
    problem: str = ""
    # When the files were first told to be broken; None: they are not.
    broken_since: datetime | None = None
    # The last sign, and the ledger's own clock when this was read.
    seen_at: datetime
    now: datetime

    @property
    def live(self) -> bool:
        return self.now - self.seen_at <= LIVE_WITHIN


def differing_since(uses: Sequence[RulesInUse]) -> datetime | None:
    """Since when there have been two versions at once, without a break; None: there is one."""
    by_version: dict[str, datetime] = {}
    for use in uses:
        by_version[use.version] = min(use.since, by_version.get(use.version, use.since))
    # Two versions have stood beside each other since the later of them came.
    starts = sorted(by_version.values())
    return starts[1] if len(starts) > 1 else None


def disagreements(uses: Iterable[RulesInUse]) -> tuple[str, ...]:
    """What is wrong with the rules of the live processes, one sentence each; empty: nothing."""
    live = [use for use in uses if use.live]
    found = []
    broken: dict[tuple[str, str, str], list[RulesInUse]] = {}
    for use in live:
        if use.problem:
            broken.setdefault((use.host, use.folder, first_problem(use.problem)), []).append(use)
    for (host, folder, problem), those in broken.items():
        kept = "on with the last good rules" if all(use.version for use in those) else "without rules"
        found.append(f"the rule files in {folder} on {host} are broken ({_named(those)} {kept}): {problem}")
    since = differing_since(live)
    if since is not None and live[0].now - since > AGREE_WITHIN:
        parts = [
            f"{version or 'none'} in {_named([use for use in live if use.version == version])}"
            for version in dict.fromkeys(use.version for use in live)
        ]
        found.append(f"processes have used different rules for over a minute: {'; '.join(parts)}")
    return tuple(found)


def first_problem(problem: str) -> str:
    """The first line of a report that says something."""
    return next((line.strip() for line in problem.splitlines() if line.strip()), "")


#: Processes that a sentence names; with a hundred workers nobody reads them all.
_MOST_NAMED = 4


def _named(uses: Sequence[RulesInUse]) -> str:
    names = [f"{use.role} {use.process}" for use in uses]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
