"""How grave an alert is, where it goes, and what is only recorded, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerting_values import DRAFT, FRESH, NOW, TEST, dispute, raised, rule, rules

from monitor.core.alerting import (
    plan_notifications,
)
from monitor.core.types import (
    AlertSettings,
    Matcher,
    MatchOperator,
    Notification,
    Receiver,
    Restraint,
    Route,
    Routing,
    Rule,
    Severity,
    Suppression,
)

# ---------------------------------------------------------------- severity, and what is only recorded


def test_the_most_severe_rule_leads() -> None:
    on = rules(rule("a", severity=Severity.LOW), rule("b", severity=Severity.CRITICAL), rule("c"))
    (alert,) = raised(on, by=("a", "b", "c"), is_new=True)
    assert (alert.severity, alert.rules, alert.labels["rule"]) == (Severity.CRITICAL, ("b", "c", "a"), "b")


@pytest.mark.parametrize(
    ("listed", "changes", "suppressed", "leads"),
    [
        ((rule(),), {}, None, "dam"),
        ((rule(),), {"backfill": True}, Suppression.BACKFILL, "dam"),
        ((DRAFT,), {}, Suppression.DRAFT_RULE, "draft"),
        ((DRAFT,), {"backfill": True}, Suppression.BACKFILL, "draft"),
        ((DRAFT, rule()), {}, None, "dam"),
        ((DRAFT, TEST), {}, None, "trial"),
        ((TEST, rule()), {}, None, "dam"),
        ((FRESH,), {}, None, "fresh"),
        ((FRESH,), {"published_at": NOW - timedelta(hours=2, seconds=1)}, Suppression.TOO_OLD, "fresh"),
        ((FRESH,), {"published_at": None, "fetched_at": NOW}, None, "fresh"),
        ((FRESH, rule()), {"published_at": NOW - timedelta(days=9)}, None, "dam"),
    ],
)
def test_what_must_not_be_sent_is_recorded_with_the_reason(
    listed: tuple[Rule, ...], changes: dict[str, Any], suppressed: Suppression | None, leads: str
) -> None:
    by = tuple(one.id for one in listed)
    both = raised(rules(*listed), by=by, pairs=(dispute("c1", "c2"),), is_new=True, **changes)
    for alert in both:
        assert (alert.suppressed, alert.rules[0]) == (suppressed, leads)


def test_a_rule_under_trial_does_not_raise_the_severity_of_a_real_alert() -> None:
    (alert,) = raised(rules(DRAFT, TEST, rule()), by=("draft", "trial", "dam"), is_new=True)
    assert (alert.severity, alert.rules) == (Severity.MEDIUM, ("dam",))


def test_a_suppressed_alert_never_stands_in_the_way_of_one_that_may_be_sent() -> None:
    (drafted,) = raised(rules(DRAFT), by=("draft",), pairs=(dispute("c1", "c2"),))
    (real,) = raised(rules(rule()), pairs=(dispute("c1", "c2"),))
    assert drafted.fingerprint != real.fingerprint


# ---------------------------------------------------------------- routing


def equal(label: str, value: str) -> Matcher:
    return Matcher(label=label, operator=MatchOperator.IS, values=(value,))


ROUTING = Routing(
    receivers=(Receiver(name="desk", url="stdout:"), Receiver(name="pager", url="stdout:")),
    root=Route(
        receivers=("rest",),
        routes=(
            Route(
                receivers=("pager",), matchers=(equal("severity", "critical"), equal("kind", "contradiction"))
            ),
            Route(receivers=("desk", "log"), matchers=(equal("rule", "dam"),)),
            Route(receivers=("lab",), matchers=(equal("status", "test"),)),
        ),
    ),
)


def planned(*listed: Rule, routing: Routing = ROUTING, **changes: Any) -> list[tuple[str, str | None]]:
    by = tuple(one.id for one in listed)
    alerts = raised(rules(*listed), by=by, is_new=True, **changes)
    plans = plan_notifications(alerts, routing, rules(*listed))
    assert {plan.alert for plan in plans} == {alert.fingerprint for alert in alerts}
    return [(plan.receiver, plan.suppressed) for plan in plans]


@pytest.mark.parametrize(
    ("listed", "receivers"),
    [
        ((rule("dam"),), ["desk", "log"]),
        ((rule("other"),), ["rest"]),
        # critical, but no contradiction: all matchers must agree
        ((rule("other", severity=Severity.CRITICAL),), ["rest"]),
        # its own receivers, and none by route
        ((rule("dam", alert=AlertSettings(routes=("mine", "pager"))),), ["mine", "pager"]),
        # each rule sends it where that rule alone would; a receiver hears it once
        ((rule("dam"), rule("other", alert=AlertSettings(routes=("mine", "log")))), ["desk", "log", "mine"]),
        ((rule("zeta", severity=Severity.HIGH), rule("dam")), ["rest", "desk", "log"]),
        # a rule under test reaches only what asks for tests
        ((replace(TEST, id="dam"),), ["lab"]),
    ],
)
def test_the_first_route_whose_labels_all_agree_takes_it(
    listed: tuple[Rule, ...], receivers: list[str]
) -> None:
    assert planned(*listed) == [(receiver, None) for receiver in receivers]


def test_a_contradiction_takes_the_route_of_its_kind() -> None:
    on = rules(rule("other", severity=Severity.CRITICAL))
    alerts = raised(on, by=("other",), pairs=(dispute("c1", "c2"),))
    assert plan_notifications(alerts, ROUTING, on) == (
        Notification(
            alert="contradiction:dam-safe",
            receiver="pager",
            suppressed=None,
            restraint=Restraint(rule="other", max_per_hour=20),
        ),
    )


def test_an_alert_that_no_route_takes_is_kept_with_the_reason() -> None:
    assert planned(rule(), routing=Routing()) == [("", Suppression.NO_ROUTE)]


def test_a_suppressed_alert_says_where_it_would_have_gone() -> None:
    assert planned(rule(), backfill=True) == [
        ("desk", Suppression.BACKFILL),
        ("log", Suppression.BACKFILL),
    ]
    assert planned(rule(), routing=Routing(), backfill=True) == [("", Suppression.BACKFILL)]
