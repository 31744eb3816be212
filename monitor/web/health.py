"""`/healthz`: can this installation do its work? For load balancers, probes and people with curl."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.api.ledger import Ledger
from monitor.core.rules.agreement import RulesInUse, disagreements
from monitor.errors import ClaimwatchError
from monitor.store.health import heartbeats
from monitor.store.migrations import require_current
from monitor.store.rules_in_use import rules_in_use
from monitor.store.tasks import outstanding
from monitor.web.state import RulesReader, RulesState, role_states


def report(ledger: Ledger, rules: RulesReader, now: datetime) -> tuple[int, dict[str, Any]]:
    """HTTP status and body. 200: the database answers and has this program's schema; 503: it does not.

    Silent processes, stuck work and broken rule files leave it at 200 with `status: degraded`: restarting
    the web process, which is what probes do on 503, would mend none of them.
    """
    told = rules.state()
    body: dict[str, Any] = {"status": "ok", "rules": _rules_json(told)}
    try:
        db = ledger.database()
        require_current(db)
        body["database"] = {"status": "ok", "kind": db.dialect, "schema": "current"}
        waiting = outstanding(db)
        roles = role_states(heartbeats(db), now)
        uses = [use for use in rules_in_use(db) if use.live]
    except ClaimwatchError as error:
        body["database"] = {"status": "unavailable", "reason": str(error), "remedy": error.remedy}
        return 503, body | {"status": "unavailable"}
    body["outstanding"] = {
        "articles": waiting.open_articles,
        "notifications": waiting.open_notifications,
        "stuck_articles": waiting.stuck_articles,
        "dead_notifications": waiting.dead_notifications,
    }
    body["processes"] = {
        state.role: {
            "alive": state.alive,
            "silent": state.silent,
            "last_seconds_ago": None
            if state.last_at is None
            else round(max((now - state.last_at).total_seconds(), 0.0), 1),
        }
        for state in roles
    }
    wrong = disagreements(uses)
    body["rules"] |= {"processes": [_use_json(use) for use in uses], "disagreements": list(wrong)}
    quiet = any(not state.ok for state in roles)
    if quiet or told.problem or wrong or waiting.stuck_articles or waiting.dead_notifications:
        body["status"] = "degraded"
    return 200, body


def _rules_json(told: RulesState) -> dict[str, Any]:
    return {"in_force": told.rules, "version": told.version or None, "problem": told.problem}


def _use_json(use: RulesInUse) -> dict[str, Any]:
    return {
        "role": use.role,
        "process": use.process,
        "version": use.version or None,
        "since_seconds": round((use.now - use.since).total_seconds(), 1),
        "problem": use.problem,
    }
