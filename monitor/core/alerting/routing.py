"""Alerts → notifications: who is told, and under which rule's restraint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.core.alerting.asking import Rules
from monitor.core.alerting.manners import AT_ONCE, Manner, manner_of
from monitor.core.alerting.own import TEST
from monitor.core.alerting.pairs import AGAIN
from monitor.core.routes import Step, Walk, walk
from monitor.core.types import (
    Alert,
    GroupBy,
    Notification,
    Restraint,
    Route,
    Routing,
    Rule,
    Suppression,
)


def plan_notifications(alerts: Sequence[Alert], routing: Routing, rules: Rules) -> tuple[Notification, ...]:
    """Who is told what: each alert for each receiver once, in order.

    Every rule of an alert sends it where that rule alone would: to the receivers its `alert.routes` names,
    else through the tree (`monitor.core.routes`) by the alert's labels, `rule` and `owner` being this rule's.
    An alert that goes nowhere gets one notification without receiver, suppressed: NO_ROUTE.
    The notifications of a suppressed alert are suppressed for the same reason.
    Of several rules that bring an alert to one receiver, the one that holds back least decides when.
    Whom a route escalates to gets one too, which waits for an acknowledgement (`Restraint.escalate_after`).
    """
    return tuple(notification for alert in alerts for notification in _notify(alert, routing, rules))


def _notify(alert: Alert, routing: Routing, rules: Rules) -> list[Notification]:
    bringing: dict[str, list[Brought]] = {}
    later: dict[str, timedelta] = {}
    # What no rule asked for goes by its labels alone.
    for rule_id in alert.rules or ("",):
        rule = rules.rules.get(rule_id)
        taken = routes_of(alert, rule_id, rules, routing)
        for escalation in (route.escalation for route in taken.taken if route.escalation):
            for name in escalation.receivers:
                later[name] = min(escalation.after, later.get(name, escalation.after))
        for route in taken.taken:
            for name in route.receivers:
                bringing.setdefault(name, []).append(Brought(rule=rule, route=route))
    if not bringing:
        nowhere = alert.suppressed or Suppression.NO_ROUTE
        return [Notification(alert=alert.fingerprint, receiver="", suppressed=nowhere, detail=alert.detail)]
    return [
        Notification(
            alert=alert.fingerprint,
            receiver=name,
            suppressed=alert.suppressed,
            detail=alert.detail,
            restraint=Restraint() if alert.suppressed else _restraint(alert, brought_by),
            template=_least(alert, brought_by).route.template,
        )
        for name, brought_by in bringing.items()
    ] + [
        Notification(
            alert=alert.fingerprint,
            receiver=name,
            restraint=_escalation(alert, after, rules),
        )
        for name, after in later.items()
        # A test wakes nobody later, and what is not sent is not escalated.
        if name not in bringing and not alert.suppressed and TEST not in alert.labels
    ]


def routes_of(alert: Alert, rule_id: str, rules: Rules, routing: Routing) -> Walk:
    """The walk of the alert for one of its rules.

    Receivers that the rule names come before all routes: they are a node of their own, placed in the rule.
    """
    rule = rules.rules.get(rule_id)
    if rule is not None and rule.alert.routes:
        own = Route(receivers=rule.alert.routes, place=f"rule {rule.id}: alert.routes")
        step = Step(route=own, depth=0, agrees=True, why="the rule names receivers, so no route is asked")
        return Walk(steps=(step,), taken=(own,))
    labels = dict(alert.labels) | ({"rule": rule_id} if rule_id else {})
    if rule is not None:
        labels |= {"owner": rule.owner}
    return walk(labels, routing)


# ---------------------------------------------------------------- restraint


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How an alert comes to a receiver."""

    # None: no rule asked for it.
    rule: Rule | None
    route: Route

    def manner(self, alert: Alert) -> Manner:
        return manner_of(alert.kind, self.rule.alert) if self.rule is not None else AT_ONCE


def _least(alert: Alert, brought_by: Sequence[Brought]) -> Brought:
    """Of several the one that holds back least: no digest and no quiet hours before others, no limit before
    a high one before a low one; then the shorter wait; then the more severe rule.
    """

    def holding_back(one: Brought) -> tuple[object, ...]:
        manner = one.manner(alert)
        limit = manner.max_per_hour
        late = (one.route.digest is not None, bool(one.route.quiet))
        return (*late, limit is not None, -(limit or 0), manner.group_wait)

    return min(brought_by, key=holding_back)


def _escalation(alert: Alert, after: timedelta, rules: Rules) -> Restraint:
    """Whoever is told later is told at once then, and no more than others are."""
    asked = Restraint(rule=next(iter(alert.rules), ""), escalate_after=after)
    rule = rules.rules.get(asked.rule)
    if rule is None:
        return asked
    return replace(asked, max_per_hour=manner_of(alert.kind, rule.alert).max_per_hour)


def _restraint(alert: Alert, brought_by: Sequence[Brought]) -> Restraint:
    if TEST in alert.labels:
        # Whoever tests the routes does not want to wait for the morning.
        return Restraint()
    least = _least(alert, brought_by)
    asked = Restraint(not_before=alert.not_before, quiet=least.route.quiet, digest=least.route.digest)
    if least.rule is None:
        return asked
    manner = least.manner(alert)
    return replace(
        asked,
        rule=least.rule.id,
        group_key=_group_key(alert, least.rule, manner),
        group_wait=manner.group_wait,
        group_interval=manner.group_interval,
        max_per_hour=manner.max_per_hour,
    )


#: What alerts of one message have in common.
GROUP_VALUES: Mapping[GroupBy, Callable[[Alert, Rule], str]] = {
    GroupBy.RULE: lambda _, rule: rule.id,
    # What belongs to no conflict is a group of its own.
    GroupBy.GROUP: lambda alert, _: alert.group or alert.fingerprint,
    GroupBy.ENTITY: lambda alert, _: alert.labels.get("entity", ""),
    GroupBy.PUBLISHER: lambda alert, _: alert.labels.get("publisher", ""),
    GroupBy.STORY: lambda alert, _: alert.labels.get("story", ""),
    GroupBy.SEVERITY: lambda alert, _: str(alert.severity),
}


def _group_key(alert: Alert, rule: Rule, manner: Manner) -> str:
    if alert.not_before is not None:
        # What was added to a conflict until it is told of again goes out together.
        number = alert.labels.get(AGAIN, "")
        return f"{AGAIN}={number}|{alert.labels.get('min_origins', '')}|{alert.group}"
    return "|".join(f"{by}={GROUP_VALUES[by](alert, rule)}" for by in dict.fromkeys(manner.group_by))
