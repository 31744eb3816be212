"""`/api/v1`: what is stored, as JSON, in the very shapes of the command line's `--json` (docs/web.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from monitor.api.ledger import database
from monitor.api.parameters import also_takes, filters, no_filters, refuse_unknown
from monitor.api.problems import BadParametersError
from monitor.core.evidence import Step, explain_claim, explain_pair
from monitor.core.types import AlertKind
from monitor.errors import QueryError, UsageError
from monitor.store import queries
from monitor.store.changes import article_changes, changes_json
from monitor.store.database import Database
from monitor.store.evidence import known_claim, known_pair
from monitor.store.filters import CURRENT
from monitor.store.queries import Filters, Record, as_json
from monitor.store.records import ready
from monitor.store.searching import SearchKind
from monitor.store.searching import search as find

NDJSON = "application/x-ndjson"

# The largest key that both databases can hold.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Db = Annotated[Database, Depends(database)]
Asked = Annotated[Filters, Depends(filters)]
Status = Literal["current", "open", "real", "noise", "outdated", "any"]

router = APIRouter(prefix="/api/v1")


@router.get("/articles", tags=["articles"])
def articles(request: Request, db: Db, asked: Asked) -> Response:
    """Current versions of articles, newest first."""
    return _listed(request, "articles", queries.list_articles(db, asked))


@router.get("/matches", tags=["matches"])
def matches(request: Request, db: Db, asked: Asked) -> Response:
    """Which rule found what in which article, newest first."""
    return _listed(request, "matches", queries.list_matches(db, asked))


@router.get("/claims", tags=["claims"])
def claims(request: Request, db: Db, asked: Asked) -> Response:
    """Who said what, in the exact words of the article, newest first."""
    return _listed(request, "claims", queries.list_claims(db, asked))


@router.get("/threads", tags=["threads"], dependencies=[Depends(also_takes("status"))])
def threads(request: Request, db: Db, asked: Asked, status: Status = "current") -> Response:
    """The same claim, said again, as one; those said last first.

    Without a status, those marked as noise or outdated are left out.
    """
    return _listed(request, "threads", queries.list_threads(db, replace(asked, statuses=_words(status))))


@router.get(
    "/contradictions", tags=["contradictions"], dependencies=[Depends(also_takes("relation", "status"))]
)
def contradictions(
    request: Request,
    db: Db,
    asked: Asked,
    relation: Literal["contradiction", "update", "any"] = "contradiction",
    status: Status = "current",
) -> Response:
    """Pairs of claims that cannot both be true, newest first; `relation=update` for later values.

    Without a status, those marked as noise or outdated are left out.
    """
    asked = replace(asked, relation="" if relation == "any" else relation, statuses=_words(status))
    return _listed(request, "contradictions", queries.list_contradictions(db, asked))


@router.get("/stories", tags=["stories"])
def stories(request: Request, db: Db, asked: Asked) -> Response:
    """The articles that tell of one event, those told of last first."""
    return _listed(request, "stories", queries.list_stories(db, asked))


@router.get("/alerts", tags=["alerts"], dependencies=[Depends(also_takes("kind"))])
def alerts(request: Request, db: Db, asked: Asked, kind: AlertKind | None = None) -> Response:
    """What people were told, or why not, newest first."""
    return _listed(request, "alerts", queries.list_alerts(db, replace(asked, kind=kind or "")))


@router.get("/search", tags=["search"], dependencies=[Depends(also_takes("kind"))])
def search(request: Request, db: Db, asked: Asked, kind: SearchKind | None = None) -> Response:
    """What has the words of `query`, newest first, with the stretches of text where they stand."""
    try:
        found = [ready(one) for one in find(db, asked, tuple(SearchKind) if kind is None else (kind,))]
    except QueryError as error:
        raise BadParametersError([("query", str(error))]) from None
    return _written(request, "found", found)


@router.get("/articles/{id}", tags=["articles"])
def article(
    request: Request, db: Db, id: Id, version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """One article, its current version or an older one."""
    refuse_unknown(request, frozenset({"version"}))
    return _one("article", id, lambda: queries.get_article(db, id, version=version))


@router.get("/articles/{id}/diff", tags=["articles"])
def article_diff(
    request: Request,
    db: Db,
    id: Id,
    earlier: Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1)] = None,
    later: Annotated[int | None, Query(alias="to", ge=1, le=2**31 - 1)] = None,
) -> Response:
    """What an edit changed, word by word: the current version against the one before, or any two."""
    refuse_unknown(request, frozenset({"from", "to"}))
    found = article_changes(db, id, earlier=earlier, later=later)
    if found is None:
        raise HTTPException(404, f"there are no two such versions of article {id}")
    return JSONResponse(changes_json(found))


@router.get("/matches/{id}", tags=["matches"], dependencies=[Depends(no_filters)])
def match(db: Db, id: Id) -> Response:
    """One match."""
    return _one("match", id, lambda: queries.get_match(db, id))


@router.get("/claims/{id}", tags=["claims"], dependencies=[Depends(no_filters)])
def claim(db: Db, id: Id) -> Response:
    """One claim."""
    return _one("claim", id, lambda: queries.get_claim(db, id))


@router.get("/threads/{name}", tags=["threads"], dependencies=[Depends(no_filters)])
def thread(db: Db, name: str) -> Response:
    """One thread with every appearance, oldest first, and all its pairs; the name's beginning will do."""
    try:
        found = queries.get_thread(db, name)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    return _one("thread", name, lambda: found)


