"""The pages: read, shape, render. Nothing here changes anything; `marking` takes the buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from monitor import __version__
from monitor.api.ledger import Ledger
from monitor.core.terminal import clean, clean_block
from monitor.core.types import AlertKind, Feed, PairStatus
from monitor.store import queries
from monitor.store.alert_kinds import LateKinds, late_kinds, tellings
from monitor.store.database import Database
from monitor.store.feeds import list_feeds
from monitor.store.health import heartbeats
from monitor.store.queries import AlertRecord, ArticleRecord, ArticleRef, Filters
from monitor.store.silences import list_silences
from monitor.store.tasks import outstanding
from monitor.web import views
from monitor.web.folding import FOLDED, MOST_FOLDED, SHOWN, facets, folds
from monitor.web.state import RulesReader, RulesState, failing, role_states

#: Alerts on the first page.
ALERTS_SHOWN = 30
_FEEDS_SHOWN = 12

router = APIRouter(include_in_schema=False)

#: Everything that it fills in is escaped.
environment = Environment(
    loader=PackageLoader("monitor.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals["program_version"] = __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    name: str
    url: str
    # "ok" | "failing" | "gone" | "new"
    state: str
    # The error, or nothing.
    detail: str
    last: views.Moment | None


@router.get("/")
def home(request: Request, kind: str = "") -> HTMLResponse:
    """The latest alerts, conflicts first or of one kind, and whether the service is alive."""
    if kind and kind not in list(AlertKind):
        raise HTTPException(404, f"There is no kind of alert {kind[:60]!r}.")
    db, now = _database(request), datetime.now(UTC)
    articles = _ArticleReader(db)
    kinds = late_kinds(db)
    shown = (
        Filters(kind=kind, limit=ALERTS_SHOWN)
        if kind
        else Filters(kinds=SHOWN, since=kinds.since, limit=ALERTS_SHOWN)
    )
    found = list(queries.list_alerts(db, shown))
    folded = [] if kind else _folded(db, kinds)
    feeds = list_feeds(db)
    newest = next(iter(queries.list_articles(db, Filters(limit=1))), None)
    broken = failing(feeds)
    reader: RulesReader = request.app.state.rules
    return render(
        "home.html",
        alerts=[views.alert_card(alert, articles, now) for alert in found if not views.told_elsewhere(alert)],
        shown_all=len(found) < ALERTS_SHOWN,
        kind=kind.replace("_", " "),
        facets=facets(kinds, kind),
        folds=folds(folded, tellings(db, _versions(folded)), now),
        folded_all=len(folded) == sum(kinds.counts.get(one, 0) for one in FOLDED),
        feeds=[_feed_line(feed, now) for feed in _by_need(feeds)[:_FEEDS_SHOWN]],
        feed_count=len(feeds),
        failing_count=len(broken),
        newest=None if newest is None else views.moment(newest.first_seen_at, now),
        work=outstanding(db),
        roles=[
            (state, None if state.last_at is None else views.moment(state.last_at, now))
            for state in role_states(heartbeats(db), now)
        ],
        rules=_cleaned(reader.state()),
    )


@router.get("/alerts/{id}")
def alert(request: Request, id: int) -> HTMLResponse:
    """One alert: both sides beside each other, with the sentences around them."""
    db, now = _database(request), datetime.now(UTC)
    found = queries.get_alert(db, id) if 0 < id < 2**63 else None
    if found is None:
        raise HTTPException(404, f"There is no alert {id}.")
    card = views.alert_card(found, _ArticleReader(db), now, context=True)
    return render("alert.html", alert=card, sides=card.sides)


@router.get("/silences")
def silences(request: Request) -> HTMLResponse:
    """What is silenced now, or will be."""
    now = datetime.now(UTC)
    return render(
        "silences.html",
        silences=[views.silence_card(one, now) for one in list_silences(_database(request))],
    )


@router.get("/contradictions/{id}")
def contradiction(request: Request, id: int) -> HTMLResponse:
    """One contradiction: both sides beside each other, and why."""
    db, now = _database(request), datetime.now(UTC)
    found = queries.get_contradiction(db, id) if 0 < id < 2**63 else None
    if found is None:
        raise HTTPException(404, f"There is no contradiction {id}.")
    page = render(
        "contradiction.html",
        pair=found,
        words=[word.value for word in PairStatus if word is not PairStatus.OPEN],
        reason=clean(found.reason),
        sides=views.pair_sides(found, _ArticleReader(db), now),
        at=views.moment(found.created_at, now),
    )
    # With "no-referrer" some browsers hide even from us that it is our page whose button was pressed.
    page.headers["Referrer-Policy"] = "same-origin"
    return page


@router.get("/claims/{id}")
def claim(request: Request, id: int) -> HTMLResponse:
    """One claim in its surroundings."""
    db, now = _database(request), datetime.now(UTC)
    found = queries.get_claim(db, id) if 0 < id < 2**63 else None
    if found is None:
        raise HTTPException(404, f"There is no claim {id}.")
    shown = views.side(found, _ArticleReader(db), now, context=True)
    return render(
        "claim.html",
        side=shown,
        proposition=clean(found.proposition),
        cue=clean(found.cue),
        rules=tuple(map(clean, found.rules)),
        first_seen=views.moment(found.first_seen_at, now),
    )


def _folded(db: Database, kinds: LateKinds) -> list[AlertRecord]:
    found = queries.list_alerts(db, Filters(kinds=FOLDED, since=kinds.since, limit=MOST_FOLDED))
    return [alert for alert in found if not views.told_elsewhere(alert)]


def _versions(alerts: list[AlertRecord]) -> set[tuple[int, int]]:
    return {(claim.article.id, claim.article.version) for alert in alerts for claim in alert.claims}


def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; everything in it is escaped."""
    return HTMLResponse(environment.get_template(template).render(**values), status_code=status)


