"""Which alerts go where: receivers, and a tree of routes whose nodes ask for labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class MatchOperator(StrEnum):
    """How a matcher compares a label, as in Alertmanager, and one of several values."""

    IS = "="
    IS_NOT = "!="
    LIKE = "=~"
    IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """One test of a label; an absent label counts as empty."""

    label: str
    operator: MatchOperator
    # One, or for IN one and more; of LIKE the pattern, which has to fit the whole value.
    values: tuple[str, ...]

    def __str__(self) -> str:
        """As a file has it; values that cannot stand alone in quotation marks."""
        shown = [_as_written(value, listed=self.operator is MatchOperator.IN) for value in self.values]
        if self.operator is MatchOperator.IN:
            return f"{self.label} in ({', '.join(shown)})"
        return f"{self.label} {self.operator.value} {shown[0]}"


def _as_written(value: str, *, listed: bool) -> str:
    plain = value == value.strip() and not (listed and ("," in value or not value)) and '"' not in value
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where notifications go: a name and a URL whose scheme picks the channel."""

    name: str
    # Secrets resolved; never shown, logged or stored.
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who else is told when nobody has acknowledged an alert for so long."""

    after: timedelta
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A node: it takes what its matchers agree with and none of its own routes takes."""

    # Its parent's where the file names none.
    receivers: tuple[str, ...]
    # All have to agree; empty: everything.
    matchers: tuple[Matcher, ...] = ()
    # The first that agrees takes the alert, and the next ones only if it says so.
    routes: tuple[Route, ...] = ()
    # Routes after this one are asked too.
    continues: bool = False
    # Where it stands in the file: "route", "route.routes[2]".
    place: str = "route"
    # Its parent's where the file has none.
    escalation: Escalation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    receivers: tuple[Receiver, ...] = ()
    # None: nobody is told anything.
    root: Route | None = None

    def nodes(self) -> Iterator[Route]:
        """Every node of the tree, each before those below it."""
        waiting = [self.root] if self.root is not None else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.routes)
