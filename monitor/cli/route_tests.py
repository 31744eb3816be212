"""`claimwatch routes test-file` and `claimwatch alerts simulate`: routes on a simulated clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, when, write, write_json
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS

if TYPE_CHECKING:
    from monitor.core.alerting.simulating import Raised, Simulated

RulesOption = Annotated[Path | None, typer.Option("--rules", help="Rules folder (CLAIMWATCH_RULES).")]
RoutesOption = Annotated[
    Path | None, typer.Option("--routes", metavar="FILE", help="These routes, not those of the rules folder.")
]

#: Messages that are listed without --all.
SHOWN = 20


def run_test_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tests of routes: docs/alerts.md.")],
    routes: RoutesOption = None,
    rules: RulesOption = None,
    json: JsonOption = False,
) -> None:
    """Run tests of routes: alerts at simulated times, and the messages that are expected.

    Exit code 1 where one fails; a message that no test expects is a failure.
    """
    from monitor.core.rules.route_tests import run_route_test
    from monitor.rulefiles import load_folder
    from monitor.rulefiles.route_files import load_route_tests, load_routes

    tests = load_route_tests(file)
    folder = load_folder(rules or read_settings().rules)
    routing = load_routes(routes) if routes is not None else folder.routing
    outcomes = [run_route_test(test, routing, folder.rules) for test in tests]
    failed = sum(1 for one in outcomes if one.wrong)
    if json:
        write_json({"name": one.name, "passed": not one.wrong, "wrong": list(one.wrong)} for one in outcomes)
    else:
        for one in outcomes:
            write(f"{'✗' if one.wrong else '✓'} {one.name}")
            for line in one.wrong:
                write(f"    {line}")
        write(f"{len(outcomes) - failed} of {len(outcomes)} tests passed")
    if failed:
        raise typer.Exit(EXIT_FINDINGS)


def simulate(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="30d, or a date.")] = "30d",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="As --since; else now.")] = "",
    routes: RoutesOption = None,
    rules: RulesOption = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="As if what came from an archive had been news then.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="List every message.")] = False,
    json: JsonOption = False,
) -> None:
    """Show what routes and rules would have sent of the stored alerts, and what not and why.

    The clock is simulated, and receivers accept everything; silences and acknowledgements are as they were.
    Nothing is sent.
    """
    from monitor.core.alerting.simulating import simulate as run
    from monitor.rulefiles import load_folder
    from monitor.rulefiles.route_files import load_routes
    from monitor.store.simulating import raised_alerts, remembered_care, remembered_silences

    now = datetime.now(UTC)
    begin, end = _time(since, now, "--since"), _time(until, now, "--until") if until else now
    folder = load_folder(rules or read_settings().rules)
    routing = load_routes(routes) if routes is not None else folder.routing
    with open_ledger() as db:
        raised = raised_alerts(db, since=begin, until=end, backfill=backfill)
        simulated = run(
            raised,
            routing,
            folder.rules,
            until=end,
            silences=remembered_silences(db),
            care=remembered_care(db),
        )
    known = {one.id: one for one in raised}
    if json:
        write_json(_told_json(simulated))
        return
    if not raised:
        note("there are no alerts in this time; `claimwatch alerts list` shows those there are")
        return
    _write(simulated, known, everything=everything)


def _write(simulated: Simulated, known: dict[int, Raised], *, everything: bool) -> None:
    from monitor.core.alerting.simulating import reasons

    told = simulated.told
    shown = told if everything else told[-SHOWN:]
    for one in shown:
        first = known[one.alerts[0]].alert
        headline = first.headline if len(one.alerts) == 1 else f"{len(one.alerts)} alerts {one.why}".rstrip()
        write(f"{when(one.at)}  {one.receiver}  {one.kind}: {headline}")
    if len(shown) < len(told):
        write(f"… and {len(told) - len(shown):,} messages before; --all lists them")
    write(f"{_many(len(known), 'alert')} → {_many(len(told), 'message')}")
    for receiver, count in Counter(one.receiver for one in told).most_common():
        days = Counter(one.at.date() for one in told if one.receiver == receiver)
        write(f"  {receiver}: {_many(count, 'message')}, at most {max(days.values()):,} on one day")
    for reason, count in reasons(simulated).items():
        these = [one for one in simulated.not_told if one.reason == reason and not one.waits]
        detail = next((one.detail for one in these if one.detail), "")
        words = "still wait at the end" if reason == "waits" else f"not sent: {reason}"
        write(f"  {count:,} {words}{f' (such as: {detail})' if detail else ''}")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _told_json(simulated: Simulated) -> list[dict[str, Any]]:
    from monitor.store.records import ready

    told = [{"sent": True} | _as_object(ready(one)) for one in simulated.told]
    return told + [{"sent": False} | _as_object(ready(one)) for one in simulated.not_told]


def _as_object(made: object) -> dict[str, Any]:
    assert isinstance(made, dict)
    return made


def _time(text: str, now: datetime, option: str) -> datetime:
    from monitor.cli.times import parse_time

    try:
        return parse_time(text, now=now)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