@router.get("/contradictions/{id}", tags=["contradictions"], dependencies=[Depends(no_filters)])
def contradiction(db: Db, id: Id) -> Response:
    """One contradiction with both claims."""
    return _one("contradiction", id, lambda: queries.get_contradiction(db, id))


@router.get("/stories/{id}", tags=["stories"], dependencies=[Depends(no_filters)])
def story(db: Db, id: Id) -> Response:
    """One story with its latest articles."""
    return _one("story", id, lambda: queries.get_story(db, id))


@router.get("/claims/{id}/evidence", tags=["claims"], dependencies=[Depends(no_filters)])
def claim_evidence(db: Db, id: Id) -> Response:
    """How one claim came about, step by step, as far as it is stored; `claims explain` reads again too."""
    known = known_claim(db, id)
    if known is None:
        raise HTTPException(404, f"there is no claim {id}")
    return _steps("claim", id, explain_claim(known, None, None, {}))


@router.get("/contradictions/{id}/evidence", tags=["contradictions"], dependencies=[Depends(no_filters)])
def contradiction_evidence(db: Db, id: Id) -> Response:
    """Why two claims were taken for a conflict or an update, step by step, as far as it is stored."""
    known = known_pair(db, id)
    if known is None:
        raise HTTPException(404, f"there is no contradiction {id}")
    steps = explain_pair(
        known.pair,
        known.left,
        known.right,
        versions=known.record.versions,
        now={},
        again=None,
        in_group=known.in_group,
        marks=known.marks,
    )
    return _steps("contradiction", id, steps)


@router.get("/alerts/{id}", tags=["alerts"], dependencies=[Depends(no_filters)])
def alert(db: Db, id: Id) -> Response:
    """One alert with its claims and notifications."""
    return _one("alert", id, lambda: queries.get_alert(db, id))


def _listed(request: Request, noun: str, records: Iterable[Record]) -> Response:
    """JSON under the noun, or one object a line where the client accepts NDJSON."""
    return _written(request, noun, [as_json(record) for record in records])


def _written(request: Request, noun: str, objects: list[dict[str, Any]]) -> Response:
    if _wants_lines(request.headers.get("accept", "")):
        return Response("".join(map(_line, objects)), media_type=NDJSON, headers={"Vary": "Accept"})
    return JSONResponse({noun: objects}, headers={"Vary": "Accept"})


def _words(status: Status) -> tuple[str, ...]:
    return {"current": CURRENT, "any": ()}.get(status, (status,))


def _one(noun: str, id: int | str, get: Callable[[], Record | None]) -> Response:
    record = get()
    if record is None:
        raise HTTPException(404, f"there is no {noun} {id}")
    return JSONResponse(as_json(record))


def _steps(noun: str, id: int, steps: Iterable[Step]) -> Response:
    told = [{"step": step.name, "says": list(step.says)} for step in steps]
    return JSONResponse({noun: id, "steps": told})


def _wants_lines(accept: str) -> bool:
    wanted = (part.partition(";") for part in accept.lower().split(","))
    return any(name.strip() == NDJSON and rest.replace(" ", "") != "q=0" for name, _, rest in wanted)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
