"""The walk through the tree of routes: who takes an alert with these labels, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.core.matchers import first_disagreement
from monitor.core.types import Matcher, Route, Routing, RuleStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node that was asked."""

    route: Route
    # 0 for the root.
    depth: int
    # It agrees; whether it takes the alert, or a route below it does, the taken ones say.
    agrees: bool
    # In words: why not, or that it takes the alert, or why it leaves it to a route below.
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    # In the order in which they were asked.
    steps: tuple[Step, ...]
    # Nodes that take the alert, in the same order; none where there is no tree.
    taken: tuple[Route, ...]

    @property
    def receivers(self) -> tuple[str, ...]:
        """Of all nodes that take it, each once."""
        return tuple(dict.fromkeys(name for route in self.taken for name in route.receivers))


def walk(labels: Mapping[str, str], routing: Routing) -> Walk:
    """Where an alert with these labels goes.

    A node that agrees hands it to the first of its routes that agrees, and to later ones where that says
    `continue`; where none of them takes it, it takes it itself. An alert of a rule under test is taken only
    by a node where it, or one above it, asks for the label `status`.
    """
    steps: list[Step] = []
    if routing.root is None:
        return Walk(steps=(), taken=())
    tested = labels.get("status") == RuleStatus.TEST
    taken = tuple(_taking(routing.root, labels, steps, 0, not tested))
    return Walk(steps=tuple(steps), taken=taken)


def _taking(
    route: Route, labels: Mapping[str, str], steps: list[Step], depth: int, allowed: bool
) -> Iterator[Route]:
    refused = first_disagreement(route.matchers, labels)
    if refused is not None:
        why = _disagreement(refused, labels)
        steps.append(Step(route=route, depth=depth, agrees=False, why=why))
        return
    allowed = allowed or any(matcher.label == "status" for matcher in route.matchers)
    place = len(steps)
    below: list[Route] = []
    for inner in route.routes:
        found = list(_taking(inner, labels, steps, depth + 1, allowed))
        below += found
        if found and not inner.continues:
            break
    if below:
        why = "a route within it takes it"
    elif allowed:
        why = "takes it"
        below = [route]
    else:
        why = "takes no alerts of rules under test: no matcher asks for status"
    steps.insert(place, Step(route=route, depth=depth, agrees=True, why=why))
    yield from below


def _disagreement(matcher: Matcher, labels: Mapping[str, str]) -> str:
    if matcher.label not in labels:
        return f"wants {matcher}, and there is no label {matcher.label}"
    return f"wants {matcher}, and {matcher.label} is {labels[matcher.label]!r}"
