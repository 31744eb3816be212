"""`claimwatch alerts tail`: the newest alerts, and then each that is raised, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.cli.filters import AlertKindOption, of_kind
from monitor.cli.ledger import open_ledger
from monitor.cli.output import when, write, write_json
from monitor.cli.reading import JsonOption

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import AlertRecord, Filters

#: Seconds between two looks.
LOOK_SECONDS = 1.0
#: Alerts are not seen in the order of their times where several workers raise them: looked back so far.
OVERLAP = timedelta(minutes=1)


def tail(filters: Filters, kind: AlertKindOption = "", json: JsonOption = False) -> None:
    """Show the newest alerts, oldest first, and then each that is raised, until Ctrl-C.

    `--limit` is for those that are there already.
    """
    from monitor.store.queries import as_json

    filters = of_kind(filters, kind)
    with open_ledger() as db:
        for alert in raised(db, filters):
            if json:
                write_json([as_json(alert)])
            else:
                what = f"[{alert.severity.upper()}] {alert.kind.replace('_', ' ')}: {alert.headline}"
                write(f"{when(alert.created_at)}  {alert.id}  {what}")
            sys.stdout.flush()


def raised(db: Database, filters: Filters) -> Iterator[AlertRecord]:
    """The newest alerts that the filters leave, oldest first, then each new one, without end."""
    from monitor.store.again import ledger_now
    from monitor.store.queries import list_alerts

    since = max(filter(None, (filters.since, ledger_now(db) - OVERLAP)))
    # What is older than the newest few that are shown at first is no news.
    seen = {alert.id for alert in list_alerts(db, replace(filters, since=since, limit=0))}
    newest = list(list_alerts(db, filters))
    seen |= {alert.id for alert in newest}
    yield from reversed(newest)
    while True:
        time.sleep(LOOK_SECONDS)
        now = ledger_now(db)
        lately = list(list_alerts(db, replace(filters, since=since, limit=0)))
        yield from sorted((one for one in lately if one.id not in seen), key=lambda one: one.id)
        seen = {alert.id for alert in lately}
        since = max(since, now - OVERLAP)
