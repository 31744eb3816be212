"""Tests of routes as files, in promtool's manner: alerts at simulated times, and the messages expected."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from monitor.core.alerting import Rules
from monitor.core.alerting.simulating import Raised, Simulated, Told, reasons, simulate
from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.shapes import AlertShape, Duration, Name, Shape, read_shape
from monitor.core.types import (
    Alert,
    AlertKind,
    AlertSettings,
    Condition,
    Routing,
    Rule,
    Severity,
    Suppression,
)

#: The rule that alerts of a test without a `rule` label belong to.
TEST_RULE = "test"


def _moment(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        message = "{shown} is no time such as '2026-03-01T21:00Z'"
        raise PydanticCustomError("bad-value", message, {"shown": repr(value)}) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


class RaisedShape(Shape):
    at: Duration = timedelta(0)
    labels: dict[str, str]
    # Alerts of one conflict have one.
    conflict: str = ""


class ExpectedShape(Shape):
    at: Duration = timedelta(0)
    to: Name
    kind: typing.Literal["alert", "group", "digest"] = "alert"
    count: Annotated[int, Field(ge=1)] = 1


class RouteTestShape(Shape):
    name: Name
    start: Annotated[datetime, BeforeValidator(_moment)] = datetime(2026, 1, 5, 12, tzinfo=UTC)
    # How long it goes on.
    lasts: Duration = timedelta(days=1)
    alert: AlertShape = AlertShape()
    alerts: Annotated[tuple[RaisedShape, ...], Field(min_length=1)]
    expect: tuple[ExpectedShape, ...] = ()
    # Reason → notifications that do not go out for it.
    suppressed: dict[str, Annotated[int, Field(ge=0)]] = Field(default={})


class RouteTestFileShape(Shape):
    version: int
    tests: Annotated[tuple[RouteTestShape, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTestOutcome:
    name: str
    # What differs, a line each; empty: as expected.
    wrong: tuple[str, ...]


def read_route_tests(document: Document) -> tuple[RouteTestShape, ...]:
    """The tests of a file; mistakes are noted in the document."""
    shape = read_shape(document, RouteTestFileShape)
    if shape is None:
        return ()
    known = {"kind": [*AlertKind], "severity": [*Severity]}
    for number, test in enumerate(shape.tests):
        for index, raised in enumerate(test.alerts):
            for label, words in known.items():
                if raised.labels.get(label, words[0]) not in words:
                    loc: Loc = ("tests", number, "alerts", index, "labels", label)
                    document.problem(loc, "unknown-value", f"there is no {label} {raised.labels[label]!r}")
        for reason in test.suppressed:
            if reason not in (*Suppression, "waits"):
                place: Loc = ("tests", number, "suppressed", reason)
                document.problem(place, "unknown-value", f"nothing is suppressed as {reason!r}", of_key=True)
    return shape.tests


@dataclass(frozen=True, slots=True)
class _WithTestRule:
    rules: Mapping[str, Rule]


def run_route_test(test: RouteTestShape, routing: Routing, rules: Rules) -> RouteTestOutcome:
    """Expected and simulated, compared; a message that nobody expected is wrong too."""
    made = AlertSettings(**{name: getattr(test.alert, name) for name in AlertShape.model_fields})
    words = Condition(operator="keyword")
    own = {
        _own_rule(one): Rule(
            id=_own_rule(one),
            version="",
            title="a test",
            condition=words,
            alert=made,
            owner=one.labels.get("owner", ""),
        )
        for one in test.alerts
    }
    raised = [
        Raised(id=number, alert=_alert(one, number, rules), at=test.start + one.at)
        for number, one in enumerate(test.alerts, 1)
    ]
    simulated = simulate(
        raised,
        routing,
        _WithTestRule({**rules.rules, **own}),
        until=test.start + test.lasts,
    )
    return RouteTestOutcome(name=test.name, wrong=tuple(_differences(test, simulated)))


def _alert(one: RaisedShape, number: int, rules: Rules) -> Alert:
    rule = rules.rules.get(one.labels.get("rule", ""))
    told = {"severity": rule.severity.value, "owner": rule.owner, "status": rule.status.value} if rule else {}
    labels = {"kind": AlertKind.MATCH.value, "severity": Severity.MEDIUM.value} | told | one.labels
    return Alert(
        fingerprint=f"test:{number}",
        kind=AlertKind(labels["kind"]),
        severity=Severity(labels["severity"]),
        headline=f"alert {number}",
        rules=(one.labels.get("rule") or _own_rule(one),),
        labels={name: value for name, value in labels.items() if value},
        group=one.conflict,
    )


def _own_rule(one: RaisedShape) -> str:
    """Routes see the owner of the rule that an alert comes through, so each owner has one."""
    owner = one.labels.get("owner", "")
    return f"{TEST_RULE}:{owner}" if owner else TEST_RULE


def _differences(test: RouteTestShape, simulated: Simulated) -> Sequence[str]:
    wanted = [(one.at, one.to, one.kind, one.count) for one in test.expect]
    found = [(one.at - test.start, one.receiver, one.kind, len(one.alerts)) for one in simulated.told]
    wrong = [f"expected {_line(*one)}, and it did not come" for one in _without(wanted, found)]
    carried = {(one.at - test.start, one.receiver, one.kind, len(one.alerts)): one for one in simulated.told}
    wrong += [f"nobody expected {_line(*one)}{_of(carried[one])}" for one in _without(found, wanted)]
    counts = reasons(simulated)
    for reason in sorted({*counts, *test.suppressed} - ({"waits"} - set(test.suppressed))):
        if counts.get(reason, 0) != test.suppressed.get(reason, 0):
            wrong.append(
                f"{test.suppressed.get(reason, 0)} notifications expected as {reason}, "
                f"there were {counts.get(reason, 0)}"
            )
    return wrong


_Line = tuple[timedelta, str, str, int]


def _without(some: Sequence[_Line], others: Sequence[_Line]) -> list[_Line]:
    """What is in the first and not in the second, counting doubles."""
    left = list(others)
    missing = []
    for one in some:
        if one in left:
            left.remove(one)
        else:
            missing.append(one)
    return sorted(missing)


def _line(at: timedelta, receiver: str, kind: str, count: int) -> str:
    return f"{kind} of {count} to {receiver} at {_shown(at)}"


def _of(told: Told) -> str:
    named = ", ".join(map(str, told.alerts[:6])) + (", …" if len(told.alerts) > 6 else "")
    return f" (alert {named})"


def _shown(at: timedelta) -> str:
    seconds = int(at.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
