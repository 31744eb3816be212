"""Errors of the API as RFC 9457 problems: what went wrong, with which parameter, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from monitor.errors import ClaimwatchError, UnavailableError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"


class BadParametersError(Exception):
    """The request names parameters that do not exist or cannot be read: (parameter, what is wrong) each."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {detail}" for name, detail in errors))
        self.errors = tuple(errors)


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: object
) -> JSONResponse:
    """An answer of type `about:blank`: the title is the status's own phrase (RFC 9457 §4.2.1)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body | more, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def problem_of(request: Request, error: Exception) -> JSONResponse:
    """The problem for an exception that a door's handler caught."""
    match error:
        case BadParametersError():
            return _parameters(error.errors)
        case RequestValidationError():
            return _parameters([(str(one["loc"][-1]), str(one["msg"])) for one in error.errors()])
        case HTTPException():
            phrase = HTTPStatus(error.status_code).phrase
            says_more = error.detail and error.detail != phrase
            detail = str(error.detail) if says_more else f"{request.method} {request.url.path}: {phrase}"
            return problem(error.status_code, detail, headers=dict(error.headers or {}))
        case UnavailableError():
            return problem(503, str(error), headers={"Retry-After": RETRY_AFTER_S}, remedy=error.remedy)
        case ClaimwatchError():
            # Database of another version, broken settings: not the caller's fault, and it needs a person.
            return problem(503, str(error), remedy=error.remedy)
    return problem(500, "an error of Claimwatch itself; its log has the details")


def _parameters(errors: Sequence[tuple[str, str]]) -> JSONResponse:
    named = ", ".join(dict.fromkeys(name for name, _ in errors))
    listed = [{"parameter": name, "detail": detail} for name, detail in errors]
    return problem(422, f"cannot read {named}: {errors[0][1]}", errors=listed)
