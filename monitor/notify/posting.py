"""One POST and what its answer means, for every channel that speaks HTTP."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import monitor
from monitor.core.lines import shorten
from monitor.errors import DeliveryError, FetchError
from monitor.errors import DeliveryReason as Reason
from monitor.notify.delivered import Delivered
from monitor.notify.outcomes import outcome_of_failure, outcome_of_status, patience
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

#: Seconds for the whole exchange; under the limit of an attempt, so that the record says what hung.
TIMEOUT_S = 7.5
_EXCERPT_LIMIT = 200


def check_address(url: str, *, example: str, fragment: bool = False) -> str:
    """What is wrong with `channel+https://…`, in words without its secrets; empty: nothing."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "the webhook's address is malformed"
    if not host or port == 0:
        return f"a webhook needs a host: {example}"
    if any(character.isspace() or not character.isprintable() for character in url):
        return "the webhook's address holds white space or control characters"
    if parts.fragment and not fragment:
        return "a webhook's address has no #fragment"
    return ""


def http_address(url: str) -> tuple[str, dict[str, str]]:
    """The plain HTTP address of `channel+https://…` without its fragment, and user and password of the URL
    as a header instead (RFC 7617)."""
    parts = urlsplit(url.partition("+")[2])._replace(fragment="")
    if parts.username is None and parts.password is None:
        return urlunsplit(parts), {}
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    token = base64.b64encode(pair.encode()).decode()
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), {
        "Authorization": f"Basic {token}"
    }


def plain_headers(taken: TakenNotification) -> dict[str, str]:
    """What every request says: JSON, who we are, and the key that is the same at every attempt."""
    return {
        "Content-Type": "application/json",
        "User-Agent": f"claimwatch/{monitor.__version__}",
        "Idempotency-Key": taken.idempotency_key,
    }


async def post(
    egress: Egress,
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    answers: Mapping[int, Reason] = MappingProxyType({}),
) -> Delivered:
    """Comes back where the receiver answered 2xx. Raises DeliveryError for everything else.

    `answers`: statuses with a meaning of their own there.
    """
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
    reason = answers.get(posted.status) or outcome_of_status(posted.status)
    if reason is Reason.ACCEPTED:
        return Delivered(status=posted.status, detail=detail)
    raise DeliveryError(
        reason,
        f"the receiver answered {posted.status}{f': {detail}' if detail else ''}",
        status=posted.status,
        retry_after_s=patience(posted.retry_after_s),
    )
