"""`claimwatch claims`: who said what, in their exact words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.cli.explaining import explain_claim
from monitor.cli.output import Column, when, write_facts, write_heading, write_quotations
from monitor.cli.quoting import quotation, spread
from monitor.cli.reading import Noun
from monitor.cli.statuses import StatusChoice, status_app

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import ClaimRecord, Filters


def _rows(db: Database, filters: Filters) -> Iterable[ClaimRecord]:
    from monitor.store.queries import list_claims

    return list_claims(db, filters)


def _find(db: Database, id: int) -> ClaimRecord | None:
    from monitor.store.queries import get_claim

    return get_claim(db, id)


def _sheet(claim: ClaimRecord) -> None:
    write_heading(f"Claim {claim.id}: {claim.stance}")
    write_quotations([quotation(claim)])
    quantities = ", ".join(str(quantity.get("surface", "")) for quantity in claim.quantities)
    write_facts(
        [
            ("about", claim.proposition),
            ("numbers", quantities),
            ("stands at", f"{claim.field} {claim.start}–{claim.end}, article {claim.article.id}"),
            ("thread", f"{claim.thread}, {spread(claim)}"),
            ("first seen", f"{when(claim.first_seen_at)} UTC"),
            ("rules", ", ".join(claim.rules)),
            ("marked", claim.status if claim.status != "open" else ""),
        ]
    )


NOUN: Noun[ClaimRecord] = Noun(
    one="claim",
    many="claims",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda claim: str(claim.id), right=True),
        Column(
            title="time (UTC)", cell=lambda claim: when(claim.article.published_at or claim.first_seen_at)
        ),
        Column(title="speaker", cell=lambda claim: claim.speaker.name, ratio=2, style="bold"),
        Column(title="stance", cell=lambda claim: claim.stance),
        Column(title="quote", cell=lambda claim: claim.quote, ratio=6),
        Column(title="publisher", cell=lambda claim: claim.article.publisher, ratio=2),
        Column(title="origins", cell=lambda claim: str(claim.origins), right=True),
    ),
    sheet=_sheet,
)

app = status_app(
    NOUN, help_text="Who said what: speaker, stance and exact quote.", default=StatusChoice.CURRENT
)
app.command("explain")(explain_claim)
