"""Acknowledgements and silences over HTTP (docs/alerts.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from monitor.api.ledger import database
from monitor.api.parameters import no_filters, refuse_unknown
from monitor.api.problems import BadParametersError
from monitor.core.alerting import AlertStatus
from monitor.core.matchers import MatcherError, read_matcher
from monitor.errors import UsageError
from monitor.store.database import Database
from monitor.store.lifecycle import LONGEST_NOTE, LONGEST_OWNER, acknowledge, unacknowledge
from monitor.store.records import ready
from monitor.store.silences import LONGEST, add_silence, expire_silence, list_silences, would_hold

Db = Annotated[Database, Depends(database)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
By = Field(default="", max_length=LONGEST_OWNER, description="who says so")

router = APIRouter(prefix="/api/v1")


class Care(BaseModel):
    """What somebody says of an alert."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["acknowledged", "resolved"]
    by: str = By
    note: str = Field(default="", max_length=LONGEST_NOTE)
    lasts_s: float | None = Field(default=None, gt=0, le=LONGEST.total_seconds(), description="seconds")


class NewSilence(BaseModel):
    """A silence as somebody asks for it."""

    model_config = ConfigDict(extra="forbid")

    matchers: list[str] = Field(min_length=1, max_length=50, description="such as 'rule = harbour'")
    comment: str = Field(min_length=1, max_length=LONGEST_NOTE)
    by: str = By
    lasts_s: float = Field(gt=0, le=LONGEST.total_seconds(), description="seconds")
    starts_at: datetime | None = Field(default=None, description="now, where it is not given")


@router.put("/alerts/{id}/care", tags=["alerts"], dependencies=[Depends(no_filters)])
def care(db: Db, id: Id, said: Care) -> Response:
    """Acknowledge or resolve an alert, and with it its conflict."""
    lasts = None if said.lasts_s is None else timedelta(seconds=said.lasts_s)
    cared = acknowledge(db, id, AlertStatus(said.status), owner=said.by, note=said.note, lasts=lasts)
    if cared is None:
        raise HTTPException(404, f"there is no alert {id}")
    return JSONResponse(ready(cared))


@router.delete("/alerts/{id}/care", tags=["alerts"], dependencies=[Depends(no_filters)])
def uncare(db: Db, id: Id) -> Response:
    """Take the acknowledgement back; 409 where none stands."""
    try:
        cared = unacknowledge(db, id)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    if cared is None:
        raise HTTPException(404, f"there is no alert {id}")
    return JSONResponse(ready(cared))


@router.get("/silences", tags=["silences"])
def silences(request: Request, db: Db, expired: bool = False) -> Response:
    """Silences, what ends first in front; with `expired`, also those that are over."""
    refuse_unknown(request, frozenset({"expired"}))
    return JSONResponse({"silences": [ready(one) for one in list_silences(db, expired=expired)]})


@router.post("/silences", tags=["silences"], status_code=201, dependencies=[Depends(no_filters)])
def add(db: Db, asked: NewSilence) -> Response:
    """Add a silence; the answer counts what it would have held in the last day."""
    try:
        matchers = [read_matcher(text) for text in asked.matchers]
    except MatcherError as error:
        raise BadParametersError([("matchers", error.message)]) from None
    start = asked.starts_at
    start = start.replace(tzinfo=start.tzinfo or UTC).astimezone(UTC) if start else None
    _, kinds, waiting = would_hold(db, matchers)
    try:
        made = add_silence(
            db,
            matchers,
            author=asked.by,
            comment=asked.comment,
            starts_at=start,
            ends_at=(start or datetime.now(UTC)) + timedelta(seconds=asked.lasts_s),
        )
    except UsageError as error:
        raise BadParametersError([("lasts_s", str(error))]) from None
    return JSONResponse(ready(made) | {"would_hold": kinds, "waiting": waiting}, status_code=201)


@router.delete("/silences/{id}", tags=["silences"], dependencies=[Depends(no_filters)])
def end(db: Db, id: Id) -> Response:
    """End a silence now; 409 where it is over."""
    try:
        found = expire_silence(db, id)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    if found is None:
        raise HTTPException(404, f"there is no silence {id}")
    return JSONResponse(ready(found))
