"""`claimwatch alerts`: what people were told, to whom it went, and why something was not sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from monitor.cli.alert_care import ack, resolve, unack
from monitor.cli.alert_deliveries import deliveries, replay
from monitor.cli.alert_tail import tail
from monitor.cli.filters import AlertKindOption, of_kind, takes_filters
from monitor.cli.output import Column, when, write_facts, write_heading, write_quotations, write_text
from monitor.cli.quoting import quotation
from monitor.cli.reading import JsonOption, Noun, add_show, write_listing
from monitor.cli.route_tests import simulate

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import AlertRecord, Filters, NotificationRecord


def _rows(db: Database, filters: Filters) -> Iterable[AlertRecord]:
    from monitor.store.queries import list_alerts

    return list_alerts(db, filters)


def _find(db: Database, id: int) -> AlertRecord | None:
    from monitor.store.queries import get_alert

    return get_alert(db, id)


def _fate(sent: NotificationRecord) -> str:
    reason = f" ({sent.reason})" if sent.reason and sent.state != "sent" else ""
    return f"{sent.receiver or 'nobody'}: {sent.state}{reason}"


def _cared(alert: AlertRecord) -> str:
    """Who takes care of it, and until when."""
    known = alert.acknowledgement
    if known is None:
        return alert.status
    owner = f" by {known.owner}" if known.owner else ""
    until = f", until {when(known.expires_at)} UTC" if known.expires_at else ""
    note_ = f": {known.note}" if known.note else ""
    return f"{known.status}{owner}, {when(known.created_at)} UTC{until}{note_}"


def _carried(sent: NotificationRecord) -> str:
    """In which message it goes out, where it is not alone."""
    if sent.message_kind in (None, "alert"):
        return ""
    return f", in a {sent.message_kind}" + (
        f" with notification {sent.message_id}" if sent.message_id != sent.id else ""
    )


def _sheet(alert: AlertRecord) -> None:
    write_heading(f"Alert {alert.id}: {alert.headline}")
    if alert.reason:
        write_text(alert.reason)
    if alert.claims:
        write_quotations([quotation(claim) for claim in alert.claims])
    notifications = [
        _fate(sent)
        + _carried(sent)
        + (f", {sent.attempts} attempts" if sent.attempts > 1 else "")
        + (f", {when(sent.sent_at)} UTC" if sent.sent_at else "")
        + (f", {sent.detail}" if sent.detail else "")
        for sent in alert.notifications
    ]
    write_facts(
        [
            ("kind", f"{alert.kind}, {alert.severity}"),
            ("rules", ", ".join(alert.rules)),
            ("labels", ", ".join(f"{name}={value}" for name, value in sorted(alert.labels.items()))),
            ("conflict", alert.group or ""),
            ("status", _cared(alert)),
            ("raised", f"{when(alert.created_at)} UTC"),
            *(("told" if not number else " ", line) for number, line in enumerate(notifications)),
        ]
    )


NOUN: Noun[AlertRecord] = Noun(
    one="alert",
    many="alerts",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda alert: str(alert.id), right=True),
        Column(title="raised (UTC)", cell=lambda alert: when(alert.created_at)),
        Column(title="kind", cell=lambda alert: alert.kind),
        Column(title="severity", cell=lambda alert: alert.severity),
        Column(title="status", cell=lambda alert: alert.status),
        Column(title="headline", cell=lambda alert: alert.headline, ratio=5, style="bold"),
        Column(title="told", cell=lambda alert: "; ".join(map(_fate, alert.notifications)), ratio=3),
    ),
    sheet=_sheet,
)

app = typer.Typer(
    name=NOUN.many,
    help="What people were told, to whom it went, and why something was not sent.",
    no_args_is_help=True,
)


def _list(filters: Filters, kind: AlertKindOption = "", json: JsonOption = False) -> None:
    """List the alerts that were stored, newest first. Finding none is no error."""
    write_listing(NOUN, of_kind(filters, kind), json=json)


app.command("list")(takes_filters(_list))
add_show(app, NOUN)
app.command("tail")(takes_filters(tail))
app.command("ack")(ack)
app.command("resolve")(resolve)
app.command("unack")(unack)
app.command("deliveries")(deliveries)
app.command("replay")(replay)
app.command("simulate")(simulate)