def error_page(status: int, title: str, detail: str, remedy: str = "") -> HTMLResponse:
    """A page that says what is wrong and what to do."""
    return render("error.html", status, title=title, detail=clean(detail), remedy=clean(remedy), code=status)


class _ArticleReader:
    """Article versions for one page, each read once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._read: dict[tuple[int, int], ArticleRecord | None] = {}

    def __call__(self, article: ArticleRef) -> ArticleRecord | None:
        key = (article.id, article.version)
        if key not in self._read:
            self._read[key] = queries.get_article(self._db, article.id, version=article.version)
        return self._read[key]


def _database(request: Request) -> Database:
    ledger: Ledger = request.app.state.ledger
    return ledger.database()


def _by_need(feeds: tuple[Feed, ...]) -> list[Feed]:
    """Those that fail first, then those that were quiet longest."""
    never = datetime.min.replace(tzinfo=UTC)
    broken = failing(feeds)
    fine = [feed for feed in feeds if feed not in broken]
    return [*broken, *sorted(fine, key=lambda feed: (feed.last_success_at or never, feed.url))]


def _feed_line(feed: Feed, now: datetime) -> FeedLine:
    state = "gone" if feed.state == "gone" else "failing" if feed.failures else "ok"
    if state == "ok" and feed.last_success_at is None:
        state = "new"
    reason = feed.last_reason.value.replace("_", " ") if feed.last_reason else ""
    detail = f"{reason}: {feed.last_detail}" if reason and feed.last_detail else reason or feed.last_detail
    return FeedLine(
        name=clean(feed.publisher or feed.title) or clean(feed.url),
        url=clean(feed.url),
        state=state,
        detail=clean(detail) if state in ("failing", "gone") else "",
        last=None if feed.last_success_at is None else views.moment(feed.last_success_at, now),
    )


def _cleaned(told: RulesState) -> RulesState:
    """The report keeps its lines: it points at columns with a caret."""
    return replace(told, problem=clean_block(told.problem))
