"""Failures of a request in words: what happened, and what the reader can do about it.

One FetchError for everything; the remedy is the next thing to try, not a lecture.
"""

from __future__ import annotations

import errno
import os
import re
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import httpcore

from monitor.errors import FetchError, FetchReason
from monitor.feeds.addresses import ForbiddenError, UnresolvedError
from monitor.feeds.bodies import BodyError

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_PASSES = "nothing to do unless it stays: the feed is tried again by itself"
_LOOK = "open the address in a browser; is it still the right one?"

_STATUS_REMEDIES = {
    401: "the feed wants a login, which Claimwatch does not do; ask the publisher for a public address",
    403: "the publisher refuses programs or your network; ask them, or look for another feed of theirs",
    404: "there is no such page; " + _LOOK,
    406: "the publisher does not want to give this form; " + _LOOK,
    451: "the publisher may not show it in your country",
}


def printable(text: str, limit: int = 300) -> str:
    """One line that is safe to show on a terminal, at most `limit` characters."""
    line = _UNPRINTABLE.sub(" ", text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def refused(
    url: str,
    reason: FetchReason,
    detail: str,
    remedy: str = "",
    *,
    status: int | None = None,
    retry_after_s: float | None = None,
) -> FetchError:
    """A FetchError whose words can be shown anywhere."""
    return FetchError(
        printable(url, 2048),
        reason,
        printable(detail),
        status=status,
        retry_after_s=retry_after_s,
        remedy=printable(remedy),
    )


def timed_out(url: str, seconds: float) -> FetchError:
    """The whole time was used up."""
    return refused(url, FetchReason.TIMEOUT, f"no complete answer within {seconds:g} s", _PASSES)


def from_status(url: str, status: int, retry_after_s: float | None) -> FetchError:
    """An answer that is neither the feed nor "not modified"."""
    try:
        words = f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = f"HTTP {status}"
    if status == 410:
        reason, remedy = (
            FetchReason.GONE,
            "the publisher took the feed down for good; remove it or find its successor",
        )
    elif status == 429:
        reason, remedy = (
            FetchReason.RATE_LIMITED,
            "ask this publisher less often: a longer interval in feeds.yml",
        )
    else:
        reason = FetchReason.HTTP_STATUS
        remedy = _STATUS_REMEDIES.get(status, _PASSES if status >= 500 else _LOOK)
    if retry_after_s is not None:
        words += f", asks to wait {retry_after_s:.0f} s"
    return refused(url, reason, words, remedy, status=status, retry_after_s=retry_after_s)


def from_exception(url: str, error: Exception) -> FetchError | None:
    """What a resolver, socket, TLS or HTTP exception means; None: it is a bug of ours."""
    match error:
        case ForbiddenError():
            return _forbidden(url, error)
        case UnresolvedError():
            return refused(url, FetchReason.DNS, str(error), "is the name spelt right? Else: " + _PASSES)
        case BodyError():
            return refused(url, error.reason, str(error), _BODY_REMEDIES[error.reason])
        case httpcore.TimeoutException():
            return refused(url, FetchReason.TIMEOUT, "the connection is not answered", _PASSES)
        case httpcore.ProtocolError() | httpcore.UnsupportedProtocol():
            detail = f"the answer breaks the rules of HTTP: {error or type(error).__name__}"
            return refused(url, FetchReason.PROTOCOL, detail, _PASSES)
        case httpcore.NetworkError() | OSError():
            return _from_network(url, error)
    return None


_BODY_REMEDIES = {
    FetchReason.TOO_LARGE: "feeds are far smaller; is this the address of a feed, or of a file it links to?",
    FetchReason.BAD_ENCODING: "the publisher's server is at fault; tell them, or look for another address",
}


def _forbidden(url: str, error: ForbiddenError) -> FetchError:
    if not error.address:
        remedy = "use an ordinary http or https address"
    else:
        # A network that is forbidden may be meant; so may a private one on an unusual port.
        remedy = "add the network to CLAIMWATCH_ALLOW_NETWORKS if you mean it, for example " + error.address
        if error.port is not None:
            remedy = f"use port 80 or 443, or {remedy}"
    return refused(url, FetchReason.FORBIDDEN_ADDRESS, str(error), remedy)


def _from_network(url: str, error: Exception) -> FetchError:
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return refused(
                url,
                FetchReason.TLS,
                f"the certificate is not accepted: {cause.verify_message}",
                "the publisher has to mend it; check this machine's clock too",
            )
        if isinstance(cause, ssl.SSLError):
            words = (cause.reason or type(cause).__name__).replace("_", " ").lower()
            return refused(url, FetchReason.TLS, f"no secure connection: {words}", _PASSES)
    # The system's own words: libraries put addresses into theirs.
    codes = (c.errno for c in chain if isinstance(c, OSError) and c.errno in errno.errorcode)
    words = next((os.strerror(code) for code in codes if code is not None), "")
    what = (
        "the connection broke"
        if isinstance(error, httpcore.ReadError | httpcore.WriteError)
        else "no connection"
    )
    return refused(url, FetchReason.CONNECT, f"{what}: {words.lower()}" if words else what, _PASSES)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything that led to it, groups (parallel attempts) included."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting += [current.__context__, current.__cause__]
