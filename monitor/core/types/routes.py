"""Which alerts go where: receivers, and a tree of routes whose nodes ask for labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
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
class QuietHours:
    """A part of the day in which nobody is to be told; it may go over midnight."""

    begins: time
    ends: time
    # As the time zone database calls it: "Europe/Kyiv".
    zone: str = "UTC"
    # Days on which it begins, Monday is 0; empty: every day.
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTimes:
    """When digests go out: at the full part of a day, or at times of the day."""

    # A part of the day that goes into it evenly, counted from midnight; None: `at` says when.
    every: timedelta | None = None
    # At least one where `every` is None.
    at: tuple[time, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While an alert that `when` agrees with is out, those that `holds_back` agrees with are not sent."""

    when: tuple[Matcher, ...]
    holds_back: tuple[Matcher, ...]
    # Labels that both have to have, with one value.
    equal: tuple[str, ...] = ()
    # How long an alert counts as out, if nobody resolves it before.
    lasts: timedelta = timedelta(hours=1)
    # Where it stands in the file: "inhibit[0]".
    place: str = "inhibit"


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
    # Its parent's where the file has none, like all that follows.
    escalation: Escalation | None = None
    quiet: tuple[QuietHours, ...] = ()
    # What it takes waits for these times and goes out in one message; None: at once.
    digest: DigestTimes | None = None
    # Name of the template that its messages are written with; empty: the built-in text.
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    receivers: tuple[Receiver, ...] = ()
    # None: nobody is told anything.
    root: Route | None = None
    inhibitions: tuple[Inhibition, ...] = ()
    # Name → Jinja2 text.
    templates: Mapping[str, str] = field(default_factory=dict)

    def nodes(self) -> Iterator[Route]:
        """Every node of the tree, each before those below it."""
        waiting = [self.root] if self.root is not None else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.routes)
