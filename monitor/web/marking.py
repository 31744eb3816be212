"""The buttons of the contradiction page: real, noise, outdated, undo. The only pages that change anything."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from monitor.api.ledger import Ledger
from monitor.core.types import PairStatus
from monitor.errors import UsageError
from monitor.store.feedback import give_feedback, take_back
from monitor.store.feedback_subjects import find_subjects

#: There are no accounts yet: all that is known of the person is where they said it.
PERSON = "web page"

router = APIRouter(include_in_schema=False)


@router.post("/contradictions/{id}/feedback/{word}")
def mark(request: Request, id: int, word: Literal["real", "noise", "outdated", "undo"]) -> Response:
    """Keep the word and show the page again. The guard has seen to it that our own page asks."""
    ledger: Ledger = request.app.state.ledger
    db = ledger.database()
    found = find_subjects(db, f"contradiction:{id}")
    if not found:
        raise HTTPException(404, f"There is no contradiction {id}.")
    try:
        if word == "undo":
            take_back(db, found[0])
        else:
            give_feedback(db, found[0], PairStatus(word), by=PERSON)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    return RedirectResponse(f"/contradictions/{id}", status_code=303)
