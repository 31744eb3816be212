"""Findings → alerts → notifications: what people are told, to whom and when (docs/alerts.md).

An alert is raised where a rule asks for its kind. The ledger keeps one alert per fingerprint, ever,
so a conflict that goes on, or an article that is judged again, raises nothing new.
What was found but must not be sent is an alert too, with the reason; its fingerprint carries the reason,
so that it never stands in the way of the one that may be sent.

`raising` puts the kinds together, `pairs` and `statements` make them; `routing` says who is told,
`restraint` when.
"""

from monitor.core.alerting.asking import Rules
from monitor.core.alerting.headlines import HEADLINE_LIMIT
from monitor.core.alerting.inhibition import AlertOut
from monitor.core.alerting.keeping import Kept, kept_back, stops_when_acknowledged
from monitor.core.alerting.lifecycle import (
    Acknowledgement,
    AlertStatus,
    hold_acknowledged,
    subject_of,
)
from monitor.core.alerting.manners import manner_of
from monitor.core.alerting.own import alert_of_labels, as_test
from monitor.core.alerting.raising import raise_alerts, tell_once
from monitor.core.alerting.restraint import STAGES, Candidate, Failing, Hold, MessageKind, Past, hold
from monitor.core.alerting.routing import plan_notifications, routes_of
from monitor.core.alerting.silences import Silence, SilenceState, holding
from monitor.core.alerting.standing import Standing, ToldAlert, WaitingAlert, needs_standing

__all__ = [
    "HEADLINE_LIMIT",
    "STAGES",
    "Acknowledgement",
    "AlertOut",
    "AlertStatus",
    "Candidate",
    "Failing",
    "Hold",
    "Kept",
    "MessageKind",
    "Past",
    "Rules",
    "Silence",
    "SilenceState",
    "Standing",
    "ToldAlert",
    "WaitingAlert",
    "alert_of_labels",
    "as_test",
    "hold",
    "hold_acknowledged",
    "holding",
    "kept_back",
    "manner_of",
    "needs_standing",
    "plan_notifications",
    "raise_alerts",
    "routes_of",
    "stops_when_acknowledged",
    "subject_of",
    "tell_once",
]
