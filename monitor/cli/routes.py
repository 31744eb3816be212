"""`claimwatch routes`: the tree of routes.yml, and where an alert would go and why."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, write, write_json
from monitor.cli.reading import JsonOption
from monitor.cli.route_preview import preview
from monitor.cli.route_tests import run_test_file
from monitor.errors import EXIT_FINDINGS, EXIT_PARTIAL, UsageError

if TYPE_CHECKING:
    from monitor.core.routes import Walk
    from monitor.core.types import Alert, Route, Routing
    from monitor.rulefiles import RuleFolder
    from monitor.store.queries import AlertRecord, NotificationRecord

RulesOption = Annotated[Path | None, typer.Option("--rules", help="Rules folder (CLAIMWATCH_RULES).")]

app = typer.Typer(
    name="routes", help="Who is told what: the tree of routes.yml, and tests of it.", no_args_is_help=True
)


@app.command("show")
def show(rules: RulesOption = None, json: JsonOption = False) -> None:
    """Show the tree of routes with its receivers; of their addresses only what is no secret."""
    folder = _folder(rules)
    if json:
        write_json(_route_json(route, folder.routing) for route in folder.routing.nodes())
        return
    if folder.routing.root is None:
        note("there is no routes.yml, so nobody is told anything; docs/alerts.md has its format")
        raise typer.Exit(EXIT_FINDINGS)
    _write_tree(folder.routing.root, 0)
    for one in folder.routing.inhibitions:
        equal = f", with the same {', '.join(one.equal)}" if one.equal else ""
        write(
            f"while {' and '.join(map(str, one.when))} is out, {' and '.join(map(str, one.holds_back))} "
            f"is held back{equal}, for {_minutes(one.lasts.total_seconds())}"
        )
    write("receivers")
    for receiver in folder.routing.receivers:
        write(f"  {receiver.name}  {_shown(receiver.url)}")


def _write_tree(route: Route, depth: int) -> None:
    wanted = " and ".join(map(str, route.matchers)) or ("everything" if depth else "everything else")
    more = " (continues)" if route.continues else ""
    after = (
        f"; unacknowledged after {_minutes(route.escalation.after.total_seconds())} also "
        f"{', '.join(route.escalation.receivers)}"
        if route.escalation
        else ""
    )
    write(f"{'  ' * depth}{wanted}{more} → {', '.join(route.receivers)}{after}{_times(route)}")
    for inner in route.routes:
        _write_tree(inner, depth + 1)


def _times(route: Route) -> str:
    """When it tells people, and in whose words, where that is said."""
    told = [f"quiet {one.begins:%H:%M}–{one.ends:%H:%M} {one.zone}{_days(one.days)}" for one in route.quiet]
    if route.digest is not None:
        every = route.digest.every
        at = [f"{one:%H:%M}" for one in route.digest.at]
        when_ = f"every {_minutes(every.total_seconds())}" if every else f"at {', '.join(at)}"
        told.append(f"digest {when_} {route.digest.zone}")
    if route.template:
        told.append(f"template {route.template}")
    return "".join(f"; {one}" for one in told)


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _days(days: tuple[int, ...]) -> str:
    return f" ({', '.join(_DAYS[day] for day in days)})" if days else ""


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"


def _shown(url: str) -> str:
    from monitor.notify import check_receiver_url, shown_url

    complaint = check_receiver_url(url)
    return shown_url(url) + (f"  ✗ {complaint}" if complaint else "")


def _route_json(route: Route, routing: Routing) -> dict[str, Any]:
    escalation = route.escalation
    return {
        "route": route.place,
        "match": list(map(str, route.matchers)),
        "receivers": list(route.receivers),
        "continue": route.continues,
        "escalate": escalation
        and {"after_s": escalation.after.total_seconds(), "receivers": list(escalation.receivers)},
        "quiet": [
            {
                "from": f"{one.begins:%H:%M}",
                "to": f"{one.ends:%H:%M}",
                "zone": one.zone,
                "days": list(one.days),
            }
            for one in route.quiet
        ],
        "digest": route.digest
        and {
            "every_s": route.digest.every.total_seconds() if route.digest.every else None,
            "at": [f"{at:%H:%M}" for at in route.digest.at],
            "zone": route.digest.zone,
        },
        "template": route.template or None,
    }


# ---------------------------------------------------------------- test


@app.command("test")
def try_route(
    alert: Annotated[int | None, typer.Argument(metavar="ALERT", help="A stored alert's number.")] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="NAME=VALUE", help="A label; again for more.")
    ] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Send a test, marked as one, on the path of real alerts.")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="With --send: wait for it so long.")
    ] = 20.0,
    rules: RulesOption = None,
    json: JsonOption = False,
) -> None:
    """Say where an alert would go and why: each route that is asked, and what it answers.

    Give the number of a stored alert, or labels of one that might come.
    Exit code 1 where it would go nowhere; 4 where a test that was sent was not accepted by all.
    """
    if (alert is None) == (not label):
        raise UsageError(
            "say which alert: a number, or labels",
            remedy="claimwatch routes test --label kind=contradiction --label severity=high",
        )
    folder = _folder(rules)
    tried = _made_up(label or [], folder) if alert is None else _stored(alert)
    from monitor.core.alerting import routes_of

    walks = {rule: routes_of(tried, rule, folder.rules, folder.routing) for rule in tried.rules or ("",)}
    if json:
        write_json(_walk_json(rule, walk) for rule, walk in walks.items())
    else:
        _write_walks(tried, walks)
    if not any(walk.receivers for walk in walks.values()):
        raise typer.Exit(EXIT_FINDINGS)
    if send:
        _send(tried, folder, wait, json=json)


def _made_up(written: list[str], folder: RuleFolder) -> Alert:
    from monitor.core.alerting import alert_of_labels
    from monitor.core.matchers import LABELS
    from monitor.core.rules.problems import did_you_mean
    from monitor.core.types import AlertKind, Severity

    labels = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--label {one}: no label", remedy="write --label severity=high")
        labels[name.strip()] = value.strip()
    for name in sorted(set(labels) - LABELS):
        note(f"warning: no alert has a label {name!r}; {did_you_mean(name, LABELS)}".rstrip("; "))
    if labels.get("rule") and labels["rule"] not in folder.rules.rules:
        note(f"warning: there is no rule {labels['rule']!r} in {read_settings().rules}")
    for name, known in (("kind", AlertKind), ("severity", Severity)):
        value, words = labels.get(name, ""), [word.value for word in known]
        if value and value not in words:
            guess = did_you_mean(value, words)
            raise UsageError(
                f"--label {name}={value}: there is no such {name}",
                remedy=guess if guess.startswith("did") else f"one of {', '.join(words)}",
            )
    return alert_of_labels(labels, folder.rules, key=uuid4().hex)


def _stored(id: int) -> Alert:
    from monitor.core.alerting import as_test
    from monitor.store.alerts import alert_as_raised

    with open_ledger() as db:
        found = alert_as_raised(db, id)
    if found is None:
        note(f"error: there is no alert {id}\n  help: `claimwatch alerts list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    return as_test(found, key=uuid4().hex)


def _write_walks(alert: Alert, walks: dict[str, Walk]) -> None:
    write(", ".join(f"{name}={value}" for name, value in sorted(alert.labels.items()) if name != "test"))
    for rule, walk in walks.items():
        if rule:
            write(f"for rule {rule}")
        if not walk.steps:
            write("  there is no routes.yml")
        for step in walk.steps:
            mark = "✓" if step.route in walk.taken else "·" if step.agrees else "✗"
            told = f" → {', '.join(step.route.receivers)}" if step.route in walk.taken else ""
            write(f"  {'  ' * step.depth}{mark} {step.route.place}: {step.why}{told}")
    names = dict.fromkeys(name for walk in walks.values() for name in walk.receivers)
    write(f"goes to {', '.join(names)}" if names else "goes to nobody (no_route)")


def _walk_json(rule: str, walk: Walk) -> dict[str, Any]:
    return {
        "rule": rule or None,
        "receivers": list(walk.receivers),
        "steps": [
            {
                "route": step.route.place,
                "depth": step.depth,
                "agrees": step.agrees,
                "takes": step.route in walk.taken,
                "why": step.why,
                "receivers": list(step.route.receivers),
            }
            for step in walk.steps
        ],
    }


app.command("test-file")(run_test_file)
app.command("preview")(preview)


# ---------------------------------------------------------------- send


def _send(alert: Alert, folder: RuleFolder, wait: float, *, json: bool) -> None:
    from monitor.core.alerting import plan_notifications
    from monitor.store.alerts import raise_own
    from monitor.store.queries import as_json, get_alert

    with open_ledger(create=True) as db:
        id = raise_own(db, alert, plan_notifications([alert], folder.routing, folder.rules))
        assert id is not None, "the key of a test is new"
        note(f"the test is alert {id}; waiting up to {wait:.0f} s for it to be delivered")
        deadline = time.monotonic() + wait
        while (sent := get_alert(db, id)) and _under_way(sent) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert sent is not None
    if json:
        write_json([as_json(sent)])
    else:
        for one in sent.notifications:
            write(f"{one.receiver}: {_fate(one)}")
    if any(one.state != "sent" for one in sent.notifications):
        raise typer.Exit(EXIT_PARTIAL)


def _under_way(alert: AlertRecord) -> bool:
    """Is any of it to be sent soon? What waits for a reason of its own may wait for hours."""
    return any(one.state == "waiting" and not one.reason for one in alert.notifications)


def _fate(one: NotificationRecord) -> str:
    said = f" ({one.reason}{f': {one.detail}' if one.detail else ''})" if one.reason else ""
    if one.state == "waiting" and not one.reason:
        said = "; is a deliverer running? `claimwatch once` delivers what waits"
    return f"{one.state}{said}"


def _folder(rules: Path | None) -> RuleFolder:
    from monitor.rulefiles import load_folder

    return load_folder(rules or read_settings().rules)
