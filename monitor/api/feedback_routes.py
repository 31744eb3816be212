"""Feedback over HTTP: what people say about matches, contradictions, threads and groups (docs/web.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from monitor.api.ledger import database
from monitor.api.parameters import MAX_LIMIT, Text, Time, moment, no_filters, refuse_unknown
from monitor.api.problems import BadParametersError
from monitor.core.types import PairStatus
from monitor.errors import UsageError
from monitor.store.database import Database
from monitor.store.feedback import (
    LONGEST_NAME,
    LONGEST_NOTE,
    as_answer,
    give_feedback,
    list_feedback,
    take_back,
)
from monitor.store.feedback_subjects import Subject, find_subjects
from monitor.store.records import ready

Db = Annotated[Database, Depends(database)]
Noun = Literal["matches", "contradictions", "threads", "groups"]
Name = Annotated[str, Path(max_length=300)]

_KINDS = {"matches": "match", "contradictions": "contradiction", "threads": "thread", "groups": "group"}
_PARAMETERS = frozenset({"rule", "kind", "word", "since", "history", "limit"})

router = APIRouter(prefix="/api/v1", tags=["feedback"])


class Said(BaseModel):
    """What somebody says."""

    model_config = ConfigDict(extra="forbid")

    word: Literal["real", "noise", "outdated"]
    by: str = Field(default="", max_length=LONGEST_NAME, description="who says so")
    note: str = Field(default="", max_length=LONGEST_NOTE, description="why")


@router.get("/feedback")
def words(
    request: Request,
    db: Db,
    rule: Text = "",
    kind: Literal["", "match", "contradiction", "thread", "group"] = "",
    word: Literal["", "real", "noise", "outdated"] = "",
    since: Time = "",
    history: bool = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """What was said, newest first; with `history`, also what was replaced or taken back since."""
    refuse_unknown(request, _PARAMETERS)
    try:
        start = moment(since)
    except ValueError as error:
        raise BadParametersError([("since", str(error))]) from None
    found = list_feedback(db, rule=rule, kind=kind, word=word, since=start, history=history, limit=limit)
    return JSONResponse({"feedback": [ready(one) for one in found]})


@router.post("/{noun}/{name}/feedback", dependencies=[Depends(no_filters)])
def say(db: Db, noun: Noun, name: Name, said: Said) -> Response:
    """Say what one thing was worth; a later word takes the place of an earlier one."""
    subject = _subject(db, noun, name)
    marked = give_feedback(db, subject, PairStatus(said.word), by=said.by, note=said.note)
    return JSONResponse(as_answer(marked))


@router.delete("/{noun}/{name}/feedback", dependencies=[Depends(no_filters)])
def undo(db: Db, noun: Noun, name: Name) -> Response:
    """Take back what was said last; 409 where nothing stands."""
    try:
        return JSONResponse(as_answer(take_back(db, _subject(db, noun, name))))
    except UsageError as error:
        raise HTTPException(409, str(error)) from None


def _subject(db: Database, noun: Noun, name: str) -> Subject:
    kind = _KINDS[noun]
    found = find_subjects(db, f"{kind}:{name}")
    if not found:
        raise HTTPException(404, f"there is no {kind} {name}")
    return found[0]
