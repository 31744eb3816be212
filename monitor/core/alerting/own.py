"""Alerts that come from no article: tests of routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.core.alerting.asking import LABEL_LIMIT, Rules
from monitor.core.alerting.headlines import HEADLINE_LIMIT
from monitor.core.lines import shorten
from monitor.core.types import Alert, AlertKind, Severity

#: The label of an alert that is only a test.
TEST = "test"
_MARK = "TEST: "


def alert_of_labels(labels: Mapping[str, str], rules: Rules, *, key: str) -> Alert:
    """A made-up alert with these labels, marked as a test; what a known rule says is filled in.

    `key` makes it another one each time. Raises ValueError for a kind or severity that does not exist.
    """
    given = {name: shorten(value, LABEL_LIMIT) for name, value in labels.items()}
    rule = rules.rules.get(given.get("rule", ""))
    if rule is not None:
        told = {"severity": str(rule.severity), "status": str(rule.status), "owner": rule.owner}
        given = {name: value for name, value in told.items() if value} | given
    given = {"kind": str(AlertKind.MATCH), "severity": str(Severity.MEDIUM)} | given
    return Alert(
        fingerprint=f"{TEST}:{key}",
        kind=AlertKind(given["kind"]),
        severity=Severity(given["severity"]),
        headline=f"{_MARK}this is how an alert with these labels reaches you",
        rules=(given["rule"],) if given.get("rule") else (),
        labels=given | {TEST: "yes"},
        reason="Somebody is testing the routes; nothing happened.",
    )


def as_test(alert: Alert, *, key: str) -> Alert:
    """A stored alert as a test: the same labels, claims and rules, marked in its headline and by a label."""
    return replace(
        alert,
        fingerprint=f"{TEST}:{key}",
        headline=shorten(_MARK + alert.headline, HEADLINE_LIMIT),
        labels=dict(alert.labels) | {TEST: "yes"},
        # It belongs to no conflict, and holds back none.
        group="",
        suppressed=None,
        detail="",
        not_before=None,
    )
