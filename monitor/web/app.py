"""The web application: pages, `/api/v1`, `/healthz` and `/metrics` under one guard (docs/web.md)."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from monitor import __version__
from monitor.api import care_routes, feedback_routes, routes
from monitor.api.ledger import Ledger
from monitor.api.problems import BadParametersError, problem_of
from monitor.config import Settings
from monitor.core.rules.kept import KeptRules
from monitor.core.websub import Identity
from monitor.errors import ClaimwatchError
from monitor.rulefiles import RuleFolder
from monitor.store.database import Database
from monitor.store.health import beat
from monitor.store.kept_rules import kept_rules
from monitor.store.migrations import require_current
from monitor.store.rules_in_use import RulesTelling
from monitor.web import alert_feed, article_pages, health, marking, metrics, pages, websub
from monitor.web.guard import SECURITY_HEADERS, Guard
from monitor.web.state import RulesReader

log = structlog.get_logger(__name__)

#: Seconds between heartbeats.
BEAT_EVERY = 10.0
#: Seconds between looks at rules that could never be loaded; afterwards they are watched.
RULES_EVERY = 2.0
# Where errors are problems (RFC 9457), not pages.
_FOR_PROGRAMS = ("/api/", alert_feed.PATH)
_STYLE = os.path.join(os.path.dirname(__file__), "static", "claimwatch.css")


def create_app(db: Database | None, settings: Settings) -> FastAPI:
    """The application. `db` None: the database of the settings, opened on the first request that needs it.

    It serves, and says so, also while the database is away.
    """
    ledger = Ledger(settings.database, db)
    app = FastAPI(
        title="Claimwatch",
        version=__version__,
        summary="Who claims what, and who contradicts whom.",
        openapi_url="/api/v1/openapi.json",
        # They load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=_beating,
    )
    app.state.ledger = ledger
    app.state.telling = telling = RulesTelling(role="web", process=_process_name(), folder=settings.rules)

    def tell(folder: RuleFolder | None, problem: str) -> None:
        if folder is None:
            telling.tell(ledger.database(), None, problem=problem)
        else:
            telling.tell(
                ledger.database(),
                folder.rules,
                version=folder.version,
                text_of=folder.recorded_text,
                files=folder.files,
                problem=problem,
            )

    def last_good() -> KeptRules | None:
        db = ledger.database()
        require_current(db)
        return kept_rules(db, settings.rules)

    app.state.rules = RulesReader(settings.rules, tell, last_good)
    app.state.hub_gate = websub.Gate()
    app.state.hub_identity = Identity(settings.public_url, settings.hub_key)
    app.add_middleware(Guard, hosts=(settings.host,), public_url=settings.public_url)
    for error in (HTTPException, RequestValidationError, BadParametersError, ClaimwatchError, Exception):
        app.add_exception_handler(error, _answer_error)
    app.include_router(routes.router)
    app.include_router(feedback_routes.router)
    app.include_router(care_routes.router)
    app.include_router(pages.router)
    app.include_router(article_pages.router)
    app.include_router(alert_feed.router)
    app.include_router(marking.router)
    app.include_router(websub.router)
    app.add_api_route("/healthz", _healthz, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/metrics", _metrics, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/static/claimwatch.css", _style, include_in_schema=False)
    return app


def _healthz(request: Request) -> Response:
    status, body = health.report(request.app.state.ledger, request.app.state.rules, datetime.now(UTC))
    return JSONResponse(body, status_code=status)


def _metrics(request: Request) -> Response:
    body = metrics.exposition(request.app.state.ledger, request.app.state.rules, datetime.now(UTC))
    return Response(body, media_type=metrics.CONTENT_TYPE_LATEST)


def _style() -> Response:
    return FileResponse(_STYLE, media_type="text/css", headers={"Cache-Control": "max-age=300"})


async def _answer_error(request: Request, error: Exception) -> Response:
    """A problem for programs, a page for people, the log for us."""
    known = problem_of(request, error)
    status = known.status_code
    if request.url.path.startswith(_FOR_PROGRAMS):
        answer: Response = known
    elif isinstance(error, ClaimwatchError):
        answer = pages.error_page(status, "Claimwatch cannot read its database", str(error), error.remedy)
    elif isinstance(error, RequestValidationError):
        answer = pages.error_page(404, "Not found", "There is no such page.")
    elif isinstance(error, HTTPException):
        phrase = HTTPStatus(status).phrase
        said = error.detail if error.detail != phrase else "There is no such page."
        answer = pages.error_page(status, phrase.capitalize(), str(said))
    else:
        answer = pages.error_page(status, "Claimwatch failed", "This is an error of ours; the log has it.")
    if status >= 500:
        log.warning("web.failed", path=request.url.path, status=status, error=repr(error))
        # An unexpected error is answered outside of the guard.
        for name, value in SECURITY_HEADERS.items():
            answer.headers.setdefault(name, value)
    return answer


@asynccontextmanager
async def _beating(app: FastAPI) -> AsyncIterator[None]:
    """Heartbeats, and rules that are followed, for as long as the application serves."""
    ledger: Ledger = app.state.ledger
    rules: RulesReader = app.state.rules
    tasks = [
        asyncio.create_task(_again(BEAT_EVERY, lambda: _beat(ledger), "web.beat_failed")),
        asyncio.create_task(_again(RULES_EVERY, rules.tell_while_broken, "web.rules_not_told")),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(_leave, app)


def _leave(app: FastAPI) -> None:
    app.state.rules.close()
    try:
        app.state.telling.end(app.state.ledger.database())
    except ClaimwatchError as error:  # it is forgotten by itself
        log.info("web.rules_not_told", error=str(error))
    app.state.ledger.close()


async def _again(every: float, step: Callable[[], None], complaint: str) -> None:
    """The step in a thread, again and again; a ledger that is away is logged."""
    while True:
        try:
            await asyncio.to_thread(step)
        except ClaimwatchError as error:
            log.warning(complaint, error=str(error))
        await asyncio.sleep(every)


def _beat(ledger: Ledger) -> None:
    beat(ledger.database(), role="web", process=_process_name())


def _process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
