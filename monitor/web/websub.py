"""Where hubs reach us (W3C WebSub §5.3 and §7): the only part of the web page that strangers may ask.

Whoever does not know a token gets 404 and nothing else. A push only makes its feed due: its body is read for
its signature and forgotten, so that all that is ever stored comes by the poller's one path.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TypeVar

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from monitor.api.ledger import Ledger
from monitor.core.lines import shorten
from monitor.core.websub import PATH, Identity, Signature
from monitor.errors import ClaimwatchError
from monitor.store.hubs import Pusher, confirm, pusher, refuse_push, take_push

log = structlog.get_logger(__name__)

#: Limits of one push: bytes, and seconds for all of them.
MOST_BYTES = 8 << 20
BODY_SECONDS = 10.0
#: Pushes that are read at once; requests in a second over a longer time, and at once.
AT_ONCE = 8
PER_SECOND = 20.0
BURST = 200
LONGEST_CHALLENGE = 1024
LONGEST_REASON = 200

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_UNKNOWN = 404

router = APIRouter(include_in_schema=False)
Answer = TypeVar("Answer")


class Gate:
    """How many strangers are listened to: a bucket of requests, and places for bodies."""

    def __init__(self, *, per_second: float = PER_SECOND, burst: int = BURST, at_once: int = AT_ONCE) -> None:
        self._per_second, self._burst = per_second, burst
        self._left, self._at = float(burst), time.monotonic()
        self.places = asyncio.Semaphore(at_once)

    def lets_in(self) -> bool:
        """Whether there is time for one more request."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@router.get(PATH + "{token:path}")
async def verify(request: Request, token: str) -> Response:
    """A hub asks whether we meant to subscribe: its challenge comes back where we did."""
    if not _gate(request).lets_in():
        return _short(429)
    asked = request.query_params
    mode, challenge = asked.get("hub.mode", ""), asked.get("hub.challenge", "")
    if not _TOKEN.fullmatch(token) or len(challenge) > LONGEST_CHALLENGE:
        return _short(_UNKNOWN)
    if mode != "denied" and not challenge:
        return _short(_UNKNOWN)
    try:
        meant = await run_in_threadpool(
            confirm,
            _ledger(request).database(),
            token,
            mode=mode,
            topic=asked.get("hub.topic", ""),
            lease_seconds=asked.get("hub.lease_seconds", ""),
            reason=shorten(asked.get("hub.reason", ""), LONGEST_REASON) or "the hub gives no reason",
        )
    except ClaimwatchError:
        return _short(503)
    if not meant:
        return _short(_UNKNOWN)
    # As text: a challenge with markup in it must not become a page of ours.
    return PlainTextResponse(challenge)


@router.post(PATH + "{token:path}")
async def push(request: Request, token: str) -> Response:
    """A hub tells of news."""
    gate = _gate(request)
    if not gate.lets_in():
        return _short(429)
    try:
        known = await _pusher(request, token)
        if known is None:
            return _short(_UNKNOWN)
        if gate.places.locked():
            return _short(503)
        async with gate.places:
            status = await _signed(request, known)
        db = _ledger(request).database()
        if status == 200:
            await run_in_threadpool(take_push, db, known.feed_id)
        elif status == 403:
            await run_in_threadpool(refuse_push, db, known.feed_id)
    except ClaimwatchError:
        return _short(503)
    return _short(status)


async def _pusher(request: Request, token: str) -> Pusher | None:
    if not _TOKEN.fullmatch(token):
        return None
    us: Identity = request.app.state.hub_identity
    return await run_in_threadpool(pusher, _ledger(request).database(), us, token)


async def _signed(request: Request, known: Pusher) -> int:
    """The status to answer with: 200 where the body is signed by the hub's secret."""
    signature = Signature(request.headers.get("x-hub-signature", ""), known.secret)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        return 413
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > MOST_BYTES:
                    return 413
                signature.add(piece)
    except TimeoutError:
        return 408
    except ClientDisconnect:
        return 400
    return 200 if signature.fits() else 403


def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.hub_gate
    return gate


def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def _short(status: int) -> Response:
    # The connection goes with a body that was not read.
    return PlainTextResponse(
        "", status_code=status, headers={"Connection": "close"} if status > 299 else None
    )
