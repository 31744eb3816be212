"""`/alerts.atom`: the latest alerts for feed readers (RFC 4287), and whether they have changed (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from itertools import islice
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from monitor.api.ledger import database
from monitor.api.parameters import filters
from monitor.core.terminal import clean, clean_block
from monitor.notify.text import alert_text
from monitor.store.database import Database
from monitor.store.filters import Filters
from monitor.store.queries import AlertRecord, list_alerts
from monitor.web.pages import environment
from monitor.web.views import safe_link

PATH = "/alerts.atom"
MEDIA_TYPE = "application/atom+xml"
#: What was suppressed for these reasons alone is kept for the record; no feed reader is told of it either.
NEWS_TO_NOBODY = frozenset({"backfill", "draft_rule", "duplicate"})
#: So many alerts are looked at for each that may be shown: an archive's must not make this read them all.
LOOKED_AT = 20
#: What an alert's time is compared with is only certain when nothing older can still be stored.
SETTLED = timedelta(minutes=1)

# A name space of our own, drawn once: ids stay what they are when the address or the port changes.
_IDS = UUID("6a1f2f4e-3f0b-4c57-9d0a-6d6f0c1b8e52")
# What XML 1.0 cannot hold, beside what `clean` takes out.
_NO_XML = re.compile("[\ufffe\uffff]")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One alert as the feed shows it: text, not yet escaped."""

    id: str
    title: str
    # RFC 3339.
    at: str
    # Address of its page.
    page: str
    # Addresses of the articles it quotes, http(s) only.
    articles: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    content: str


@router.api_route(PATH, methods=["GET", "HEAD"])
def alert_feed(
    request: Request,
    db: Annotated[Database, Depends(database)],
    asked: Annotated[Filters, Depends(filters)],
) -> Response:
    """The newest alerts, by the parameters of `/api/v1/alerts`; 304 where the reader has them already."""
    shown = tuple(_shown(db, asked))
    base = str(request.base_url).rstrip("/")
    updated = max((alert.created_at for alert in shown), default=datetime.fromtimestamp(0, UTC))
    asked_for = sorted(request.query_params.items())
    body = environment.get_template("alerts.atom").render(
        id=_id("feed", *(f"{name}={value}" for name, value in asked_for)),
        about=", ".join(f"{name} {xml_line(value)}" for name, value in asked_for),
        updated=_exact(updated),
        base=base,
        address=xml_line(str(request.url)),
        entries=[feed_entry(alert, base) for alert in shown],
    )
    encoded = body.encode()
    headers = {
        "ETag": f'"{blake2b(encoded, digest_size=16).hexdigest()}"',
        # It may be kept, and is asked for again each time: that is what the two are for.
        "Cache-Control": "private, no-cache",
    }
    if shown and updated < datetime.now(UTC) - SETTLED:
        headers["Last-Modified"] = format_datetime(
            updated.astimezone(UTC).replace(microsecond=0), usegmt=True
        )
    if _has_it(request, headers):
        return Response(status_code=304, headers=headers)
    return Response(encoded, media_type=MEDIA_TYPE, headers=headers)


def _shown(db: Database, asked: Filters) -> Iterable[AlertRecord]:
    found = islice(list_alerts(db, replace(asked, limit=0)), asked.limit * LOOKED_AT)
    return islice((alert for alert in found if is_news(alert)), asked.limit)


def is_news(alert: AlertRecord) -> bool:
    """Is it told to anybody? Not what only says that another one is over, or is kept for the record alone."""
    told = alert.notifications
    for_the_record = all(one.state == "suppressed" and one.reason in NEWS_TO_NOBODY for one in told)
    return "resolved" not in alert.labels and not (told and for_the_record)


def feed_entry(alert: AlertRecord, base: str) -> FeedEntry:
    """The alert's entry; `base` is the address of the pages, without a slash at its end."""
    links = (safe_link(claim.article.url) for claim in alert.claims)
    labels = [("kind", alert.kind), ("severity", alert.severity), *(("rule", rule) for rule in alert.rules)]
    return FeedEntry(
        # The id and the time: another ledger that counts from 1 is another ledger.
        id=_id("alert", str(alert.id), _exact(alert.created_at)),
        title=xml_line(alert.headline),
        at=_exact(alert.created_at),
        page=f"{base}/alerts/{alert.id}",
        articles=tuple(dict.fromkeys(xml_line(link) for link in links if link)),
        categories=tuple((name, xml_line(value)) for name, value in labels),
        content=_NO_XML.sub("", clean_block(alert_text(alert))),
    )


def xml_line(text: str) -> str:
    """One line that an XML 1.0 document can hold; it is still to be escaped."""
    return _NO_XML.sub("", clean(text))


def _id(*parts: str) -> str:
    return uuid5(_IDS, "\n".join(parts)).urn


def _exact(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _has_it(request: Request, ours: dict[str, str]) -> bool:
    """RFC 9110 §13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or ours["ETag"] in tags
    since = request.headers.get("if-modified-since")
    # Our own word back, or nothing: a reader's own clock knows nothing of our alerts.
    return since is not None and since == ours.get("Last-Modified")
