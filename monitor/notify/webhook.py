"""`webhook+http(s)://…` posts each message as JSON. Sent means: the receiver answered 2xx."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import monitor
from monitor.core.lines import shorten
from monitor.errors import DeliveryError, DeliveryReason, FetchError
from monitor.notify.delivered import Delivered
from monitor.notify.message import VERSION, payload
from monitor.notify.outcomes import outcome_of_failure, outcome_of_status, patience
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

#: Seconds for the whole exchange; under the limit of an attempt, so that the record says what hung.
TIMEOUT_S = 7.5
_PREFIX = "webhook+"
_EXCERPT_LIMIT = 200


def check(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "the webhook's address is malformed"
    if not host or port == 0:
        return "a webhook needs a host: webhook+https://alerts.example.org/hook"
    if any(character.isspace() or not character.isprintable() for character in url):
        return "the webhook's address holds white space or control characters"
    if parts.fragment:
        return "a webhook's address has no #fragment"
    return ""


async def send(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    address, credentials = _address(url)
    headers = _headers(taken) | credentials
    body = json.dumps(payload(taken), ensure_ascii=False, separators=(",", ":")).encode()
    try:
        posted = await egress.post(address, body, headers, timeout=TIMEOUT_S)
    except FetchError as error:
        raise DeliveryError(
            outcome_of_failure(error.reason),
            error.detail,
            status=error.status,
            retry_after_s=patience(error.retry_after_s),
        ) from error
    detail = shorten(posted.body_excerpt, _EXCERPT_LIMIT)
    reason = outcome_of_status(posted.status)
    if reason is DeliveryReason.ACCEPTED:
        return Delivered(status=posted.status, detail=detail)
    raise DeliveryError(
        reason,
        f"the receiver answered {posted.status}{f': {detail}' if detail else ''}",
        status=posted.status,
        retry_after_s=patience(posted.retry_after_s),
    )


def _headers(taken: TakenNotification) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": f"claimwatch/{monitor.__version__}",
        "Idempotency-Key": taken.idempotency_key,
        "Claimwatch-Alert-Kind": taken.alert.kind if taken.count == 1 else taken.kind,
        "Claimwatch-Payload-Version": str(VERSION),
        "Claimwatch-Attempt": str(taken.attempt),
    }


def _address(url: str) -> tuple[str, dict[str, str]]:
    """The plain HTTP address, and user and password of the URL as a header instead (RFC 7617)."""
    parts = urlsplit(url.removeprefix(_PREFIX))
    if parts.username is None and parts.password is None:
        return urlunsplit(parts), {}
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    token = base64.b64encode(pair.encode()).decode()
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), {
        "Authorization": f"Basic {token}"
    }
